//! The shop's own record of who moved which level.

use domain::{RunId, UnixMillis};

use super::ShopState;

/// Who moved a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A line of a run.
    Write { install: usize, run: RunId, seq: u32, request: u64 },
    /// A buyer.
    Sale,
    /// A user, by hand.
    Edit,
}

/// One change of one level.
#[derive(Debug, Clone)]
pub(crate) struct LedgerEntry {
    pub(crate) at: UnixMillis,
    pub(crate) listing: usize,
    pub(crate) before: i64,
    pub(crate) after: i64,
    pub(crate) cause: Cause,
}

impl ShopState {
    /// Whether a line changed its level. `None` if it never arrived.
    pub(crate) fn effect_of(&self, of_install: usize, of_run: &RunId, of_seq: u32) -> Option<bool> {
        let entry = self.ledger.iter().find(|entry| {
            matches!(&entry.cause, Cause::Write { install, run, seq, .. }
                if *install == of_install && run == of_run && *seq == of_seq)
        });
        entry.map(|entry| entry.before != entry.after)
    }

    /// Whether anyone except `of_install` changed the listing's level at `since` or later.
    pub(crate) fn moved_by_others(&self, listing: usize, of_install: usize, since: UnixMillis) -> bool {
        self.ledger.iter().any(|entry| {
            let own = matches!(&entry.cause, Cause::Write { install, .. } if *install == of_install);
            entry.listing == listing && entry.at >= since && !own
        })
    }
}
