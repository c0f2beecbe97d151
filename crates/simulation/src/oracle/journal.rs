//! The steps that the journal records.

use domain::{Line, LineState, RunId};
use sync::ports::{LineRecord, LineUpdate};

use super::has_revision;
use crate::check::Check;
use crate::state::SimState;
use crate::yield_point::Pid;

impl SimState {
    /// Checks a step that the journal has recorded.
    pub(crate) fn check_step(&mut self, pid: Pid, run: &RunId, from: Option<LineState>, update: &LineUpdate) {
        let to = update.state;
        let line = self.record(self.observations.watches[pid].install, run, update.seq);
        let legal = |from: LineState| {
            let by_copy =
                to == LineState::Retried && line.as_ref().is_some_and(|record| has_revision(&record.line));
            let replaced = by_copy && from.replaced(true).is_ok();
            replaced || line.as_ref().is_some_and(|record| record.line.step(from, to).is_ok())
        };
        if !from.is_some_and(legal) {
            self.report_violation(
                Check::IllegalStep,
                format_args!("p{pid}: line {} of {run} goes from {from:?} to {to}", update.seq),
            );
        }
    }

    /// Checks lines to send again: each replaces one that was judged not applied.
    pub(crate) fn check_again(&mut self, pid: Pid, install: usize, run: &RunId, again: &[LineRecord]) {
        for record in again {
            let seq = record.line.seq;
            let before = record.line.retry_of.and_then(|before| self.record(install, run, before));
            let fits = before.is_some_and(|before| {
                before.state == LineState::Retried
                    && before.line.change.key == record.line.change.key
                    && if has_revision(&record.line) {
                        fits_by_revision(&before.line, &record.line, self.has_moved_back())
                    } else {
                        fits_by_delta(&before.line, &record.line)
                    }
            });
            if !fits {
                self.report_violation(
                    Check::ResendMismatch,
                    format_args!("p{pid}: line {seq} of {run} goes out again for no line that it fits"),
                );
            }
        }
    }
}

/// A delta that goes out again has the same direction and is no larger.
fn fits_by_delta(old: &Line, new: &Line) -> bool {
    let (before, after) = (old.change.delta, new.change.delta);
    !new.is_copy && before.raises() == after.raises() && after.magnitude() <= before.magnitude()
}

/// A copy is the same change. A change that was planned anew names a newer revision, and takes off what was sold.
/// A shop that moved to another catalog and back counts revisions anew.
fn fits_by_revision(old: &Line, new: &Line, counts_anew: bool) -> bool {
    let (before, after) = (&old.change, &new.change);
    let sold = (before.level.units() - after.level.units()).max(0);
    let newer = counts_anew || after.revision >= before.revision;
    let planned_anew = newer && after.target.units() == (before.target.units() - sold).max(0);
    // What was never sent at all goes out again as it is.
    before == after || (!new.is_copy && planned_anew)
}
