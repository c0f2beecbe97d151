//! A process starts.

use std::sync::atomic::AtomicU64;

use domain::{Policy, RunId, Scope, WriteBatch};
use sync::{Budget, RunRequest, RunSettings, Work};
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
        self.started += 1;
        let run = RunId::new(&format!("r{}", self.started));
        let process = self.process(install, run.clone(), &work);
        let pid = process.pid;
        if let (Work::Sync { dry_run }, Some(Broken::LoseDryRun)) = (&mut work, self.profile.broken) {
            *dry_run = false;
        }
        let request =
            RunRequest { id: run, shop: shop_name(), work, scope: Scope::All, policy: Policy::default() };
        let settings = self.settings();
        let stop = CancellationToken::new();
        let token = stop.clone();
        let execution: Execution =
            Box::pin(async move { sync::execute(&process.ports(&token), &request, &settings).await });
        self.living.push(Living { pid, install, execution, stop, stopped_until: 0, poked: true });
        pid
    }

    /// A process under the eyes of the oracle.
    fn process(&self, install: usize, run: RunId, work: &Work) -> Process {
        let mut world = self.world.lock();
        let (began, began_at) = (world.step, world.now);
        let clock_ms = world.clock_ms;
        let pid = world.oracle.add(Watch {
            install,
            run: Some(run.clone()),
            kind: Some(work.kind()),
            writes_nothing: matches!(work, Work::Plan | Work::Sync { dry_run: true }),
            began,
            began_at,
            clock_ms,
            lively: true,
            ..Watch::default()
        });
        world.note(format_args!("p{pid} starts {run}: {work:?} for installation {install}"));
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
