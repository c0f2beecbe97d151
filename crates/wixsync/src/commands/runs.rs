//! `runs` and `run`: lists the runs and shows one of them.

use std::collections::BTreeSet;
use std::fmt::{Display, Write};

use api_types::{RunList, RunWithLines};
use clap::ArgMatches;
use comfy_table::Table;
use domain::{LineState, RunKind, RunName, ShopName, StartedBy, Starter, UnixMillis};
use messages::{Messages, Text};
use server::{attempt_view, line_view, run_view};
use sync::ports::{Clock, EarlierAttempt, LineRecord, RunFilter, RunRecord, Store};

use super::option;
use crate::clock::WallClock;
use crate::context::Context;
use crate::error::Failure;
use crate::output::report::PlanState;
use crate::output::sku::printable;
use crate::output::time::{ShortTimes, local};
use crate::output::{Output, report, table};
use crate::wiring;

/// `runs`: the newest first.
pub(super) async fn list(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let state = wiring::open_state(&context.settings).await?;
    let started_by: Option<StartedBy> = option(args, "started-by").and_then(|code| code.parse().ok());
    let filter = RunFilter {
        shop: option(args, "shop").map(ShopName::new),
        // The argument takes no other words than these.
        outcome: option(args, "outcome").and_then(|code| code.parse().ok()),
        started_by,
        but_check_ups: started_by != Some(StartedBy::Doctor),
        limit: args.get_one("limit").copied().unwrap_or(20),
        ..RunFilter::default()
    };
    let runs = state.list(&filter).await?;
    let location = state.location();
    state.close().await;
    let messages = context.messages;
    if context.output.json {
        Output::print(&RunList { runs: runs.iter().map(|run| run_view(messages, run)).collect() });
    } else if runs.is_empty() {
        let is_filtered = ["shop", "outcome", "started-by"].iter().any(|name| option(args, name).is_some());
        let which = if is_filtered { "some" } else { "all" };
        let text = Text::new("runs-none-in").with("state", location).with("which", which);
        context.output.text(&messages.say(&text));
    } else {
        context.output.text(&runs_table(messages, &runs));
    }
    Ok(0)
}

/// The table of runs. On a narrow terminal the ids are left out, because the numbers name the runs too, outcomes are
/// shortened, and the shop is left out if it is the same in every row.
fn runs_table(messages: Messages, runs: &[RunRecord]) -> String {
    let whole = table_of(messages, runs, true);
    if !table::is_too_wide(&whole) {
        return table::lines(&whole);
    }
    let mut short = table_of(messages, runs, false);
    // Only the outcome may wrap.
    let columns = short.column_count();
    table::keep_whole(&mut short, (0..columns).filter(|at| at + OUTCOME_FROM_END != columns));
    table::lines(&short)
}

/// The outcome's column, counted from the end, because columns before it may be missing.
const OUTCOME_FROM_END: usize = 4;

fn table_of(messages: Messages, runs: &[RunRecord], is_whole: bool) -> Table {
    let changes = if is_whole { "runs-changes" } else { "runs-changes-short" };
    let shops: BTreeSet<&ShopName> = runs.iter().map(|record| &record.run.shop).collect();
    let has_shop = is_whole || shops.len() > 1;
    let mut headings = vec!["runs-number", "runs-started"];
    headings.extend(is_whole.then_some("runs-id"));
    headings.extend(has_shop.then_some("runs-shop"));
    headings.extend(["runs-kind", "runs-outcome", changes, "runs-errors", "runs-by"]);
    let mut headings: Vec<String> = headings.iter().map(|id| messages.get(id)).collect();
    let times = ShortTimes::at(WallClock.now());
    if let Some(started) = headings.get_mut(1).filter(|_| !is_whole) {
        *started = times.heading(started);
    }
    let mut rows = table::table(&headings);
    for record in runs {
        let summary = record.summary.as_ref();
        let counters = summary.map(|summary| summary.counters).unwrap_or_default();
        let (run, at) = (&record.run, record.run.created_at);
        let outcome = match summary {
            None => messages.task_status(record.status),
            Some(summary) if is_whole => messages.end_of(summary),
            Some(summary) => messages.end_of_short(summary),
        };
        let mut row = vec![record.number.to_string(), if is_whole { local(at) } else { times.text(at) }];
        row.extend(is_whole.then(|| run.id.to_string()));
        row.extend(has_shop.then(|| run.shop.to_string()));
        row.push(messages.kind(run.kind(), run.dry_run()));
        row.push(outcome);
        row.push(format!("{}/{}", messages.figure(counters.executed()), messages.figure(counters.planned)));
        row.push(messages.figure(counters.errors()));
        row.push(starter(messages, &run.starter));
        rows.add_row(row);
    }
    rows
}

