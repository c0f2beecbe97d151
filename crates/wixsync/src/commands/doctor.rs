//! `doctor`: everything that a run needs, looked at before one is made. Nothing is written to the shop.

mod rehearsal;

use std::net::SocketAddr;
use std::sync::Arc;

use clap::ArgMatches;
use domain::Outcome;
use domain::checkup::{Check, CheckId, Finding, Status};
use server::Health;
use state::SqliteState;
use sync::doctor::{Examined, Look, Patient, Records, Sources, examine};
use sync::ports::Greeting;

use self::rehearsal::{Play, Stage};
pub(super) use self::rehearsal::{TOKEN, sweep};
use super::option;
use crate::cli::Context;
use crate::config::{self, Origin, ShopSettings, SqliteFile};
use crate::error::{FAILED, Failure};
use crate::output::checkup::{self, Places, Result as Told};
use crate::output::{Narrator, Output};
use crate::wiring;

/// The exit code of a check-up that found something to look at.
const WARNED: u8 = 3;

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let (settings, messages) = (&context.settings, context.messages);
    let shop = wiring::choose_shop(settings, option(args, "shop"))?;
    let rows = config::rows(settings);
    let name = |file: &Option<SqliteFile>| file.as_ref().map(SqliteFile::display).unwrap_or_default();
    let listen = settings.service.listen.value;
    let places = Places {
        warehouse: name(&settings.warehouse.value),
        state: name(&settings.state.value),
        service: listen.to_string(),
    };
    let mut told = Vec::new();
    let mut opened = |id, failure: Failure| told.push(Told::of_failure(messages, id, &failure));

    let state = wiring::open_state(settings).await.map_err(|failure| opened(CheckId::State, failure)).ok();
    if let Some(state) = &state
        && let Err(error) = sweep(state).await
    {
        // A check-up of a state database that cannot be written says so itself.
        tracing::warn!(%error, "what earlier check-ups left could not be taken away");
    }
    let warehouse =
        wiring::open_warehouse(settings).map_err(|failure| opened(CheckId::Warehouse, failure)).ok();
    let port = wiring::open_shop(settings, shop, state.as_ref(), messages, context.clock)
        .map_err(|failure| opened(CheckId::Settings, failure))
        .ok();
    let narrator = Narrator::new(messages, context.bars.clone(), context.clock);
    let records = state.as_ref().map(|state| Records {
        runs: &**state,
        journal: &**state,
        pauses: &**state,
        watch: &**state,
    });
    let sources = Sources {
        shop: port.as_ref().map(|port| port as &dyn Greeting),
        warehouse: warehouse.as_ref().map(|warehouse| warehouse as _),
        records,
        clock: &context.clock,
        observer: &narrator,
    };
    let window = settings.rate_limit.value.map(|limit| u64::from(limit.requests));
    let patient = Patient { shop: &shop.name, policy: settings.policy.value, window };
    let examined = examine(sources, patient).await;
    narrator.end();
    let is_well = told.is_empty() && examined.looks.iter().all(lets_rehearse);
    let of_service = look_at_service(context, state.as_ref(), shop, &examined, is_well).await;
    if let Some(state) = &state {
        state.close().await;
    }
    let of_service = match of_service {
        Err(failure) if failure.exit == Outcome::Interrupted.exit_code() => return Err(failure),
        other => other,
    };

    if port.is_some() {
        let set = rows.iter().filter(|row| row.origin != Origin::Default).count();
        let check = Check::ok(CheckId::Settings, count(set), count(rows.len()));
        told.push(Told::of_check(messages, check, &places));
    }
    match of_service {
        Ok(checks) => told.extend(checks.into_iter().map(|check| Told::of_check(messages, check, &places))),
        Err(failure) => told.push(Told::of_failure(messages, CheckId::Rehearsal, &failure)),
    }
    told.extend(examined.looks.into_iter().map(|look| Told::of_look(messages, look, &places)));
    told.sort_by_key(Told::id);
    let missing: Vec<CheckId> = (CheckId::ALL.iter().copied())
        .filter(|id| !told.iter().any(|told| told.id() == *id))
        .filter(|id| match id {
            CheckId::Window => window.is_some(),
            CheckId::Service => is_known(listen),
            // Without a SKU there is nothing to rehearse with.
            CheckId::Rehearsal | CheckId::Api => examined.sample.is_some() || !is_well,
            _ => true,
        })
        .collect();
    if context.output.json {
        Output::print(&checkup::json(&shop.name, &rows, &told, &missing));
    } else {
        context.output.text(&checkup::page(messages, &shop.name, &rows, &told, &missing));
    }
    Ok(match checkup::overall(&told) {
        Status::Ok => 0,
        Status::Warning => WARNED,
        Status::Failed => FAILED,
    })
}

/// A port that is chosen anew at each start cannot be asked.
fn is_known(listen: SocketAddr) -> bool {
    listen.port() != 0
}

/// What answers where the service would, and how a rehearsal went, where all else is well.
async fn look_at_service(
    context: &Context,
    state: Option<&Arc<SqliteState>>,
    shop: &ShopSettings,
    examined: &Examined,
    is_well: bool,
) -> Result<Vec<Check>, Failure> {
    let listen = context.settings.service.listen.value;
    let client = server::local_client()
        .map_err(|error| Failure::failed(messages::Text::new("doctor-no-client").with("detail", error)))?;
    let health = if is_known(listen) { Some(server::health(&client, listen).await) } else { None };
    let mut checks: Vec<Check> = health.map(of_health).into_iter().collect();
    let with = Stage::of(health, listen).filter(|_| is_well);
    if let (Some(state), Some(stage), Some(sku)) = (state, with, &examined.sample) {
        let open_tasks = open_tasks(&examined.looks);
        let play = Play { client, shop: &shop.name, sku, stage, open_tasks };
        let rehearsed = rehearsal::rehearse(context, state, play).await?;
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
