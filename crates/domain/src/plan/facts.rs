//! Figures of a plan: what the guard judges and the report tells.

use serde::{Deserialize, Serialize};

/// Figures of a plan: what the guard judges and the report tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// SKUs that the warehouse lists, inside and outside the scope. A SKU that has stock rows but is not in the
    /// product table is not counted.
    pub warehouse_skus: u64,
    /// Stock rows of those SKUs.
    #[serde(default)]
    pub stock_rows: u64,
    /// Local SKUs in scope whose sum is above zero.
    pub with_stock: u64,
    /// Local SKUs in scope whose sum is zero or below.
    pub sold_out: u64,
    /// Of `with_stock`: those that a listing carries.
    pub found_with_stock: u64,
    /// Local SKUs in scope that a listing carries.
    pub found: u64,
    /// Of `found`: SKUs that the run can compare. Their stock is known and their one listing may be written, whether or
    /// not the policy leaves them alone.
    #[serde(default)]
    pub comparable: u64,
    /// Listings read, inside and outside the scope.
    pub listings: u64,
    /// Listings of the shop that carry no SKU.
    pub listings_without_sku: u64,
    /// Matched listings that already show their target.
    pub in_step: u64,
    /// Matched listings that may be written: one listing for the SKU, tracked, not held, level known.
    pub matched: u64,
    /// Of `matched`: those that now show stock.
    pub showing: u64,
    /// Of `showing`: those whose target is zero.
    pub to_zero: u64,
    /// Of `matched`: those that show no stock now and whose target is above zero.
    #[serde(default)]
    pub back_on_sale: u64,
    /// Units that the `matched` listings show now.
    pub units_shown: u64,
    /// Units that the plan takes away from what is shown.
    pub units_taken: u64,
    /// Units that the plan adds to what is shown.
    pub units_added: u64,
    /// Listings that the plan raises.
    pub rising: u64,
}
