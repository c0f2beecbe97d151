//! `set`: the guide's `update_inventory_by_sku_list`, as a run like any other.

use clap::ArgMatches;
use domain::{Scope, Sku};
use messages::Text;
use sync::Work;

use super::option;
use super::run::execute;
use crate::context::Context;
use crate::error::Failure;
use crate::output::sku::printable;
use crate::output::{Diagnostic, Output};
use crate::wiring;

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
    Output::print(&context.messages.set_report(summary, total));
    if let Some(failure) = &summary.failure {
        Output::error(context.messages, &Diagnostic::of_run(context.messages, failure));
    }
    Ok(summary.outcome.exit_code())
}

/// The quantities by SKU. A SKU with two different quantities is an error.
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
