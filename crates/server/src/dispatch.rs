//! Picks open tasks up, one at a time for each shop, and sees each to its end.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{RunKind, RunSummary, ShopName};
use sync::Worked;
use sync::ports::{NewRun, RunRecord, StateError};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::watchdog::tell_dead_man;
use crate::{Service, metrics};

/// How often open tasks are looked for, when nobody rings.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often one looks whether a task was cancelled.
const WATCH_EVERY: Duration = Duration::from_millis(500);
/// How long a shop is left alone after a task of it could not be recorded.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Works tasks off until it is stopped.
pub struct Dispatcher {
    service: Arc<Service>,
    stop: CancellationToken,
    /// Shops that this process works on.
    busy: Mutex<BTreeSet<ShopName>>,
    working: TaskTracker,
    /// Takes up nothing but what writes nothing in this shop.
    rehearses: Option<ShopName>,
}

impl Dispatcher {
    /// One that works until `stop`: then runs end at their next safe point, and their tasks are handed back.
    #[must_use]
    pub fn new(service: Arc<Service>, stop: CancellationToken) -> Arc<Self> {
        Self::of(service, stop, None)
    }

    /// One that takes up tasks of one shop alone which write nothing: for a rehearsal.
    #[must_use]
    pub fn of_dry_runs(service: Arc<Service>, shop: ShopName, until: CancellationToken) -> Arc<Self> {
        Self::of(service, until, Some(shop))
    }

    fn of(service: Arc<Service>, stop: CancellationToken, rehearses: Option<ShopName>) -> Arc<Self> {
        let (busy, working) = (Mutex::default(), TaskTracker::new());
        Arc::new(Self { service, stop, busy, working, rehearses })
    }

    /// Works until it is stopped and every run that it began has ended.
    pub async fn run(self: Arc<Self>) {
        while !self.stop.is_cancelled() {
            if let Err(error) = self.look().await {
                tracing::error!(%error, "open tasks cannot be looked up");
            }
            tokio::select! {
                () = self.service.bell.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = self.stop.cancelled() => {}
            }
        }
        self.working.close();
        self.working.wait().await;
    }

    /// Begins the oldest task of every shop that this process does not work on.
    async fn look(self: &Arc<Self>) -> Result<(), StateError> {
        for RunRecord { run, .. } in self.service.state.open_tasks().await? {
            let configured = self.service.settings.shops.iter().any(|(shop, _)| *shop == run.shop);
            let paused = !run.dry_run && self.service.state.paused_since(&run.shop).await?.is_some();
            let writes = run.kind != RunKind::Plan && !run.dry_run;
            let is_meant = self.rehearses.as_ref().is_none_or(|shop| *shop == run.shop && !writes);
            let wanted = configured && !paused && is_meant;
            if wanted && self.busy().insert(run.shop.clone()) {
                let own = Arc::clone(self);
                self.working.spawn(async move { own.see_to_its_end(run).await });
            }
        }
        Ok(())
    }

    fn busy(&self) -> MutexGuard<'_, BTreeSet<ShopName>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn see_to_its_end(self: Arc<Self>, task: NewRun) {
        let shop = task.shop.clone();
        let own = Arc::clone(&self);
        let handle = Handle::current();
        // On a thread of its own: a plan of a million SKUs must not hold up who asks the API.
        let worked =
            tokio::task::spawn_blocking(move || handle.block_on(async { own.work(&task).await })).await;
        let failed = match worked {
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
        if failed {
            tokio::select! {
                () = tokio::time::sleep(AFTER_FAILURE) => {}
                () = self.stop.cancelled() => {}
            }
        }
        self.busy().remove(&shop);
        self.service.bell.notify_one();
    }

    /// Waits for the shop, and works the task off.
    async fn work(&self, task: &NewRun) -> Result<(), StateError> {
        let stop = self.stop.child_token();
        let worked = tokio::select! {
            biased;
            worked = self.service.gateway.work_off(task, &stop) => worked?,
            never = self.watch(task, &stop) => match never {},
        };
        if let Worked::Ended(summary) = worked {
            self.tell_end(&summary).await;
        }
        Ok(())
    }

    /// Stops a run whose task was cancelled, in this process or in another, and the wait for one that is over.
    async fn watch(&self, task: &NewRun, stop: &CancellationToken) -> std::convert::Infallible {
        loop {
            tokio::time::sleep(WATCH_EVERY).await;
            // What cannot be read now is read at the next look.
            let record = self.service.state.get(&task.id).await.ok().flatten();
            if record.is_some_and(|record| record.cancel_asked || record.status.is_ready()) {
                stop.cancel();
            }
        }
    }

    async fn tell_end(&self, summary: &RunSummary) {
        metrics::run_ended(summary);
        if let Some(url) = &self.service.settings.dead_man_url {
            tell_dead_man(url, summary.outcome).await;
        }
    }
}
