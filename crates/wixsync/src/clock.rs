//! The real clock, and ids for new runs: the only places where time and randomness come from.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use domain::{RunId, UnixMillis};
use sync::ports::Clock;

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock port's real implementation")]
    fn now(&self) -> UnixMillis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UnixMillis::try_from(since.as_millis()).unwrap_or(UnixMillis::MAX)
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        let wait = u64::try_from(moment.saturating_sub(self.now())).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}

/// A new run's id; ids made later sort later.
#[expect(clippy::disallowed_methods, reason = "this is where run ids come from")]
pub(crate) fn new_run_id() -> RunId {
    RunId::new(&uuid::Uuid::now_v7().to_string())
}
