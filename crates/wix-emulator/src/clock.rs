//! The one place where this crate reads the time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::stamp::Stamp;

/// Wall time that never runs backwards: the system's time at the start plus the time that has passed since.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    began: Instant,
    began_at: Stamp,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the one place where this crate reads the time")]
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { began: Instant::now(), began_at: Stamp::from_millis(millis(since_epoch)) }
    }

    /// Time since the start; what windows are measured in.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// The time of day, as it stands in `lastUpdated`.
    pub(crate) fn now(&self) -> Stamp {
        Stamp::from_millis(self.began_at.millis().saturating_add(millis(self.elapsed())))
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
