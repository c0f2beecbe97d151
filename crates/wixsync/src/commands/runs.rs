//! `runs` and `run`: what has been done.

use clap::ArgMatches;
use domain::{LineState, RunId, ShopName};
use messages::{Messages, Text};
use serde_json::{Value, json};
use server::{line_json, run_json};
use sync::ports::{Journal, LineRecord, RunFilter, RunRecord, Runs};

use super::option;
use crate::cli::Context;
use crate::error::Failure;
use crate::output::time::local;
use crate::output::{Output, report, table};
use crate::wiring;

/// `runs`: the newest first.
pub(super) async fn list(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let state = wiring::open_state(&context.settings).await?;
    let filter = RunFilter {
        shop: option(args, "shop").map(ShopName::new),
        limit: args.get_one("limit").copied().unwrap_or(20),
        ..RunFilter::default()
    };
    let runs = state.list(&filter).await?;
    state.close().await;
    let messages = context.messages;
    if context.output.json {
        let runs: Vec<Value> = runs.iter().map(|run| run_json(messages, run)).collect();
        Output::print(&json!({"runs": runs}));
    } else if runs.is_empty() {
        context.output.text(&messages.get("runs-none"));
    } else {
        context.output.text(&runs_table(messages, &runs));
    }
    Ok(0)
}

fn runs_table(messages: Messages, runs: &[RunRecord]) -> String {
    let headings =
        ["runs-started", "runs-id", "runs-shop", "runs-kind", "runs-outcome", "runs-changes", "runs-errors"];
    let headings: Vec<String> = headings.iter().map(|id| messages.get(id)).collect();
    let mut rows = table::table(&headings);
    for record in runs {
        let summary = record.summary.as_ref();
        let counters = summary.map(|summary| summary.counters).unwrap_or_default();
        rows.add_row([
            local(record.run.created_at),
            record.run.id.to_string(),
            record.run.shop.to_string(),
            record.run.kind.code().to_owned(),
            summary.map_or_else(|| record.status.code().to_owned(), |s| messages.outcome(s.outcome)),
            format!("{}/{}", counters.executed(), counters.planned),
            counters.errors().to_string(),
        ]);
    }
    table::lines(&rows)
}

/// `run RUN_ID`: its report and every line.
pub(super) async fn one(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let id = RunId::new(option(args, "run").unwrap_or_default());
    let state = wiring::open_state(&context.settings).await?;
    let record = state.get(&id).await?;
    let Some(record) = record else {
        state.close().await;
        let text = Text::new("run-not-found").with("run", &id);
        return Err(Failure::usage(text));
    };
    let lines = state.lines(&id).await?;
    let skips = state.skips(&id).await?;
    state.close().await;
    if context.output.json {
        let mut value = run_json(context.messages, &record);
        if let Some(object) = value.as_object_mut() {
            object.insert("lines".to_owned(), lines.iter().map(line_json).collect());
            object.insert("skipped".to_owned(), json!(skips));
        }
        Output::print(&value);
    } else {
        context.output.text(&run_page(context.messages, &record, &lines));
    }
    Ok(0)
}

fn run_page(messages: Messages, record: &RunRecord, lines: &[LineRecord]) -> String {
    let mut page = if let Some(summary) = &record.summary {
        report::render(messages, summary, &[])
    } else {
        let text = Text::new("run-open").with("run", &record.run.id).with("status", record.status);
        format!("{}\n", messages.say(&text))
    };
    if !lines.is_empty() {
        let headings =
            ["line-sku", "line-read", "line-target", "line-delta", "line-after", "line-state", "line-detail"];
        let headings: Vec<String> = headings.iter().map(|id| messages.get(id)).collect();
        let mut rows = table::table(&headings);
        for line in lines {
            let change = &line.line.change;
            // Nothing of a plan was meant to be sent.
            let kept = record.run.dry_run && line.state == LineState::NotSent;
            let state = if kept { LineState::Planned } else { line.state };
            rows.add_row([
                report::printable(change.sku.as_str()),
                change.level.to_string(),
                change.target.to_string(),
                change.delta.to_string(),
                line.level_after.map_or_else(|| "-".to_owned(), |level| level.to_string()),
                messages.line_state(state),
                messages.line_detail(line.state, line.detail.as_deref()).unwrap_or_default(),
            ]);
        }
        page.push('\n');
        page.push_str(&table::lines(&rows));
    }
    page
}
