//! Finding the rows of a query, by an index where one helps, else by a scan.

use super::filter::{Expr, Range};
use super::lookup::Lookup;
use super::paging::Page;
use super::sort::Sort;
use super::{QueryField, Row};
use crate::catalog::{Catalog, LastUpdated, Product};
use crate::site::DefaultOrder;

/// The products of one page, and the total of all pages.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) slots: Vec<usize>,
    pub(crate) total: usize,
}

/// What a query looks for among the products.
pub(crate) struct Search<'q, F> {
    pub(crate) filter: Option<&'q Expr<F>>,
    pub(crate) sort: &'q Sort<F>,
    pub(crate) page: Page,
    pub(crate) with_hidden: bool,
    pub(crate) default_order: DefaultOrder,
    /// Whether rows may show older times of their items than the index has.
    pub(crate) lagging: bool,
}

/// Finds a page of products (or of their inventory items, one each).
pub(crate) fn find<'c, F: QueryField, R: Row<F>>(
    catalog: &'c Catalog,
    search: &Search<'_, F>,
    row: impl Fn(&'c Product) -> R,
) -> Found {
    let descending = match search.sort.0.as_slice() {
        [] => Some(search.default_order == DefaultOrder::NewestFirst),
        [key, ..] if key.by_numeric_id => Some(key.descending),
        _ => None,
    };
    let range = search.filter.map_or(Range::FULL, Expr::range);
    let slice = catalog.by_numeric_id(search.with_hidden).range(range.from, range.to);
    if let (true, Some(descending)) = (range.exact, descending) {
        return page_of(slice.iter().map(|key| key.1), slice.len(), search.page, descending);
    }
    let passes = |slot: &usize| {
        let row = catalog.product(*slot).map(&row);
        row.is_some_and(|row| search.filter.is_none_or(|filter| filter.holds(&row)))
    };
    let mut slots: Vec<usize> = match look_up(catalog, search) {
        Some(mut slots) => {
            slots.retain(passes);
            slots
        }
        None => slice.iter().map(|key| key.1).filter(passes).collect(),
    };
    if let Some(descending) = descending {
        let total = slots.len();
        return page_of(slots.into_iter(), total, search.page, descending);
    }
    let mut rows: Vec<(usize, R)> =
        slots.drain(..).filter_map(|slot| Some((slot, row(catalog.product(slot)?)))).collect();
    rows.sort_by(|a, b| search.sort.order(&a.1, &b.1));
    let total = rows.len();
    page_of(rows.into_iter().map(|row| row.0), total, search.page, false)
}

/// The slots that an index finds, each once, in the order of their numeric ids.
fn look_up<F: QueryField>(catalog: &Catalog, search: &Search<'_, F>) -> Option<Vec<usize>> {
    let lookups = search.filter.map(Expr::lookups).unwrap_or_default();
    let trusted =
        |lookup: &&Lookup<'_>| !(search.lagging && matches!(lookup, Lookup::Since(LastUpdated::Item, _)));
    let slots = lookups.iter().filter(trusted).find_map(|lookup| lookup.slots(catalog))?;
    let numbered = |slot: usize| {
        let product = catalog.product(slot)?;
        (search.with_hidden || product.visible).then_some((product.numeric_id, slot))
    };
    let mut found: Vec<(u128, usize)> = slots.into_iter().filter_map(numbered).collect();
    found.sort_unstable();
    found.dedup();
    Some(found.into_iter().map(|key| key.1).collect())
}

fn page_of(
    slots: impl DoubleEndedIterator<Item = usize> + ExactSizeIterator,
    total: usize,
    page: Page,
    descending: bool,
) -> Found {
    let slots = if descending {
        slots.rev().skip(page.offset).take(page.limit).collect()
    } else {
        slots.skip(page.offset).take(page.limit).collect()
    };
    Found { slots, total }
}
