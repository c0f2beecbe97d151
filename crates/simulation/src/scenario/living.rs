//! A process that is not over yet.

use std::pin::Pin;

use domain::UnixMillis;
use sync::Ended;
use sync::ports::StateError;
use tokio_util::sync::CancellationToken;

use crate::world::Pid;

/// A call of `sync::execute` on its way.
pub(super) type Execution = Pin<Box<dyn Future<Output = Result<Ended, StateError>>>>;

pub(super) struct Living {
    pub(super) pid: Pid,
    pub(super) install: usize,
    pub(super) execution: Execution,
    pub(super) stop: CancellationToken,
    pub(super) stopped_until: UnixMillis,
    /// Whether it must be polled though no yield point of its own was let go.
    pub(super) poked: bool,
}

impl Living {
    pub(super) fn is_stopped(&self, now: UnixMillis) -> bool {
        self.stopped_until > now
    }
}
