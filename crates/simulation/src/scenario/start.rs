//! A process starts.

use std::sync::atomic::AtomicU64;

use domain::{Policy, RunId, RunKind, Scope, WriteBatch};
use sync::ports::NewRun;
use sync::{Budget, Ended, RunRequest, RunSettings, TaskEnd, Work};
use tokio_util::sync::CancellationToken;

use super::Simulation;
use super::living::{Execution, Living};
use crate::oracle::Watch;
use crate::process::Process;
use crate::profile::Broken;
use crate::world::{Pid, shop_name};

impl Simulation {
    /// A process of `install` starts with `work`.
    pub(super) fn start(&mut self, install: usize, mut work: Work) -> Pid {
        let run = self.next_run();
        let nothing = matches!(work, Work::Plan | Work::Sync { dry_run: true });
        let process = self.process(install, run.clone(), work.kind(), nothing);
        self.world.lock().note(format_args!("p{}: {work:?}", process.pid));
        if let (Work::Sync { dry_run }, Some(Broken::LoseDryRun)) = (&mut work, self.profile.broken) {
            *dry_run = false;
        }
        let request = request(run, work);
        let settings = self.settings();
        let pid = process.pid;
        let stop = CancellationToken::new();
        let token = stop.clone();
        let execution: Execution =
            Box::pin(async move { sync::execute(&process.ports(&token), &request, &settings).await });
        self.living.push(Living { pid, install, execution, stop, stopped_until: 0, task: None, poked: true });
        pid
    }

    /// A process works a task of the first installation off.
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
        self.living.push(Living { pid, install: 0, execution, stop, stopped_until: 0, task, poked: true });
    }

    pub(super) fn next_run(&mut self) -> RunId {
        self.started += 1;
        RunId::new(&format!("r{}", self.started))
    }

    /// A process under the eyes of the oracle.
    fn process(&self, install: usize, run: RunId, kind: RunKind, writes_nothing: bool) -> Process {
        let mut world = self.world.lock();
        let (began, began_at) = (world.step, world.now);
        let clock_ms = world.clock_ms;
        let pid = world.oracle.add(Watch {
            install,
            run: Some(run.clone()),
            kind: Some(kind),
            writes_nothing,
            began,
            began_at,
            clock_ms,
            lively: true,
            ..Watch::default()
        });
        world.note(format_args!("p{pid} starts {run} for installation {install}"));
        Process {
            world: self.world.clone(),
            pid,
            install,
            installed: world.installations[install].clone(),
            run,
            requests: AtomicU64::new(0),
            broken: self.profile.broken,
            clock_ms,
        }
    }

    fn settings(&self) -> RunSettings {
        let limit = WriteBatch::new(self.profile.write_batch).expect("1 to 300");
        let no_limit = self.profile.broken == Some(Broken::IgnoreLimit);
        RunSettings {
            write_batch: if no_limit { WriteBatch::MAX } else { limit },
            settle_ms: self.profile.settle_ms,
            budget: Budget::default(),
            state: "memory".to_owned(),
        }
    }
}

/// A request for a whole run.
pub(super) fn request(run: RunId, work: Work) -> RunRequest {
    RunRequest { id: run, shop: shop_name(), work, scope: Scope::All, policy: Policy::default() }
}
