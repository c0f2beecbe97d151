//! One step: a process goes on, dies or is stopped; or time does.

use domain::UnixMillis;

use super::Simulation;
use crate::check::Check;
use crate::profile::Fault;
use crate::yield_point::Pid;

/// So many steps in all; more means that a run goes on for ever.
const MOST_STEPS: u64 = 40_000;

impl Simulation {
    /// Steps until no process lives.
    pub(super) fn drive(&mut self) {
        while !self.living.is_empty() && !self.broken() {
            self.buyers();
            self.step();
        }
    }

    /// One step: a process goes on, dies or is stopped; or time does.
    pub(super) fn step(&mut self) {
        let now = {
            let mut world = self.world.lock();
            world.step += 1;
            world.now += world.dice.between(0, 3);
            world.land_due();
            if world.step > MOST_STEPS {
                return world.violate(Check::NoEnd, format_args!("no end after {MOST_STEPS} steps"));
            }
            world.now
        };
        self.wake(now);
        if let Some(at) = self.living.iter().position(|one| one.poked && !one.is_stopped(now)) {
            self.living[at].poked = false;
            return self.poll(at);
        }
        let ready = self.ready(now);
        if ready.is_empty() || self.world.lock().dice.hits(25) {
            return self.let_time_pass(now, ready.is_empty());
        }
        let (id, pid) = {
            let mut world = self.world.lock();
            world.yields += 1;
            ready[world.dice.at(ready.len())]
        };
        self.go_on(id, pid, now);
    }

    /// Those that were stopped go on.
    fn wake(&mut self, now: UnixMillis) {
        for one in &mut self.living {
            if one.stopped_until != 0 && !one.is_stopped(now) {
                one.stopped_until = 0;
                self.world.lock().oracle.watch(one.pid).lively = true;
            }
        }
    }

    /// Yield points whose moment has come, with their processes.
    fn ready(&self, now: UnixMillis) -> Vec<(u64, Pid)> {
        let awake: Vec<Pid> =
            self.living.iter().filter(|one| !one.is_stopped(now)).map(|one| one.pid).collect();
        let world = self.world.lock();
        let due = world.waiting.iter().filter(|one| one.due <= now && awake.contains(&one.pid));
        due.map(|one| (one.id, one.pid)).collect()
    }

    /// A process passes a yield point, unless it dies or is stopped there.
    fn go_on(&mut self, id: u64, pid: Pid, now: UnixMillis) {
        let Some(at) = self.living.iter().position(|one| one.pid == pid) else { return };
        let here = {
            let world = self.world.lock();
            world.faulty && self.profile.crash_at == Some(world.yields)
        };
        if here || self.roll(Fault::Crash) {
            return self.crash(at);
        }
        if self.roll(Fault::Paused) {
            return self.stop_for_a_while(at, now);
        }
        if let Some(one) = self.world.lock().waiting.iter_mut().find(|one| one.id == id) {
            one.released = true;
        }
        self.poll(at);
    }

    fn stop_for_a_while(&mut self, at: usize, now: UnixMillis) {
        let one = &mut self.living[at];
        let mut world = self.world.lock();
        let span = world.dice.pick(&[2_000, 8_000, 29_000, 31_000, 50_000, 120_000]);
        let span = span + world.dice.between(0, 4_000);
        world.note(format_args!("p{} is stopped for {span} ms", one.pid));
        world.oracle.watch(one.pid).lively = false;
        one.stopped_until = now + span;
    }
}
