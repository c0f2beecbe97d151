//! `pause` and `resume`: stops and resumes all writing to a shop, for every caller.

use clap::ArgMatches;
use domain::ShopName;
use messages::Text;
use serde_json::json;
use sync::ports::Clock;

use super::option;
use crate::clock::WallClock;
use crate::context::Context;
use crate::error::Failure;
use crate::output::Output;
use crate::output::shell::shell_word;
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

/// The command that resumes this shop, as the user must type it. If there are several shops, it names the shop.
pub(super) fn resuming(context: &Context, shop: &ShopName) -> String {
    match wiring::choose_shop(&context.settings, None) {
        Ok(default) if default.name == *shop => "wixsync resume".to_owned(),
        _ => format!("wixsync resume --shop {}", shell_word(shop.as_str())),
    }
}

fn tell(context: &Context, shop: &ShopName, paused: bool) {
    if context.output.json {
        Output::print(&json!({"shop": shop, "paused": paused}));
    } else {
        let text = Text::new(if paused { "shop-is-paused" } else { "shop-is-resumed" });
        let text = text.with("shop", shop).with("command", resuming(context, shop));
        context.output.text(&context.messages.say(&text));
    }
}
