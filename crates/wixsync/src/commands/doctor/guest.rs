//! A token that is valid during a check-up.

use std::convert::Infallible;
use std::time::Duration;

use domain::Outcome;
use messages::Text;
use server::CHECK_UP_TOKENS;
use sync::ports::{Access, Clock, Store};
use tokio_util::sync::CancellationToken;

use super::super::token::{millis, new_token};
use crate::clock::{WallClock, new_run_id};
use crate::error::Failure;
use crate::signals::stop_on_signal;

/// How long the token is valid after it was last renewed: longer than a writer waits for the state database.
const TOKEN_LIFE: Duration = Duration::from_secs(20);
const RENEW_EVERY: Duration = Duration::from_secs(4);

/// Does `work` with its own token, which is valid only while `work` runs. `work` ends early if it is asked to stop.
pub(super) async fn with_token<T>(
    state: &dyn Store,
    access: Access,
    work: impl AsyncFnOnce(String, &CancellationToken) -> T,
) -> Result<T, Failure> {
    let token = new_token(&format!("{CHECK_UP_TOKENS}{}", new_run_id()), access, Some(TOKEN_LIFE))?;
    let name = token.record.name.clone();
    state.add_token(&token.record).await?;
    let stop = stop_on_signal(|| {});
    let done = tokio::select! {
        done = work(token.token, &stop) => done,
        never = renew(state, &name) => match never {},
    };
    state.revoke_token(&name).await?;
    if stop.is_cancelled() {
        return Err(Failure::new(Text::new("doctor-stopped"), Outcome::Interrupted.exit_code()));
    }
    Ok(done)
}

/// Renews the token again and again.
async fn renew(state: &dyn Store, name: &str) -> Infallible {
    loop {
        tokio::time::sleep(RENEW_EVERY).await;
        let end = WallClock.now().saturating_add(millis(TOKEN_LIFE));
        // Where this keeps failing, the service refuses the token at its end, and the check-up reports that.
        if let Err(error) = state.renew_token(name, end).await {
            tracing::warn!(%error, "the token of the dry run could not be renewed");
        }
    }
}
