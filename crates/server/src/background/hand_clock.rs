//! A clock for tests.

use std::sync::Arc;

use async_trait::async_trait;
use domain::UnixMillis;
use sync::ports::Clock;
use tokio::sync::watch;

/// Shows the moment that a test has set.
pub(super) struct HandClock(watch::Sender<UnixMillis>);

impl HandClock {
    /// One that shows 1970.
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(watch::Sender::new(0)))
    }

    /// Turns it forward or back.
    pub(super) fn set(&self, now: UnixMillis) {
        self.0.send_replace(now);
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> UnixMillis {
        *self.0.borrow()
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        self.0.subscribe().wait_for(|now| *now >= moment).await.unwrap();
    }
}