/// Who started a run, in a word or two; a request to the API by the name of its token.
fn starter(messages: Messages, starter: &Starter) -> String {
    match &starter.token {
        Some(token) => printable(token),
        None => messages.started_by(starter.by),
    }
}

/// The shortest prefix of an id that commands accept.
const LEAST: usize = 4;
/// How many runs are named where several could be meant.
const NAMED: u32 = 5;

/// The run with this number or id, the last one, or the only one whose id begins so.
pub(super) async fn named(state: &dyn Store, named: &str) -> Result<RunRecord, Failure> {
    let name = RunName::parse(named);
    if matches!(name, RunName::Last | RunName::Number(_)) {
        let found = state.named(&name).await?;
        return found.ok_or_else(|| Failure::usage(not_found(state, named)));
    }
    let found = state.beginning_with(&named.to_lowercase(), NAMED + 1).await?;
    let exact = found.iter().position(|run| run.run.id.as_str() == named);
    let mut found = found;
    match (exact, found.len()) {
        (Some(at), _) => Ok(found.swap_remove(at)),
        // The prefix is too short: `apply 0` would apply the only plan that there is.
        (None, _) if named.chars().count() < LEAST => Err(Failure::usage(not_found(state, named))),
        (None, 1) => Ok(found.swap_remove(0)),
        (None, 0) => Err(Failure::usage(not_found(state, named))),
        (None, _) => {
            let more = if found.len() > most() { ", …" } else { "" };
            let ids: Vec<&str> = found.iter().take(most()).map(|run| run.run.id.as_str()).collect();
            let text = Text::new("run-ambiguous").with("run", named);
            Err(Failure::usage(text.with("runs", format!("{}{more}", ids.join(", ")))))
        }
    }
}

fn not_found(state: &dyn Store, named: &str) -> Text {
    Text::new("run-not-found").with("run", named).with("state", state.location())
}

fn most() -> usize {
    usize::try_from(NAMED).unwrap_or(usize::MAX)
}

/// `run RUN_ID`: its report and every line.
pub(super) async fn one(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let is_csv = args.get_flag("csv");
    if is_csv && context.output.json {
        let text = Text::new("usage-conflict").with("argument", "--csv").with("other", "--json");
        return Err(Failure::usage(text.with("help", "wixsync run --help")));
    }
    let state = wiring::open_state(&context.settings).await?;
    let record = match named(&*state, option(args, "run").unwrap_or_default()).await {
        Ok(record) => record,
        Err(failure) => {
            state.close().await;
            return Err(failure);
        }
    };
    let lines = state.lines(&record.run.id).await?;
    let skips = state.skips(&record.run.id).await?;
    let earlier = state.earlier_attempts(&record.run.id).await?;
    let plan = plan_state(&*state, &record, WallClock.now()).await?;
    state.close().await;
    if is_csv {
        Output::raw(&lines_csv(&lines)?);
    } else if context.output.json {
        Output::print(&RunWithLines {
            run: run_view(context.messages, &record),
            earlier_attempts: earlier.iter().map(attempt_view).collect(),
            lines: lines.iter().map(line_view).collect(),
            skipped: skips.iter().map(Into::into).collect(),
        });
    } else {
        context.output.text(&run_page(context.messages, &record, plan, &earlier, &lines));
    }
    Ok(0)
}

