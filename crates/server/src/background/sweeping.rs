//! Removes what check-ups that were killed left behind: their tokens and their dry runs.

use std::sync::Arc;

use api_types::SweepingReport;
use domain::UnixMillis;
use sync::ports::{StateError, Tokens};

use super::{Activation, BackgroundTask, Next, Role, Setup};
use crate::{Service, utc_time};

/// The names of check-ups' tokens begin with this, and no others do.
pub const CHECK_UP_TOKENS: &str = "doctor-";
/// The pause between two sweeps, in milliseconds.
const EVERY_MS: i64 = 60 * 60 * 1_000;

/// Removes the tokens of check-ups that expired before `now` and ends their dry runs. A living check-up renews its
/// token, so that it does not expire.
///
/// # Errors
/// Where the state database cannot be written to.
pub async fn sweep(state: &(impl Tokens + ?Sized), now: UnixMillis) -> Result<(), StateError> {
    state.sweep_tokens(CHECK_UP_TOKENS, now).await
}

/// Sweeps once per activation.
pub(super) struct Sweeping {
    service: Arc<Service>,
}

impl BackgroundTask for Sweeping {
    const NAME: &'static str = "sweeping";
    const DESCRIPTION: &'static str = "Removes the tokens and dry runs of check-ups that were killed";
    type Report = SweepingReport;

    fn new(setup: &Setup) -> Option<Self> {
        let is_wanted = !matches!(setup.role, Role::DryRuns(_));
        is_wanted.then(|| Self { service: Arc::clone(&setup.service) })
    }

    async fn activate(&self, now: UnixMillis) -> Activation<SweepingReport> {
        let state = &*self.service.state;
        let swept = async {
            state.begin_lives_anew(now).await?;
            sweep(state, now).await
        };
        match swept.await {
            Ok(()) => {
                let report = SweepingReport { swept_until: utc_time(now) };
                Activation::succeeded(report, Next::After(EVERY_MS))
            }
            Err(error) => {
                tracing::warn!(%error, "what earlier check-ups left could not be taken away");
                Activation::failed(&error, Next::After(EVERY_MS))
            }
        }
    }
}
