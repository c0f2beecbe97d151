//! The one place where this crate reads the time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::catalog::Timestamp;

/// A wall clock that never runs backwards: the system's time at the start plus the time that has passed since.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    start: Instant,
    started_at: Timestamp,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the one place where this crate reads the time")]
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { start: Instant::now(), started_at: Timestamp::from_millis(millis(since_epoch)) }
    }

    /// Time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// The time of day, for `lastUpdated`.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.started_at.millis().saturating_add(millis(self.elapsed())))
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
