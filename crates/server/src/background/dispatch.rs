//! Starts waiting tasks, one at a time for each shop, and sees each to its end.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api_types::DispatchReport;
use domain::{RunSummary, ShopName, UnixMillis};
use sync::TaskEnd;
use sync::ports::{NewRun, StateError};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Activation, Activator, BackgroundTask, Next, Role, Setup};
use crate::{Service, WorkError, metrics};

/// The pause between two searches for open tasks, unless a search is requested, in milliseconds.
const LOOK_EVERY_MS: i64 = 1_000;
/// The pause between two checks whether a task was canceled, in milliseconds.
const WATCH_EVERY_MS: i64 = 500;
/// How long a shop is left alone after a task of it could not be recorded, in milliseconds.
const AFTER_FAILURE_MS: i64 = 5_000;

/// Starts, per activation, the oldest task of every shop on which this process does not work yet.
pub(super) struct Dispatch(Arc<Shared>);

struct Shared {
    service: Arc<Service>,
    /// Cancelled when the process stops: runs then end at their next safe point, and their tasks are handed back.
    stop: CancellationToken,
    /// Shops on which this process works.
    busy: Mutex<BTreeSet<ShopName>>,
    runs: TaskTracker,
    /// Starts only tasks of this shop that write nothing.
    only_dry_runs_of: Option<ShopName>,
}

impl BackgroundTask for Dispatch {
    const NAME: &'static str = "dispatch";
    const DESCRIPTION: &'static str = "Starts waiting tasks, one at a time for each shop";
    type Report = DispatchReport;

    fn new(setup: &Setup) -> Option<Self> {
        let only_dry_runs_of = match &setup.role {
            Role::DryRuns(shop) => Some(shop.clone()),
            Role::Serve | Role::Worker => None,
        };
        Some(Self(Arc::new(Shared {
            service: Arc::clone(&setup.service),
            stop: setup.stop.clone(),
            busy: Mutex::default(),
            runs: TaskTracker::new(),
            only_dry_runs_of,
        })))
    }

    fn activator(&self) -> Activator {
        self.0.service.dispatch.clone()
    }

    async fn activate(&self, _: UnixMillis) -> Activation<DispatchReport> {
        let next = Next::After(LOOK_EVERY_MS);
        match self.0.start_tasks().await {
            Ok(report) => Activation::succeeded(report, next),
            Err(error) => {
                tracing::error!(%error, "open tasks cannot be looked up");
                Activation::failed(&error, next)
            }
        }
    }

    async fn finish(&self) {
        self.0.runs.close();
        self.0.runs.wait().await;
    }
}

impl Shared {
    async fn start_tasks(self: &Arc<Self>) -> Result<DispatchReport, StateError> {
        let open = self.service.state.open_tasks().await?;
        let (open_tasks, mut started_tasks) = (open.len(), 0);
        for record in open {
            let task = record.run;
            if self.may_start(&task).await? && self.busy().insert(task.shop.clone()) {
                started_tasks += 1;
                let own = Arc::clone(self);
                self.runs.spawn(async move { own.execute(task).await });
            }
        }
        let busy_shops = self.busy().iter().map(ToString::to_string).collect();
        Ok(DispatchReport { open_tasks, started_tasks, busy_shops })
    }

    async fn may_start(&self, task: &NewRun) -> Result<bool, StateError> {
        let is_configured = self.service.settings.shops.iter().any(|(shop, _)| *shop == task.shop);
        let is_paused = !task.dry_run() && self.service.state.paused_since(&task.shop).await?.is_some();
        let writes = !task.dry_run();
        let is_meant = self.only_dry_runs_of.as_ref().is_none_or(|shop| *shop == task.shop && !writes);
        Ok(is_configured && !is_paused && is_meant)
    }

    fn busy(&self) -> MutexGuard<'_, BTreeSet<ShopName>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Executes a task on a thread of its own, because a plan of a million SKUs must not hold up requests to the API.
    async fn execute(self: Arc<Self>, task: NewRun) {
        let shop = task.shop.clone();
        let own = Arc::clone(&self);
        let handle = Handle::current();
        let ended =
            tokio::task::spawn_blocking(move || handle.block_on(async { own.execute_task(&task).await }))
                .await;
        let has_failed = match ended {
            Ok(Ok(())) => false,
            Ok(Err(error)) => {
                tracing::error!(shop.name = %shop, %error, "a task was left before its end; it is taken up again");
                true
            }
            Err(error) => {
                tracing::error!(shop.name = %shop, %error, "a run panicked; its task is taken over");
                true
            }
        };
        if has_failed {
            tokio::select! {
                () = self.sleep(AFTER_FAILURE_MS) => {}
                () = self.stop.cancelled() => {}
            }
        }
        self.busy().remove(&shop);
        self.service.dispatch.activate();
    }

    /// Waits until the shop is free, and executes the task.
    async fn execute_task(&self, task: &NewRun) -> Result<(), WorkError> {
        let stop = self.stop.child_token();
        let worked = tokio::select! {
            biased;
            worked = self.service.gateway.execute_task(task, &stop) => worked?,
            never = self.stop_when_canceled(task, &stop) => match never {},
        };
        if let TaskEnd::Ended(summary) = worked {
            self.record_end(&summary);
        }
        Ok(())
    }

    /// Stops a run whose task was canceled, by this process or another one, and the wait for a task that has ended.
    async fn stop_when_canceled(&self, task: &NewRun, stop: &CancellationToken) -> Infallible {
        loop {
            self.sleep(WATCH_EVERY_MS).await;
            // A record that cannot be read now is read at the next check.
            let record = self.service.state.get(&task.id).await.ok().flatten();
            if record.is_some_and(|record| record.cancel_asked || record.status.is_ready()) {
                stop.cancel();
            }
        }
    }

    fn record_end(&self, summary: &RunSummary) {
        metrics::run_ended(summary);
        self.service.good_runs.add(summary);
    }

    async fn sleep(&self, ms: i64) {
        let clock = &self.service.clock;
        clock.sleep_until(clock.now().saturating_add(ms)).await;
    }
}
