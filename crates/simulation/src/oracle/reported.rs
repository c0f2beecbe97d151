//! Whether the reported state of a line agrees with the shop's ledger.

use domain::{LineState, RunId};
use sync::ports::LineRecord;

use super::has_revision;
use crate::check::Check;
use crate::state::SimState;

impl SimState {
    /// Whether the reported state of a line agrees with the shop's ledger.
    pub(super) fn check_reported_state(&mut self, install: usize, run: &RunId, record: &LineRecord) {
        use LineState as S;
        let seq = record.line.seq;
        let copies = self.copies_of(install, run, seq);
        let effects: Vec<bool> =
            copies.iter().filter_map(|copy| self.shop.effect_of(install, run, copy.line.seq)).collect();
        let known = effects.iter().copied().max();
        let wrong = match record.state {
            // A success that changed the revision alone is no effect.
            S::Verified if has_revision(&record.line) => known != Some(true),
            S::Verified | S::MovedSince | S::Converged => known.is_none(),
            S::Rejected | S::NotSent => known == Some(true),
            _ => false,
        };
        let listing = self.shop.index_of(&record.line.change.key);
        // What was left out is told as sold only where the item changed, which may be a sale.
        if self.was_left_out(install, run, seq) && self.may_seem_applied(install, run, record, listing) {
            return;
        }
        // What the revision shows is sure but for one thing: whether ours or another's change made the level as it is.
        let sure = match record.state {
            S::Rejected | S::NotSent => has_revision(&record.line) && !self.has_moved_back(),
            S::MovedSince => record.acked || !has_revision(&record.line),
            // Where the answer was not recorded, what is read later decides, and another may have made the level so.
            state => state == S::Verified && known != Some(false),
        };
        let excused = !sure && listing.is_none_or(|listing| self.is_moved_by_others(install, run, listing));
        if wrong && !excused {
            self.report_violation(
                Check::WrongLineState,
                format_args!("{run}: line {seq} is {}, in the ledger: {known:?}", record.state),
            );
        }
    }
}
