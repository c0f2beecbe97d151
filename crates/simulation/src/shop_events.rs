//! What happens in the shop: writes arrive and take effect, buyers buy, people edit.

mod landing;
mod people;
mod swaps;
mod writes;

use crate::shop::{Cause, LedgerEntry};
use crate::state::SimState;

impl SimState {
    /// Moves a level, and writes it into the shop's own ledger.
    pub(crate) fn move_level(&mut self, at: usize, after: i64, cause: Cause) {
        let (now, before) = (self.now, self.shop.listings[at].level);
        self.note(format_args!("   listing {at}: {before} → {after} by {cause:?}"));
        self.shop.touch(at, now, |listing| listing.level = after);
        self.shop.ledger.push(LedgerEntry { at: now, listing: at, before, after, cause });
    }
}
