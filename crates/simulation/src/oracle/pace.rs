//! Order and pace of the writes of a run.

use std::collections::BTreeSet;

use domain::{Batch, Direction, LineState, RunId};
use sync::ports::LineRecord;

use crate::check::Check;
use crate::state::SimState;
use crate::yield_point::Pid;

/// A run ends after this many writes in a row without a clean answer.
const MAX_UNCLEAR_IN_A_ROW: u32 = 3;

impl SimState {
    pub(super) fn check_pace(&mut self, pid: Pid, install: usize, run: &RunId, batch: &Batch) {
        if self.observations.watches[pid].unclear_in_a_row >= MAX_UNCLEAR_IN_A_ROW {
            let text = format_args!("p{pid}: a write after three without a clean answer");
            self.report_violation(Check::WriteAfterThreeUnclear, text);
        }
        if batch.direction() == Some(Direction::Lower) {
            return;
        }
        // Where both directions share a call, its own lowerings leave with its raises.
        let own: BTreeSet<u32> = batch.lines.iter().map(|line| line.seq).collect();
        let lines = self.installations[install].store.lines_of(run);
        let others = lines.iter().filter(|record| !own.contains(&record.line.seq));
        let lowering = others.filter(|record| !record.line.change.delta.raises());
        let open = lowering.filter(|record| self.is_open(install, run, record)).map(|record| record.line.seq);
        if let Some(seq) = open.min() {
            let text = format_args!("p{pid}: a raise before line {seq} of {run}, which lowers, is settled");
            self.report_violation(Check::RaiseBeforeLowering, text);
        }
    }

    /// Whether a line is not sent yet, or its effect is unknown. A line that the journal has as acknowledged is open
    /// too if the shop did not acknowledge it.
    fn is_open(&self, install: usize, run: &RunId, record: &LineRecord) -> bool {
        match record.state {
            LineState::Planned | LineState::Sent | LineState::Unknown => true,
            LineState::Acked => !self.shop.has_acknowledged(install, run, record.line.seq),
            _ => false,
        }
    }
}
