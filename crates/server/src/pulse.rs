//! Whether the state database can be written to.

use domain::UnixMillis;
use sync::ports::{StateError, Watch};
use tokio::sync::Mutex;

/// For how long a success stands, in milliseconds: whoever asks without a token must not keep the disk busy.
const STANDS_MS: i64 = 10_000;

/// When it was last seen that it can.
#[derive(Default)]
pub(crate) struct Pulse(Mutex<Option<UnixMillis>>);

impl Pulse {
    /// Writes a mark, unless that has just been done. A failure is not remembered: the next one tries again.
    pub(crate) async fn beat(
        &self,
        state: &(impl Watch + ?Sized),
        now: UnixMillis,
    ) -> Result<(), StateError> {
        let mut last = self.0.lock().await;
        if last.is_some_and(|at| (at..at + STANDS_MS).contains(&now)) {
            return Ok(());
        }
        *last = None;
        state.mark(now).await?;
        *last = Some(now);
        Ok(())
    }
}
