//! The clock port.

use async_trait::async_trait;
use domain::UnixMillis;

/// The clock of a run. Tests use one that they advance by hand.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Now, in milliseconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> UnixMillis;

    /// Milliseconds since some moment in the past. They also pass while the machine sleeps, and setting the clock does
    /// not change them. A clock that cannot be set shows its time of day.
    fn steady(&self) -> i64 {
        self.now()
    }

    /// Waits until `moment`; returns at once if it is past.
    async fn sleep_until(&self, moment: UnixMillis);
}
