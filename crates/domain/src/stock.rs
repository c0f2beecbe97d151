//! The warehouse's stock: rows summed per SKU as exact decimals.
//!
//! Rows are summed here and never in SQL, because a database's collation may treat two SKUs as one, and a join may
//! count a row twice.

pub mod near_miss;
pub mod policy;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use self::near_miss::Spelling;

use crate::hash::{FastMap, FastSet};
use crate::{SkipReason, Sku};

/// One row of the warehouse read, as the database gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockRow {
    /// The SKU's text; empty if the row has none.
    pub sku: Arc<str>,
    /// The warehouse that holds the units; `None` if the query has no such column.
    pub warehouse: Option<Arc<str>>,
    /// The units, or why they are not known: NULL, not a number, or beyond an exact decimal.
    pub quantity: Result<Decimal, SkipReason>,
}

/// The rows of one complete read of the warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StockRows {
    /// The default schema: products, and any number of stock rows for each.
    Tables {
        /// Every SKU of the product table.
        products: Vec<Arc<str>>,
        /// Every row of the stock table.
        stock: Vec<StockRow>,
    },
    /// A custom query: one row per SKU, or one per SKU and warehouse.
    Query(Vec<StockRow>),
}

/// The stock of one SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// The exact sum over the chosen warehouses, in units.
    Known(Decimal),
    /// Not known, for this reason. Unknown is never zero.
    Unknown(SkipReason),
}

/// The stock of every SKU of the warehouse, in reading order.
#[derive(Debug, Clone, Default)]
pub struct Stock {
    entries: Vec<(Sku, Amount)>,
    index: FastMap<Sku, usize>,
    rows_without_sku: usize,
    /// The number of stock rows whose SKU is listed.
    rows: usize,
    /// The sums of SKUs that have stock rows and no product row, by their entries.
    unlisted: FastMap<usize, Amount>,
    /// Whether a user named each quantity.
    is_explicit: bool,
    unmatched_warehouses: Vec<UnmatchedWarehouse>,
}

/// A chosen warehouse that no row names: it is misspelled, or has no goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UnmatchedWarehouse {
    /// As it is chosen.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub name: Arc<str>,
    /// A warehouse of the rows that is spelled almost so.
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, required))]
    pub similar: Option<Arc<str>>,
}

/// The warehouses whose stock is summed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Warehouses {
    /// All of them.
    #[default]
    All,
    /// Only these; never empty.
    Chosen(HashSet<Arc<str>>),
}

impl Warehouses {
    /// Whether the row is summed.
    pub(crate) fn count(&self, row: &StockRow) -> bool {
        match (self, &row.warehouse) {
            (Self::All, _) => true,
            (Self::Chosen(chosen), Some(name)) => chosen.contains(name),
            (Self::Chosen(_), None) => false,
        }
    }

    /// The chosen warehouses that no row names, sorted: they are misspelled, or have no goods.
    #[must_use]
    pub fn without_rows(&self, rows: &StockRows) -> Vec<Arc<str>> {
        let Self::Chosen(chosen) = self else { return Vec::new() };
        let (StockRows::Tables { stock: rows, .. } | StockRows::Query(rows)) = rows;
        let named: FastSet<&Arc<str>> = rows.iter().filter_map(|row| row.warehouse.as_ref()).collect();
        let mut missing: Vec<_> = chosen.iter().filter(|name| !named.contains(name)).cloned().collect();
        missing.sort_unstable();
        missing
    }

    /// The chosen warehouses that no row names, each with one of the rows that is spelled almost so.
    #[must_use]
    pub fn unmatched(&self, rows: &StockRows) -> Vec<UnmatchedWarehouse> {
        let missing = self.without_rows(rows);
        if missing.is_empty() {
            return Vec::new();
        }
        let (StockRows::Tables { stock: rows, .. } | StockRows::Query(rows)) = rows;
        let named: BTreeSet<&Arc<str>> = rows.iter().filter_map(|row| row.warehouse.as_ref()).collect();
        let similar = |name: &Arc<str>| {
            let spelling = Sku::of(name).ok().map(|name| Spelling::of(&name))?;
            named.iter().find(|other| spelling.is_alike(other)).map(|other| Arc::clone(other))
        };
        missing.into_iter().map(|name| UnmatchedWarehouse { similar: similar(&name), name }).collect()
    }

