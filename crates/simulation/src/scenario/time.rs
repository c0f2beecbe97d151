//! How time goes on.

use domain::UnixMillis;

use super::Simulation;
use crate::check::Check;
use crate::yield_point::Pid;

impl Simulation {
    /// Time goes to what happens next, or a while when something could go on already.
    pub(super) fn let_time_pass(&mut self, now: UnixMillis, nothing_else: bool) {
        if !nothing_else {
            let while_ms = {
                let mut world = self.world.lock();
                let most = if world.faulty { world.dice.pick(&[50, 500, 3_000, 12_000]) } else { 300 };
                world.dice.between(1, most)
            };
            return self.advance(now + while_ms);
        }
        let next = {
            let world = self.world.lock();
            let stopped = |pid: Pid| self.living.iter().any(|one| one.pid == pid && one.stopped_until > now);
            let timers = world.waiting.iter().filter(|one| !stopped(one.pid)).map(|one| one.due);
            let wakes = self.living.iter().map(|one| one.stopped_until).filter(|at| *at > now);
            timers.chain(wakes).chain(world.next_landing(None)).filter(|at| *at > now).min()
        };
        match next {
            Some(at) => self.advance(at),
            // A request that was not accepted has no process: nobody stands still.
            None if self.living.is_empty() => {}
            None => self.world.lock().violate(Check::StandStill, format_args!("nothing can go on any more")),
        }
    }

    /// Time goes on to `moment`; what lands on the way lands in its order.
    pub(super) fn advance(&self, moment: UnixMillis) {
        let mut world = self.world.lock();
        while let Some(at) = world.next_landing(None).filter(|at| *at <= moment) {
            world.now = world.now.max(at);
            world.land_due();
        }
        world.now = world.now.max(moment);
    }
}
