//! The simulated warehouse database, whose rows change at any moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::UnixMillis;
use domain::quantity::CEILING;
use domain::stock::{StockRow, StockRows, Warehouses};
use rust_decimal::Decimal;
use sync::ports::WarehouseRead;

use crate::rng::SimRng;
use crate::shop::{ShopListing, ShopState};

/// The stock of one SKU in one warehouse.
#[derive(Debug, Clone)]
struct Row {
    sku: String,
    warehouse: &'static str,
    units: i64,
}

/// The current state of the warehouse.
#[derive(Debug, Default)]
pub(crate) struct WarehouseState {
    rows: Vec<Row>,
    /// Until this moment, reads see only the first rows.
    pub(crate) shrunk_until: UnixMillis,
    /// How many rows they see then.
    shrunk_to: usize,
    /// Until this moment, reads see other SKUs in all rows but the first.
    pub(crate) foreign_until: UnixMillis,
}

fn draw_units(rng: &mut SimRng) -> i64 {
    match rng.below(60) {
        0..=6 => 0,
        7..=8 => rng.between(-5, -1),
        9 => rng.between(99_990, 100_010),
        10 => rng.between(100, 3_000),
        _ => rng.between(1, 25),
    }
}

impl WarehouseState {
    pub(crate) fn new(shop: &ShopState, rng: &mut SimRng) -> Self {
        let skus: BTreeSet<&str> =
            shop.listings.iter().filter_map(|listing| listing.sku.as_deref()).collect();
        let mut rows = Vec::new();
        for sku in skus {
            if rng.chance(60) {
                continue;
            }
            rows.push(Row { sku: sku.to_owned(), warehouse: "north", units: draw_units(rng) });
            if rng.chance(250) {
                rows.push(Row { sku: sku.to_owned(), warehouse: "south", units: rng.between(0, 9) });
            }
        }
        if rows.is_empty() || rng.chance(150) {
            rows.push(Row { sku: "nowhere".to_owned(), warehouse: "north", units: 7 });
        }
        Self { rows, ..Self::default() }
    }

    fn visible(&self, now: UnixMillis) -> &[Row] {
        if now < self.shrunk_until { &self.rows[..self.shrunk_to] } else { &self.rows }
    }

    /// Hides rows until `until`: three of five of those that are visible stay, or a single one.
    pub(crate) fn shrink(&mut self, now: UnixMillis, until: UnixMillis, to_one: bool) {
        let visible = self.visible(now).len();
        self.shrunk_to = if to_one { 1 } else { (visible * 3 / 5).max(1) };
        self.shrunk_until = until;
    }

    /// How many SKUs a read would see.
    pub(crate) fn skus(&self, now: UnixMillis) -> u64 {
        self.visible(now).iter().map(|row| row.sku.as_str()).collect::<BTreeSet<_>>().len() as u64
    }

    pub(crate) fn snapshot(&self, now: UnixMillis) -> WarehouseRead {
        let foreign = now < self.foreign_until;
        let first = self.rows.first().map(|row| row.sku.as_str());
        let sku = |row: &Row| -> Arc<str> {
            let is_foreign = foreign && Some(row.sku.as_str()) != first;
            if is_foreign { format!("foreign-{}", row.sku).into() } else { row.sku.as_str().into() }
        };
        let row = |row: &Row| StockRow {
            sku: sku(row),
            warehouse: Some(Arc::from(row.warehouse)),
            quantity: Ok(Decimal::from(row.units)),
        };
        let rows = StockRows::Query(self.visible(now).iter().map(row).collect());
        WarehouseRead { rows, warehouses: Warehouses::All }
    }

    /// Changes the quantity of a random row, sometimes to the level that the shop already shows.
    pub(crate) fn change(&mut self, shop: &ShopState, rng: &mut SimRng) -> String {
        let at = rng.index(self.rows.len());
        let sku = Some(self.rows[at].sku.as_str());
        let carries_it = |listing: &&ShopListing| listing.exists && listing.sku.as_deref() == sku;
        let shown = shop.listings.iter().find(carries_it).map(|listing| listing.level);
        let units = draw_units(rng);
        let units = if rng.chance(250) { shown.unwrap_or(units) } else { units };
        let row = &mut self.rows[at];
        row.units = units;
        format!("{} in {} is {units}", row.sku, row.warehouse)
    }

    /// The target of each SKU.
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

    pub(crate) fn draw_sku(&self, rng: &mut SimRng) -> String {
        self.rows[rng.index(self.rows.len())].sku.clone()
    }
}
