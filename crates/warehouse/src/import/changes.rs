//! Compares a stock list with the rows in the database and decides what an import changes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::Sku;
use domain::stock::near_miss::Slip;
use rust_decimal::Decimal;

use super::slipped::Slipped;
use super::stored::{Stored, StoredRow};
use super::{ImportRow, Kept, ReplaceScope};

/// How many of the largest changes are listed.
const MAX_LISTED: usize = 10;

/// The smallest number of SKUs with stock from which a list that lacks most of them is considered partial.
const MIN_SKUS_TO_JUDGE: u64 = 20;

fn has_units(rows: &[&StoredRow]) -> bool {
    rows.iter().any(|row| row.has_units())
}

/// A change of one quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The SKU.
    pub sku: Arc<str>,
    /// The warehouse; `None` if the stored row has none.
    pub warehouse: Option<Arc<str>>,
    /// The quantity before; `None` if there was no row or its quantity was not a number.
    pub before: Option<Decimal>,
    /// The quantity after; `None` if the row is deleted.
    pub after: Option<Decimal>,
}

/// The list lacks most SKUs that have stock, so it may be only a part of the stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartialList {
    /// The number of SKUs with stock that the list lacks.
    pub lacking: u64,
    /// The number of SKUs with stock.
    pub of: u64,
}

/// What an import changes. `new`, `changed`, `removed` and `unchanged` count stock rows, one per SKU and warehouse.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rows that are added.
    pub new: u64,
    /// Rows whose quantity changes.
    pub changed: u64,
    /// Rows that are deleted because the list does not contain them.
    pub removed: u64,
    /// Rows of the list that are already stored with the same quantity.
    pub unchanged: u64,
    /// SKUs that are added to the product table.
    pub new_products: u64,
    /// The sum of all units before.
    pub units_before: Decimal,
    /// The sum of all units after.
    pub units_after: Decimal,
    /// The largest changes, in descending order.
    pub largest: Vec<Change>,
    /// Set if the list may be only a part of the stock.
    pub part: Option<PartialList>,
    /// SKUs that the list would sell out although one that newly comes in is spelled almost so. What would go to zero
    /// stays as it is.
    pub slips: Vec<Slip>,
    /// The rows of the list that are not written for that reason.
    pub(super) left_alone: HashSet<usize>,
    pub(super) writes: Writes,
}

/// The writes of an import. Rows of the list are given by index, rows of the database by row id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Writes {
    pub(super) new_products: Vec<usize>,
    pub(super) described: Vec<(i64, usize)>,
    pub(super) deleted: Vec<i64>,
    pub(super) updated: Vec<(i64, usize)>,
    pub(super) inserted: Vec<usize>,
}

impl Writes {
    pub(super) fn len(&self) -> usize {
        let kept = self.new_products.len() + self.described.len();
        kept + self.deleted.len() + self.updated.len() + self.inserted.len()
    }
}

/// Compares the list with the database. `rows` must contain each SKU and warehouse only once, and none that is kept.
pub(super) fn compare(stored: &Stored, rows: &[ImportRow], kept: &Kept, scope: &ReplaceScope) -> Changes {
    let mut found: HashMap<(&str, Option<&str>), Vec<&StoredRow>> =
        HashMap::with_capacity(stored.stock.len());
    for row in &stored.stock {
        found.entry((&row.sku, row.warehouse.as_deref())).or_default().push(row);
    }
    let mut all = Vec::new();
    let slipped = Slipped::of(stored, rows, kept, scope);
    let mut changes = Changes { part: detect_partial(stored, rows, kept, scope), ..Changes::default() };
    for (at, row) in rows.iter().enumerate() {
        let before = found.remove(&(row.sku.as_str(), Some(&*row.warehouse))).unwrap_or_default();
        if row.quantity <= Decimal::ZERO && slipped.holds(row.sku.as_str()) && has_units(&before) {
            changes.left_alone.insert(at);
            continue;
        }
        all.extend(changes.set(at, row, &before));
    }
    for row in found.into_values().flatten() {
        if row.is_missed(kept, scope) && !slipped.holds(&row.sku) {
            changes.removed += 1;
            changes.writes.deleted.push(row.id);
            all.push(Change {
                sku: Arc::clone(&row.sku),
                warehouse: row.warehouse.clone(),
                before: row.quantity.ok(),
                after: None,
            });
        }
    }
    changes.products(stored, rows);
    changes.slips = slipped.slips;
    changes.units_before = sum(stored.stock.iter().filter_map(|row| row.quantity.ok()));
    let differences = all.iter().map(difference);
    changes.units_after = differences.fold(changes.units_before, plus);
    changes.largest = largest(all);
    changes
}

