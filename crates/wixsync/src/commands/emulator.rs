//! `emulator`: a Wix shop on this machine, until it is stopped.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ArgMatches;
use messages::Text;
use serde_json::json;
use wix_emulator::{Config, Emulator, RateLimit, ShopData};

use super::demo;
use crate::cli::Context;
use crate::error::Failure;
use crate::output::Output;

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let data = match args.get_one::<PathBuf>("file") {
        Some(file) => load(file)?,
        None => demo::sample_shop(),
    };
    let mut config = Config::new(data);
    if let Some(address) = args.get_one::<SocketAddr>("listen") {
        config.listen = *address;
    }
    config.rate_limit = args
        .get_one::<u32>("rate-limit")
        .map(|requests| RateLimit { requests: *requests, window: Duration::from_mins(1) });
    let (key, site) = (config.api_key.clone(), config.site_id.clone());
    let emulator = Emulator::start(config)
        .await
        .map_err(|error| Failure::failed(Text::new("emulator-start").with("detail", error)))?;
    let url = emulator.base_url();
    if context.output.json {
        Output::print(&json!({"base_url": url, "api_key": key, "site_id": site}));
    } else {
        Output::aside(&context.messages.say(&Text::new("emulator-runs").with("url", &url)));
        context
            .output
            .text(&format!("export WIX_BASE_URL={url}\nexport WIX_API_KEY={key}\nexport WIX_SITE_ID={site}"));
    }
    until_signal().await;
    emulator.stop().await;
    Ok(0)
}

fn load(file: &Path) -> Result<ShopData, Failure> {
    let unreadable = |detail: &dyn std::fmt::Display| {
        let text = Text::new("emulator-file").with("file", file.display()).with("detail", detail);
        Failure::usage(text)
    };
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(&error))?;
    ShopData::from_json(&text).map_err(|error| unreadable(&error))
}

/// Returns at Ctrl-C or SIGTERM.
pub(super) async fn until_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Without signals the program is ended from outside.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
