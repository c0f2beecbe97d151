//! `doctor`: checks everything that a run needs. Nothing is written to the shop.

mod rehearsal;

use std::net::SocketAddr;
use std::sync::Arc;

use clap::ArgMatches;
use domain::Outcome;
use domain::checkup::{Check, CheckId, Finding, Status};
use messages::Messages;
use server::Health;
use sync::doctor::{Examined, Look, Patient, Records, Sources, examine};
use sync::ports::{Shop, Store};

use self::rehearsal::{RehearsalService, RehearsalSubject};
pub(super) use self::rehearsal::{TOKEN, sweep};
use super::option;
use crate::config::{self, Origin, Row, Settings, ShopSettings};
use crate::context::Context;
use crate::error::{FAILED, Failure};
use crate::output::checkup::{self, CheckResult, CheckedPlaces};
use crate::output::{Output, ProgressReporter};
use crate::wiring;

/// The exit code of a check-up that found something to look at.
const WARNED: u8 = 3;

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let (settings, messages) = (&context.settings, context.messages);
    let shop = wiring::choose_shop(settings, option(args, "shop"))?;
    let rows = config::rows(settings);
    let places = places(settings);
    let mut results = Vec::new();
    let mut opened = |id, failure: Failure| results.push(CheckResult::of_failure(messages, id, &failure));

    let state = wiring::open_state(settings).await.map_err(|failure| opened(CheckId::State, failure)).ok();
    if let Some(state) = &state {
        sweep_earlier(&**state).await;
    }
    let warehouse =
        wiring::open_warehouse(settings).map_err(|failure| opened(CheckId::Warehouse, failure)).ok();
    let port = wiring::open_shop(settings, shop, state.as_ref(), messages, context.clock)
        .map_err(|failure| opened(CheckId::Settings, failure))
        .ok();
    let reporter = ProgressReporter::new(messages, context.bars.clone(), context.clock);
    let records = state.as_ref().map(|state| Records {
        runs: &**state,
        journal: &**state,
        pauses: &**state,
        watch: &**state,
    });
    let sources = Sources {
        shop: port.as_ref().map(|port| port as &dyn Shop),
        warehouse: warehouse.as_deref(),
        records,
        clock: &context.clock,
        observer: &reporter,
    };
    let window = settings.rate_limit.value.map(|limit| u64::from(limit.requests));
    let patient = Patient { shop: &shop.name, policy: settings.policy.value, window };
    let examined = examine(sources, patient).await;
    reporter.end();
    let is_well = results.is_empty() && examined.looks.iter().all(lets_rehearse);
    let of_service = look_at_service(context, state.as_ref(), shop, &examined, is_well).await;
    if let Some(state) = &state {
        state.close().await;
    }
    let of_service = match of_service {
        Err(failure) if failure.exit == Outcome::Interrupted.exit_code() => return Err(failure),
        other => other,
    };

    if port.is_some() {
        results.push(CheckResult::of_check(messages, settings_check(&rows), &places));
    }
    results.extend(service_results(messages, of_service, &places));
    let has_sample = examined.sample.is_some();
    results.extend(examined.looks.into_iter().map(|look| CheckResult::of_look(messages, look, &places)));
    results.sort_by_key(CheckResult::id);
    let missing = missing(settings, &results, has_sample, is_well);
    tell(context, shop, &rows, &results, &missing);
    Ok(match checkup::overall(&results) {
        Status::Ok => 0,
        Status::Warning => WARNED,
        Status::Failed => FAILED,
    })
}

/// Removes what earlier check-ups left behind.
async fn sweep_earlier(state: &dyn Store) {
    if let Err(error) = sweep(state).await {
        // A check-up of a state database that cannot be written says so itself.
        tracing::warn!(%error, "what earlier check-ups left could not be taken away");
    }
}

fn tell(context: &Context, shop: &ShopSettings, rows: &[Row], results: &[CheckResult], missing: &[CheckId]) {
    if context.output.json {
        Output::print(&checkup::json(&shop.name, rows, results, missing));
    } else {
        context.output.text(&checkup::page(context.messages, &shop.name, rows, results, missing));
    }
}

