//! Lines that the shop acknowledged and left out (I8).

use domain::{Batch, Line, LineState, ListingKey, RunId, UnixMillis};
use sync::ports::LineRecord;

use crate::check::Check;
use crate::shop::ShopListing;
use crate::state::SimState;
use crate::yield_point::Pid;

/// For how long the oracle expects that a line goes out alone, in milliseconds: a little less than runs remember it.
const REMEMBERED_MS: i64 = 6 * 24 * 60 * 60 * 1_000;

impl SimState {
    /// Whether the shop acknowledged a line and left it out.
    pub(super) fn was_left_out(&self, install: usize, run: &RunId, seq: u32) -> bool {
        self.shop.requests.iter().any(|request| {
            let mut left_out = request.lines.iter().enumerate();
            request.install == install
                && request.run == *run
                && left_out
                    .any(|(at, line)| line.seq == seq && (request.swallowed || request.left_out == Some(at)))
        })
    }

    /// Whether a line that was left out may be told as applied: the item changed since, which looks like a sale, or
    /// another actor moved the level to the target.
    pub(super) fn may_seem_applied(
        &self,
        install: usize,
        run: &RunId,
        record: &LineRecord,
        listing: Option<usize>,
    ) -> bool {
        let moved = listing.is_none_or(|listing| self.is_moved_by_others(install, run, listing));
        match record.state {
            LineState::MovedSince => !self.is_untouched(run, record),
            LineState::Verified => moved,
            _ => false,
        }
    }

    /// Whether nothing has changed the item of a line since the line was sent.
    pub(super) fn is_untouched(&self, run: &RunId, record: &LineRecord) -> bool {
        let began = self.observations.watches.iter().find(|watch| watch.run.as_ref() == Some(run));
        let clock_ms = began.map_or(0, |watch| watch.clock_ms);
        let sent_at = record.sending.map_or(UnixMillis::MAX, |sending| sending.sent_at - clock_ms);
        let product = &record.line.change.key.product;
        let of_item = self.shop.listings.iter().filter(|listing| listing.key.product == *product);
        of_item.map(ShopListing::changed_at).all(|changed_at| changed_at < sent_at)
    }

    /// Remembers the lines of an ended run that the shop left out.
    pub(super) fn note_left_out(&mut self, install: usize, run: &RunId, lines: &[LineRecord]) {
        for record in lines.iter().filter(|record| record.state == LineState::Unresolved) {
            let (change, sending) = (&record.line.change, record.sending);
            let unmoved = record.acked && record.level_after == Some(change.level);
            let (Some(sending), true) = (sending, unmoved) else { continue };
            if self.was_left_out(install, run, record.line.seq) && self.is_untouched(run, record) {
                self.observations.left_out.insert((install, change.key.clone()), sending.sent_at);
            }
        }
    }

    /// A line that was left out goes out alone the next time.
    pub(super) fn check_alone(&mut self, pid: Pid, install: usize, run: &RunId, batch: &Batch) {
        let now = self.now + self.observations.watches[pid].clock_ms;
        let other_catalog = |key: &ListingKey, line: &Line| {
            *key != line.change.key && self.shop.index_of(key) == self.shop.index_of(&line.change.key)
        };
        let forgotten = |key: &ListingKey| batch.lines.iter().any(|line| other_catalog(key, line));
        self.observations.left_out.retain(|(by, key), _| *by != install || !forgotten(key));
        for line in &batch.lines {
            let left_out = self.observations.left_out.remove(&(install, line.change.key.clone()));
            let recent = left_out.is_some_and(|at| (0..REMEMBERED_MS).contains(&(now - at)));
            if recent && batch.lines.len() > 1 {
                self.report_violation(
                    Check::LeftOutNotAlone,
                    format_args!("p{pid}: line {} of {run} was left out and goes out with others", line.seq),
                );
            }
        }
    }
}
