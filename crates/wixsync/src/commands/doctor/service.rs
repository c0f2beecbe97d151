//! The checks of the service: whether it answers, its background tasks, and a dry run through it.

use std::net::SocketAddr;
use std::sync::Arc;

use domain::checkup::{self, Check, CheckId, Finding, Status};
use messages::Text;
use server::{BackgroundAnswer, Health, HttpClient, Rehearsal};
use sync::doctor::{CheckOutcome, Examination};
use sync::ports::{Access, Store};

use super::guest::with_token;
use super::rehearsal::{RehearsalService, RehearsalSubject, other_state, rehearse};
use crate::clock::new_run_id;
use crate::config::ShopSettings;
use crate::context::Context;
use crate::error::Failure;

/// The results of these checks.
#[derive(Default)]
pub(super) struct ServiceChecks {
    /// The checks that were made.
    pub(super) checks: Vec<Check>,
    /// What failed before it could be judged.
    pub(super) failures: Vec<(CheckId, Failure)>,
    /// Whether the service answers, but not for its background tasks.
    pub(super) hides_background: bool,
}

/// Checks the service at the configured address and, if everything else is well, rehearses a run. Fails only if it is
/// asked to stop.
pub(super) async fn check_service(
    context: &Context,
    state: Option<&Arc<dyn Store>>,
    shop: &ShopSettings,
    examined: &Examination,
    is_well: bool,
) -> Result<ServiceChecks, Failure> {
    let listen = context.settings.service.listen.value;
    let mut found = ServiceChecks::default();
    let client = match server::local_client() {
        Ok(client) => client,
        Err(error) => {
            let text = Text::new("doctor-no-client").with("detail", error);
            found.fail(CheckId::Rehearsal, Failure::failed(text))?;
            return Ok(found);
        }
    };
    let health = if has_fixed_port(listen) { Some(server::health(&client, listen).await) } else { None };
    found.checks.extend(health.map(of_health));
    let Some(state) = state else { return Ok(found) };
    if let Some(health @ (Health::Ready | Health::NotReady)) = health {
        let is_ours = check_background(&**state, client.clone(), (listen, health), &mut found).await?;
        if !is_ours {
            return Ok(found);
        }
    }
    let through = RehearsalService::of(health, listen).filter(|_| is_well);
    if let (Some(service), Some(sku)) = (through, &examined.sample) {
        let open_tasks = open_tasks(&examined.outcomes);
        let subject = RehearsalSubject { client, shop: &shop.name, sku, service, open_tasks };
        let rehearsed = rehearse(context, state, subject).await;
        match rehearsed {
            Ok(checks) => found.replace(checks),
            Err(failure) => found.fail(CheckId::Rehearsal, failure)?,
        }
    }
    Ok(found)
}

/// A port that is chosen anew at each start cannot be asked.
pub(super) fn has_fixed_port(listen: SocketAddr) -> bool {
    listen.port() != 0
}

/// A dry run would fail for the same reason as a failed check, and would wait while the request window is full.
pub(super) fn allows_rehearsal(outcome: &CheckOutcome) -> bool {
    match outcome.status() {
        Status::Ok | Status::NotChecked => true,
        Status::Warning => outcome.id() != CheckId::Window,
        Status::Failed => false,
    }
}

/// Asks the service for the statuses of its background tasks. Gives `false` for a service with another state
/// database, which cannot help this check-up.
async fn check_background(
    state: &dyn Store,
    client: HttpClient,
    (listen, health): (SocketAddr, Health),
    found: &mut ServiceChecks,
) -> Result<bool, Failure> {
    let answer = with_token(state, Access::Read, async |token, stop| {
        let asked = async {
            // Another program at this address must not get a token that the service takes.
            if !server::proves(&client, listen, &token, new_run_id().as_str()).await {
                return BackgroundAnswer::UnknownToken;
            }
            Rehearsal::new(client, listen, token).background().await
        };
        Ok(tokio::select! {
            answer = asked => Some(answer),
            () = stop.cancelled() => None,
        })
    });
    match answer.await.flatten() {
        Ok(Some(BackgroundAnswer::Tasks(tasks))) => found.checks.extend(checkup::of_background(&tasks)),
        Ok(Some(BackgroundAnswer::UnknownToken)) => {
            // One that is not ready may not be able to read its state database, so it cannot prove that it is ours.
            if health == Health::Ready {
                found.replace(vec![other_state()]);
            }
            return Ok(false);
        }
        Ok(Some(BackgroundAnswer::Unreadable { detail })) => {
            tracing::debug!(%detail, "the service did not report its background tasks");
            found.hides_background = true;
        }
        // Without an answer the check-up was asked to stop, which `with_token` gives as a failure.
        Ok(None) => {}
        Err(failure) => found.fail(CheckId::Background, failure)?,
    }
    Ok(true)
}

impl ServiceChecks {
    /// Adds checks. They replace earlier ones with the same id, because they say more.
    fn replace(&mut self, checks: Vec<Check>) {
        self.checks.retain(|check| !checks.iter().any(|other| other.id == check.id));
        self.checks.extend(checks);
    }

    /// Keeps a failure, unless the check-up was asked to stop.
    fn fail(&mut self, id: CheckId, failure: Failure) -> Result<(), Failure> {
        if failure.exit == domain::Outcome::Interrupted.exit_code() {
            return Err(failure);
        }
        self.failures.push((id, failure));
        Ok(())
    }
}

fn of_health(health: Health) -> Check {
    let (found, finding) = match health {
        Health::NotListening => (0, None),
        Health::Ready => (1, None),
        Health::NotReady => (1, Some(Finding::ServiceNotReady)),
        Health::OtherProgram => (1, Some(Finding::ServiceStranger)),
    };
    Check { finding, ..Check::ok(CheckId::Service, found, 1) }
}

/// How many tasks have not ended.
fn open_tasks(outcomes: &[CheckOutcome]) -> u64 {
    let found = outcomes.iter().find_map(|outcome| match outcome {
        CheckOutcome::Made(check) if check.id == CheckId::Tasks => Some(check.found),
        _ => None,
    });
    found.unwrap_or_default()
}
