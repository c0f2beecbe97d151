//! A clock for tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use domain::UnixMillis;
use sync::ports::Clock;
use tokio::sync::watch;

/// Shows the moment that a test has set.
pub(super) struct HandClock {
    shown: watch::Sender<UnixMillis>,
    /// How far it was set, as an operator sets a clock.
    moved: AtomicI64,
}

impl HandClock {
    /// One that shows 1970.
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { shown: watch::Sender::new(0), moved: AtomicI64::new(0) })
    }

    /// Lets time pass until it shows `now`, or turns it back.
    pub(super) fn set(&self, now: UnixMillis) {
        self.shown.send_replace(now);
    }

    /// Moves it by `ms` while no time passes.
    pub(super) fn correct(&self, ms: i64) {
        self.moved.fetch_add(ms, Ordering::Relaxed);
        self.shown.send_modify(|now| *now += ms);
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> UnixMillis {
        *self.shown.borrow()
    }

    fn steady(&self) -> i64 {
        self.now() - self.moved.load(Ordering::Relaxed)
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        self.shown.subscribe().wait_for(|now| *now >= moment).await.unwrap();
    }
}
