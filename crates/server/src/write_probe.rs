//! Whether the state database can be written to.

use domain::UnixMillis;
use sync::ports::{StateError, Watch};
use tokio::sync::Mutex;

/// How long a successful write counts, in milliseconds. Readiness needs no token, so requests for it must not be able
/// to keep the disk busy.
const FRESH_MS: i64 = 10_000;

/// Writes to the state database and remembers when that last worked.
#[derive(Default)]
pub(crate) struct WriteProbe(Mutex<Option<UnixMillis>>);

impl WriteProbe {
    /// Writes to the state database, unless a write succeeded in the last ten seconds. After a failure, the next call
    /// tries again.
    pub(crate) async fn check(
        &self,
        state: &(impl Watch + ?Sized),
        now: UnixMillis,
    ) -> Result<(), StateError> {
        let mut last = self.0.lock().await;
        if last.is_some_and(|at| (at..at + FRESH_MS).contains(&now)) {
            return Ok(());
        }
        *last = None;
        state.probe_write(now).await?;
        *last = Some(now);
        Ok(())
    }
}
