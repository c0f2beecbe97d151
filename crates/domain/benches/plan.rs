//! A million SKUs: summing the stock and making the plan, their time and the memory that they take.
//!
//! `cargo bench --package domain` runs it alone, `cargo xtask bench` with everything else that is measured.

use std::sync::Arc;

use divan::{AllocProfiler, Bencher};
use domain::stock::{StockRow, StockRows, Warehouses};
use domain::{
    InventoryItemId, Level, Listing, ListingKey, Plan, Policy, ProductId, Scope, Sku, Stock, VariantId,
};
use rust_decimal::Decimal;

/// The number of SKUs of the warehouse, each on one listing of the shop.
const SKUS: u32 = 1_000_000;

#[global_allocator]
static MEMORY: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// Stock and listings of a whole catalog in which some listings show a wrong level.
struct PlanInput {
    rows: StockRows,
    listings: Vec<Listing>,
}

impl PlanInput {
    fn wrong_every(nth: u32) -> Self {
        let products = (0..SKUS).map(|n| Arc::from(sku(n))).collect();
        let stock = (0..SKUS).flat_map(|n| [("MAIN", units(n)), ("OUTLET", 3)].map(|row| (n, row)));
        let stock = stock.map(|(n, (warehouse, units))| stock_row(n, warehouse, units)).collect();
        let listings = (0..SKUS).map(|n| listing(n, units(n) + 3 + u32::from(n % nth == 0))).collect();
        Self { rows: StockRows::Tables { products, stock }, listings }
    }

    fn stock(&self) -> Stock {
        Stock::sum(&self.rows, &Warehouses::All)
    }

    fn plan(&self, stock: &Stock) -> Plan {
        Plan::make(stock, &self.listings, Policy::default(), &Scope::All)
    }
}

fn sku(n: u32) -> String {
    format!("SKU-{n:07}")
}

/// Units in the main warehouse.
fn units(n: u32) -> u32 {
    n % 50
}

fn stock_row(n: u32, warehouse: &str, units: u32) -> StockRow {
    StockRow {
        sku: Arc::from(sku(n)),
        warehouse: Some(Arc::from(warehouse)),
        quantity: Ok(Decimal::from(units)),
    }
}

/// A listing with ids as long as those of Wix.
fn listing(n: u32, level: u32) -> Listing {
    let product = format!("aaaaaaaa-0000-4000-8000-{n:012}");
    Listing {
        revision: None,
        key: ListingKey::new(ProductId::new(&product), VariantId::whole_product()),
        inventory_item: InventoryItemId::new(&format!("bbbbbbbb-0000-4000-8000-{n:012}")),
        sku: Sku::parse(&sku(n)).ok(),
        tracked: true,
        level: Level::new(i64::from(level)),
    }
}

/// Sums the rows of the warehouse.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn sum(bencher: Bencher) {
    let input = PlanInput::wrong_every(50);
    bencher.bench_local(|| input.stock());
}

/// Makes a plan in which 2 % of the listings change.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn plan_some(bencher: Bencher) {
    let input = PlanInput::wrong_every(50);
    let stock = input.stock();
    bencher.bench_local(|| input.plan(&stock));
}

/// Makes a plan in which every listing changes.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn plan_all(bencher: Bencher) {
    let input = PlanInput::wrong_every(1);
    let stock = input.stock();
    bencher.bench_local(|| input.plan(&stock));
}
