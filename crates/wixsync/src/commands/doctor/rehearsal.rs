//! The guide's last two checks: a dry run through the queue and a worker, and the routes of the API.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use domain::checkup::{Check, CheckId, Examples, Finding};
use domain::{ShopName, Sku};
use server::{Driver, Health, HttpClient, Rehearsal, Rehearsed, Role, Routes};
use sync::ports::{Access, Store};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::super::serve;
use super::guest::with_token;
use crate::clock::new_run_id;
use crate::context::Context;
use crate::error::Failure;

/// How long the dry run may wait and work: twice the life of a lease, which a killed process may leave behind.
const PATIENCE: Duration = Duration::from_mins(1);

/// The service of a rehearsal.
#[derive(Debug, Clone, Copy)]
pub(super) enum RehearsalService {
    /// The service that is running.
    Running(SocketAddr),
    /// One that runs only for the rehearsal.
    Own,
}

impl RehearsalService {
    /// `None` if the service is running but not ready.
    pub(super) fn of(health: Option<Health>, listen: SocketAddr) -> Option<Self> {
        match health {
            Some(Health::Ready) => Some(Self::Running(listen)),
            Some(Health::NotReady) => None,
            Some(Health::NotListening | Health::OtherProgram) | None => Some(Self::Own),
        }
    }
}

/// What to rehearse.
pub(super) struct RehearsalSubject<'a> {
    pub(super) client: HttpClient,
    pub(super) shop: &'a ShopName,
    /// The SKU of the dry run.
    pub(super) sku: &'a Sku,
    pub(super) service: RehearsalService,
    /// Tasks that have not ended. A dry run would wait behind them.
    pub(super) open_tasks: u64,
}

/// Makes a dry run and asks every route.
pub(super) async fn rehearse(
    context: &Context,
    state: &Arc<dyn Store>,
    subject: RehearsalSubject<'_>,
) -> Result<Vec<Check>, Failure> {
    let rehearsed = with_token(&**state, Access::Run, async |token, stop| match subject.service {
        RehearsalService::Running(address) => ask(address, token, &subject, stop).await,
        RehearsalService::Own => alone(context, state, token, &subject, stop).await,
    });
    rehearsed.await.flatten()
}

/// Asks a service of this process, on a port of its own. It executes nothing that may write.
async fn alone(
    context: &Context,
    state: &Arc<dyn Store>,
    token: String,
    subject: &RehearsalSubject<'_>,
    asked_to_stop: &CancellationToken,
) -> Result<Vec<Check>, Failure> {
    let service = serve::service(context, Arc::clone(state)).await?;
    let listening = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listening = listening.and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (address, listener) = listening.map_err(|error| serve::cannot_listen(Ipv4Addr::LOCALHOST, &error))?;
    let stop = CancellationToken::new();
    let mut parts = JoinSet::new();
    parts.spawn(Driver::new(Arc::clone(&service), Role::DryRuns(subject.shop.clone()), &stop).run());
    parts.spawn(server::serve(listener, service, stop.clone()));
    let checks = ask(address, token, subject, asked_to_stop).await;
    stop.cancel();
    while parts.join_next().await.is_some() {}
    checks
}

/// Asks the service at `address`.
async fn ask(
    address: SocketAddr,
    token: String,
    subject: &RehearsalSubject<'_>,
    stop: &CancellationToken,
) -> Result<Vec<Check>, Failure> {
    if !server::proves(&subject.client, address, &token, new_run_id().as_str()).await {
        return Ok(vec![other_state()]);
    }
    let rehearsal = Rehearsal::new(subject.client.clone(), address, token);
    if subject.open_tasks > 0 {
        let left_out = Check::ok(CheckId::Rehearsal, 0, subject.open_tasks);
        let left_out = Check { finding: Some(Finding::RehearsalLeftOut), ..left_out };
        let routes = rehearsal.routes(subject.shop, subject.sku, None).await;
        return Ok(vec![left_out, of_routes(routes)]);
    }
    let rehearsed = rehearsal.dry_run(subject.shop, subject.sku, PATIENCE, stop).await;
    let run = match &rehearsed {
        Rehearsed::UnknownToken => return Ok(vec![other_state()]),
        Rehearsed::Done { run } | Rehearsed::Waited { run } | Rehearsed::Failed { run, .. } => {
            Some(run.clone())
        }
        Rehearsed::Refused { .. } => None,
    };
    let routes = rehearsal.routes(subject.shop, subject.sku, run.as_deref()).await;
    Ok(vec![of_run(rehearsed), of_routes(routes)])
}

/// The service works with another state database.
pub(super) fn other_state() -> Check {
    Check { finding: Some(Finding::ServiceForeign), ..Check::ok(CheckId::Service, 1, 1) }
}

fn of_run(rehearsed: Rehearsed) -> Check {
    let ok = Check::ok(CheckId::Rehearsal, 1, 1);
    let failed = |detail: String| {
        let examples = Examples::Texts(vec![detail.into()]);
        Check { finding: Some(Finding::RehearsalFailed), examples, ..ok.clone() }
    };
    match rehearsed {
        Rehearsed::Done { .. } | Rehearsed::UnknownToken => ok,
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