    /// How many are chosen; `None` if all count.
    #[must_use]
    pub fn chosen(&self) -> Option<usize> {
        match self {
            Self::All => None,
            Self::Chosen(chosen) => Some(chosen.len()),
        }
    }
}

impl Stock {
    /// Sums `rows` over the chosen `warehouses`. A SKU whose rows all belong to other warehouses has a stock of zero.
    #[must_use]
    pub fn sum(rows: &StockRows, warehouses: &Warehouses) -> Self {
        let mut stock = Self { unmatched_warehouses: warehouses.unmatched(rows), ..Self::default() };
        match rows {
            StockRows::Tables { products, stock: rows } => stock.sum_tables(products, rows, warehouses),
            StockRows::Query(rows) => stock.sum_query(rows, warehouses),
        }
        stock
    }

    /// A stock of these quantities, in units, instead of a read of the warehouse.
    #[must_use]
    pub fn explicit(quantities: impl IntoIterator<Item = (Sku, Decimal)>) -> Self {
        let mut stock = Self { is_explicit: true, ..Self::default() };
        for (sku, quantity) in quantities {
            let at = stock.entry(sku, Amount::Known(Decimal::ZERO));
            stock.set(at, Amount::Known(quantity));
            stock.rows += 1;
        }
        stock
    }

    /// The amounts, in reading order.
    pub fn iter(&self) -> impl Iterator<Item = (&Sku, Amount)> {
        self.entries.iter().map(|(sku, amount)| (sku, *amount))
    }

    /// The stock of `sku`; `None` if the warehouse does not have it.
    #[must_use]
    pub fn get(&self, sku: &str) -> Option<Amount> {
        let at = *self.index.get(sku)?;
        self.entries.get(at).map(|(_, amount)| *amount)
    }

    /// The SKUs whose sum is above zero or unknown, those without a product row too. None of quantities that a user
    /// named: each of them stands for itself.
    pub fn with_units(&self) -> impl Iterator<Item = &Sku> {
        let has_units = |(at, (_, amount)): (usize, &(Sku, Amount))| match amount {
            Amount::Known(sum) => *sum > Decimal::ZERO,
            Amount::Unknown(_) => match self.unlisted.get(&at) {
                Some(Amount::Known(sum)) => *sum > Decimal::ZERO,
                Some(Amount::Unknown(_)) | None => true,
            },
        };
        let all = self.entries.iter().enumerate().filter(|_| !self.is_explicit);
        all.filter(move |(at, entry)| has_units((*at, entry))).map(|(_, (sku, _))| sku)
    }

    /// How many SKUs the warehouse has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the warehouse has no SKU at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many stock rows belong to SKUs that the warehouse lists, whether their warehouse is summed or not.
    #[must_use]
    pub fn stock_rows(&self) -> usize {
        self.rows
    }

    /// The chosen warehouses that no row names.
    #[must_use]
    pub fn unmatched_warehouses(&self) -> &[UnmatchedWarehouse] {
        &self.unmatched_warehouses
    }

    /// How many rows have no SKU. They are not summed.
    #[must_use]
    pub fn rows_without_sku(&self) -> usize {
        self.rows_without_sku
    }

    fn sum_tables(&mut self, products: &[Arc<str>], rows: &[StockRow], warehouses: &Warehouses) {
        self.make_room(products.len());
        for text in products {
            let before = self.entries.len();
            match self.entry_of(text, Amount::Known(Decimal::ZERO)) {
                Some(at) if at < before => self.set(at, Amount::Unknown(SkipReason::DuplicateRow)),
                Some(_) => {}
                None => self.rows_without_sku += 1,
            }
        }
        let listed = self.entries.len();
        for row in rows {
            let Some(at) = self.entry_of(&row.sku, Amount::Unknown(SkipReason::NoProductRow)) else {
                self.rows_without_sku += 1;
                continue;
            };
            self.rows += usize::from(at < listed);
            let counts = warehouses.count(row);
            if at >= listed {
                let sum = self.unlisted.entry(at).or_insert(Amount::Known(Decimal::ZERO));
                *sum = if counts { sum.plus(row.quantity) } else { *sum };
            } else if counts {
                self.add(at, row.quantity);
            }
        }
    }

