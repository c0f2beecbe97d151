//! Deletes history that is older than the settings keep it, in small steps.

use std::sync::Arc;

use api_types::PruningReport;
use domain::UnixMillis;
use sync::ports::StateError;

use super::{Activation, BackgroundTask, Next, Role, Setup};
use crate::Service;

/// The pause while nothing is left to delete, or after a failure, in milliseconds.
const IDLE_MS: i64 = 60 * 60 * 1_000;
/// Rows deleted in one transaction. The commits of a run wait for it.
const ROWS: u32 = 1_000;
/// The pause between two transactions, in milliseconds.
const PAUSE_MS: i64 = 250;

/// Deletes one step of old history per activation.
pub(super) struct Pruning {
    service: Arc<Service>,
}

impl BackgroundTask for Pruning {
    const NAME: &'static str = "pruning";
    const DESCRIPTION: &'static str = "Deletes history that is older than history_days";
    type Report = PruningReport;

    fn new(setup: &Setup) -> Option<Self> {
        let is_wanted = !matches!(setup.role, Role::DryRuns(_));
        is_wanted.then(|| Self { service: Arc::clone(&setup.service) })
    }

    async fn activate(&self, now: UnixMillis) -> Activation<PruningReport> {
        match self.prune(now).await {
            Ok(report) => {
                let pause = if report.deleted_rows == 0 { IDLE_MS } else { PAUSE_MS };
                Activation::succeeded(report, Next::After(pause))
            }
            Err(error) => {
                tracing::warn!(%error, "old history could not be deleted");
                Activation::failed(&error, Next::After(IDLE_MS))
            }
        }
    }
}

impl Pruning {
    /// Deletes one step, unless the clock cannot be believed: a clock that is ahead would make all history old.
    async fn prune(&self, now: UnixMillis) -> Result<PruningReport, StateError> {
        let state = &self.service.state;
        if self.service.clock_jump().is_some() || !state.is_clock_believed(now).await? {
            return Ok(PruningReport { deleted_rows: 0, waits_for_clock: true });
        }
        let keep_ms = i64::try_from(self.service.settings.keep.as_millis()).unwrap_or(i64::MAX);
        let deleted_rows = state.prune(now.saturating_sub(keep_ms), ROWS).await?;
        Ok(PruningReport { deleted_rows, waits_for_clock: false })
    }
}
