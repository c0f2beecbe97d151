//! Changes of levels: the one way a level moves, so that the ledger misses none.

use std::time::Duration;

use uuid::Uuid;

use super::product::Recent;
use super::{Catalog, Product};
use crate::guid::made_again;
use crate::ledger::{Cause, LedgerEntry};
use crate::stamp::Stamp;

/// When and why something changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) time: Stamp,
    pub(crate) elapsed: Duration,
    pub(crate) request: Option<u64>,
    pub(crate) cause: Cause,
    /// How long older levels are kept for reads that lag.
    pub(crate) history: Duration,
    /// Whether the product's own `lastUpdated` moves too.
    pub(crate) touches_product: bool,
}

impl Catalog {
    /// Changes the stock of the product in this slot and writes every level that moved into the ledger.
    pub(crate) fn change(&mut self, slot: usize, moment: &Moment, edit: impl FnOnce(&mut Product)) {
        let Some(product) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let tracked = product.tracked;
        let before: Vec<i64> = product.variants.iter().map(|variant| variant.quantity).collect();
        let item_updated = product.item_updated;
        edit(product);
        product.item_updated = moment.time;
        self.item_updated.moved(slot, item_updated, moment.time);
        if moment.touches_product {
            let updated = std::mem::replace(&mut product.updated, moment.time);
            self.updated.moved(slot, updated, moment.time);
        }
        while product.recent.front().is_some_and(|recent| recent.at + moment.history <= moment.elapsed) {
            product.recent.pop_front();
        }
        let now_tracked = product.tracked;
        for (place, (variant, old)) in product.variants.iter().zip(before).enumerate() {
            let shown_before = tracked.then_some(old);
            let shown_after = now_tracked.then_some(variant.quantity);
            if shown_before == shown_after {
                continue;
            }
            let recent = Recent { at: moment.elapsed, variant: place, quantity: old, item_updated };
            product.recent.push_back(recent);
            self.ledger.push(LedgerEntry {
                time: moment.time,
                request: moment.request,
                product: product.id,
                variant: variant.id,
                before: shown_before,
                after: shown_after,
                cause: moment.cause,
            });
        }
    }

    /// Sets one quantity.
    pub(crate) fn set_quantity(&mut self, place: super::Place, quantity: i64, moment: &Moment) {
        self.change(place.0, moment, |product| {
            if let Some(variant) = product.variants.get_mut(place.1) {
                variant.quantity = quantity;
            }
        });
    }

    /// Marks a product as edited.
    pub(crate) fn touch(&mut self, slot: usize, time: Stamp) {
        if let Some(product) = self.slots.get_mut(slot).and_then(Option::as_mut) {
            let updated = std::mem::replace(&mut product.updated, time);
            self.updated.moved(slot, updated, time);
        }
    }

    /// Gives a managed variant a new id, as if it were deleted and made again, and both levels to the ledger.
    pub(crate) fn recreate_variant(&mut self, place: super::Place, moment: &Moment) -> Option<Uuid> {
        let product = self.slots.get_mut(place.0)?.as_mut().filter(|product| product.manage_variants)?;
        let variant = product.variants.get_mut(place.1)?;
        let id = made_again(self.recreated);
        let old = std::mem::replace(&mut variant.id, id);
        let level = product.tracked.then_some(variant.quantity);
        let product_id = product.id;
        self.recreated += 1;
        let item_updated = std::mem::replace(&mut product.item_updated, moment.time);
        self.item_updated.moved(place.0, item_updated, moment.time);
        self.touch(place.0, moment.time);
        if level.is_some() {
            for (variant, before, after) in [(old, level, None), (id, None, level)] {
                self.ledger.push(LedgerEntry {
                    time: moment.time,
                    request: moment.request,
                    product: product_id,
                    variant,
                    before,
                    after,
                    cause: moment.cause,
                });
            }
        }
        Some(id)
    }

    /// Writes the levels that come or go with a product into the ledger.
    pub(crate) fn log_whole(&mut self, product: &Product, moment: &Moment, arrives: bool) {
        for variant in &product.variants {
            let level = product.tracked.then_some(variant.quantity);
            let (before, after) = if arrives { (None, level) } else { (level, None) };
            if level.is_some() {
                self.ledger.push(LedgerEntry {
                    time: moment.time,
                    request: moment.request,
                    product: product.id,
                    variant: variant.id,
                    before,
                    after,
                    cause: moment.cause,
                });
            }
        }
    }
}
