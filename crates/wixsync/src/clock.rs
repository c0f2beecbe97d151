//! The real clock, and ids for new runs: the only places where time and randomness come from.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use domain::{RunId, UnixMillis};
use sync::ports::Clock;

/// The clock of one run: the time of day at its start, plus the time that has passed since, including the machine's
/// sleep. Setting the machine's clock during the run does not shorten its waits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock {
    began_at: UnixMillis,
    began: steady::Moment,
}

impl SystemClock {
    /// A clock that shows the machine's time of day now.
    #[expect(clippy::disallowed_methods, reason = "this is the Clock port's real implementation")]
    pub(crate) fn start() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { began_at: millis(since), began: steady::now() }
    }
}

/// The machine's time of day. It is for timestamps, not for waiting.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WallClock;

#[async_trait]
impl Clock for WallClock {
    fn now(&self) -> UnixMillis {
        SystemClock::start().now()
    }

    fn steady(&self) -> i64 {
        steady::passed()
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        SystemClock::start().sleep_until(moment).await;
    }
}

/// Time that only grows, since some moment in the past.
pub(crate) fn steady() -> Duration {
    Duration::from_millis(u64::try_from(steady::passed()).unwrap_or(0))
}

/// Random bits for secrets.
pub(crate) fn random_bits() -> Result<[u8; 32], getrandom::Error> {
    let mut bits = [0; 32];
    getrandom::fill(&mut bits)?;
    Ok(bits)
}

fn millis(length: Duration) -> UnixMillis {
    UnixMillis::try_from(length.as_millis()).unwrap_or(UnixMillis::MAX)
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> UnixMillis {
        self.began_at.saturating_add(millis(steady::since(self.began)))
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        let wait = u64::try_from(moment.saturating_sub(self.now())).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}

/// Time that only grows, and grows also while the machine sleeps.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod steady {
    use std::time::Duration;

    use rustix::time::{ClockId, Timespec, clock_gettime};

    pub(super) type Moment = Timespec;

    pub(super) fn now() -> Moment {
        clock_gettime(ClockId::Boottime)
    }

    pub(super) fn since(moment: Moment) -> Duration {
        let passed = now() - moment;
        Duration::try_from(passed).unwrap_or_default()
    }

    /// Milliseconds since the machine was started.
    pub(super) fn passed() -> i64 {
        super::millis(Duration::try_from(now()).unwrap_or_default())
    }
}

/// Elsewhere the standard library's: whether it counts the machine's sleep is up to the system.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod steady {
    use std::sync::OnceLock;
    use std::time::{Duration, Instant};

    pub(super) type Moment = Instant;

    #[expect(clippy::disallowed_methods, reason = "this is the Clock port's real implementation")]
    pub(super) fn now() -> Moment {
        Instant::now()
    }

    pub(super) fn since(moment: Moment) -> Duration {
        moment.elapsed()
    }

    /// Milliseconds since this was first asked.
    pub(super) fn passed() -> i64 {
        static FIRST: OnceLock<Instant> = OnceLock::new();
        super::millis(FIRST.get_or_init(now).elapsed())
    }
}

/// A new run's id; ids made later sort later.
#[expect(clippy::disallowed_methods, reason = "this is where run ids come from")]
pub(crate) fn new_run_id() -> RunId {
    RunId::new(&uuid::Uuid::now_v7().to_string())
}
