//! Whether the reported state of a line agrees with the shop's ledger.

use domain::{LineState, RunId};
use sync::ports::LineRecord;

use crate::check::Check;
use crate::state::SimState;

impl SimState {
    /// Whether the reported state of a line agrees with the shop's ledger.
    pub(super) fn check_reported_state(&mut self, install: usize, run: &RunId, record: &LineRecord) {
        use LineState as S;
        let seq = record.line.seq;
        let known = self.shop.effect_of(install, run, seq);
        let wrong = match record.state {
            S::Verified | S::MovedSince | S::Converged => known.is_none(),
            S::Rejected | S::NotSent => known == Some(true),
            _ => false,
        };
        let listing = self.shop.index_of(&record.line.change.key);
        let sure = matches!(record.state, S::Verified | S::MovedSince);
        let excused = !sure && listing.is_none_or(|listing| self.is_moved_by_others(install, run, listing));
        if wrong && !excused {
            self.report_violation(
                Check::WrongLineState,
                format_args!("{run}: line {seq} is {}, in the ledger: {known:?}", record.state),
            );
        }
    }
}
