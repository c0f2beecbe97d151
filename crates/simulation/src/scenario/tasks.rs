//! Runs as tasks of the service: accepted, worked on, and continued until each has its end.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use sync::ports::{Accepted, NewTask, RunRecord, Tasks};
use sync::{Work, alive_at, task_of};

use super::Simulation;
use super::start::request;
use crate::check::Check;
use crate::profile::Fault;

/// How many workers are started after the faults stop. Each open task needs one.
const MAX_ATTEMPTS: usize = 20;

impl Simulation {
    /// Requests `work`: either in a process of its own or as a task.
    pub(super) fn start_work(&mut self, work: Work) {
        if self.injects(Fault::Task) {
            self.accept(work);
        } else {
            self.start(0, work);
        }
    }

    /// The service accepts a request or joins it to a task. Then a worker starts on an open task that has no worker.
    fn accept(&mut self, work: Work) {
        let run = self.next_run();
        let (installation, now) = {
            let sim = self.sim.lock();
            (sim.installations[0].clone(), sim.now + sim.clock_ms)
        };
        let task = NewTask { run: task_of(&request(run, work), now), slot: None, key: None };
        let answer =
            poll_ready(installation.store.accept(&task, now, &alive_at(now))).expect("memory does not fail");
        {
            let mut sim = self.sim.lock();
            sim.note(format_args!("   task {}: {answer:?}", task.run.id));
            if answer == Accepted::New {
                let clock_ms = sim.clock_ms;
                sim.heard_of(0, &task.run, clock_ms, now - clock_ms);
            }
            if let Accepted::Joined(record) = &answer {
                let step = sim.step;
                sim.observations.joined.insert(record.run.id.clone(), step);
            }
        }
        let label = match answer {
            Accepted::New => "(accepted)",
            Accepted::Joined(_) => "(joined a task)",
            _ => "(not accepted)",
        };
        *self.outcomes.entry(label.to_owned()).or_default() += 1;
        let open = poll_ready(installation.store.open_tasks()).expect("memory does not fail");
        let free = |task: &&RunRecord| !self.running.iter().any(|one| one.works_on(&task.run.id));
        if let Some(task) = open.iter().find(free) {
            self.start_worker(task.run.clone());
        }
    }

    /// I7: every task that was accepted reaches an end.
    pub(super) fn finish_open_tasks(&mut self) {
        let installation = { self.sim.lock().installations[0].clone() };
        let open = || poll_ready(installation.store.open_tasks()).expect("memory does not fail");
        for _ in 0..MAX_ATTEMPTS {
            let Some(oldest) = open().into_iter().next() else { break };
            if self.has_violation() {
                return;
            }
            self.start_worker(oldest.run);
            self.run_until_idle();
        }
        if let Some(RunRecord { run, status, .. }) = open().first() {
            let text = format!("task {} is {status} for ever", run.id);
            self.sim.lock().report_violation(Check::RunWithoutEnd, format_args!("{text}"));
        }
        for (record, _) in installation.store.all_runs().iter().filter(|(record, _)| record.run.durable) {
            let label = format!("(task) {} at attempt {}", record.status, record.attempt);
            *self.outcomes.entry(label).or_default() += 1;
        }
    }
}

/// The result of a future that never waits.
fn poll_ready<T>(ready: impl Future<Output = T>) -> T {
    match pin!(ready).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the state in memory never waits"),
    }
}
