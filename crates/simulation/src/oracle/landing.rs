//! What must hold when a line takes effect.

use domain::quantity::CEILING;
use domain::{Line, LineState, RunId};

use super::has_revision;
use crate::check::Check;
use crate::state::SimState;

/// States after which a line must not take effect any more.
const SETTLED: [LineState; 6] = [
    LineState::NotSent,
    LineState::NotApplied,
    LineState::Retried,
    LineState::Rejected,
    LineState::Suspect,
    LineState::Converged,
];

impl SimState {
    /// What must hold when a line takes effect.
    pub(crate) fn check_landed(
        &mut self,
        install: usize,
        run: &RunId,
        line: &Line,
        listing: usize,
        before: i64,
        after: i64,
    ) {
        let seq = line.seq;
        let below = after < 0 && after < before;
        let above = after > i64::from(CEILING) && after > before;
        if below || above {
            self.report_violation(
                Check::LevelOutOfRange,
                format_args!("line {seq} of {run} takes a level from {before} to {after}"),
            );
        }
        if before != after {
            self.check_landed_unsettled(install, run, seq);
            self.check_landed_once(install, run, line, listing);
        }
    }

    fn check_landed_unsettled(&mut self, install: usize, run: &RunId, seq: u32) {
        // Copies take effect once, so the state of the last one counts for all of them.
        let state = self.copies_of(install, run, seq).last().map(|record| record.state);
        if let Some(state) = state.filter(|state| SETTLED.contains(state)) {
            self.report_violation(
                Check::LandsAfterSettled,
                format_args!("line {seq} of {run} lands after it was judged {state}"),
            );
        }
    }

    /// Only one line of a chain of resends may take effect.
    fn check_landed_once(&mut self, install: usize, run: &RunId, line: &Line, listing: usize) {
        let seq = line.seq;
        let first_of_chain = self.first_of_chain(install, run, seq);
        if self.observations.landed.insert((install, run.clone(), first_of_chain)) {
            return;
        }
        // A raise that was not applied can be told by the item's stamp, so it has no excuse.
        // The revision shows whether a write landed, so with it nothing has an excuse.
        let excusable = !line.change.delta.raises() && !has_revision(line);
        if excusable && self.is_moved_by_others(install, run, listing) {
            self.observations.exceptions += 1;
        } else {
            self.report_violation(
                Check::LandsTwice,
                format_args!(
                    "line {seq} of {run} lands, as line {first_of_chain} or another of its chain did"
                ),
            );
        }
    }
}
