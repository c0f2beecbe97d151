//! What buyers and editors do in the shop.

use super::Cause;
use super::stocking::some_level;
use crate::world::Inner;

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

    /// Somebody takes a listing out of the shop.
    pub(crate) fn delete(&mut self, at: usize) {
        self.note(format_args!("   listing {at} is deleted"));
        if self.profile.quirks.deletion_touches_product {
            self.floor.touch_product(at, self.now, |one| one.exists = false);
        } else {
            self.floor.touch(at, self.now, |one| one.exists = false);
        }
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
