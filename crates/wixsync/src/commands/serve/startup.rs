//! What `serve` and `worker` print when they have started: the address, the state database, and when each shop runs
//! next.

use std::net::SocketAddr;

use domain::ShopName;
use jiff::tz::TimeZone;
use messages::Text;
use serde_json::{Value, json};
use server::{NextRun, Service, next_run};

use super::super::pause::resuming;
use crate::context::Context;
use crate::error::Failure;
use crate::output::{Output, time};
use crate::wiring;

/// Prints it as one JSON object or as lines for people.
pub(super) async fn tell(context: &Context, service: &Service, address: SocketAddr) -> Result<(), Failure> {
    let url = &format!("http://{address}");
    let state = wiring::state_url(&context.settings)?.to_string();
    let mut shops = Vec::new();
    for (shop, _) in &service.settings.shops {
        shops.push((shop, next_run(service, shop).await?));
    }
    if context.output.json {
        let shops: Vec<Value> = shops.iter().map(|(shop, next)| shop_json(shop, *next)).collect();
        Output::print(&json!({"url": url, "state": state, "shops": shops}));
        return Ok(());
    }
    let messages = context.messages;
    let mut lines = vec![
        messages.say(&Text::new("serve-serves").with("url", url)),
        messages.say(&Text::new("serve-docs").with("url", url)),
        messages.say(&Text::new("serve-state").with("state", state)),
    ];
    if !address.ip().is_loopback() {
        lines.insert(1, messages.get("serve-in-the-open"));
    }
    if let Some(missing) = wiring::missing_warehouse(&context.settings) {
        lines.push(messages.say(&Text::new("serve-no-warehouse").with("warehouse", missing)));
    }
    let zone = &context.settings.service.time_zone.value;
    lines.extend(shops.iter().map(|(shop, next)| shop_line(context, shop, *next, zone)));
    lines.push(messages.get("serve-check"));
    context.output.text(&lines.join("\n  "));
    Ok(())
}

/// Prints the state database of a worker: it must be the one of the service.
pub(super) fn tell_of_worker(context: &Context) -> Result<(), Failure> {
    let state = wiring::state_url(&context.settings)?.to_string();
    if context.output.json {
        Output::print(&json!({"status": "working", "state": state}));
    } else {
        let messages = context.messages;
        let place = messages.say(&Text::new("serve-state").with("state", state));
        context.output.text(&format!("{}\n  {place}", messages.get("worker-works")));
    }
    Ok(())
}

/// The line of a shop. Moments are told in `zone`, in which the schedule is read.
fn shop_line(context: &Context, shop: &ShopName, next: NextRun, zone: &TimeZone) -> String {
    let text = match next {
        NextRun::At(at) => Text::new("serve-shop-next").with("at", time::in_zone(at, zone)),
        NextRun::Paused(since) => {
            let text = Text::new("serve-shop-paused").with("since", time::in_zone(since, zone));
            text.with("command", resuming(context, shop))
        }
        NextRun::Never => Text::new("serve-shop-never"),
    };
    context.messages.say(&text.with("shop", shop))
}

fn shop_json(shop: &ShopName, next: NextRun) -> Value {
    let (next_run, paused_since) = match next {
        NextRun::At(at) => (Some(time::utc(at)), None),
        NextRun::Paused(since) => (None, Some(time::utc(since))),
        NextRun::Never => (None, None),
    };
    json!({"shop": shop, "next_run": next_run, "paused_since": paused_since})
}