    fn sum_query(&mut self, rows: &[StockRow], warehouses: &Warehouses) {
        let mut seen: FastSet<(usize, Option<Arc<str>>)> = FastSet::default();
        seen.reserve(rows.len());
        let mut named: FastMap<usize, bool> = FastMap::default();
        for row in rows {
            let Some(at) = self.entry_of(&row.sku, Amount::Known(Decimal::ZERO)) else {
                self.rows_without_sku += 1;
                continue;
            };
            self.rows += 1;
            let has_name = row.warehouse.is_some();
            let mixed = *named.entry(at).or_insert(has_name) != has_name;
            if !seen.insert((at, row.warehouse.clone())) || mixed {
                self.set(at, Amount::Unknown(SkipReason::DuplicateRow));
            } else if warehouses.count(row) {
                self.add(at, row.quantity);
            } else if row.warehouse.is_none() {
                // The row does not say which warehouse holds these units, and unknown is never zero.
                self.add(at, Err(SkipReason::QuantityUnknown));
            }
        }
    }

    fn make_room(&mut self, skus: usize) {
        self.index.reserve(skus);
        self.entries.reserve(skus);
    }

    /// The index of the entry for this text, which is added with `first` if it is new; `None` for an empty text.
    fn entry_of(&mut self, text: &Arc<str>, first: Amount) -> Option<usize> {
        if let Some(at) = self.index.get(&**text) {
            return Some(*at);
        }
        Some(self.insert(Sku::of(text).ok()?, first))
    }

    fn entry(&mut self, sku: Sku, first: Amount) -> usize {
        match self.index.get(sku.as_str()) {
            Some(at) => *at,
            None => self.insert(sku, first),
        }
    }

    fn insert(&mut self, sku: Sku, first: Amount) -> usize {
        let at = self.entries.len();
        self.index.insert(sku.clone(), at);
        self.entries.push((sku, first));
        at
    }

    fn set(&mut self, at: usize, amount: Amount) {
        if let Some((_, slot)) = self.entries.get_mut(at) {
            *slot = amount;
        }
    }

    fn add(&mut self, at: usize, quantity: Result<Decimal, SkipReason>) {
        if let Some((_, slot)) = self.entries.get_mut(at) {
            *slot = slot.plus(quantity);
        }
    }
}

impl Amount {
    fn plus(self, quantity: Result<Decimal, SkipReason>) -> Self {
        match (self, quantity) {
            (Self::Known(sum), Ok(quantity)) => {
                exact_sum(sum, quantity).map_or(Self::Unknown(SkipReason::QuantityOutOfRange), Self::Known)
            }
            (Self::Known(_), Err(reason)) => Self::Unknown(reason),
            // The reported reason must not depend on the order of the rows.
            (Self::Unknown(before), Err(reason)) if before != SkipReason::DuplicateRow => {
                Self::Unknown(before.min(reason))
            }
            (unknown @ Self::Unknown(_), _) => unknown,
        }
    }
}

