//! What a background task is, and what an activation of it gives.

use std::future::Future;
use std::sync::Arc;

use domain::{ShopName, UnixMillis};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::Service;

/// A piece of work that the service does without a request.
pub(crate) trait BackgroundTask: Send + Sync + Sized + 'static {
    /// Its name, which programs read: the name of its file.
    const NAME: &'static str;
    /// What it does, in one English sentence.
    const DESCRIPTION: &'static str;
    /// What one activation did.
    type Report: Send + 'static;

    /// The task; `None` where this process has no use for it.
    fn new(setup: &Setup) -> Option<Self>;

    /// Wakes the task before its time. By default no other part of the service holds a clone.
    fn activator(&self) -> Activator {
        Activator::default()
    }

    /// Does one step. Activations of one task never overlap. A task logs its own failures.
    fn activate(&self, now: UnixMillis) -> impl Future<Output = Activation<Self::Report>> + Send;

    /// Waits for what activations have started and completes what they left. Called once, after the last activation
    /// of every task.
    fn finish(&self) -> impl Future<Output = ()> + Send {
        async {}
    }
}

/// What one activation of a task gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Activation<R> {
    /// What it did; `None` where a failure kept it from doing anything.
    pub(crate) report: Option<R>,
    /// Why it failed; `None` where it succeeded.
    pub(crate) error: Option<String>,
    /// When the task runs again.
    pub(crate) next: Next,
}

impl<R> Activation<R> {
    /// One that succeeded.
    pub(crate) fn succeeded(report: R, next: Next) -> Self {
        Self { report: Some(report), error: None, next }
    }

    /// One that did nothing because of `error`.
    pub(crate) fn failed(error: &impl ToString, next: Next) -> Self {
        Self { report: None, error: Some(error.to_string()), next }
    }
}

/// When a task runs again, unless it is activated earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// So many milliseconds after the end of this activation.
    After(i64),
    /// At this moment; at once where it is past.
    At(UnixMillis),
    /// Only when it is activated.
    OnActivation,
}

/// Wakes a background task before its time. All clones wake the same task. An activation that arrives while the task
/// works is kept: the task then runs once more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Activator(Arc<Notify>);

impl Activator {
    /// Makes the task run now.
    pub(crate) fn activate(&self) {
        self.0.notify_one();
    }

    /// Waits for the next activation.
    pub(crate) async fn activated(&self) {
        self.0.notified().await;
    }
}

/// What a process is for, which decides the background tasks that it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// It serves the API, fills the schedule and executes tasks.
    Serve,
    /// It executes tasks beside a process that serves.
    Worker,
    /// It executes tasks of this shop that write nothing, for the dry run of a check-up.
    DryRuns(ShopName),
}

/// What tasks are made of.
pub(crate) struct Setup {
    pub(crate) service: Arc<Service>,
    pub(crate) role: Role,
    /// Cancelled when the process is to stop.
    pub(crate) stop: CancellationToken,
}
