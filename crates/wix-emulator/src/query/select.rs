//! Finding the rows of a query without walking the whole catalog where an index will do.

use super::filter::Range;
use super::{Expr, Fields, Lookup, Page, Row, Sort};
use crate::behaviour::DefaultOrder;
use crate::catalog::{Catalog, Product, Whose};

/// The rows of one page, and how many there are in all.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) slots: Vec<usize>,
    pub(crate) total: usize,
}

/// What is looked for among the products.
pub(crate) struct Search<'q, F> {
    pub(crate) filter: Option<&'q Expr<F>>,
    pub(crate) sort: &'q Sort<F>,
    pub(crate) page: Page,
    pub(crate) with_hidden: bool,
    pub(crate) default_order: DefaultOrder,
    /// Whether rows may show older times than the index knows.
    pub(crate) lagging: bool,
}

/// Finds a page of products (or of their inventory items, one each).
pub(crate) fn find<'c, F: Fields, R: Row<F>>(
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
    let mut slots: Vec<usize> = match looked_up(catalog, search) {
        Some(mut slots) => {
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

/// The slots that an index finds, each once, in the order of the numeric ids.
fn looked_up<F: Fields>(catalog: &Catalog, search: &Search<'_, F>) -> Option<Vec<usize>> {
    let lookups = search.filter.map(Expr::lookups).unwrap_or_default();
    let trusted = |lookup: &&Lookup<'_>| !(search.lagging && matches!(lookup, Lookup::Since(Whose::Item, _)));
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
