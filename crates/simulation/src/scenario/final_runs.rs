//! The final phase: two runs without faults, and what must be true after them.

use domain::write::settle::revision::MOST_CONFLICTS;
use domain::{LineState, ListingKey, Outcome, UnixMillis};
use sync::ports::LineRecord;
use sync::{Ended, Work};

use super::Simulation;
use crate::check::Check;
use crate::yield_point::Pid;

/// How long an abandoned request still counts as waiting, in milliseconds.
const WAITER_LIFE_MS: i64 = sync::lease::LIFE_MS;

impl Simulation {
    /// Makes two runs without faults and checks what must be true after them.
    pub(super) fn final_runs(&mut self) {
        let mut since = 0;
        let mut last = 0;
        let mut began = 0;
        for nth in 0..2 {
            let wait = { self.sim.lock().rng.pick(&[0, 0, 3_000, 45_000]) };
            let now = self.sim.lock().now;
            self.advance(now + wait);
            since = self.sim.lock().shop.ledger.len();
            began = self.sim.lock().now;
            last = self.last_run(nth);
            if self.has_violation() {
                return;
            }
        }
        self.check_end(last, since, began);
        // Requests that were still under way must not break anything when they land.
        self.sim.lock().sales_enabled = false;
        loop {
            let next = self.sim.lock().next_landing(None);
            let Some(at) = next else { break };
            self.advance(at);
        }
        self.check_end(last, since, began);
    }

    fn check_end(&self, last: Pid, since: usize, began: UnixMillis) {
        let mut sim = self.sim.lock();
        sim.check_levels(last, since);
        // By the clock of the last run: a request that waited recently may still be waiting.
        let waits = began + sim.clock_ms;
        sim.check_ends(waits - WAITER_LIFE_MS..=waits + WAITER_LIFE_MS);
    }

    /// Makes one run, and applies its plan if the guard holds it.
    fn last_run(&mut self, nth: u32) -> Pid {
        let mut pid = self.start(0, Work::Sync { dry_run: false });
        self.run_until_idle();
        while matches!(self.last_end, Some(Ok(Ended::Refused(_)))) && !self.has_violation() {
            // A waiting process has died. Other processes cannot know before its time is over by any clock.
            let now = self.sim.lock().now;
            self.advance(now + WAITER_LIFE_MS + 1_000);
            pid = self.start(0, Work::Sync { dry_run: false });
            self.run_until_idle();
        }
        if self.is_held() {
            // While buyers buy, a line of a kept plan may become outdated.
            self.sim.lock().sales_enabled = false;
            pid = self.start(0, Work::Sync { dry_run: false });
            self.run_until_idle();
        }
        if self.is_held() {
            let run = self.sim.lock().observations.watch(pid).run.clone();
            pid = self.start(0, Work::Apply { plan: run.expect("a process has a run") });
            self.run_until_idle();
        }
        if self.lost_to_buyers(pid) {
            // That line is left to the next run, whatever buyers do.
            self.sim.lock().sales_enabled = false;
            pid = self.start(0, Work::Sync { dry_run: false });
            self.run_until_idle();
        }
        let ended = self.last_end.as_ref().map(|end| matches!(end, Ok(Ended::Ran(_))));
        if ended != Some(true) && !self.has_violation() {
            let text = format!("{:?}", self.last_end);
            self.sim
                .lock()
                .report_violation(Check::NoRunAtTheEnd, format_args!("run {nth} after the faults: {text}"));
        }
        pid
    }

    /// Whether buyers were faster than all plans of a line, so that the run gave it up.
    fn lost_to_buyers(&self, pid: Pid) -> bool {
        let mut sim = self.sim.lock();
        let run = sim.observations.watch(pid).run.clone();
        let Some(run) = run.filter(|_| sim.sales_enabled) else { return false };
        let lines = sim.installations[0].store.lines_of(&run);
        let plans = |key: &ListingKey| {
            lines.iter().filter(|one| one.line.change.key == *key && !one.line.is_copy).count()
        };
        let is_lost = |record: &LineRecord| {
            record.state == LineState::Suspect && plans(&record.line.change.key) > MOST_CONFLICTS as usize
        };
        lines.iter().any(is_lost)
    }

    fn is_held(&self) -> bool {
        matches!(&self.last_end, Some(Ok(Ended::Ran(summary))) if summary.outcome == Outcome::HeldByGuard)
    }
}
