//! `set`: the guide's `update_inventory_by_sku_list`, as a run like any other.

use clap::ArgMatches;
use domain::run::RunSummary;
use domain::{Outcome, Scope, Sku};
use messages::{Messages, Text};
use serde::Serialize;
use sync::Work;

use super::option;
use super::run::execute;
use crate::cli::Context;
use crate::error::Failure;
use crate::output::Output;
use crate::output::report::printable;
use crate::wiring;

/// The guide's JSON of this call.
#[derive(Serialize)]
struct SetReport {
    status: &'static str,
    message: String,
    total_sku: u64,
    processed: u64,
    updated: u64,
    errors: u64,
    details: SetDetails,
}

#[derive(Serialize)]
struct SetDetails {
    inventory_updates_created: u64,
    batches_processed: u64,
}

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let quantities = quantities(args)?;
    let shop = wiring::choose_shop(&context.settings, option(args, "shop"))?;
    let total = u64::try_from(quantities.len()).unwrap_or(u64::MAX);
    let done = execute(context, shop, Work::Set { quantities }, Scope::All).await?;
    let summary = &done.summary;
    for skip in &summary.skipped {
        let reason = context.messages.skip_reason(skip.reason);
        let text = Text::new("set-skipped").with("sku", printable(&skip.sku)).with("reason", reason);
        Output::warning(context.messages, &text);
    }
    Output::print(&report(context.messages, summary, total));
    if let Some(failure) = &summary.failure {
        let hint = context.messages.failure_hint(failure);
        Output::error(context.messages, &context.messages.failure(failure), Some(&hint));
    }
    Ok(summary.outcome.exit_code())
}

fn report(messages: Messages, summary: &RunSummary, total: u64) -> SetReport {
    let failed = matches!(summary.outcome, Outcome::Failed | Outcome::Interrupted);
    SetReport {
        status: if failed { "error" } else { "success" },
        message: messages.report_message(summary),
        total_sku: total,
        processed: summary.facts.matched,
        updated: summary.counters.executed(),
        errors: summary.counters.errors(),
        details: SetDetails {
            inventory_updates_created: summary.counters.planned,
            batches_processed: summary.batches,
        },
    }
}

/// A SKU named twice with two quantities leaves no telling which is meant.
fn quantities(args: &ArgMatches) -> Result<Vec<(Sku, u32)>, Failure> {
    let mut quantities: Vec<(Sku, u32)> = Vec::new();
    for (sku, units) in args.get_many::<(Sku, u32)>("quantities").into_iter().flatten() {
        match quantities.iter().find(|(known, _)| known == sku) {
            Some((_, same)) if same == units => {}
            Some(_) => return Err(Failure::usage(Text::new("set-twice").with("sku", sku))),
            None => quantities.push((sku.clone(), *units)),
        }
    }
    Ok(quantities)
}
