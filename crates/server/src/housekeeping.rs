//! Deletes history that is older than it is to be kept, in small steps.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::Service;

/// How often somebody looks.
const EVERY: Duration = Duration::from_hours(1);
/// Rows deleted in one transaction, for which a run's own commits wait.
const ROWS: u32 = 1_000;
/// The pause between two.
const PAUSE: Duration = Duration::from_millis(250);

/// Deletes what is too old, until `stop`.
pub async fn prune_history(service: Arc<Service>, stop: CancellationToken) {
    let keep = i64::try_from(service.settings.keep.as_millis()).unwrap_or(i64::MAX);
    loop {
        let before = service.clock.now().saturating_sub(keep);
        let wait = match service.state.prune(before, ROWS).await {
            Ok(0) => EVERY,
            Ok(_) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "old history could not be deleted");
                EVERY
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => return,
        }
    }
}
