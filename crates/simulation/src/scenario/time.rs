//! How time advances.

use domain::UnixMillis;

use super::Simulation;
use crate::check::Check;
use crate::yield_point::Pid;

impl Simulation {
    /// Advances time: to the next event, or by a random span if a process is ready.
    pub(super) fn pass_time(&mut self, now: UnixMillis, nothing_else: bool) {
        if !nothing_else {
            let while_ms = {
                let mut sim = self.sim.lock();
                let most = if sim.faults_enabled { sim.rng.pick(&[50, 500, 3_000, 12_000]) } else { 300 };
                sim.rng.between(1, most)
            };
            return self.advance(now + while_ms);
        }
        let next = {
            let sim = self.sim.lock();
            let stopped = |pid: Pid| self.running.iter().any(|one| one.pid == pid && one.paused_until > now);
            let timers = sim.waiting.iter().filter(|one| !stopped(one.pid)).map(|one| one.due);
            let wakes = self.running.iter().map(|one| one.paused_until).filter(|at| *at > now);
            timers.chain(wakes).chain(sim.next_landing(None)).filter(|at| *at > now).min()
        };
        match next {
            Some(at) => self.advance(at),
            // A request that was not accepted has no process, so this is no deadlock.
            None if self.running.is_empty() => {}
            None => {
                self.sim.lock().report_violation(Check::Deadlock, format_args!("nothing can go on any more"));
            }
        }
    }

    /// Advances time to `moment`. Requests due on the way land in their order.
    pub(super) fn advance(&self, moment: UnixMillis) {
        let mut sim = self.sim.lock();
        while let Some(at) = sim.next_landing(None).filter(|at| *at <= moment) {
            sim.now = sim.now.max(at);
            sim.land_due();
        }
        sim.now = sim.now.max(moment);
    }
}
