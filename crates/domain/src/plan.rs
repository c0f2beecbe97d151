//! The plan: what to change, and why every other SKU is left alone.

mod carriers;
pub mod change;
pub mod explain;
pub mod facts;
pub mod guard;
pub mod left_alone;
pub mod note;
pub mod recheck;
pub mod scope;
pub mod skip;
pub mod slipped;

pub use change::Change;
pub use facts::Facts;
pub use note::{Note, NoteCode};

use std::sync::Arc;

use crate::count::count;
use crate::hash::FastSet;
use crate::plan::carriers::{Carriers, writable};
use crate::plan::skip::Skip;
use crate::stock::Amount;
use crate::stock::near_miss::Slip;
use crate::{Level, Listing, ListingKey, Policy, Scope, SkipReason, Sku, Stock, Target};

/// The changes, the SKUs that are left alone with their reasons, and the figures of both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The changes in the order in which they are sent: lowering before raising, lowest target first.
    pub changes: Vec<Change>,
    /// The SKUs that are left alone.
    pub skips: Vec<Skip>,
    /// SKUs whose target differs from their stock, and why.
    pub notes: Vec<Note>,
    /// The SKUs that are left alone because their units may stand under another spelling.
    pub slips: Vec<Slip>,
    /// The figures of the plan.
    pub facts: Facts,
}

impl Plan {
    /// Compares `stock` with `listings` under `policy`, for the SKUs in `scope`. Linear in both.
    #[must_use]
    pub fn make(stock: &Stock, listings: &[Listing], policy: Policy, scope: &Scope) -> Self {
        let carriers = Carriers::of(listings);
        let slips = slipped::find(stock, &carriers, policy, scope);
        let slipped: FastSet<&str> = slips.iter().map(|slip| slip.sold_out.as_str()).collect();
        let mut plan = Self::default();
        plan.facts.warehouse_skus = count(stock.iter().filter(|(_, amount)| is_listed(*amount)).count());
        plan.facts.stock_rows = count(stock.stock_rows());
        plan.facts.listings = count(listings.len());
        plan.facts.listings_without_sku = count(listings.iter().filter(|l| l.sku.is_none()).count());
        if stock.rows_without_sku() > 0 && !scope.is_filtered() {
            plan.skip("", SkipReason::SkuEmpty);
        }
        for (sku, amount) in stock.iter().filter(|(sku, _)| scope.contains(sku.as_str())) {
            let listing = match carriers.of_sku(sku) {
                Ok(_) if slipped.contains(sku.as_str()) => Err(SkipReason::NearMiss),
                found => found,
            };
            plan.plan_sku(sku, amount, listing, policy);
        }
        plan.slips = slips;
        plan.skip_unlisted(stock, listings, scope);
        plan.changes.sort_by(|a, b| sending_order(a).cmp(&sending_order(b)));
        plan
    }

    /// Plans one SKU of the warehouse: it gets a change, already shows its target, or is left alone.
    fn plan_sku(&mut self, sku: &Sku, amount: Amount, listing: Result<&Listing, SkipReason>, policy: Policy) {
        let found = !matches!(listing, Err(SkipReason::NotInWix));
        self.facts.found += u64::from(found);
        let sum = match amount {
            Amount::Known(sum) => sum,
            Amount::Unknown(reason) => return self.skip(sku.as_str(), reason),
        };
        if sum.is_sign_positive() && !sum.is_zero() {
            self.facts.with_stock += 1;
            self.facts.found_with_stock += u64::from(found);
        } else {
            self.facts.sold_out += 1;
        }
        let writable =
            if sku.is_too_long() { Err(SkipReason::SkuTooLong) } else { listing.and_then(writable) };
        let (listing, level) = match writable {
            Ok(pair) => pair,
            Err(reason) => return self.skip(sku.as_str(), reason),
        };
        self.facts.comparable += 1;
        let ruled = policy.rule(sum);
        if let Some(code) = ruled.note {
            self.notes.push(Note { sku: sku.clone(), code, stock: sum, target: ruled.target });
        }
        match ruled.target {
            None => self.skip(sku.as_str(), SkipReason::SoldOutIgnored),
            Some(target) => self.compare_levels(sku, listing, level, target),
        }
    }

    fn compare_levels(&mut self, sku: &Sku, listing: &Listing, level: Level, target: Target) {
        let facts = &mut self.facts;
        facts.matched += 1;
        facts.units_shown += level.shown();
        facts.showing += u64::from(level.shown() > 0);
        facts.to_zero += u64::from(level.shown() > 0 && target == Target::ZERO);
        facts.back_on_sale += u64::from(level.shown() == 0 && target > Target::ZERO);
        let after = target.units().unsigned_abs();
        facts.units_taken += level.shown().saturating_sub(after);
        facts.units_added += after.saturating_sub(level.shown());
        let Some(delta) = target.delta_from(level) else {
            facts.in_step += 1;
            return;
        };
        facts.rising += u64::from(delta.raises());
        self.changes.push(Change {
            sku: sku.clone(),
            key: listing.key.clone(),
            inventory_item: listing.inventory_item.clone(),
            level,
            target,
            revision: listing.revision,
            delta,
        });
    }

    /// Skips the SKUs that the warehouse does not list, each once: those of the shop, and those that the scope names.
    fn skip_unlisted(&mut self, stock: &Stock, listings: &[Listing], scope: &Scope) {
        let mut reported: FastSet<&str> = FastSet::default();
        for sku in listings.iter().filter_map(|listing| listing.sku.as_ref()) {
            let text = sku.as_str();
            if stock.get(text).is_none() && scope.contains(text) && reported.insert(text) {
                self.skip(text, SkipReason::NotInWarehouse);
            }
        }
        if let Scope::Skus(asked) = scope {
            for sku in asked {
                let text = sku.as_str();
                if stock.get(text).is_none() && !reported.contains(text) {
                    self.skip(text, SkipReason::UnknownSku);
                }
            }
        }
    }

    fn skip(&mut self, sku: &str, reason: SkipReason) {
        self.skips.push(Skip { sku: Arc::from(sku), reason });
    }

    /// How many notes have this code.
    #[must_use]
    pub fn notes_with(&self, code: NoteCode) -> usize {
        self.notes.iter().filter(|note| note.code == code).count()
    }
}

/// Lowering before raising, lowest targets first: a run that is cut short then errs toward selling too little. SKU
/// and listing make the order total.
fn sending_order(change: &Change) -> (bool, Target, &Sku, &ListingKey) {
    (change.delta.raises(), change.target, &change.sku, &change.key)
}

/// Whether the warehouse lists the SKU: it is not known from stock rows alone.
fn is_listed(amount: Amount) -> bool {
    amount != Amount::Unknown(SkipReason::NoProductRow)
}
