//! What must hold when a line has reached its listing.

use domain::quantity::CEILING;
use domain::{Line, LineState, RunId};

use crate::check::Check;
use crate::state::Inner;

/// Judgements after which nothing of a line may land.
const SETTLED: [LineState; 6] = [
    LineState::NotSent,
    LineState::NotApplied,
    LineState::Retried,
    LineState::Rejected,
    LineState::Suspect,
    LineState::Converged,
];

impl Inner {
    /// What must hold when a line has reached its listing.
    pub(crate) fn check_landed(
        &mut self,
        install: usize,
        run: &RunId,
        line: &Line,
        place: usize,
        before: i64,
        after: i64,
    ) {
        let seq = line.seq;
        let below = after < 0 && after < before;
        let above = after > i64::from(CEILING) && after > before;
        if below || above {
            self.violate(
                Check::LevelOutOfRange,
                format_args!("line {seq} of {run} takes a level from {before} to {after}"),
            );
        }
        if before != after {
            self.check_landed_unsettled(install, run, seq);
            self.check_landed_once(install, run, line, place);
        }
    }

    fn check_landed_unsettled(&mut self, install: usize, run: &RunId, seq: u32) {
        let state = self.record(install, run, seq).map(|record| record.state);
        if let Some(state) = state.filter(|state| SETTLED.contains(state)) {
            self.violate(
                Check::LandsAfterJudgement,
                format_args!("line {seq} of {run} lands after it was judged {state}"),
            );
        }
    }

    /// Of a chain of resends one line lands.
    fn check_landed_once(&mut self, install: usize, run: &RunId, line: &Line, place: usize) {
        let seq = line.seq;
        let root = self.root(install, run, seq);
        if self.oracle.landed.insert((install, run.clone(), root)) {
            return;
        }
        // A raise that is missing shows in the mark of its item.
        if !line.change.delta.raises() && self.is_imitated(install, run, place) {
            self.oracle.exceptions += 1;
        } else {
            self.violate(
                Check::LandsTwice,
                format_args!("line {seq} of {run} lands, as line {root} or another of its chain did"),
            );
        }
    }
}
