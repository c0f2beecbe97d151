//! Compares warehouse and shop before anything is configured.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::plan::explain::{NextStep, SkuStock};
use domain::stock::StockRows;
use domain::stock::near_miss::{NearMiss, near_misses};
use domain::{Listing, Plan, Policy, Scope, SkipReason, Sku, Stock};
use rust_decimal::Decimal;
use sync::ports::WarehouseRead;

/// How many SKUs are shown.
const SHOWN: usize = 10;
/// How many of the shown SKUs change, and how many do not, if there are enough of each.
const OF_A_KIND: usize = 4;
/// How many SKUs of each kind are named.
const NAMED: usize = 10;

/// What `init` shows before it writes anything.
pub(crate) struct SetupPreview {
    pub(crate) skus: usize,
    pub(crate) rows: usize,
    /// Units by warehouse, without rows that name no warehouse.
    pub(crate) warehouses: BTreeMap<Arc<str>, Decimal>,
    /// `None` if Wix was not asked.
    pub(crate) wix: Option<SidesCompared>,
    /// SKUs for which the warehouse gives several rows instead of one.
    pub(crate) twice_in_warehouse: Named,
}

/// The comparison of warehouse and shop.
pub(crate) struct SidesCompared {
    pub(crate) plan: Plan,
    pub(crate) sample: Vec<Sample>,
    /// SKUs that several listings carry.
    pub(crate) twice_in_wix: Named,
    /// How many SKUs nearly match.
    pub(crate) near: u64,
    /// The first of them.
    pub(crate) first_near: Vec<NearMiss>,
}

/// How many SKUs, and the first of them.
#[derive(Default)]
pub(crate) struct Named {
    pub(crate) count: u64,
    pub(crate) first: Vec<Arc<str>>,
}

/// One SKU on both sides.
pub(crate) struct Sample {
    pub(crate) sku: Sku,
    pub(crate) stock: SkuStock,
    pub(crate) listings: Vec<Listing>,
    pub(crate) next: NextStep,
}

impl SetupPreview {
    /// Compares both sides; `listings` is `None` if Wix was not asked.
    pub(crate) fn of(read: &WarehouseRead, listings: Option<&[Listing]>, policy: Policy) -> Self {
        let stock = Stock::sum(&read.rows, &read.warehouses);
        let rows = match &read.rows {
            StockRows::Tables { stock, .. } | StockRows::Query(stock) => stock,
        };
        let mut warehouses = BTreeMap::new();
        for row in rows {
            if let Some(name) = row.warehouse.as_ref().filter(|name| !name.is_empty()) {
                let units: &mut Decimal = warehouses.entry(Arc::clone(name)).or_default();
                *units = units.saturating_add(row.quantity.unwrap_or_default());
            }
        }
        let twice = stock
            .iter()
            .filter(|(_, amount)| matches!(amount, domain::stock::Amount::Unknown(SkipReason::DuplicateRow)));
        let twice_in_warehouse = Named::of(twice.map(|(sku, _)| Arc::from(sku.as_str())));
        let wix = listings.map(|listings| compared(read, &stock, listings, policy));
        Self { skus: stock.len(), rows: rows.len(), warehouses, wix, twice_in_warehouse }
    }
}

impl Named {
    fn of(skus: impl Iterator<Item = Arc<str>>) -> Self {
        let mut named = Self::default();
        for sku in skus {
            named.count += 1;
            if named.first.len() < NAMED {
                named.first.push(sku);
            }
        }
        named
    }
}

fn compared(read: &WarehouseRead, stock: &Stock, listings: &[Listing], policy: Policy) -> SidesCompared {
    let plan = Plan::make(stock, listings, policy, &Scope::All);
    let twice = plan.skips.iter().filter(|skip| skip.reason == SkipReason::DuplicateSku);
    let twice_in_wix = Named::of(twice.map(|skip| Arc::clone(&skip.sku)));
    let sample = chosen(stock, &plan).into_iter().map(|sku| {
        let shown = SkuStock::of(&sku, &read.rows, &read.warehouses, policy);
        let own = listings.iter().filter(|listing| listing.sku.as_ref() == Some(&sku));
        let own: Vec<Listing> = own.cloned().collect();
        let others = shown.unread(&sku, &own, policy);
        let others = listings.iter().filter(|one| one.sku.as_ref().is_some_and(|sku| others.contains(sku)));
        let known: Vec<Listing> = own.iter().chain(others).cloned().collect();
        let next = NextStep::of(&sku, &shown, &known, policy);
        Sample { sku, stock: shown, listings: own, next }
    });
    let in_shop = listings.iter().filter_map(|listing| listing.sku.as_ref());
    let mut first_near = near_misses(stock.iter().map(|(sku, _)| sku), in_shop);
    let near = u64::try_from(first_near.len()).unwrap_or(u64::MAX);
    first_near.truncate(NAMED);
    SidesCompared { sample: sample.collect(), twice_in_wix, near, first_near, plan }
}

/// Some SKUs that change, some that do not, some that are left alone, in the warehouse's order.
fn chosen(stock: &Stock, plan: &Plan) -> Vec<Sku> {
    let changing: std::collections::HashSet<&str> =
        plan.changes.iter().map(|change| change.sku.as_str()).collect();
    let skipped: std::collections::HashSet<&str> = plan.skips.iter().map(|skip| &*skip.sku).collect();
    let mut kinds: [Vec<(usize, &Sku)>; 3] = Default::default();
    for (at, (sku, _)) in stock.iter().enumerate() {
        let kind = match sku.as_str() {
            sku if changing.contains(sku) => 0,
            sku if skipped.contains(sku) => 2,
            _ => 1,
        };
        if let Some(of_kind) = kinds.get_mut(kind).filter(|of_kind| of_kind.len() < SHOWN) {
            of_kind.push((at, sku));
        }
    }
    let first = kinds.iter().flat_map(|of_kind| of_kind.iter().take(OF_A_KIND));
    let more = kinds.iter().flat_map(|of_kind| of_kind.iter().skip(OF_A_KIND));
    let mut shown: Vec<_> = first.chain(more).take(SHOWN).collect();
    shown.sort_by_key(|(at, _)| *at);
    shown.into_iter().map(|(_, sku)| (*sku).clone()).collect()
}
