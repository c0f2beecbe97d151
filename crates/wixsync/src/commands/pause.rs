//! `pause` and `resume`: all writing to a shop stops and goes on, whoever asks for it.

use clap::ArgMatches;
use domain::ShopName;
use messages::Text;
use serde_json::json;
use sync::ports::{Clock, Pauses};

use super::option;
use crate::cli::Context;
use crate::clock::WallClock;
use crate::error::Failure;
use crate::output::Output;
use crate::wiring;

pub(super) async fn pause(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let shop = &wiring::choose_shop(&context.settings, option(args, "shop"))?.name;
    let state = wiring::open_state(&context.settings).await?;
    let done = state.pause(shop, WallClock.now()).await;
    state.close().await;
    done?;
    tell(context, shop, true);
    Ok(0)
}

pub(super) async fn resume(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let shop = &wiring::choose_shop(&context.settings, option(args, "shop"))?.name;
    let state = wiring::open_state(&context.settings).await?;
    let done = state.resume(shop, WallClock.now()).await;
    state.close().await;
    done?;
    tell(context, shop, false);
    Ok(0)
}

fn tell(context: &Context, shop: &ShopName, paused: bool) {
    if context.output.json {
        Output::print(&json!({"shop": shop, "paused": paused}));
    } else {
        let text = Text::new(if paused { "shop-is-paused" } else { "shop-is-resumed" });
        context.output.text(&context.messages.say(&text.with("shop", shop)));
    }
}
