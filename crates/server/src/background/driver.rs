//! Runs background tasks until the process stops.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use api_types::{ActivationOutcome, ActivationReason, BackgroundReport};
use async_trait::async_trait;
use domain::UnixMillis;
use futures::FutureExt;
use sync::ports::Clock;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::status::{Board, Entry, Moment};
use super::{Activation, Activator, BackgroundTask, Next, Role, Setup, tasks};
use crate::Service;

/// How long after a panic a task runs again, in milliseconds.
const AFTER_PANIC_MS: i64 = 15_000;

/// Runs every background task of a process.
pub struct Driver {
    tasks: Vec<Runnable>,
    stop: CancellationToken,
}

impl Driver {
    /// The tasks of a process with this role. Their statuses are kept in `service`.
    #[must_use]
    pub fn new(service: Arc<Service>, role: Role, stop: &CancellationToken) -> Self {
        let stop = stop.child_token();
        let tasks = tasks(&Setup { service, role, stop: stop.clone() });
        Self { tasks, stop }
    }

    /// Works until it is stopped, the current activations have ended and every task has finished. Ends early only if
    /// the loop of a task ends early.
    pub async fn run(self) {
        let mut loops = JoinSet::new();
        for task in &self.tasks {
            let (task, stop) = (Arc::clone(task), self.stop.clone());
            loops.spawn(async move { task.run(&stop).await });
        }
        while let Some(ended) = loops.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "the loop of a background task ended early");
            }
            self.stop.cancel();
        }
        for task in &self.tasks {
            task.finish().await;
        }
    }
}

/// A task of any type, as the driver runs it.
pub(super) type Runnable = Arc<dyn Run>;

/// Runs one task.
#[async_trait]
pub(super) trait Run: Send + Sync {
    /// Activates the task whenever it is due or asked for, until `stop`.
    async fn run(&self, stop: &CancellationToken);

    /// Lets the task complete what it has begun.
    async fn finish(&self);
}

/// Runs one task and keeps its status.
pub(super) struct Runner<T: BackgroundTask> {
    task: T,
    activator: Activator,
    clock: Arc<dyn Clock>,
    entry: Entry,
    /// The report of this type, as one of all types.
    report: fn(T::Report) -> BackgroundReport,
}

impl<T: BackgroundTask> Runner<T> {
    /// A runner whose task is listed on `board`.
    pub(super) fn new(
        task: T,
        board: &Board,
        clock: &Arc<dyn Clock>,
        report: fn(T::Report) -> BackgroundReport,
    ) -> Self {
        let entry = board.add(T::NAME, T::DESCRIPTION, Moment::now(&**clock));
        Self { activator: task.activator(), task, clock: Arc::clone(clock), entry, report }
    }

    /// As [`Self::new`], of any type.
    pub(super) fn boxed(
        task: T,
        board: &Board,
        clock: &Arc<dyn Clock>,
        report: fn(T::Report) -> BackgroundReport,
    ) -> Runnable {
        Arc::new(Self::new(task, board, clock, report))
    }

    /// Activates the task once. Gives the moment at which it runs again by itself.
    async fn activate(&self, reason: ActivationReason) -> Option<UnixMillis> {
        let started_at = Moment::now(&*self.clock);
        self.entry.begin(reason, started_at);
        let activated = AssertUnwindSafe(self.task.activate(started_at.shown)).catch_unwind().await;
        let (outcome, activation) = match activated {
            Ok(activation) => match activation.error {
                None => (ActivationOutcome::Succeeded, activation),
                Some(_) => (ActivationOutcome::Failed, activation),
            },
            Err(panic) => {
                let error = panic_text(&*panic);
                tracing::error!(task = T::NAME, %error, "a background task panicked");
                (ActivationOutcome::Panicked, Activation::failed(&error, Next::After(AFTER_PANIC_MS)))
            }
        };
        let finished_at = Moment::now(&*self.clock);
        let next_at = match activation.next {
            Next::After(ms) => Some(finished_at.shown.saturating_add(ms)),
            Next::At(moment) => Some(moment),
            Next::OnActivation => None,
        };
        self.entry.end(outcome, activation.error, activation.report.map(self.report), finished_at, next_at);
        next_at
    }

    async fn wait_until(&self, moment: Option<UnixMillis>) {
        match moment {
            Some(moment) => self.clock.sleep_until(moment).await,
            None => std::future::pending().await,
        }
    }
}

#[async_trait]
impl<T: BackgroundTask> Run for Runner<T> {
    async fn run(&self, stop: &CancellationToken) {
        let mut reason = ActivationReason::Start;
        while !stop.is_cancelled() {
            let next_at = self.activate(reason).await;
            reason = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = self.activator.activated() => ActivationReason::Request,
                () = self.wait_until(next_at) => ActivationReason::Timer,
            };
        }
    }

    async fn finish(&self) {
        if let Err(panic) = AssertUnwindSafe(self.task.finish()).catch_unwind().await {
            let error = panic_text(&*panic);
            tracing::error!(task = T::NAME, %error, "a background task panicked at its end");
        }
    }
}

/// The text of a panic, where it has one.
fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a text").to_owned()
}

#[cfg(test)]
mod tests;
