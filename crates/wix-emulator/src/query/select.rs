//! Finding the rows of a query without walking the whole catalog where an index will do.

use uuid::Uuid;

use super::filter::Range;
use super::{Expr, Page, Row, Sort};
use crate::behaviour::DefaultOrder;
use crate::catalog::{Catalog, Product};

/// The rows of one page, and how many there are in all.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) slots: Vec<usize>,
    pub(crate) total: usize,
}

/// Finds the slot that an id field names.
pub(crate) type Resolve<F> = fn(&Catalog, &F, Uuid) -> Option<usize>;

/// What is looked for among the products.
pub(crate) struct Search<'q, F> {
    pub(crate) filter: Option<&'q Expr<F>>,
    pub(crate) sort: &'q Sort<F>,
    pub(crate) page: Page,
    pub(crate) with_hidden: bool,
    pub(crate) default_order: DefaultOrder,
    pub(crate) resolve: Resolve<F>,
}

/// Finds a page of products (or of their inventory items, one each).
pub(crate) fn find<'c, F, R: Row<F>>(
    catalog: &'c Catalog,
    search: &Search<'_, F>,
    row: impl Fn(&'c Product) -> R,
) -> Found {
    let descending = match search.sort.0.as_slice() {
        [] => Some(search.default_order == DefaultOrder::NewestFirst),
        [key, ..] if key.by_number => Some(key.descending),
        _ => None,
    };
    let range = search.filter.map_or(Range::FULL, Expr::range);
    let slice = catalog.order(search.with_hidden).range(range.from, range.to);
    if let (true, Some(descending)) = (range.exact, descending) {
        return cut(slice.iter().map(|key| key.1), slice.len(), search.page, descending);
    }
    let passes = |slot: &usize| {
        let row = catalog.product(*slot).map(&row);
        row.is_some_and(|row| search.filter.is_none_or(|filter| filter.holds(&row)))
    };
    let mut slots: Vec<usize> = match search.filter.and_then(Expr::keys) {
        Some((field, ids)) => {
            let mut slots = by_keys(catalog, search, field, &ids);
            slots.retain(passes);
            slots
        }
        None => slice.iter().map(|key| key.1).filter(passes).collect(),
    };
    if let Some(descending) = descending {
        let total = slots.len();
        return cut(slots.into_iter(), total, search.page, descending);
    }
    let mut rows: Vec<(usize, R)> =
        slots.drain(..).filter_map(|slot| Some((slot, row(catalog.product(slot)?)))).collect();
    rows.sort_by(|a, b| search.sort.order(&a.1, &b.1));
    let total = rows.len();
    cut(rows.into_iter().map(|row| row.0), total, search.page, false)
}

/// The slots of these ids, each once, in the order of the numeric ids.
fn by_keys<F>(catalog: &Catalog, search: &Search<'_, F>, field: &F, ids: &[Uuid]) -> Vec<usize> {
    let numbered = |id: &Uuid| {
        let slot = (search.resolve)(catalog, field, *id)?;
        let product = catalog.product(slot)?;
        (search.with_hidden || product.visible).then_some((product.numeric_id, slot))
    };
    let mut found: Vec<(u128, usize)> = ids.iter().filter_map(numbered).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|key| key.1).collect()
}

fn cut(
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
