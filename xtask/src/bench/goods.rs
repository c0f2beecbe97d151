//! The products of a shop, their stock in the warehouse, and how it changes from run to run.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::cases::{CHANGES_EVERY, FEW_SKUS, FILTERED_SKUS, Kind, Scenario};
use super::floor::Workload;

/// Units that a change adds or removes. They are small compared with the levels, so that the guard never stops a run.
const ADDED: u32 = 3;
const TAKEN: u32 = 2;

/// The stock of each SKU.
pub(super) struct Goods {
    units: Vec<u32>,
    per_product: u32,
}

/// A change of the warehouse, and the work that it means for the next run.
pub(super) struct Change {
    /// The changed SKUs: SKU, units in the first warehouse, units in the second one.
    pub(super) rows: Vec<(String, u32, u32)>,
    /// The SKUs of a filtered run; empty for an unfiltered one.
    pub(super) named: Vec<String>,
    /// The work of the next run.
    pub(super) workload: Workload,
}

impl Goods {
    /// Products whose levels in the shop equal their stock.
    pub(super) fn new(scenario: Scenario) -> Self {
        let units = (0..scenario.skus).map(|n| 10 + n % 40).collect();
        Self { units, per_product: scenario.per_product.max(1) }
    }

    /// The number of SKUs.
    pub(super) fn count(&self) -> u64 {
        wide(self.units.len())
    }

    /// The emulator's shop file.
    pub(super) fn shop(&self) -> Value {
        let size = usize::try_from(self.per_product).unwrap_or(1);
        let rows: Vec<(String, u32)> = (0..).zip(&self.units).map(|(n, units)| (sku(n), *units)).collect();
        let listing = |(sku, units): &(String, u32)| json!({"sku": sku, "quantity": units});
        let products: Vec<Value> = if size == 1 {
            rows.iter().map(listing).collect()
        } else {
            let numbered = (1..).zip(rows.chunks(size));
            let product = |(n, rows): (u32, &[(String, u32)])| {
                let variants: Vec<Value> = rows.iter().map(listing).collect();
                json!({"name": format!("Product {n}"), "variants": variants})
            };
            numbered.map(product).collect()
        };
        json!({"products": products})
    }

    /// All SKUs as rows of the warehouse.
    pub(super) fn rows(&self) -> Vec<(String, u32, u32)> {
        (0..).zip(&self.units).map(|(n, units)| row(n, *units)).collect()
    }

    /// Changes the stock as this kind of run requires.
    pub(super) fn change(&mut self, kind: Kind) -> Change {
        let count = u32::try_from(self.units.len()).unwrap_or(u32::MAX);
        let every = |first: u32| (first..count).step_by(usize::try_from(CHANGES_EVERY).unwrap_or(1));
        let touched: Vec<u32> = match kind {
            Kind::Cold => every(0).collect(),
            Kind::ColdFew => every(0).take(usize::try_from(FEW_SKUS).unwrap_or(0)).collect(),
            Kind::ColdAll => (0..count).collect(),
            Kind::Warm => every(1).collect(),
            Kind::WarmFew => every(1).take(usize::try_from(FEW_SKUS).unwrap_or(0)).collect(),
            Kind::Unchanged => Vec::new(),
            Kind::Filtered => every(2).take(usize::try_from(FILTERED_SKUS).unwrap_or(0)).collect(),
        };
        let (mut rows, mut workload) = (Vec::new(), self.reads(kind, &touched));
        for (at, n) in touched.iter().copied().enumerate() {
            let Some(units) = usize::try_from(n).ok().and_then(|n| self.units.get_mut(n)) else { continue };
            if at % 2 == 0 {
                *units += ADDED;
                workload.up += 1;
            } else {
                *units -= TAKEN;
                workload.down += 1;
            }
            rows.push(row(n, *units));
        }
        let named = if kind == Kind::Filtered { touched.into_iter().map(sku).collect() } else { Vec::new() };
        Change { rows, named, workload }
    }

    /// The products that must be read and verified.
    fn reads(&self, kind: Kind, touched: &[u32]) -> Workload {
        let product = |n: &u32| n / self.per_product;
        let changed_products = wide(touched.iter().map(product).collect::<BTreeSet<u32>>().len());
        let products = match kind {
            Kind::Filtered => changed_products,
            _ => self.count().div_ceil(u64::from(self.per_product)),
        };
        let items = match kind {
            Kind::Cold | Kind::ColdFew | Kind::ColdAll => self.count(),
            Kind::Filtered => wide(touched.len()),
            // What has changed since the run before.
            Kind::Warm | Kind::WarmFew | Kind::Unchanged => 1,
        };
        Workload { products, items, changed_products, ..Workload::default() }
    }
}

fn sku(n: u32) -> String {
    format!("SKU-{n:07}")
}

/// A row of the warehouse. A third of the units is in the second warehouse.
fn row(n: u32, units: u32) -> (String, u32, u32) {
    (sku(n), units - units / 3, units / 3)
}

fn wide(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::cases::{Catalog, Limits};
    use super::*;

    fn goods(skus: u32, per_product: u32) -> Goods {
        Goods::new(Scenario { catalog: Catalog::V1, skus, per_product, latency_ms: 0, limits: Limits::Off })
    }

    #[test]
    fn two_percent_change_and_other_ones_each_time() {
        let mut goods = goods(1_000, 1);
        let skus =
            |change: Change| -> BTreeSet<String> { change.rows.into_iter().map(|row| row.0).collect() };
        let cold = goods.change(Kind::Cold);
        let workload = Workload { products: 1_000, items: 1_000, up: 10, down: 10, changed_products: 20 };
        assert_eq!(cold.workload, workload);
        assert!(skus(cold).is_disjoint(&skus(goods.change(Kind::Warm))));
    }

    #[test]
    fn a_named_run_reads_the_products_that_it_names() {
        let change = goods(1_000, 1).change(Kind::Filtered);
        assert_eq!((change.named.len(), change.rows.len()), (5, 5));
        assert_eq!(change.workload, Workload { products: 5, items: 5, up: 3, down: 2, changed_products: 5 });
    }

    #[test]
    fn variants_share_products() {
        let mut goods = goods(1_000, 5);
        assert_eq!(goods.shop()["products"].as_array().unwrap().len(), 200);
        assert_eq!(goods.shop()["products"][1]["variants"][4]["sku"], "SKU-0000009");
        let all = goods.change(Kind::ColdAll).workload;
        assert_eq!((all.products, all.changed_products, all.up + all.down), (200, 200, 1_000));
    }

    #[test]
    fn the_warehouses_hold_what_the_goods_are_and_the_shop_what_they_were() {
        let mut goods = goods(100, 1);
        let shop = goods.shop();
        let change = goods.change(Kind::Cold);
        for (sku, main, outlet) in goods.rows() {
            let listed =
                shop["products"].as_array().unwrap().iter().find(|p| p["sku"] == sku.as_str()).unwrap();
            let differs = change.rows.iter().any(|row| row.0 == sku);
            assert_eq!(listed["quantity"] != main + outlet, differs, "{sku}");
        }
    }
}
