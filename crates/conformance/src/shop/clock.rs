//! A clock for whole runs.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use async_trait::async_trait;
use domain::UnixMillis;
use sync::ports::Clock;

/// A clock that jumps to each moment that is waited for, until it is stopped.
#[derive(Default)]
pub struct JumpingClock {
    now: AtomicI64,
    is_stopped: AtomicBool,
}

impl JumpingClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn at(now: UnixMillis) -> Self {
        Self { now: AtomicI64::new(now), ..Self::default() }
    }

    /// From now on a wait has no end; `false`: it jumps again.
    pub fn stop(&self, is_stopped: bool) {
        self.is_stopped.store(is_stopped, Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for JumpingClock {
    fn now(&self) -> UnixMillis {
        self.now.load(Ordering::Relaxed)
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        if self.is_stopped.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        self.now.fetch_max(moment, Ordering::Relaxed);
    }
}