/// How many applied plans are searched for one. A plan can be applied for a day alone.
const APPLIES: u32 = 200;

/// What became of the plan that a run made.
pub(super) async fn plan_state(
    state: &dyn Store,
    record: &RunRecord,
    now: UnixMillis,
) -> Result<PlanState, Failure> {
    let applies = RunFilter {
        shop: Some(record.run.shop.clone()),
        kind: Some(RunKind::Apply),
        limit: APPLIES,
        ..RunFilter::default()
    };
    let has_applied = |one: &&RunRecord| {
        let counters = one.summary.as_ref().map(|summary| summary.counters).unwrap_or_default();
        one.run.work.plan() == Some(&record.run.id) && counters.executed() + counters.skipped_in_apply > 0
    };
    if let Some(by) = state.list(&applies).await?.iter().find(has_applied) {
        return Ok(PlanState::Applied(by.number));
    }
    let is_expired = sync::run::plan_is_expired(record.run.created_at, now);
    Ok(if is_expired { PlanState::Expired } else { PlanState::Open })
}

/// The lines as CSV (RFC 4180) in UTF-8. Values are those of the JSON: codes, and SKUs byte for byte.
fn lines_csv(lines: &[LineRecord]) -> Result<Vec<u8>, Failure> {
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let failed = |error: &dyn Display| Failure::failed(Text::new("output-lost").with("detail", error));
    let headings =
        ["sku", "level", "target", "delta", "level_after", "state", "detail", "product_id", "variant_id"];
    csv.write_record(headings).map_err(|error| failed(&error))?;
    for line in lines {
        let change = &line.line.change;
        csv.write_record([
            change.sku.as_str(),
            &change.level.units().to_string(),
            &change.target.units().to_string(),
            &change.delta.units().to_string(),
            &line.level_after.map(|level| level.units().to_string()).unwrap_or_default(),
            line.state.code(),
            line.detail.as_deref().unwrap_or_default(),
            change.key.product.as_str(),
            change.key.variant.as_str(),
        ])
        .map_err(|error| failed(&error))?;
    }
    csv.into_inner().map_err(|error| failed(&error.error()))
}

fn run_page(
    messages: Messages,
    record: &RunRecord,
    plan: PlanState,
    earlier: &[EarlierAttempt],
    lines: &[LineRecord],
) -> String {
    let mut page = if let Some(summary) = &record.summary {
        report::render_kept(messages, summary, record.number, earlier.is_empty(), plan)
    } else {
        let text = Text::new("run-open")
            .with("run", &record.run.id)
            .with("status", messages.task_status(record.status));
        format!("{}\n", messages.say(&text))
    };
    for EarlierAttempt { attempt, counters } in earlier {
        let text = Text::new("run-earlier").with("attempt", attempt).count("done", counters.executed());
        // Writing to a String cannot fail.
        let _ = writeln!(page, "  {}", messages.say(&text));
    }
    if !lines.is_empty() {
        let headings =
            ["line-sku", "line-read", "line-target", "line-delta", "line-after", "line-state", "line-detail"];
        let headings: Vec<String> = headings.iter().map(|id| messages.get(id)).collect();
        let mut rows = table::table(&headings);
        for line in lines {
            let change = &line.line.change;
            // Nothing of a plan was meant to be sent.
            let kept = record.run.dry_run() && line.state == LineState::NotSent;
            let state = if kept { LineState::Planned } else { line.state };
            rows.add_row([
                printable(change.sku.as_str()),
                messages.figure(change.level),
                messages.figure(change.target),
                messages.figure(change.delta),
                line.level_after.map_or_else(|| "-".to_owned(), |level| messages.figure(level)),
                messages.line_state(state),
                messages.line_detail(line.state, line.detail.as_deref()).unwrap_or_default(),
            ]);
        }
        page.push('\n');
        page.push_str(&table::lines(&rows));
    }
    page
}
