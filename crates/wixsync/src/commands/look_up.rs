//! `products` and `inventory-updates`: the guide's two reading calls. Their result is always JSON.

use std::sync::Arc;

use clap::ArgMatches;
use messages::Text;
use serde::Serialize;
use shops::SiteShop;
use sync::calls::{self, Found};
use sync::ports::{ShopError, Store};

use super::{option, skus};
use crate::context::Context;
use crate::error::{FAILED, Failure};
use crate::output::sku::printable;
use crate::output::{Diagnostic, Output};
use crate::wiring::{choose_shop, open_shop, open_state};

/// `get_wix_products_info_by_sku_list`.
pub(super) async fn products(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let (shop, state) = open(context, args).await?;
    let found = calls::get_wix_products_info_by_sku_list(&shop, &skus(args, "skus"), batch_size(args)).await;
    state.close().await;
    Ok(tell(context, found))
}

/// `get_inventory_updates_by_sku_list`.
pub(super) async fn inventory_updates(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let (shop, state) = open(context, args).await?;
    let found = calls::get_inventory_updates_by_sku_list(&shop, &skus(args, "skus"), batch_size(args)).await;
    state.close().await;
    Ok(tell(context, found))
}

/// The shop; the state database holds its request window.
async fn open(context: &Context, args: &ArgMatches) -> Result<(SiteShop, Arc<dyn Store>), Failure> {
    let settings = &context.settings;
    let shop = choose_shop(settings, option(args, "shop"))?;
    shop.credentials()?;
    let state = open_state(settings).await?;
    Ok((open_shop(settings, shop, &state, context.messages, context.clock)?, state))
}

fn batch_size(args: &ArgMatches) -> usize {
    args.get_one("batch-size").copied().unwrap_or(calls::BATCH_SIZE)
}

fn tell<T: Serialize>(context: &Context, found: Result<Found<T>, ShopError>) -> u8 {
    match found {
        Ok(found) => {
            for sku in &found.missing {
                Output::warning(
                    context.messages,
                    &Text::new("lookup-missing").with("sku", printable(sku.as_str())),
                );
            }
            for sku in &found.ambiguous {
                Output::warning(
                    context.messages,
                    &Text::new("lookup-ambiguous").with("sku", printable(sku.as_str())),
                );
            }
            Output::print(&found.items);
            0
        }
        Err(error) => {
            shop_failure(context, &error);
            FAILED
        }
    }
}

/// A failure of the shop outside a run, in the same words as inside one.
fn shop_failure(context: &Context, error: &ShopError) {
    let failure = domain::run::Failure {
        at: domain::run::FailedAt::Shop,
        code: error.class.code().to_owned(),
        detail: error.detail.clone(),
    };
    let diagnostic = Diagnostic::of_run(context.messages, &failure);
    if context.output.json {
        let mut value = diagnostic.json();
        if let Some(object) = value.as_object_mut() {
            object.insert("code".to_owned(), failure.code.into());
        }
        Output::print(&value);
    }
    Output::error(context.messages, &diagnostic);
}