fn places(settings: &Settings) -> CheckedPlaces {
    CheckedPlaces {
        warehouse: settings.warehouse.value.as_ref().map(ToString::to_string).unwrap_or_default(),
        state: settings.state.value.as_ref().map(ToString::to_string).unwrap_or_default(),
        service: settings.service.listen.value.to_string(),
    }
}

/// How many settings are set.
fn settings_check(rows: &[Row]) -> Check {
    let set = rows.iter().filter(|row| row.origin != Origin::Default).count();
    Check::ok(CheckId::Settings, count(set), count(rows.len()))
}

/// The results of the checks of the service, or the one that says why there are none.
fn service_results(
    messages: Messages,
    checked: Result<Vec<Check>, Failure>,
    places: &CheckedPlaces,
) -> Vec<CheckResult> {
    match checked {
        Ok(checks) => {
            checks.into_iter().map(|check| CheckResult::of_check(messages, check, places)).collect()
        }
        Err(failure) => vec![CheckResult::of_failure(messages, CheckId::Rehearsal, &failure)],
    }
}

/// The checks that should have a result and have none, because what they need failed.
fn missing(settings: &Settings, results: &[CheckResult], has_sample: bool, is_well: bool) -> Vec<CheckId> {
    let without_result = CheckId::ALL.iter().filter(|id| !results.iter().any(|result| result.id() == **id));
    let is_due = |id: &&CheckId| match id {
        CheckId::Window => settings.rate_limit.value.is_some(),
        CheckId::Service => is_known(settings.service.listen.value),
        // Without a SKU there is nothing to rehearse with.
        CheckId::Rehearsal | CheckId::Api => has_sample || !is_well,
        _ => true,
    };
    without_result.filter(is_due).copied().collect()
}

/// Whether the service's address is known: port 0 is replaced by a free port at each start.
fn is_known(listen: SocketAddr) -> bool {
    listen.port() != 0
}

/// What answers where the service would, and how a rehearsal went, where all else is well.
async fn look_at_service(
    context: &Context,
    state: Option<&Arc<dyn Store>>,
    shop: &ShopSettings,
    examined: &Examined,
    is_well: bool,
) -> Result<Vec<Check>, Failure> {
    let listen = context.settings.service.listen.value;
    let health = if is_known(listen) { Some(server::health(listen).await) } else { None };
    let mut checks: Vec<Check> = health.map(of_health).into_iter().collect();
    let service = RehearsalService::of(health, listen).filter(|_| is_well);
    if let (Some(state), Some(service), Some(sku)) = (state, service, &examined.sample) {
        let subject =
            RehearsalSubject { shop: &shop.name, sku, service, open_tasks: open_tasks(&examined.looks) };
        let rehearsed = rehearsal::rehearse(context, state, subject).await?;
        // What it finds of the service is more than that it answers.
        checks.retain(|check| !rehearsed.iter().any(|other| other.id == check.id));
        checks.extend(rehearsed);
    }
    Ok(checks)
}

fn of_health(health: Health) -> Check {
    let (found, finding) = match health {
        Health::Nobody => (0, None),
        Health::Ready => (1, None),
        Health::NotReady => (1, Some(Finding::ServiceNotReady)),
        Health::Stranger => (1, Some(Finding::ServiceStranger)),
    };
    Check { finding, ..Check::ok(CheckId::Service, found, 1) }
}

/// A dry run would fail after what failed here, and wait for as long as the request window is full.
fn lets_rehearse(look: &Look) -> bool {
    match look.status() {
        Status::Ok => true,
        Status::Warning => look.id() != CheckId::Window,
        Status::Failed => false,
    }
}

/// The tasks without an end.
fn open_tasks(looks: &[Look]) -> u64 {
    let found = looks.iter().find_map(|look| match look {
        Look::At(check) if check.id == CheckId::Tasks => Some(check.found),
        _ => None,
    });
    found.unwrap_or_default()
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