/// `a + b` if the result keeps every digit; `None` if it overflows or would lose digits. At the end of a decimal's
/// range (28 digits) this may depend on the order of the rows; unknown is the safe answer.
fn exact_sum(a: Decimal, b: Decimal) -> Option<Decimal> {
    let sum = a.checked_add(b)?;
    // An addition without room for all digits rounds to a smaller scale.
    let digits = a.normalize().scale().max(b.normalize().scale());
    (sum.scale() >= digits).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(sku: &str, warehouse: Option<&str>, quantity: Option<&str>) -> StockRow {
        StockRow {
            sku: Arc::from(sku),
            warehouse: warehouse.map(Arc::from),
            quantity: quantity.map(|q| q.parse().unwrap()).ok_or(SkipReason::QuantityUnknown),
        }
    }

    fn known(text: &str) -> Amount {
        Amount::Known(text.parse().unwrap())
    }

    #[test]
    fn tables_sum_every_row_of_a_listed_product() {
        let rows = StockRows::Tables {
            products: ["a", "b", "c", ""].map(Arc::from).to_vec(),
            stock: vec![
                row("a", Some("x"), Some("0.1")),
                row("a", Some("x"), Some("0.2")),
                row("a", Some("y"), Some("5")),
                row("b", Some("x"), None),
                row("ghost", Some("x"), Some("1")),
            ],
        };
        let stock = Stock::sum(&rows, &Warehouses::All);
        assert_eq!(stock.get("a").unwrap(), known("5.3"));
        assert_eq!(stock.get("b").unwrap(), Amount::Unknown(SkipReason::QuantityUnknown));
        assert_eq!(stock.get("c").unwrap(), known("0"));
        assert_eq!(stock.get("ghost").unwrap(), Amount::Unknown(SkipReason::NoProductRow));
        assert_eq!(stock.rows_without_sku(), 1);
        assert_eq!(stock.stock_rows(), 4, "the ghost's row is not of listed goods");
    }

    #[test]
    fn only_chosen_warehouses_count() {
        let rows = StockRows::Query(vec![
            row("a", Some("x"), Some("1")),
            row("a", Some("y"), Some("2")),
            row("b", Some("y"), Some("3")),
            row("c", Some("y"), None),
        ]);
        let chosen = Warehouses::Chosen(HashSet::from([Arc::from("x")]));
        let stock = Stock::sum(&rows, &chosen);
        assert_eq!(stock.unmatched_warehouses(), []);
        let misspelled = Warehouses::Chosen(["x", "Y ", "z"].map(Arc::from).into());
        let told = Stock::sum(&rows, &misspelled);
        let told: Vec<_> =
            told.unmatched_warehouses().iter().map(|w| (&*w.name, w.similar.as_deref())).collect();
        assert_eq!(told, [("Y ", Some("y")), ("z", None)]);
        assert_eq!(stock.get("a").unwrap(), known("1"));
        assert_eq!(stock.get("b").unwrap(), known("0"));
        assert_eq!(stock.get("c").unwrap(), known("0"));
        assert_eq!(stock.len(), 3);
    }

    #[test]
    fn a_custom_query_gives_one_row_per_sku_and_warehouse() {
        let rows = StockRows::Query(vec![
            row("a", None, Some("1")),
            row("a", None, Some("1")),
            row("b", Some("x"), Some("1")),
            row("b", Some("x"), Some("2")),
            row("b", Some("y"), Some("3")),
            row("c", Some("x"), Some("1")),
            row("c", None, Some("1")),
            row("d", Some("x"), Some("1")),
            row("d", Some("y"), Some("1")),
        ]);
        let stock = Stock::sum(&rows, &Warehouses::All);
        for sku in ["a", "b", "c"] {
            assert_eq!(stock.get(sku).unwrap(), Amount::Unknown(SkipReason::DuplicateRow), "{sku}");
        }
        assert_eq!(stock.get("d").unwrap(), known("2"));
    }

    #[test]
    fn a_sum_that_loses_digits_is_unknown() {
        let huge = "79228162514264337593543950335";
        let rows = StockRows::Query(vec![
            row("over", Some("x"), Some(huge)),
            row("over", Some("y"), Some("1")),
            row("rounded", Some("x"), Some(huge)),
            row("rounded", Some("y"), Some("0.4")),
        ]);
        let stock = Stock::sum(&rows, &Warehouses::All);
        assert_eq!(stock.get("over").unwrap(), Amount::Unknown(SkipReason::QuantityOutOfRange));
        assert_eq!(stock.get("rounded").unwrap(), Amount::Unknown(SkipReason::QuantityOutOfRange));
    }
}
