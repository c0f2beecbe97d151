//! A process that has not ended yet.

use std::pin::Pin;

use domain::{RunId, UnixMillis};
use sync::Ended;
use sync::ports::{NewRun, StateError};
use tokio_util::sync::CancellationToken;

use crate::yield_point::Pid;

/// A pending call of `sync::execute` or `sync::execute_task`.
pub(super) type Execution = Pin<Box<dyn Future<Output = Result<Ended, StateError>>>>;

pub(super) struct RunningProcess {
    pub(super) pid: Pid,
    pub(super) install: usize,
    pub(super) execution: Execution,
    pub(super) stop: CancellationToken,
    pub(super) paused_until: UnixMillis,
    /// The task that it works on, if any.
    pub(super) task: Option<NewRun>,
    /// Whether it must be polled even though none of its yield points was released.
    pub(super) must_poll: bool,
}

impl RunningProcess {
    /// Whether it works on this task.
    pub(super) fn works_on(&self, task: &RunId) -> bool {
        self.task.as_ref().is_some_and(|own| own.id == *task)
    }

    pub(super) fn is_paused(&self, now: UnixMillis) -> bool {
        self.paused_until > now
    }
}
