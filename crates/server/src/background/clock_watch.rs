//! Watches the machine's clock.

use std::sync::Arc;

use api_types::ClockWatchReport;
use domain::UnixMillis;

use super::{Activation, BackgroundTask, Next, Role, Setup};
use crate::{Service, utc_time};

/// The pause between two looks, in milliseconds.
const LOOK_EVERY_MS: i64 = 5_000;

/// Looks once per activation whether the clock was set.
pub(super) struct ClockWatch {
    service: Arc<Service>,
}

impl BackgroundTask for ClockWatch {
    const NAME: &'static str = "clock_watch";
    const DESCRIPTION: &'static str = "Notices when the machine's clock is set";
    type Report = ClockWatchReport;

    fn new(setup: &Setup) -> Option<Self> {
        let is_wanted = !matches!(setup.role, Role::DryRuns(_));
        is_wanted.then(|| Self { service: Arc::clone(&setup.service) })
    }

    async fn activate(&self, now: UnixMillis) -> Activation<ClockWatchReport> {
        let jump = self.service.look_at_clock(now);
        let report = ClockWatchReport { moved_ms: jump.map(|jump| jump.by_ms) };
        let Some(jump) = jump else { return Activation::succeeded(report, Next::After(LOOK_EVERY_MS)) };
        tracing::warn!(
            moved_ms = jump.by_ms,
            now = %utc_time(jump.at),
            "the machine's clock was set; the schedule goes on from the new time, and no history is deleted for a day"
        );
        match self.service.state.begin_lives_anew(now).await {
            Ok(()) => Activation::succeeded(report, Next::After(LOOK_EVERY_MS)),
            Err(error) => {
                tracing::warn!(%error, "the lives of tokens could not be counted anew");
                let next = Next::After(LOOK_EVERY_MS);
                Activation { report: Some(report), error: Some(error.to_string()), next }
            }
        }
    }
}
