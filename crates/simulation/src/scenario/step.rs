//! One step: a process resumes, dies or is paused, or time advances.

use domain::UnixMillis;

use super::Simulation;
use crate::check::Check;
use crate::profile::Fault;
use crate::yield_point::Pid;

/// The limit of steps. More means that a run never ends.
const MAX_STEPS: u64 = 40_000;

impl Simulation {
    /// Takes steps until every process has ended.
    pub(super) fn run_until_idle(&mut self) {
        while !self.running.is_empty() && !self.has_violation() {
            self.maybe_sell();
            self.step();
        }
    }

    /// One step: a process resumes, dies or is paused, or time advances.
    pub(super) fn step(&mut self) {
        let now = {
            let mut sim = self.sim.lock();
            sim.step += 1;
            sim.now += sim.rng.between(0, 3);
            sim.land_due();
            if sim.step > MAX_STEPS {
                return sim
                    .report_violation(Check::TooManySteps, format_args!("no end after {MAX_STEPS} steps"));
            }
            sim.now
        };
        self.resume_paused(now);
        if let Some(at) = self.running.iter().position(|one| one.must_poll && !one.is_paused(now)) {
            self.running[at].must_poll = false;
            return self.poll(at);
        }
        let ready = self.ready(now);
        if ready.is_empty() || self.sim.lock().rng.chance(25) {
            return self.pass_time(now, ready.is_empty());
        }
        let (id, pid) = {
            let mut sim = self.sim.lock();
            sim.yields += 1;
            ready[sim.rng.index(ready.len())]
        };
        self.resume(id, pid, now);
    }

    /// Resumes processes whose pause is over.
    fn resume_paused(&mut self, now: UnixMillis) {
        for one in &mut self.running {
            if one.paused_until != 0 && !one.is_paused(now) {
                one.paused_until = 0;
                self.sim.lock().observations.watch(one.pid).is_active = true;
            }
        }
    }

    /// The yield points whose moment has come, with their processes.
    fn ready(&self, now: UnixMillis) -> Vec<(u64, Pid)> {
        let awake: Vec<Pid> =
            self.running.iter().filter(|one| !one.is_paused(now)).map(|one| one.pid).collect();
        let sim = self.sim.lock();
        let due = sim.waiting.iter().filter(|one| one.due <= now && awake.contains(&one.pid));
        due.map(|one| (one.id, one.pid)).collect()
    }

    /// Lets a process pass a yield point, unless it dies or is paused there.
    fn resume(&mut self, id: u64, pid: Pid, now: UnixMillis) {
        let Some(at) = self.running.iter().position(|one| one.pid == pid) else { return };
        let here = {
            let sim = self.sim.lock();
            sim.faults_enabled && self.profile.crash_at == Some(sim.yields)
        };
        if here || self.injects(Fault::Crash) {
            return self.crash(at);
        }
        if self.injects(Fault::Paused) {
            return self.pause_process(at, now);
        }
        if let Some(one) = self.sim.lock().waiting.iter_mut().find(|one| one.id == id) {
            one.released = true;
        }
        self.poll(at);
    }

    fn pause_process(&mut self, at: usize, now: UnixMillis) {
        let one = &mut self.running[at];
        let mut sim = self.sim.lock();
        let span = sim.rng.pick(&[2_000, 8_000, 29_000, 31_000, 50_000, 120_000]);
        let span = span + sim.rng.between(0, 4_000);
        sim.note(format_args!("p{} is stopped for {span} ms", one.pid));
        sim.observations.watch(one.pid).is_active = false;
        one.paused_until = now + span;
    }
}
