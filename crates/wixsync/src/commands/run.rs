//! `sync`, `plan`, `apply`: one run in the foreground.

use api_types::{PlannedChanges, RunResult};
use clap::ArgMatches;
use domain::run::RunSummary;
use domain::{Change, Scope, ShopName, Starter};
use messages::Text;
use server::change_view;
use sync::ports::{Shop, Store, Warehouse};
use sync::{Ended, Ports, RunRequest, RunSettings, Work};

use super::{option, runs, skus};
use crate::clock::new_run_id;
use crate::config::ShopSettings;
use crate::context::Context;
use crate::error::Failure;
use crate::known_states;
use crate::output::{Diagnostic, Output, ProgressReporter, report};
use crate::signals::stop_on_signal;
use crate::wiring;

pub(super) async fn sync(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let work = Work::Sync { dry_run: args.get_flag("dry-run") };
    foreground(context, option(args, "shop"), work, scope(args)).await
}

pub(super) async fn plan(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    foreground(context, option(args, "shop"), Work::Plan, scope(args)).await
}

pub(super) async fn apply(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let state = wiring::open_state(&context.settings).await?;
    let record = runs::named(&*state, option(args, "plan").unwrap_or_default()).await;
    state.close().await;
    let record = record?;
    let plan = record.run.id.clone();
    // The plan knows its shop; another one that is named is refused by the run.
    let shop = option(args, "shop").unwrap_or(record.run.shop.as_str());
    foreground(context, Some(shop), Work::Apply { plan }, record.run.scope.clone()).await
}

fn scope(args: &ArgMatches) -> Scope {
    match skus(args, "sku") {
        skus if skus.is_empty() => Scope::All,
        skus => Scope::Skus(skus.into_iter().collect()),
    }
}

async fn foreground(context: &Context, shop: Option<&str>, work: Work, scope: Scope) -> Result<u8, Failure> {
    let shop = wiring::choose_shop(&context.settings, shop)?;
    let done = execute(context, shop, work, scope).await?;
    tell(context, &done);
    Ok(done.summary.outcome.exit_code())
}

/// A finished run, and its changes where nothing of them was written.
pub(super) struct Done {
    pub(super) summary: RunSummary,
    /// The running number of the run.
    pub(super) number: u64,
    pub(super) changes: Vec<Change>,
}

/// One run over the configured shop, warehouse and state database.
pub(super) async fn execute(
    context: &Context,
    shop: &ShopSettings,
    work: Work,
    scope: Scope,
) -> Result<Done, Failure> {
    let settings = &context.settings;
    shop.credentials()?;
    let warehouse: Box<dyn Warehouse> = match &work {
        Work::Set { .. } => Box::new(wiring::NoWarehouse),
        _ => wiring::open_warehouse(settings)?,
    };
    known_states::check(context, shop);
    let state = wiring::open_state(settings).await?;
    let port = wiring::open_shop(settings, shop, &state, context.messages, context.clock)?;
    let request = RunRequest {
        id: new_run_id(),
        shop: shop.name.clone(),
        work,
        scope,
        policy: settings.policy.value,
        starter: Starter::COMMAND_LINE,
    };
    let reporter = ProgressReporter::of_command(context.messages, context.bars.clone(), context.clock);
    let done = run_ports(
        &port,
        warehouse.as_ref(),
        &*state,
        &reporter,
        &request,
        &wiring::run_settings(settings, &*state),
    )
    .await;
    state.close().await;
    if let (Ok(done), Some(address)) = (&done, wiring::dead_man(settings)) {
        server::ping_dead_man(&address, &done.summary).await;
    }
    done
}

/// One run over any shop and warehouse.
pub(super) async fn run_ports(
    shop: &dyn Shop,
    warehouse: &dyn Warehouse,
    state: &dyn Store,
    reporter: &ProgressReporter,
    request: &RunRequest,
    settings: &RunSettings,
) -> Result<Done, Failure> {
    let signal = stop_on_signal(reporter.on_stop());
    let ports =
        Ports { shop, warehouse, store: state, clock: &reporter.clock, observer: reporter, stop: &signal };
    let summary = match sync::execute(&ports, request, settings).await? {
        Ended::Ran(summary) | Ended::Joined(summary) => *summary,
        Ended::Refused(other) => {
            let text = Text::new("run-another-waits").with("shop", &request.shop).with("run", &other.run.id);
            return Err(Failure::failed(text));
        }
        Ended::Stopped => {
            let exit = domain::Outcome::Interrupted.exit_code();
            return Err(Failure::new(Text::new("run-stopped-waiting"), exit));
        }
    };
    let changes = match summary.outcome {
        domain::Outcome::Planned | domain::Outcome::HeldByGuard => {
            state.lines(&summary.run_id).await?.into_iter().map(|record| record.line.change).collect()
        }
        _ => Vec::new(),
    };
    let number = state.get(&summary.run_id).await?.map_or(0, |record| record.number);
    Ok(Done { summary, number, changes })
}

/// Prints the result: the report, and for a plan its changes.
pub(super) fn tell(context: &Context, done: &Done) {
    let messages = context.messages;
    if context.output.json {
        Output::print(&result(context, done));
    } else {
        context.output.text(&report::render(messages, &done.summary, done.number, &done.changes));
    }
    // On stderr, so that a user who redirects the results still sees it.
    if let Some(failure) = &done.summary.failure {
        Output::error(messages, &Diagnostic::of_run(messages, failure));
    }
}

fn result(context: &Context, done: &Done) -> RunResult {
    let planned = matches!(done.summary.outcome, domain::Outcome::Planned | domain::Outcome::HeldByGuard);
    RunResult {
        report: context.messages.report(&done.summary),
        plan: planned.then(|| PlannedChanges {
            plan_id: done.summary.run_id.clone(),
            changes: done.changes.iter().map(change_view).collect(),
        }),
    }
}

/// The shop under which a demonstration runs.
pub(super) fn demo_shop() -> ShopName {
    ShopName::new("demo")
}