impl Changes {
    /// Compares one row of the list with the stored rows of the same SKU and warehouse: none, one or several.
    fn set(&mut self, at: usize, row: &ImportRow, before: &[&StoredRow]) -> Option<Change> {
        let units = sum(before.iter().filter_map(|row| row.quantity.ok()));
        match before {
            [] => {
                self.new += 1;
                self.writes.inserted.push(at);
            }
            [one] if one.quantity == Ok(row.quantity) => {
                self.unchanged += 1;
                return None;
            }
            [first, others @ ..] => {
                self.changed += 1;
                self.writes.updated.push((first.id, at));
                self.writes.deleted.extend(others.iter().map(|row| row.id));
            }
        }
        let known = before.iter().any(|row| row.quantity.is_ok());
        Some(Change {
            sku: Arc::from(row.sku.as_str()),
            warehouse: Some(Arc::clone(&row.warehouse)),
            before: known.then_some(units),
            after: Some(row.quantity),
        })
    }

    fn products(&mut self, stored: &Stored, rows: &[ImportRow]) {
        let mut seen = HashSet::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            if !seen.insert(row.sku.as_str()) {
                continue;
            }
            match stored.products.get(row.sku.as_str()) {
                Some(id) if !row.details.is_empty() => self.writes.described.push((*id, at)),
                Some(_) => {}
                None => {
                    self.new_products += 1;
                    self.writes.new_products.push(at);
                }
            }
        }
    }
}

/// Detects a list that may be partial: it lacks most SKUs with stock, and the import would delete their rows.
fn detect_partial(
    stored: &Stored,
    rows: &[ImportRow],
    kept: &Kept,
    scope: &ReplaceScope,
) -> Option<PartialList> {
    let listed: HashSet<&str> = rows.iter().map(|row| row.sku.as_str()).chain(kept.skus()).collect();
    let mut with_stock = HashSet::new();
    for row in &stored.stock {
        let has_stock = row.quantity.is_ok_and(|quantity| quantity > Decimal::ZERO);
        if has_stock && scope.covers(row.warehouse.as_deref()) && Sku::of(&row.sku).is_ok() {
            with_stock.insert(&*row.sku);
        }
    }
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let lacking = count(with_stock.difference(&listed).count());
    let of = count(with_stock.len());
    (of >= MIN_SKUS_TO_JUDGE && lacking > of / 2).then_some(PartialList { lacking, of })
}

fn difference(change: &Change) -> Decimal {
    change.after.unwrap_or_default().saturating_sub(change.before.unwrap_or_default())
}

fn largest(mut all: Vec<Change>) -> Vec<Change> {
    all.retain(|change| !difference(change).is_zero());
    all.sort_by(|a, b| {
        let by_size = difference(b).abs().cmp(&difference(a).abs());
        by_size.then_with(|| (&a.sku, &a.warehouse).cmp(&(&b.sku, &b.warehouse)))
    });
    all.truncate(MAX_LISTED);
    all
}

fn sum(units: impl Iterator<Item = Decimal>) -> Decimal {
    units.fold(Decimal::ZERO, plus)
}

/// A sum for display; it saturates at the limits of a decimal.
fn plus(a: Decimal, b: Decimal) -> Decimal {
    a.saturating_add(b).normalize()
}

#[cfg(test)]
mod tests {
    use domain::SkipReason;

    use super::*;
    use crate::import::Details;

    fn row(sku: &str, warehouse: &str, quantity: i64) -> ImportRow {
        let (sku, warehouse) = (Sku::parse(sku).unwrap(), Arc::from(warehouse));
        ImportRow { sku, warehouse, quantity: Decimal::from(quantity), details: Details::default() }
    }

