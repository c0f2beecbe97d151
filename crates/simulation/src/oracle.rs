//! The oracle: checks of what must never happen, made while the simulation runs and at its end.

mod another_writer;
mod batches;
mod ends;
mod in_flight;
mod journal;
mod landing;
mod left_out;
mod levels;
mod pace;
mod reads;
mod reported;
mod stale;
mod turns;
mod writes;

use domain::{Line, RunId};
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

    /// The line and its copies, earlier and later ones: together they take effect at most once.
    fn copies_of(&self, install: usize, run: &RunId, seq: u32) -> Vec<LineRecord> {
        let Some(own) = self.record(install, run, seq) else { return Vec::new() };
        let mut copies = vec![own];
        if !has_revision(&copies[0].line) {
            return copies;
        }
        let change = copies[0].line.change.clone();
        let same = |one: &LineRecord| one.line.change == change;
        let before: Vec<_> = self.lines_before(install, run, seq).into_iter().take_while(same).collect();
        let later = self.installations[install].store.lines_of_attempts(run);
        for record in later.into_iter().filter(|record| record.line.seq > seq && same(record)) {
            if record.line.retry_of == copies.last().map(|last| last.line.seq) {
                copies.push(record);
            }
        }
        copies.splice(0..0, before.into_iter().rev());
        copies
    }

    /// The lines that a line was sent in place of, latest first.
    fn lines_before(&self, install: usize, run: &RunId, seq: u32) -> Vec<LineRecord> {
        let before = |seq| self.record(install, run, self.record(install, run, seq)?.line.retry_of?);
        std::iter::successors(before(seq), |record| before(record.line.seq)).collect()
    }

    /// Whether the shop has moved to another catalog and back. Then revisions are counted anew, and one that was named
    /// before may come up again.
    fn has_moved_back(&self) -> bool {
        self.moves > 1
    }

    /// Whether anyone else changed the listing so recently that this run's reads may mislead it.
    fn is_moved_by_others(&self, install: usize, run: &RunId, listing: usize) -> bool {
        let began = self.observations.watches.iter().find(|watch| watch.run.as_ref() == Some(run));
        let since = began.map_or(0, |watch| watch.began_at) - self.profile.settle_ms;
        self.shop.moved_by_others(listing, install, since)
    }
}

/// Whether a line is one of a catalog with revisions.
fn has_revision(line: &Line) -> bool {
    line.change.revision.is_some()
}
