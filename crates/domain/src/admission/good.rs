//! Which runs count as good, and which of them the guard compares a plan with.

use crate::UnixMillis;
use crate::plan::guard::Baseline;
use crate::run::{Outcome, RunKind, RunSummary};

/// How long a good run counts for the guard, in milliseconds: a week. A warehouse that loses a part in each run is so
/// compared with what it was, and not with its last step.
pub const COMPARED_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// A run that ended: the facts that decide whether it was good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedRun {
    /// What it did.
    pub kind: RunKind,
    /// Whether it was limited to some SKUs.
    pub filtered: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// How many SKUs the warehouse listed.
    pub warehouse_skus: u64,
    /// How many SKUs it could compare; `None` for a run of a version that did not count them.
    pub comparable: Option<u64>,
    /// When it ended.
    pub finished_at: UnixMillis,
}

impl EndedRun {
    /// Whether it brought the whole shop to the warehouse's stock, apart from single lines. A run that found nothing to
    /// compare did not.
    #[must_use]
    pub fn went_well(&self) -> bool {
        !self.filtered
            && matches!(self.kind, RunKind::Sync | RunKind::Apply)
            && matches!(self.outcome, Outcome::Converged | Outcome::Partial)
            && self.comparable != Some(0)
    }

    /// Whether it went well and left nothing open, not even a single line.
    #[must_use]
    pub fn has_converged(&self) -> bool {
        self.went_well() && self.outcome == Outcome::Converged
    }

    /// Whether the guard compares later runs with it: it went well, and the warehouse listed at least one SKU.
    #[must_use]
    pub fn is_baseline(&self) -> bool {
        self.went_well() && self.warehouse_skus > 0
    }
}

impl RunSummary {
    /// Whether the run did good work: it ended with a report, had something to compare, and no other program writes. A
    /// monitor that is told of good runs is told of these.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let ended = matches!(self.outcome, Outcome::Converged | Outcome::Partial);
        ended && self.facts.comparable > 0 && self.another_writer.is_none()
    }
}

/// The search for a shop's baseline: the largest good runs of the last [`COMPARED_MS`], or else the last good run. A
/// plan that a user applied begins anew, because a held plan that was let through must not be held again.
#[derive(Debug, Clone, Copy)]
pub struct BaselineSearch {
    now: UnixMillis,
    found: Option<Baseline>,
    is_over: bool,
}

impl BaselineSearch {
    /// A search at `now`.
    #[must_use]
    pub fn new(now: UnixMillis) -> Self {
        Self { now, found: None, is_over: false }
    }

    /// Takes the next run into account. The runs come in the order in which they ended, the newest first.
    pub fn see(&mut self, run: &EndedRun) {
        if self.is_over || !run.is_baseline() {
            return;
        }
        let oldest = self.now.saturating_sub(COMPARED_MS);
        // A moment that lies ahead was written while the clock was wrong.
        let is_recent = (oldest..=self.now).contains(&run.finished_at);
        let own = Baseline { warehouse_skus: run.warehouse_skus, comparable: run.comparable.unwrap_or(0) };
        match &mut self.found {
            None => self.found = Some(own),
            Some(found) if is_recent => {
                found.warehouse_skus = found.warehouse_skus.max(own.warehouse_skus);
                found.comparable = found.comparable.max(own.comparable);
            }
            Some(_) => self.is_over = run.finished_at < oldest,
        }
        self.is_over |= run.kind == RunKind::Apply;
    }

    /// Whether no older run matters.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// The baseline; `None` if the shop has had no good run.
    #[must_use]
    pub fn found(&self) -> Option<Baseline> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60 * 1_000;
    const NOW: i64 = 1_000 * DAY;

    fn run(days_ago: i64, size: u64) -> EndedRun {
        EndedRun {
            kind: RunKind::Sync,
            filtered: false,
            outcome: Outcome::Converged,
            warehouse_skus: size,
            comparable: Some(size / 2),
            finished_at: NOW - days_ago * DAY,
        }
    }

    /// The sizes that the guard compares with.
    fn baseline(newest_first: &[EndedRun]) -> Option<(u64, u64)> {
        let mut search = BaselineSearch::new(NOW);
        for run in newest_first {
            search.see(run);
        }
        search.found().map(|found| (found.warehouse_skus, found.comparable))
    }

    #[test]
    fn a_warehouse_that_shrinks_in_steps_is_compared_with_the_largest_of_a_week() {
        assert_eq!(baseline(&[]), None);
        assert_eq!(baseline(&[run(0, 30), run(1, 60), run(2, 100), run(8, 900)]), Some((100, 50)));
        assert_eq!(baseline(&[run(9, 30), run(10, 60)]), Some((30, 15)), "else with the last good run");
        let mixed = [EndedRun { comparable: Some(40), ..run(0, 30) }, run(1, 60)];
        assert_eq!(baseline(&mixed), Some((60, 40)), "each figure by itself");
    }

    #[test]
    fn a_plan_that_was_applied_begins_anew() {
        let applied = EndedRun { kind: RunKind::Apply, ..run(1, 20) };
        assert_eq!(baseline(&[run(0, 18), applied, run(2, 100)]), Some((20, 10)));
        let held = EndedRun { outcome: Outcome::HeldByGuard, ..applied };
        assert_eq!(baseline(&[run(0, 18), held, run(2, 100)]), Some((100, 50)));
    }

    #[test]
    fn a_clock_that_was_ahead_does_not_hide_the_week() {
        let ahead = run(-400, 10);
        assert_eq!(baseline(&[run(0, 30), ahead, run(1, 60)]), Some((60, 30)));
        assert_eq!(baseline(&[ahead, run(1, 60)]), Some((60, 30)));
    }

    #[test]
    fn a_run_without_anything_to_compare_is_never_good() {
        let nothing = EndedRun { comparable: Some(0), ..run(0, 100) };
        assert!(!nothing.went_well() && baseline(&[nothing]).is_none());
        let unknown = EndedRun { comparable: None, ..run(0, 100) };
        assert_eq!(baseline(&[unknown]), Some((100, 0)), "an earlier version did not count them");
    }
}
