//! The start of processes.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64};

use domain::{Policy, RunId, RunKind, Scope, Starter, WriteBatch};
use sync::ports::NewRun;
use sync::{Budget, Ended, RunRequest, RunSettings, TaskEnd, Work};
use tokio_util::sync::CancellationToken;

use super::Simulation;
use super::running::{Execution, RunningProcess};
use crate::constants::shop_name;
use crate::process::Process;
use crate::profile::Defect;
use crate::state::ProcessWatch;
use crate::yield_point::Pid;

impl Simulation {
    /// Starts a process of `install` that does `work`.
    pub(super) fn start(&mut self, install: usize, mut work: Work) -> Pid {
        let run = self.next_run();
        let nothing = matches!(work, Work::Plan | Work::Sync { dry_run: true });
        let process = self.process(install, run.clone(), work.kind(), nothing);
        self.sim.lock().note(format_args!("p{}: {work:?}", process.pid));
        if let (Work::Sync { dry_run }, Some(Defect::IgnoreDryRun)) = (&mut work, self.profile.defect) {
            *dry_run = false;
        }
        let request = request(run, work);
        let settings = self.settings();
        let pid = process.pid;
        let stop = CancellationToken::new();
        let token = stop.clone();
        let execution: Execution =
            Box::pin(async move { sync::execute(&process.ports(&token), &request, &settings).await });
        self.running.push(RunningProcess {
            pid,
            install,
            execution,
            stop,
            paused_until: 0,
            task: None,
            must_poll: true,
        });
        pid
    }

    /// Starts a process that works on a task of the first installation.
    pub(super) fn start_worker(&mut self, task: NewRun) {
        self.started += 1;
        let process = self.process(0, task.id.clone(), task.kind(), task.dry_run());
        let (pid, settings, stop) = (process.pid, self.settings(), CancellationToken::new());
        let (token, own) = (stop.clone(), task.clone());
        let execution: Execution = Box::pin(async move {
            let worked = sync::execute_task(&process.ports(&token), &own, &settings).await?;
            Ok(match worked {
                TaskEnd::Ended(summary) => Ended::Ran(summary),
                TaskEnd::HandedBack | TaskEnd::Over => Ended::Stopped,
            })
        });
        let task = Some(task);
        self.running.push(RunningProcess {
            pid,
            install: 0,
            execution,
            stop,
            paused_until: 0,
            task,
            must_poll: true,
        });
    }

    pub(super) fn next_run(&mut self) -> RunId {
        self.started += 1;
        RunId::new(&format!("r{}", self.started))
    }

    /// Makes a process and registers it with the oracle.
    fn process(&self, install: usize, run: RunId, kind: RunKind, writes_nothing: bool) -> Process {
        let mut sim = self.sim.lock();
        let (began, began_at) = (sim.step, sim.now);
        let clock_ms = sim.clock_ms;
        let pid = sim.observations.add(ProcessWatch {
            install,
            run: Some(run.clone()),
            kind: Some(kind),
            writes_nothing,
            began,
            began_at,
            clock_ms,
            is_active: true,
            ..ProcessWatch::default()
        });
        sim.note(format_args!("p{pid} starts {run} for installation {install}"));
        Process {
            sim: self.sim.clone(),
            pid,
            install,
            installation: sim.installations[install].clone(),
            run,
            requests: AtomicU64::new(0),
            defect: self.profile.defect,
            clock_ms,
            catalog: OnceLock::new(),
            rechecked: AtomicBool::new(false),
        }
    }

    fn settings(&self) -> RunSettings {
        let limit = WriteBatch::new(self.profile.write_batch).expect("at least 1");
        let no_limit = self.profile.defect == Some(Defect::IgnoreBatchLimit);
        RunSettings {
            write_batch: if no_limit { WriteBatch::UNLIMITED } else { limit },
            settle_ms: self.profile.settle_ms,
            budget: Budget::default(),
            state: "memory".to_owned(),
        }
    }
}

/// A request for an unfiltered run.
pub(super) fn request(run: RunId, work: Work) -> RunRequest {
    let (scope, policy, starter) = (Scope::All, Policy::default(), Starter::COMMAND_LINE);
    RunRequest { id: run, shop: shop_name(), work, scope, policy, starter }
}
