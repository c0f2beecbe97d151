//! The merchant's database: rows that change at any moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::UnixMillis;
use domain::quantity::CEILING;
use domain::stock::{StockRow, StockRows, Warehouses};
use rust_decimal::Decimal;
use sync::ports::WarehouseRead;

use crate::dice::Dice;
use crate::shop::{Shelf, ShopFloor};

/// A row: SKU, warehouse, units.
#[derive(Debug, Clone)]
struct Row {
    sku: String,
    name: &'static str,
    units: i64,
}

/// The warehouse as it stands.
#[derive(Debug, Default)]
pub(crate) struct Depot {
    rows: Vec<Row>,
    /// Until then only the first row is there.
    pub(crate) shrunk_until: UnixMillis,
}

fn some_units(dice: &mut Dice) -> i64 {
    match dice.below(60) {
        0..=6 => 0,
        7..=8 => dice.between(-5, -1),
        9 => dice.between(99_990, 100_010),
        10 => dice.between(100, 3_000),
        _ => dice.between(1, 25),
    }
}

impl Depot {
    pub(crate) fn new(floor: &ShopFloor, dice: &mut Dice) -> Self {
        let skus: BTreeSet<&str> = floor.shelves.iter().filter_map(|place| place.sku.as_deref()).collect();
        let mut rows = Vec::new();
        for sku in skus {
            if dice.hits(60) {
                continue;
            }
            rows.push(Row { sku: sku.to_owned(), name: "north", units: some_units(dice) });
            if dice.hits(250) {
                rows.push(Row { sku: sku.to_owned(), name: "south", units: dice.between(0, 9) });
            }
        }
        if rows.is_empty() || dice.hits(150) {
            rows.push(Row { sku: "nowhere".to_owned(), name: "north", units: 7 });
        }
        Self { rows, shrunk_until: 0 }
    }

    fn visible(&self, now: UnixMillis) -> &[Row] {
        if now < self.shrunk_until { &self.rows[..1] } else { &self.rows }
    }

    /// How many SKUs a read would see.
    pub(crate) fn skus(&self, now: UnixMillis) -> u64 {
        self.visible(now).iter().map(|row| row.sku.as_str()).collect::<BTreeSet<_>>().len() as u64
    }

    pub(crate) fn snapshot(&self, now: UnixMillis) -> WarehouseRead {
        let row = |row: &Row| StockRow {
            sku: row.sku.as_str().into(),
            warehouse: Some(Arc::from(row.name)),
            quantity: Ok(Decimal::from(row.units)),
        };
        let rows = StockRows::Query(self.visible(now).iter().map(row).collect());
        WarehouseRead { rows, warehouses: Warehouses::All }
    }

    /// A row gets another quantity; now and then the one that the shop shows already.
    pub(crate) fn change(&mut self, floor: &ShopFloor, dice: &mut Dice) -> String {
        let at = dice.at(self.rows.len());
        let sku = Some(self.rows[at].sku.as_str());
        let carries_it = |place: &&Shelf| place.exists && place.sku.as_deref() == sku;
        let shown = floor.shelves.iter().find(carries_it).map(|place| place.level);
        let units = some_units(dice);
        let units = if dice.hits(250) { shown.unwrap_or(units) } else { units };
        let row = &mut self.rows[at];
        row.units = units;
        format!("{} in {} is {units}", row.sku, row.name)
    }

    /// What each SKU's listing should show.
    pub(crate) fn targets(&self) -> BTreeMap<&str, i64> {
        let mut sums = BTreeMap::new();
        for row in &self.rows {
            *sums.entry(row.sku.as_str()).or_insert(0) += row.units;
        }
        for sum in sums.values_mut() {
            *sum = i64::clamp(*sum, 0, i64::from(CEILING));
        }
        sums
    }

    pub(crate) fn some_sku(&self, dice: &mut Dice) -> String {
        self.rows[dice.at(self.rows.len())].sku.clone()
    }
}
