//! Whether a line of a saved plan still holds when it is applied.

use std::collections::HashMap;

use crate::Listing;
use crate::plan::{Change, Plan};

/// What an apply may send of a saved plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rechecked {
    /// Lines that hold, each with the delta of the fresh read; in the saved plan's order.
    pub holding: Vec<(usize, Change)>,
    /// Positions of saved lines whose listing shows the planned target already.
    pub reached: Vec<usize>,
    /// Positions of the saved lines that no longer hold.
    pub stale: Vec<usize>,
}

/// Compares the lines of a saved plan with a `fresh` plan made under the same policy from `listings`. A line
/// holds when listing, SKU and target are unchanged and the fresh delta has the same sign and is no larger.
#[must_use]
pub fn recheck(saved: &[Change], fresh: &Plan, listings: &[Listing]) -> Rechecked {
    let now: HashMap<_, _> = fresh.changes.iter().map(|change| (&change.key, change)).collect();
    let shown: HashMap<_, _> = listings.iter().map(|listing| (&listing.key, listing)).collect();
    let mut result = Rechecked::default();
    for (at, old) in saved.iter().enumerate() {
        match now.get(&old.key) {
            Some(new) if holds(old, new) => result.holding.push((at, Change::clone(new))),
            None if shown.get(&old.key).is_some_and(|listing| reached(old, listing)) => {
                result.reached.push(at);
            }
            _ => result.stale.push(at),
        }
    }
    result
}

fn reached(old: &Change, listing: &Listing) -> bool {
    listing.sku.as_ref() == Some(&old.sku)
        && listing.level.is_some_and(|level| level.units() == old.target.units())
}

fn holds(old: &Change, new: &Change) -> bool {
    old.sku == new.sku
        && old.inventory_item == new.inventory_item
        && old.target == new.target
        && old.delta.raises() == new.delta.raises()
        && new.delta.magnitude() <= old.delta.magnitude()
}
