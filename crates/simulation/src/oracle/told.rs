//! Whether what is told of a line is what the ledger knows.

use domain::{LineState, RunId};
use sync::ports::LineRecord;

use crate::check::Check;
use crate::state::Inner;

impl Inner {
    /// Whether what is told of a line is what the ledger knows.
    pub(super) fn check_told(&mut self, install: usize, run: &RunId, record: &LineRecord) {
        use LineState as S;
        let seq = record.line.seq;
        let known = self.floor.knows(install, run, seq);
        let wrong = match record.state {
            S::Verified | S::MovedSince | S::Converged => known.is_none(),
            S::Rejected | S::NotSent => known == Some(true),
            _ => false,
        };
        let place = self.floor.shelf_of(&record.line.change.key);
        let sure = matches!(record.state, S::Verified | S::MovedSince);
        let excused = !sure && place.is_none_or(|place| self.is_imitated(install, run, place));
        if wrong && !excused {
            self.violate(
                Check::FalseAccount,
                format_args!("{run}: line {seq} is {}, in the ledger: {known:?}", record.state),
            );
        }
    }
}
