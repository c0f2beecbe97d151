//! Whose turn it is: the run that came first goes first (I6).

use domain::{RunId, UnixMillis};
use sync::lease::LIFE_MS;
use sync::ports::NewRun;

use crate::check::Check;
use crate::state::{SimState, Waiter};
use crate::yield_point::Pid;

impl SimState {
    /// A process says at `now` that it waits for `run`. A command-line run whose process has been silent for too long has
    /// lost its place.
    pub(crate) fn heard_of(&mut self, install: usize, run: &NewRun, clock_ms: i64, now: UnixMillis) {
        let waiters = &mut self.observations.waiters;
        let own = |one: &Waiter| one.install == install && one.run == run.id;
        let lost = |one: &Waiter| !run.durable && now - one.heard_at >= LIFE_MS;
        waiters.retain(|one| !(own(one) && lost(one)));
        match waiters.iter_mut().find(|one| own(one)) {
            Some(known) => (known.heard_at, known.clock_ms) = (now, clock_ms),
            None => waiters.push(Waiter { install, run: run.id.clone(), heard_at: now, clock_ms }),
        }
    }

    /// Checks that no earlier run waits when `run` gets the shop. `asked_at`: when its process asked for it;
    /// one that was paused since then judges the others by an old time.
    pub(crate) fn check_turn(&mut self, pid: Pid, run: &RunId, asked_at: UnixMillis) {
        let (install, clock_ms) =
            (self.observations.watches[pid].install, self.observations.watches[pid].clock_ms);
        if self.now - asked_at >= LIFE_MS / 2 {
            return;
        }
        let earlier = self.observations.waiters.iter().filter(|one| one.install == install);
        let earlier = earlier.take_while(|one| one.run != *run);
        // A process whose clock differs may count as dead.
        let waits = |one: &&Waiter| {
            let alive = self.now - one.heard_at < LIFE_MS / 2 && one.clock_ms == clock_ms;
            alive && self.is_pending(install, &one.run)
        };
        let first = earlier.filter(waits).map(|one| one.run.clone()).next();
        if let Some(first) = first {
            self.report_violation(
                Check::Overtaken,
                format_args!("p{pid}: {run} gets the shop, {first} came first and waits"),
            );
        }
    }

    fn is_pending(&self, install: usize, run: &RunId) -> bool {
        let runs = self.installations[install].store.all_runs();
        runs.iter().any(|(record, _)| record.run.id == *run && record.status == domain::TaskStatus::Pending)
    }
}
