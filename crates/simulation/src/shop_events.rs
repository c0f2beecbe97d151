//! What happens in the shop: writes arrive and take effect, buyers buy, people edit.

mod landing;
mod people;
mod writes;

use crate::shop::{Cause, Entry};
use crate::state::Inner;

impl Inner {
    /// Moves a level, and writes it into the shop's own ledger.
    pub(crate) fn move_level(&mut self, at: usize, after: i64, cause: Cause) {
        let (now, before) = (self.now, self.floor.shelves[at].level);
        self.note(format_args!("   listing {at}: {before} → {after} by {cause:?}"));
        self.floor.touch(at, now, |place| place.level = after);
        self.floor.ledger.push(Entry { at: now, place: at, before, after, cause });
    }
}
