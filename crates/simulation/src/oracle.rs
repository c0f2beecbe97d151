//! The oracle: checks of what must never happen, made while the simulation runs and at its end.

mod batches;
mod ends;
mod in_flight;
mod journal;
mod landing;
mod levels;
mod pace;
mod reads;
mod reported;
mod stale;
mod turns;
mod writes;

use domain::RunId;
use sync::ports::LineRecord;

use crate::state::SimState;

impl SimState {
    fn record(&self, install: usize, run: &RunId, seq: u32) -> Option<LineRecord> {
        self.installations[install].store.line(run, seq)
    }

    fn has_ended(&self, install: usize, run: &RunId) -> bool {
        let runs = self.installations[install].store.all_runs();
        runs.iter().any(|(record, _)| record.run.id == *run && record.status.is_ready())
    }

    /// The first line in the chain of resends.
    fn first_of_chain(&self, install: usize, run: &RunId, seq: u32) -> u32 {
        let mut first_of_chain = seq;
        while let Some(before) =
            self.record(install, run, first_of_chain).and_then(|record| record.line.retry_of)
        {
            first_of_chain = before;
        }
        first_of_chain
    }

    /// Whether anyone else changed the listing so recently that this run's reads may mislead it.
    fn is_moved_by_others(&self, install: usize, run: &RunId, listing: usize) -> bool {
        let began = self.observations.watches.iter().find(|watch| watch.run.as_ref() == Some(run));
        let since = began.map_or(0, |watch| watch.began_at) - self.profile.settle_ms;
        self.shop.moved_by_others(listing, install, since)
    }
}
