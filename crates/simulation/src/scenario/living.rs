//! A process that is not over yet.

use std::pin::Pin;

use domain::{RunId, UnixMillis};
use sync::Ended;
use sync::ports::{NewRun, StateError};
use tokio_util::sync::CancellationToken;

use crate::world::Pid;

/// A call of `sync::execute` or `sync::execute_task` on its way.
pub(super) type Execution = Pin<Box<dyn Future<Output = Result<Ended, StateError>>>>;

pub(super) struct Living {
    pub(super) pid: Pid,
    pub(super) install: usize,
    pub(super) execution: Execution,
    pub(super) stop: CancellationToken,
    pub(super) stopped_until: UnixMillis,
    /// The task that it works off.
    pub(super) task: Option<NewRun>,
    /// Whether it must be polled though no yield point of its own was let go.
    pub(super) poked: bool,
}

impl Living {
    /// Whether it works this task off.
    pub(super) fn works_on(&self, task: &RunId) -> bool {
        self.task.as_ref().is_some_and(|own| own.id == *task)
    }

    pub(super) fn is_stopped(&self, now: UnixMillis) -> bool {
        self.stopped_until > now
    }
}
