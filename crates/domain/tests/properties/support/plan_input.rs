//! Everything from which a plan is made.

use domain::stock::{StockRows, Warehouses};
use domain::{Listing, Plan, Policy, Scope, SoldOut, Stock};
use proptest::prelude::*;
use proptest::sample;

use super::{shop, sku, warehouse};

#[derive(Debug, Clone)]
pub(crate) struct PlanInput {
    pub(crate) rows: StockRows,
    pub(crate) warehouses: Warehouses,
    pub(crate) listings: Vec<Listing>,
    pub(crate) policy: Policy,
    pub(crate) scope: Scope,
}

impl PlanInput {
    pub(crate) fn stock(&self) -> Stock {
        Stock::sum(&self.rows, &self.warehouses)
    }

    pub(crate) fn plan(&self) -> Plan {
        Plan::make(&self.stock(), &self.listings, self.policy, &self.scope)
    }
}

pub(crate) fn policy() -> impl Strategy<Value = Policy> {
    sample::select(SoldOut::ALL.to_vec()).prop_map(|sold_out| Policy { sold_out })
}

pub(crate) fn scope() -> impl Strategy<Value = Scope> {
    let some = sku::some_of_the_pool()
        .prop_map(|texts| Scope::Skus(texts.iter().map(|text| sku::sku(text)).collect()));
    prop_oneof![3 => Just(Scope::All), 1 => some]
}

pub(crate) fn plan_input() -> impl Strategy<Value = PlanInput> {
    (warehouse::rows(), warehouse::warehouses(), shop::listings(), policy(), scope()).prop_map(
        |(rows, warehouses, listings, policy, scope)| PlanInput { rows, warehouses, listings, policy, scope },
    )
}
