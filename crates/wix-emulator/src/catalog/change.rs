//! Changes of levels. Every change goes through this file, so that the ledger misses none.

use std::time::Duration;

use uuid::Uuid;

use super::guid::recreated_variant_id;
use super::ledger::{Cause, LedgerEntry};
use super::product::PastLevel;
use super::timestamp::Timestamp;
use super::{Catalog, ListingPosition, Product};

/// When and why something changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChangeContext {
    pub(crate) time: Timestamp,
    /// Time since the start of the emulator.
    pub(crate) elapsed: Duration,
    /// The number of the request that causes the change.
    pub(crate) request: Option<u64>,
    pub(crate) cause: Cause,
    /// How long past levels are kept for stale reads.
    pub(crate) history: Duration,
    /// Whether the change moves the product's own `lastUpdated` too.
    pub(crate) touches_product: bool,
}

impl ChangeContext {
    /// The ledger entry of one level.
    fn entry(&self, product: Uuid, variant: Uuid, before: Option<i64>, after: Option<i64>) -> LedgerEntry {
        let Self { time, request, cause, .. } = *self;
        LedgerEntry { time, request, product, variant, before, after, cause }
    }
}

impl Catalog {
    /// Changes the stock of the product in this slot and enters every level that changed into the ledger.
    pub(crate) fn change(&mut self, slot: usize, context: &ChangeContext, edit: impl FnOnce(&mut Product)) {
        let Some(product) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let was_tracked = product.tracked;
        let before: Vec<i64> = product.variants.iter().map(|variant| variant.quantity).collect();
        let item_updated = product.item_updated;
        edit(product);
        product.item_updated = context.time;
        self.item_updated.update(slot, item_updated, context.time);
        if context.touches_product {
            let updated = std::mem::replace(&mut product.updated, context.time);
            self.updated.update(slot, updated, context.time);
        }
        while product.past.front().is_some_and(|past| past.until + context.history <= context.elapsed) {
            product.past.pop_front();
        }
        let is_tracked = product.tracked;
        for (index, (variant, quantity)) in product.variants.iter().zip(before).enumerate() {
            let shown_before = was_tracked.then_some(quantity);
            let shown_after = is_tracked.then_some(variant.quantity);
            if shown_before == shown_after {
                continue;
            }
            let past = PastLevel { until: context.elapsed, variant: index, quantity, item_updated };
            product.past.push_back(past);
            self.ledger.push(context.entry(product.id, variant.id, shown_before, shown_after));
        }
    }

    /// Sets one quantity.
    pub(crate) fn set_quantity(&mut self, position: ListingPosition, quantity: i64, context: &ChangeContext) {
        self.change(position.slot, context, |product| {
            if let Some(variant) = product.variants.get_mut(position.variant) {
                variant.quantity = quantity;
            }
        });
    }

    /// Moves the `lastUpdated` of a product that was edited.
    pub(crate) fn touch(&mut self, slot: usize, time: Timestamp) {
        if let Some(product) = self.slots.get_mut(slot).and_then(Option::as_mut) {
            let updated = std::mem::replace(&mut product.updated, time);
            self.updated.update(slot, updated, time);
        }
    }

    /// Gives a managed variant a new id, as if it were deleted and created again. The ledger gets both: the level that
    /// goes with the old id and the level that comes with the new one.
    pub(crate) fn recreate_variant(
        &mut self,
        position: ListingPosition,
        context: &ChangeContext,
    ) -> Option<Uuid> {
        let slot = position.slot;
        let product = self.slots.get_mut(slot)?.as_mut().filter(|product| product.manage_variants)?;
        let variant = product.variants.get_mut(position.variant)?;
        let new_id = recreated_variant_id(self.recreated);
        let old_id = std::mem::replace(&mut variant.id, new_id);
        let level = product.tracked.then_some(variant.quantity);
        let product_id = product.id;
        self.recreated += 1;
        let item_updated = std::mem::replace(&mut product.item_updated, context.time);
        self.item_updated.update(slot, item_updated, context.time);
        self.touch(slot, context.time);
        if level.is_some() {
            self.ledger.push(context.entry(product_id, old_id, level, None));
            self.ledger.push(context.entry(product_id, new_id, None, level));
        }
        Some(new_id)
    }

    /// Enters the levels of a product that was just added into the ledger.
    pub(crate) fn record_added(&mut self, product: &Product, context: &ChangeContext) {
        for variant in product.variants.iter().filter(|_| product.tracked) {
            self.ledger.push(context.entry(product.id, variant.id, None, Some(variant.quantity)));
        }
    }

    /// Enters the levels of a product that was just removed into the ledger.
    pub(crate) fn record_removed(&mut self, product: &Product, context: &ChangeContext) {
        for variant in product.variants.iter().filter(|_| product.tracked) {
            self.ledger.push(context.entry(product.id, variant.id, Some(variant.quantity), None));
        }
    }
}
