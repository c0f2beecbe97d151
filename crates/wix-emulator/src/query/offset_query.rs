//! The member `query` of a request: a filter, a sort and a page by offset over products or their inventory items.

use serde_json::{Map, Value as Json};

use super::filter::{Expr, parse_filter};
use super::paging::{Page, parse_paging};
use super::select::{Found, Search, find};
use super::sort::{Sort, parse_sort};
use super::style::FilterStyle;
use super::{QueryField, Row};
use crate::catalog::{Catalog, Product, ReadView};
use crate::rest::Validation;
use crate::site::Behavior;

/// A query by offset, read but not run.
pub(crate) struct OffsetQuery<F> {
    filter: Option<Expr<F>>,
    sort: Sort<F>,
    pub(crate) page: Page,
}

impl<F: QueryField> OffsetQuery<F> {
    /// Reads `query{paging,filter,sort}` from a request body. All members may be absent.
    pub(crate) fn read(
        body: Option<&Map<String, Json>>,
        style: FilterStyle,
        behavior: &Behavior,
        validation: &mut Validation,
    ) -> Self {
        let query = body.and_then(|map| map.get("query"));
        let query = query.and_then(|json| validation.object(json, "query", &["paging", "filter", "sort"]));
        let member = |name: &str| query.and_then(|map| map.get(name));
        let page = parse_paging(member("paging"), "query.paging", behavior.max_offset, validation);
        let filter = parse_filter(member("filter"), style, "query.filter", behavior, validation);
        let sort = parse_sort(member("sort"), style, "query.sort", behavior, validation);
        Self { filter, sort, page }
    }

    /// Finds the page in the catalog as this read sees it.
    pub(crate) fn find<'c, R: Row<F>>(
        &self,
        catalog: &'c Catalog,
        with_hidden: bool,
        behavior: &Behavior,
        view: ReadView,
        row: impl Fn(&'c Product) -> R,
    ) -> Found {
        let search = Search {
            filter: self.filter.as_ref(),
            sort: &self.sort,
            page: self.page,
            with_hidden,
            default_order: behavior.default_order,
            lagging: !view.lag.is_zero(),
        };
        find(catalog, &search, row)
    }
}
