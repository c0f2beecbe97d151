//! `explain SKU`: both sides as they are, what a run would do now, and what earlier runs did.

use clap::ArgMatches;
use domain::Sku;
use messages::Text;
use sync::explain::{Sources, explain};

use super::option;
use crate::context::Context;
use crate::error::{FAILED, Failure};
use crate::output::{Output, explanation};
use crate::wiring;

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    // clap asks for it.
    let Some(sku) = args.get_one::<Sku>("sku") else { return Ok(crate::error::USAGE) };
    let settings = &context.settings;
    let shop = wiring::choose_shop(settings, option(args, "shop"))?;
    shop.credentials()?;
    let warehouse = wiring::open_warehouse(settings)?;
    let state = wiring::open_state(settings).await?;
    let port = wiring::open_shop(settings, shop, &state, context.messages, context.clock)?;
    let sources = Sources { shop: &port, warehouse: warehouse.as_ref(), maps: &*state, history: &*state };
    let limit = args.get_one("runs").copied().unwrap_or(10);
    let found = explain(sources, &shop.name, sku, settings.policy.value, limit).await;
    state.close().await;
    let found = found?;
    if context.output.json {
        Output::print(&explanation::view(context.messages, &shop.name, sku, &found));
    } else {
        context.output.text(&explanation::page(context.messages, &shop.name, sku, &found));
    }
    let blind = found.listings.is_err() || found.stock.is_err();
    if blind {
        Output::warning(context.messages, &Text::new("explain-next-unknown"));
    }
    Ok(if blind { FAILED } else { 0 })
}
