//! The steps that the journal records.

use domain::{LineState, RunId};
use sync::ports::{LineRecord, LineUpdate};

use crate::check::Check;
use crate::state::SimState;
use crate::yield_point::Pid;

impl SimState {
    /// Checks a step that the journal has recorded.
    pub(crate) fn check_step(&mut self, pid: Pid, run: &RunId, from: Option<LineState>, update: &LineUpdate) {
        let to = update.state;
        let line = self.record(self.observations.watches[pid].install, run, update.seq);
        let legal = |from| line.is_some_and(|record| record.line.step(from, to).is_ok());
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
                let (old, new) = (before.line.change.delta, record.line.change.delta);
                before.state == LineState::Retried
                    && old.raises() == new.raises()
                    && new.magnitude() <= old.magnitude()
                    && before.line.change.key == record.line.change.key
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