    fn stored(rows: &[(&str, Option<&str>, Option<i64>)]) -> Stored {
        let stock = rows.iter().zip(1..).map(|((sku, warehouse, quantity), id)| StoredRow {
            id,
            sku: Arc::from(*sku),
            warehouse: warehouse.map(Arc::from),
            quantity: quantity.map(Decimal::from).ok_or(SkipReason::QuantityUnknown),
        });
        let products = rows.iter().zip(1..).map(|((sku, ..), id)| (Arc::from(*sku), id)).collect();
        Stored { products, stock: stock.collect() }
    }

    fn counts(changes: &Changes) -> [u64; 4] {
        [changes.new, changes.changed, changes.removed, changes.unchanged]
    }

    #[test]
    fn every_row_is_new_changed_removed_or_unchanged() {
        let before = stored(&[
            ("A", Some("M"), Some(5)),
            ("B", Some("M"), Some(7)),
            ("C", Some("M"), Some(2)),
            ("C", Some("N"), Some(9)),
            ("D", None, Some(1)),
            ("", Some("M"), Some(1)),
        ]);
        let rows = [row("A", "M", 5), row("B", "M", 3), row("E", "M", 4), row("a", "M", 1)];
        let all = compare(&before, &rows, &Kept::default(), &ReplaceScope::Everything);
        assert_eq!(counts(&all), [2, 1, 3, 1]);
        assert_eq!((all.units_before, all.units_after), (25.into(), 14.into()));
        assert_eq!(all.new_products, 2);
        let largest = all.largest.first().unwrap();
        assert_eq!((&*largest.sku, largest.before, largest.after), ("C", Some(9.into()), None));
        let one = compare(&before, &rows, &Kept::default(), &ReplaceScope::Warehouse(Arc::from("M")));
        assert_eq!((counts(&one), one.units_after), ([2, 1, 1, 1], 24.into()));
        let none = compare(&before, &rows, &Kept::default(), &ReplaceScope::Nothing);
        assert_eq!((counts(&none), none.units_after), ([2, 1, 0, 1], 26.into()));
    }

    #[test]
    fn a_kept_row_stays_as_it_is() {
        let before =
            stored(&[("A", Some("M"), Some(5)), ("A", Some("N"), Some(7)), ("B", Some("M"), Some(1))]);
        let kept = Kept::of([(Sku::parse("A").unwrap(), Arc::from("M"))]);
        let changes = compare(&before, &[row("B", "M", 1)], &kept, &ReplaceScope::Everything);
        assert_eq!((counts(&changes), changes.units_after), ([0, 0, 1, 1], 6.into()));
    }

    #[test]
    fn several_rows_in_one_place_become_one() {
        let before = stored(&[("A", Some("M"), Some(2)), ("A", Some("M"), Some(3)), ("B", Some("M"), None)]);
        let changes =
            compare(&before, &[row("A", "M", 5), row("B", "M", 0)], &Kept::default(), &ReplaceScope::Nothing);
        assert_eq!(counts(&changes), [0, 2, 0, 0]);
        assert_eq!((changes.units_before, changes.units_after), (5.into(), 5.into()));
        assert_eq!(changes.writes.updated, [(1, 0), (3, 1)]);
        assert_eq!(changes.writes.deleted, [2]);
        assert_eq!(changes.largest, []);
    }

    #[test]
    fn a_list_that_lacks_most_goods_with_stock_may_be_a_part() {
        let skus: Vec<String> = (0..20).map(|n| format!("S{n}")).collect();
        let before: Vec<_> = skus.iter().map(|sku| (sku.as_str(), Some("M"), Some(1))).collect();
        let before = stored(&before);
        let rows: Vec<ImportRow> = skus.iter().map(|sku| row(sku, "M", 1)).collect();
        let part = |listed: &[ImportRow], scope: &ReplaceScope| {
            compare(&before, listed, &Kept::default(), scope).part
        };
        assert_eq!(part(&rows[..9], &ReplaceScope::Everything), Some(PartialList { lacking: 11, of: 20 }));
        assert_eq!(part(&rows[..10], &ReplaceScope::Everything), None);
        assert_eq!(part(&rows[..1], &ReplaceScope::Nothing), None);
        assert_eq!(part(&rows[..1], &ReplaceScope::Warehouse(Arc::from("N"))), None);
    }
}
