//! Finding inventory items, by an index where one helps, else by a scan.

use std::ops::Bound;

use super::free_text::FreeText;
use super::item_row::{Field, ItemRow};
use crate::catalog::{Catalog, ItemPosition, ItemTime, ReadView, TimedItem};
use crate::query::{Expr, KeysetPage, KeysetQuery, Lookup, Value};
use crate::site::Behavior;

/// Where items are looked for: the catalog, and how the read sees it.
#[derive(Clone, Copy)]
pub(super) struct Shelves<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) view: ReadView,
    /// A text that the names or the SKU must contain.
    pub(super) text: Option<&'c FreeText>,
}

impl<'c> Shelves<'c> {
    fn row(self, at: ItemPosition) -> Option<(ItemPosition, ItemRow<'c>)> {
        let row = ItemRow::at(self.catalog, at, self.view)?;
        let Some(text) = self.text else { return Some((at, row)) };
        let texts = [row.product.name.as_str(), &row.variant.name(), &row.variant.sku];
        text.is_in(&texts).then_some((at, row))
    }

    /// Whether rows may show older times than the indexes have.
    fn lags(self) -> bool {
        !self.view.lag.is_zero()
    }

    /// The items that an index finds for this filter, each once.
    fn look_up(self, filter: Option<&Expr<Field>>) -> Option<Vec<ItemPosition>> {
        let lookups = filter.map(Expr::lookups).unwrap_or_default();
        let is_trusted = |lookup: &&Lookup<'_>| {
            !(self.lags() && matches!(lookup, Lookup::ItemsSince(ItemTime::Updated, _)))
        };
        let mut found = lookups.iter().filter(is_trusted).find_map(|lookup| lookup.items(self.catalog))?;
        found.sort_unstable();
        found.dedup();
        Some(found)
    }

    fn all(self) -> impl Iterator<Item = ItemPosition> {
        let all = self.catalog.items().by_time(ItemTime::Created, Bound::Unbounded, Bound::Unbounded);
        all.map(|key| key.1)
    }

    /// The index that has the items in the order of the query, if there is one.
    fn order_of(self, query: &KeysetQuery<Field>) -> Option<(ItemTime, bool)> {
        let (field, descending) = query.single_key()?;
        let which = field.time()?;
        (which == ItemTime::Created || !self.lags()).then_some((which, descending))
    }

    /// A page of items.
    pub(super) fn find(self, query: &KeysetQuery<Field>, behavior: &Behavior) -> KeysetPage<ItemRow<'c>> {
        if let Some(found) = self.look_up(query.filter.as_ref()) {
            return query.page_of(found.into_iter().filter_map(|at| self.row(at)), behavior);
        }
        let Some((which, descending)) = self.order_of(query) else {
            return query.page_of(self.all().filter_map(|at| self.row(at)), behavior);
        };
        let (mut from, mut to) = (Bound::Unbounded, Bound::Unbounded);
        if let Some(after) = query.after().and_then(timed) {
            *(if descending { &mut to } else { &mut from }) = Bound::Excluded(after);
        }
        let keys = self.catalog.items().by_time(which, from, to);
        let row = |key: TimedItem| self.row(key.1);
        if descending {
            query.page_of_ordered(keys.rev().filter_map(row), behavior)
        } else {
            query.page_of_ordered(keys.filter_map(row), behavior)
        }
    }

    /// How many items pass a filter.
    pub(super) fn count(self, filter: Option<&Expr<Field>>) -> usize {
        let passes = |row: &ItemRow<'c>| filter.is_none_or(|filter| filter.holds(row));
        let rows = |found: &mut dyn Iterator<Item = ItemPosition>| {
            found.filter_map(|at| self.row(at)).filter(|row| passes(&row.1)).count()
        };
        match self.look_up(filter) {
            Some(found) => rows(&mut found.into_iter()),
            None => rows(&mut self.all()),
        }
    }

    /// How many items there are of a location, when the filter asks for nothing else, or of all locations; `None` where
    /// only a look at each item can tell.
    pub(super) fn known_count(self, filter: Option<&Expr<Field>>) -> Option<usize> {
        if self.lags() || self.text.is_some() {
            return None;
        }
        let Some(filter) = filter.filter(|filter| !filter.is_empty()) else {
            return Some(self.catalog.items().len());
        };
        let (Field::LocationId, id) = filter.sole_id()? else { return None };
        let location = self.catalog.locations().iter().position(|location| location.id == id);
        Some(location.map_or(0, |location| self.catalog.items().count_at(location)))
    }
}

fn timed((value, at): (&Value<'static>, ItemPosition)) -> Option<TimedItem> {
    match value {
        Value::Time(time) => Some((*time, at)),
        _ => None,
    }
}
