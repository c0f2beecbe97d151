//! What buyers and editors do in the shop.

use crate::shop::{Cause, some_level};
use crate::state::Inner;

impl Inner {
    /// A buyer takes what is there.
    pub(crate) fn sell(&mut self) {
        let at = self.dice.at(self.floor.shelves.len());
        let place = &self.floor.shelves[at];
        if place.exists && place.tracked && place.level > 0 {
            let (level, most) = (place.level, place.level.min(4));
            let units = self.dice.between(1, most);
            self.move_level(at, level - units, Cause::Sale);
        }
    }

    /// Somebody sets a level by hand.
    pub(crate) fn edit(&mut self) {
        let at = self.dice.at(self.floor.shelves.len());
        let level = some_level(&mut self.dice).max(0);
        if self.floor.shelves[at].exists && self.floor.shelves[at].level != level {
            self.move_level(at, level, Cause::Edit);
        }
    }

    /// Somebody deletes a product, or one of its variants.
    pub(crate) fn delete(&mut self, at: usize) {
        let product = self.floor.shelves[at].key.product.clone();
        let whole = self.dice.hits(500);
        for other in 0..self.floor.shelves.len() {
            let place = &self.floor.shelves[other];
            if place.exists && (other == at || (whole && place.key.product == product)) {
                self.note(format_args!("   listing {other} is deleted"));
                self.take_away(other);
            }
        }
    }

    fn take_away(&mut self, at: usize) {
        if self.profile.quirks.deletion_touches_product {
            self.floor.touch_product(at, self.now, |one| one.exists = false);
        } else {
            self.floor.touch(at, self.now, |one| one.exists = false);
        }
    }

    /// Somebody makes a listing anew: the same SKU, as another variant of the product or as another product.
    pub(crate) fn recreate(&mut self, at: usize) {
        let old = &self.floor.shelves[at];
        if !old.exists {
            return;
        }
        let (product, sku, tracked) = (old.key.product.clone(), old.sku.clone(), old.tracked);
        let level = some_level(&mut self.dice);
        let product = if self.dice.hits(500) { product } else { self.floor.new_product() };
        self.take_away(at);
        let new = self.floor.add(product, sku, level, tracked, self.now);
        self.note(format_args!("   listing {at} is recreated as {new}, which shows {level}"));
    }

    /// Somebody deletes or recreates a product while others read the catalog.
    pub(crate) fn rearrange(&mut self) {
        let at = self.dice.at(self.floor.shelves.len());
        if self.dice.hits(500) { self.delete(at) } else { self.recreate(at) }
    }

    /// The shop begins or ceases to count a listing's stock.
    pub(crate) fn change_tracking(&mut self, at: usize) {
        self.note(format_args!("   listing {at} changes tracking"));
        self.floor.touch(at, self.now, |one| one.tracked = !one.tracked);
    }

    /// Two listings swap their SKUs.
    pub(crate) fn swap_skus(&mut self, place: usize, other: usize) {
        self.note(format_args!("   listings {place} and {other} swap SKUs"));
        let (a, b) = (self.floor.shelves[place].sku.clone(), self.floor.shelves[other].sku.clone());
        self.floor.touch_product(place, self.now, |one| one.sku = b);
        self.floor.touch_product(other, self.now, |one| one.sku = a);
    }
}
