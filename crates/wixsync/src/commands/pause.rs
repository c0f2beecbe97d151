//! `pause` and `resume`: stops and resumes all writing to a shop, for every caller.

use clap::ArgMatches;
use domain::ShopName;
use messages::Text;
use serde_json::json;
use sync::ports::Clock;

use super::option;
use crate::clock::WallClock;
use crate::config::ShopSettings;
use crate::context::Context;
use crate::error::Failure;
use crate::known_states;
use crate::output::Output;
use crate::output::shell::shell_word;
use crate::wiring;

pub(super) async fn pause(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let shop = configured(context, args)?;
    let state = wiring::open_state(&context.settings).await?;
    let done = state.pause(&shop.name, WallClock.now()).await;
    state.close().await;
    done?;
    tell(context, &shop.name, true)
}

pub(super) async fn resume(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let shop = configured(context, args)?;
    let state = wiring::open_state(&context.settings).await?;
    let done = state.resume(&shop.name, WallClock.now()).await;
    state.close().await;
    done?;
    tell(context, &shop.name, false)
}

/// The command that resumes this shop, as the user must type it. If there are several shops, it names the shop.
pub(super) fn resuming(context: &Context, shop: &ShopName) -> String {
    match wiring::choose_shop(&context.settings, None) {
        Ok(default) if default.name == *shop => "wixsync resume".to_owned(),
        _ => format!("wixsync resume --shop {}", shell_word(shop.as_str())),
    }
}

/// The shop that is meant. Its site must be configured: else the pause would stand in a database that no run uses.
fn configured<'a>(context: &'a Context, args: &ArgMatches) -> Result<&'a ShopSettings, Failure> {
    wiring::require_shop(&context.settings)?;
    let shop = wiring::choose_shop(&context.settings, option(args, "shop"))?;
    known_states::check(context, shop);
    Ok(shop)
}

/// Also says which state database was changed: the service must use the same one.
fn tell(context: &Context, shop: &ShopName, paused: bool) -> Result<u8, Failure> {
    let state = wiring::state_url(&context.settings)?.to_string();
    if context.output.json {
        Output::print(&json!({"shop": shop, "paused": paused, "state": state}));
    } else {
        let text = Text::new(if paused { "shop-is-paused" } else { "shop-is-resumed" });
        let text = text.with("shop", shop).with("command", resuming(context, shop));
        let state = context.messages.say(&Text::new("serve-state").with("state", state));
        context.output.text(&format!("{}\n{state}", context.messages.say(&text)));
    }
    Ok(0)
}
