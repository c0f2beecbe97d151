//! The guide's last two checks: a dry run through the queue and a worker, and the routes of the API.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use domain::checkup::{Check, CheckId, Examples, Finding};
use domain::{Outcome, ShopName, Sku};
use messages::Text;
use server::{Dispatcher, Health, HttpClient, Rehearsal, Rehearsed, Routes};
use state::SqliteState;
use sync::ports::{Access, Clock, StateError, Tokens};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::super::run::stop_on_signal;
use super::super::serve;
use super::super::token::{millis, new_token};
use crate::cli::Context;
use crate::clock::{WallClock, new_run_id};
use crate::error::Failure;

/// For so long the dry run may wait and work: as long as two leases of a killed process live.
const PATIENCE: Duration = Duration::from_mins(1);
/// For so long the token of a rehearsal holds once nobody renews it: longer than a writer waits for the state
/// database.
const TOKEN_LIFE: Duration = Duration::from_secs(20);
const RENEW_EVERY: Duration = Duration::from_secs(4);
/// What the names of such tokens begin with, and no others: what is left of them is swept.
pub(in super::super) const TOKEN: &str = "doctor-";

/// With which service.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stage {
    /// The one that runs.
    Running(SocketAddr),
    /// One that lives only for this.
    Own,
}

impl Stage {
    /// `None` where the service runs and cannot work.
    pub(super) fn of(health: Option<Health>, listen: SocketAddr) -> Option<Self> {
        match health {
            Some(Health::Ready) => Some(Self::Running(listen)),
            Some(Health::NotReady) => None,
            Some(Health::Nobody | Health::Stranger) | None => Some(Self::Own),
        }
    }
}

/// What to rehearse.
pub(super) struct Play<'a> {
    /// Asks the service.
    pub(super) client: HttpClient,
    pub(super) shop: &'a ShopName,
    /// The SKU of the dry run.
    pub(super) sku: &'a Sku,
    pub(super) stage: Stage,
    /// Tasks without an end; a dry run would wait behind them.
    pub(super) open_tasks: u64,
}

/// Rehearses, with a token that goes with it.
pub(super) async fn rehearse(
    context: &Context,
    state: &Arc<SqliteState>,
    play: Play<'_>,
) -> Result<Vec<Check>, Failure> {
    let token = new_token(&format!("{TOKEN}{}", new_run_id()), Access::Run, Some(TOKEN_LIFE))?;
    let name = token.record.name.clone();
    state.add_token(&token.record).await?;
    let stop = stop_on_signal();
    let rehearsing = async {
        match play.stage {
            Stage::Running(address) => ask(address, token.token, &play, &stop).await,
            Stage::Own => alone(context, state, token.token, &play, &stop).await,
        }
    };
    let rehearsed = tokio::select! {
        rehearsed = rehearsing => rehearsed,
        never = renew(state, &name) => match never {},
    };
    state.revoke_token(&name).await?;
    if stop.is_cancelled() {
        return Err(Failure::new(Text::new("doctor-stopped"), Outcome::Interrupted.exit_code()));
    }
    rehearsed
}

/// Keeps the token of a rehearsal alive while the rehearsal is.
async fn renew(state: &SqliteState, name: &str) -> Infallible {
    loop {
        tokio::time::sleep(RENEW_EVERY).await;
        let end = WallClock.now().saturating_add(millis(TOKEN_LIFE));
        // Where this fails each time, the rehearsal is refused at the token's end, and says so.
        if let Err(error) = state.renew_token(name, end).await {
            tracing::warn!(%error, "the token of the dry run could not be renewed");
        }
    }
}

/// Takes away what rehearsals that were killed have left: their tokens, and dry runs that nobody waits for.
pub(in super::super) async fn sweep(state: &SqliteState) -> Result<(), StateError> {
    state.sweep_tokens(TOKEN, WallClock.now()).await
}

/// With a service of this process, on a port of its own. It works on nothing that may write.
async fn alone(
    context: &Context,
    state: &Arc<SqliteState>,
    token: String,
    play: &Play<'_>,
    asked_to_stop: &CancellationToken,
) -> Result<Vec<Check>, Failure> {
    let service = serve::service(context, Arc::clone(state))?;
    let listening = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listening = listening.and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (address, listener) = listening.map_err(|error| serve::cannot_listen(Ipv4Addr::LOCALHOST, &error))?;
    let stop = CancellationToken::new();
    let mut parts = JoinSet::new();
    parts.spawn(Dispatcher::of_dry_runs(Arc::clone(&service), play.shop.clone(), stop.clone()).run());
    parts.spawn(server::serve(listener, service, stop.clone()));
    let checks = ask(address, token, play, asked_to_stop).await;
    stop.cancel();
    while parts.join_next().await.is_some() {}
    checks
}

async fn ask(
    address: SocketAddr,
    token: String,
    play: &Play<'_>,
    stop: &CancellationToken,
) -> Result<Vec<Check>, Failure> {
    let rehearsal = Rehearsal::new(play.client.clone(), address, token);
    if play.open_tasks > 0 {
        let left_out = Check::ok(CheckId::Rehearsal, 0, play.open_tasks);
        let left_out = Check { finding: Some(Finding::RehearsalLeftOut), ..left_out };
        let routes = rehearsal.routes(play.shop, play.sku, None).await;
        return Ok(vec![left_out, of_routes(routes)]);
    }
    let rehearsed = rehearsal.dry_run(play.shop, play.sku, PATIENCE, stop).await;
    let run = match &rehearsed {
        Rehearsed::Foreign => {
            let service = Check::ok(CheckId::Service, 1, 1);
            return Ok(vec![Check { finding: Some(Finding::ServiceForeign), ..service }]);
        }
        Rehearsed::Done { run } | Rehearsed::Waited { run } | Rehearsed::Failed { run, .. } => {
            Some(run.clone())
        }
        Rehearsed::Refused { .. } => None,
    };
    let routes = rehearsal.routes(play.shop, play.sku, run.as_deref()).await;
    Ok(vec![of_run(rehearsed), of_routes(routes)])
}

fn of_run(rehearsed: Rehearsed) -> Check {
    let ok = Check::ok(CheckId::Rehearsal, 1, 1);
    let failed = |detail: String| {
        let examples = Examples::Texts(vec![detail.into()]);
        Check { finding: Some(Finding::RehearsalFailed), examples, ..ok.clone() }
    };
    match rehearsed {
        Rehearsed::Done { .. } | Rehearsed::Foreign => ok,
        Rehearsed::Waited { run } => {
            let examples = Examples::Texts(vec![run.into()]);
            Check { finding: Some(Finding::RehearsalWaits), examples, ..ok }
        }
        Rehearsed::Failed { run, detail } => failed(format!("{run}: {detail}")),
        Rehearsed::Refused { detail } => failed(detail),
    }
}

fn of_routes(routes: Routes) -> Check {
    let wrong = routes.wrong.into_iter().map(Into::into).collect();
    let check = Check::of_texts(CheckId::Api, Finding::ApiBroken, wrong, routes.asked);
    if check.finding.is_none() { Check { found: routes.asked, ..check } } else { check }
}
