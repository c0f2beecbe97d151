//! Time, as an argument.

use async_trait::async_trait;
use domain::UnixMillis;

/// The clock of a run. Real in the program, turned by hand in tests.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Now, in milliseconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> UnixMillis;

    /// Returns when `moment` has come, at once if it is past.
    async fn sleep_until(&self, moment: UnixMillis);
}
