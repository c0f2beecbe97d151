//! `status`: how the shops stand, on one screen. It asks the state database alone.

use clap::ArgMatches;
use domain::Outcome;
use sync::ports::{Clock, RunFilter, Store};

use super::option;
use super::pause::resuming;
use crate::clock::{WallClock, new_run_id};
use crate::config::ShopSettings;
use crate::context::Context;
use crate::error::Failure;
use crate::output::Output;
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

async fn look_at(context: &Context, state: &dyn Store, shop: &ShopSettings) -> Result<ShopStatus, Failure> {
    let now = WallClock.now();
    let figures = state.figures(&shop.name, now).await?;
    let paused_since = state.paused_since(&shop.name).await?;
    let newest =
        RunFilter { shop: Some(shop.name.clone()), but_check_ups: true, limit: 1, ..RunFilter::default() };
    let last_run = state.list(&newest).await?.pop();
    // The service of the same state database has the same offset.
    let installation = state.installation(new_run_id().as_str()).await?;
    let schedule = context.settings.service.schedule_of(shop)?;
    let schedule = schedule.map(|schedule| schedule.of_installation(&installation));
    let limit = context.settings.rate_limit.value.map(|limit| u64::from(limit.requests));
    let mut problems = Vec::new();
    problems
        .extend(paused_since.map(|since| Problem::Paused { since, command: resuming(context, &shop.name) }));
    let outcome =
        last_run.as_ref().and_then(|record| Some((record.number, record.summary.as_ref()?.outcome)));
    match outcome {
        Some((run, Outcome::HeldByGuard)) => problems.push(Problem::Held { run }),
        Some((run, outcome @ (Outcome::Partial | Outcome::Failed | Outcome::Interrupted))) => {
            problems.push(Problem::NotGood { run, outcome });
        }
        Some((_, Outcome::Converged | Outcome::Planned)) | None => {}
    }
    problems.extend(figures.waiting_since.map(|since| Problem::TaskWaits { since }));
    problems.extend(figures.window_closed_until.map(|until| Problem::WindowClosed { until }));
    Ok(ShopStatus {
        shop: shop.name.clone(),
        last_good_at: figures.last_converged_at,
        last_run,
        next_slot: schedule.filter(|_| paused_since.is_none()).and_then(|schedule| schedule.next_after(now)),
        open_tasks: figures.open_tasks,
        requests_left: limit.map(|limit| limit.saturating_sub(figures.window_used)),
        problems,
    })
}
