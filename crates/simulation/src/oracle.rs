//! The oracle: what must never happen, checked while the simulation goes on and at its end.

mod batches;
mod ends;
mod in_flight;
mod journal;
mod landing;
mod levels;
mod pace;
mod reads;
mod stale;
mod told;
mod writes;

use domain::RunId;
use sync::ports::LineRecord;

use crate::state::Inner;

impl Inner {
    fn record(&self, install: usize, run: &RunId, seq: u32) -> Option<LineRecord> {
        self.installations[install].state.line(run, seq)
    }

    fn has_ended(&self, install: usize, run: &RunId) -> bool {
        let runs = self.installations[install].state.all_runs();
        runs.iter().any(|(record, _)| record.run.id == *run && record.status.is_ready())
    }

    /// The first line in the chain of resends.
    fn root(&self, install: usize, run: &RunId, seq: u32) -> u32 {
        let mut root = seq;
        while let Some(before) = self.record(install, run, root).and_then(|record| record.line.retry_of) {
            root = before;
        }
        root
    }

    /// Whether somebody else has moved the listing so lately that a read of this run may tell a false story.
    fn is_imitated(&self, install: usize, run: &RunId, place: usize) -> bool {
        let began = self.oracle.watches.iter().find(|watch| watch.run.as_ref() == Some(run));
        let since = began.map_or(0, |watch| watch.began_at) - self.profile.settle_ms;
        self.floor.imitated(place, install, since)
    }
}
