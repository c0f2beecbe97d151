//! What buyers and users do in the shop.

use crate::shop::{Cause, draw_level};
use crate::state::SimState;

/// The shortest time between two moves, in milliseconds.
const BETWEEN_MOVES_MS: i64 = 600_000;

impl SimState {
    /// A buyer buys some units of a random listing.
    pub(crate) fn sell(&mut self) {
        let at = self.rng.index(self.shop.listings.len());
        let listing = &self.shop.listings[at];
        if listing.exists && listing.tracked && listing.level > 0 {
            let (level, most) = (listing.level, listing.level.min(4));
            let units = self.rng.between(1, most);
            self.move_level(at, level - units, Cause::Sale);
        }
    }

    /// A user sets a level by hand.
    pub(crate) fn edit(&mut self) {
        let at = self.rng.index(self.shop.listings.len());
        let level = draw_level(&mut self.rng).max(0);
        if self.shop.listings[at].exists && self.shop.listings[at].level != level {
            self.move_level(at, level, Cause::Edit);
        }
    }

    /// A user deletes a product or one of its variants.
    pub(crate) fn delete(&mut self, at: usize) {
        let product = self.shop.listings[at].key.product.clone();
        let whole = self.rng.chance(500);
        for other in 0..self.shop.listings.len() {
            let listing = &self.shop.listings[other];
            if listing.exists && (other == at || (whole && listing.key.product == product)) {
                self.note(format_args!("   listing {other} is deleted"));
                self.take_away(other);
            }
        }
    }

    fn take_away(&mut self, at: usize) {
        if self.profile.quirks.deletion_touches_product {
            self.shop.touch_product(at, self.now, |one| one.exists = false);
        } else {
            self.shop.touch(at, self.now, |one| one.exists = false);
        }
    }

    /// A user recreates a listing: the same SKU, as another variant of the product or as another product.
    pub(crate) fn recreate(&mut self, at: usize) {
        let old = &self.shop.listings[at];
        if !old.exists {
            return;
        }
        let (product, sku, tracked) = (old.key.product.clone(), old.sku.clone(), old.tracked);
        let level = draw_level(&mut self.rng);
        let product = if self.rng.chance(500) { product } else { self.shop.new_product() };
        self.take_away(at);
        let new = self.shop.add(product, sku, level, tracked, self.now);
        self.note(format_args!("   listing {at} is recreated as {new}, which shows {level}"));
    }

    /// A user deletes or recreates a product while the catalog is being read.
    pub(crate) fn rearrange(&mut self) {
        let at = self.rng.index(self.shop.listings.len());
        if self.rng.chance(500) { self.delete(at) } else { self.recreate(at) }
    }

    /// A user starts or stops the tracking of a listing's stock.
    pub(crate) fn change_tracking(&mut self, at: usize) {
        self.note(format_args!("   listing {at} changes tracking"));
        self.shop.touch(at, self.now, |one| one.tracked = !one.tracked);
    }

    /// Wix moves the shop to the other catalog. The dates of its items stay as they are. A move takes long, so another
    /// one follows only when no request of before it is under way any more.
    pub(crate) fn move_catalog(&mut self) {
        if self.now < self.moved_at.saturating_add(BETWEEN_MOVES_MS) {
            return;
        }
        let other = self.catalog.other();
        (self.catalog, self.moved_at) = (other, self.now);
        self.moves += 1;
        self.note(format_args!("   the shop moves to catalog {other:?}"));
        self.shop.count_revisions_anew(self.now);
    }

    /// A user swaps the SKUs of two listings.
    pub(crate) fn swap_skus(&mut self, listing: usize, other: usize) {
        self.note(format_args!("   listings {listing} and {other} swap SKUs"));
        let (a, b) = (self.shop.listings[listing].sku.clone(), self.shop.listings[other].sku.clone());
        self.shop.touch_product(listing, self.now, |one| one.sku = b);
        self.shop.touch_product(other, self.now, |one| one.sku = a);
    }
}
