//! Order and pace of the writes of a run.

use domain::{Batch, Direction, LineState, RunId};

use crate::world::{Inner, Pid};

/// So many writes in a row without a clean answer end a run.
const UNCLEAR_AT_MOST: u32 = 3;

impl Inner {
    pub(super) fn check_pace(&mut self, pid: Pid, install: usize, run: &RunId, batch: &Batch) {
        if self.oracle.watches[pid].unclear_in_a_row >= UNCLEAR_AT_MOST {
            self.violate("pace", format_args!("p{pid}: a write after three without a clean answer"));
        }
        let lines = self.installations[install].state.lines_of(run);
        let unsettled = lines.iter().any(|record| {
            let open = matches!(record.state, LineState::Sent | LineState::Unknown);
            open && !record.line.change.delta.raises()
        });
        if batch.direction == Direction::Raise && unsettled {
            self.violate("pace", format_args!("p{pid}: a raise while a lowering of {run} is unsettled"));
        }
    }
}
