//! How processes end: with a result, or by a crash.

use std::task::{Context, Poll, Waker};

use domain::{Outcome, ReadChoice};
use sync::ports::StateError;
use sync::{Ended, Work};

use super::running::RunningProcess;
use super::{MAX_PROCESSES, Simulation};

impl Simulation {
    /// Polls a process up to its next yield point or its end.
    pub(super) fn poll(&mut self, at: usize) {
        let one = &mut self.running[at];
        let polled = one.execution.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let Poll::Ready(end) = polled else { return };
        let ended = self.running.remove(at);
        let label = label(&end);
        self.note_end(&ended, &end, &label);
        *self.outcomes.entry(label).or_default() += 1;
        if let Ok(Ended::Ran(summary)) = &end
            && let Some(ReadChoice { way, reason, .. }) = summary.reading
        {
            *self.outcomes.entry(format!("read: {way} since {reason}")).or_default() += 1;
        }
        self.last_end = Some(end);
    }

    fn note_end(&mut self, ended: &RunningProcess, end: &Result<Ended, StateError>, label: &str) {
        let mut sim = self.sim.lock();
        sim.note(format_args!("p{} ends: {label}", ended.pid));
        if let Err(error) = end {
            sim.note(format_args!("p{} error: {error}", ended.pid));
        }
        if let Ok(Ended::Joined(summary)) = end {
            sim.check_joined(ended.pid, &summary.run_id);
        }
        let watch = sim.observations.watch(ended.pid);
        watch.is_active = false;
        if let (Ok(Ended::Ran(summary)), 0, Some(run)) = (end, ended.install, &watch.run)
            && matches!(summary.outcome, Outcome::HeldByGuard | Outcome::Planned)
        {
            self.plans.push(run.clone());
        }
    }

    /// Kills a process where it is. Sometimes another one is started in its place.
    pub(super) fn crash(&mut self, at: usize) {
        let dead = self.running.remove(at);
        {
            let mut sim = self.sim.lock();
            let points: Vec<_> =
                sim.waiting.iter().filter(|one| one.pid == dead.pid).map(|one| one.point).collect();
            sim.note(format_args!("p{} dies at {points:?}", dead.pid));
            sim.observations.watch(dead.pid).is_active = false;
        }
        let (install, task) = (dead.install, dead.task.clone());
        drop(dead);
        *self.outcomes.entry("(died)".to_owned()).or_default() += 1;
        let again = { self.sim.lock().rng.chance(600) };
        if again && self.started < MAX_PROCESSES && self.profile.crash_at.is_none() {
            match task {
                Some(task) => self.start_worker(task),
                None => drop(self.start(install, Work::Sync { dry_run: false })),
            }
        }
    }
}

fn label(end: &Result<Ended, StateError>) -> String {
    let label = match end {
        Ok(Ended::Ran(summary)) => summary.outcome.code(),
        Ok(Ended::Joined(_)) => "(joined)",
        Ok(Ended::Refused(_)) => "(refused)",
        Ok(Ended::Stopped) => "(stopped)",
        Err(StateError::Fenced) => "(fenced)",
        Err(_) => "(state failed)",
    };
    label.to_owned()
}
