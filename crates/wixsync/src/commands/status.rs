//! `status`: how the shops stand, on one screen. It asks the state database alone.

use clap::ArgMatches;
use domain::{Outcome, Scope, UnixMillis};
use sync::ports::{Clock, RunFilter, RunRecord, Store};

use super::pause::resuming;
use super::{option, runs};
use crate::clock::{WallClock, new_run_id};
use crate::config::ShopSettings;
use crate::context::Context;
use crate::error::Failure;
use crate::output::Output;
use crate::output::report::PlanState;
use crate::output::status::{self, Problem, ShopStatus};
use crate::wiring;

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let settings = &context.settings;
    wiring::require_shop(settings)?;
    let shops: Vec<&ShopSettings> = match option(args, "shop") {
        None => settings.shops.iter().collect(),
        named => vec![wiring::choose_shop(settings, named)?],
    };
    let state = wiring::open_state(settings).await?;
    let mut found = Vec::new();
    for shop in shops {
        found.push(look_at(context, &*state, shop).await?);
    }
    let location = state.location();
    state.close().await;
    if context.output.json {
        Output::print(&status::json(context.messages, &found, &location));
    } else {
        context.output.text(&status::page(context.messages, &found, &location));
    }
    Ok(0)
}

/// How many runs are looked at for one that says how the shop stands.
const JUDGED: u32 = 20;

/// What the last run that says how the shop stands left to the user. A plan without a fault does not, nor a run whose only
/// fault is a misspelled SKU.
async fn problem_of(
    state: &dyn Store,
    runs: &[RunRecord],
    now: UnixMillis,
) -> Result<Option<Problem>, Failure> {
    let ended = runs.iter().filter_map(|record| Some((record, record.summary.as_ref()?)));
    let judged = ended.filter(|(_, summary)| !summary.is_only_misspelled());
    let mut judged = judged.skip_while(|(_, summary)| summary.outcome == Outcome::Planned);
    let Some((record, summary)) = judged.next() else { return Ok(None) };
    let run = record.number;
    // A later plan of the whole shop that the guard let through says that there is nothing to hold any more.
    let is_replaced = runs.iter().take_while(|newer| newer.number > run).any(|newer| {
        newer.run.scope == Scope::All
            && newer.summary.as_ref().is_some_and(|it| it.outcome == Outcome::Planned)
    });
    Ok(match summary.outcome {
        Outcome::HeldByGuard if is_replaced => None,
        Outcome::HeldByGuard => {
            let is_open = runs::plan_state(state, record, now).await? == PlanState::Open;
            Some(Problem::Held { run, may_apply: is_open && summary.counters.planned > 0 })
        }
        outcome @ (Outcome::Partial | Outcome::Failed | Outcome::Interrupted) => {
            Some(Problem::NotGood { run, outcome })
        }
        Outcome::Converged | Outcome::Planned => None,
    })
}

async fn look_at(context: &Context, state: &dyn Store, shop: &ShopSettings) -> Result<ShopStatus, Failure> {
    let now = WallClock.now();
    let figures = state.figures(&shop.name, now).await?;
    let paused_since = state.paused_since(&shop.name).await?;
    let newest = RunFilter {
        shop: Some(shop.name.clone()),
        but_check_ups: true,
        limit: JUDGED,
        ..RunFilter::default()
    };
    let runs = state.list(&newest).await?;
    // The service of the same state database has the same offset.
    let installation = state.installation(new_run_id().as_str()).await?;
    let schedule = context.settings.service.schedule_of(shop)?;
    let schedule = schedule.map(|schedule| schedule.of_installation(&installation));
    let limit = context.settings.rate_limit.value.map(|limit| u64::from(limit.requests));
    let mut problems = Vec::new();
    problems
        .extend(paused_since.map(|since| Problem::Paused { since, command: resuming(context, &shop.name) }));
    problems.extend(problem_of(state, &runs, now).await?);
    problems.extend(figures.waiting_since.map(|since| Problem::TaskWaits { since }));
    problems.extend(figures.window_closed_until.map(|until| Problem::WindowClosed { until }));
    Ok(ShopStatus {
        shop: shop.name.clone(),
        last_good_at: figures.last_converged_at,
        last_run: runs.into_iter().next(),
        next_slot: schedule.filter(|_| paused_since.is_none()).and_then(|schedule| schedule.next_after(now)),
        open_tasks: figures.open_tasks,
        requests_left: limit.map(|limit| limit.saturating_sub(figures.window_used)),
        problems,
    })
}
