//! Explains the target of a SKU: its rows in the warehouse, what the rules make of them, and what a run would do now.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::plan::slipped;
use crate::stock::near_miss::Spelling;
use crate::stock::policy::RuledTarget;
use crate::stock::{Amount, StockRow, StockRows, Warehouses};
use crate::{Change, Level, Listing, Plan, Policy, Scope, SkipReason, Sku, Stock};

/// One stock row of a SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkuStockRow {
    /// The warehouse that holds it; `None` if the query has no such column.
    pub warehouse: Option<Arc<str>>,
    /// The units, or why they are not known.
    pub quantity: Result<Decimal, SkipReason>,
    /// Whether its warehouse is one of those that are summed.
    pub counts: bool,
}

/// The stock of one SKU, and what the rules make of it.
#[derive(Debug, Clone)]
pub struct SkuStock {
    /// Its rows.
    pub rows: Vec<SkuStockRow>,
    /// Their sum; `None` if the warehouse does not list the SKU.
    pub amount: Option<Amount>,
    /// The target, and why it differs from the sum; `None` if the sum is not known.
    pub ruled: Option<RuledTarget>,
    /// The stock of this SKU and of those that are spelled almost so.
    stock: Stock,
}

impl SkuStock {
    /// The stock of `sku` according to `rows`.
    #[must_use]
    pub fn of(sku: &Sku, rows: &StockRows, warehouses: &Warehouses, policy: Policy) -> Self {
        let near = Spelling::of(sku);
        let stock = Stock::sum(&rows_of(rows, |text| near.is_alike(text)), warehouses);
        let amount = stock.get(sku.as_str());
        let ruled = match amount {
            Some(Amount::Known(sum)) => Some(policy.rule(sum)),
            Some(Amount::Unknown(_)) | None => None,
        };
        let own = rows_of(rows, |text| *text == *sku.as_str());
        let (StockRows::Tables { stock: own, .. } | StockRows::Query(own)) = own;
        let rows = own.into_iter().map(|row| SkuStockRow {
            counts: warehouses.count(&row),
            warehouse: row.warehouse,
            quantity: row.quantity,
        });
        Self { rows: rows.collect(), amount, ruled, stock }
    }

    /// Other SKUs of which a plan has to know whether the shop has them, beside those of `listings`.
    #[must_use]
    pub fn unread(&self, sku: &Sku, listings: &[Listing], policy: Policy) -> Vec<Sku> {
        slipped::unread(&self.stock, listings, policy, &Scope::Skus([sku.clone()].into()))
    }
}

/// The rows of some SKUs.
fn rows_of(rows: &StockRows, is_own: impl Fn(&str) -> bool) -> StockRows {
    let own = |rows: &[StockRow]| rows.iter().filter(|row| is_own(&row.sku)).cloned().collect();
    match rows {
        StockRows::Query(rows) => StockRows::Query(own(rows)),
        StockRows::Tables { products, stock } => StockRows::Tables {
            products: products.iter().filter(|text| is_own(text)).cloned().collect(),
            stock: own(stock),
        },
    }
}

/// What a run would do with a SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// Write this change.
    Change(Change),
    /// Nothing: the shop already shows the target.
    InStep(Level),
    /// Nothing, for this reason.
    LeftAlone(SkipReason),
}

impl NextStep {
    /// Plans `sku` alone, as a run plans all SKUs. `listings` are those that carry it, and perhaps others. The guard is
    /// not applied.
    #[must_use]
    pub fn of(sku: &Sku, stock: &SkuStock, listings: &[Listing], policy: Policy) -> Self {
        let plan = Plan::make(&stock.stock, listings, policy, &Scope::Skus([sku.clone()].into()));
        if let Some(change) = plan.changes.into_iter().next() {
            return Self::Change(change);
        }
        let in_step = (plan.facts.in_step > 0).then(|| {
            let mut own = listings.iter().filter(|listing| listing.sku.as_ref() == Some(sku));
            own.find_map(|listing| listing.level)
        });
        match (plan.skips.first(), in_step.flatten()) {
            (None, Some(level)) => Self::InStep(level),
            (skip, _) => Self::LeftAlone(skip.map_or(SkipReason::NotInWix, |skip| skip.reason)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{InventoryItemId, ListingKey, ProductId, VariantId};

    fn row(sku: &str, warehouse: &str, units: i64) -> StockRow {
        StockRow { sku: sku.into(), warehouse: Some(warehouse.into()), quantity: Ok(Decimal::from(units)) }
    }

    fn listing(sku: &Sku, product: &str, units: i64) -> Listing {
        Listing {
            revision: None,
            key: ListingKey::new(ProductId::new(product), VariantId::whole_product()),
            inventory_item: InventoryItemId::new(product),
            sku: Some(sku.clone()),
            tracked: true,
            level: Level::new(units),
        }
    }

    fn tables() -> StockRows {
        let products = ["a", "b"].map(Arc::from).to_vec();
        StockRows::Tables { products, stock: vec![row("a", "M", 8), row("a", "X", 4), row("b", "M", 1)] }
    }

    #[test]
    fn rows_are_shown_with_what_counts_and_the_next_change_is_the_plans() {
        let sku = Sku::parse("a").unwrap();
        let chosen = Warehouses::Chosen(["M".into()].into());
        let stock = SkuStock::of(&sku, &tables(), &chosen, Policy::default());
        let rows: Vec<_> = stock.rows.iter().map(|row| (row.warehouse.as_deref(), row.counts)).collect();
        assert_eq!(rows, [(Some("M"), true), (Some("X"), false)]);
        assert_eq!(stock.amount, Some(Amount::Known(Decimal::from(8))));
        let next = |listings: &[Listing]| NextStep::of(&sku, &stock, listings, Policy::default());
        assert!(
            matches!(next(&[listing(&sku, "p", 10)]), NextStep::Change(change) if change.delta.units() == -2)
        );
        assert_eq!(next(&[listing(&sku, "p", 8)]), NextStep::InStep(Level::new(8).unwrap()));
        assert_eq!(next(&[]), NextStep::LeftAlone(SkipReason::NotInWix));
        let two = [listing(&sku, "p", 10), listing(&sku, "q", 10)];
        assert_eq!(next(&two), NextStep::LeftAlone(SkipReason::DuplicateSku));
    }

    #[test]
    fn a_sku_that_the_warehouse_does_not_know_has_no_rows_and_is_left_alone() {
        let sku = Sku::parse("c").unwrap();
        let stock = SkuStock::of(&sku, &tables(), &Warehouses::All, Policy::default());
        assert_eq!((stock.rows.len(), stock.amount, stock.ruled), (0, None, None));
        let next = NextStep::of(&sku, &stock, &[listing(&sku, "p", 1)], Policy::default());
        assert_eq!(next, NextStep::LeftAlone(SkipReason::NotInWarehouse));
    }
}
