//! `emulator`: a Wix shop on this machine, until it is stopped.

use std::fmt::Display;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ArgMatches;
use messages::Text;
use serde_json::json;
use wix_emulator::{Conditions, Config, Emulator, RateLimit, ShopData};

use super::demo;
use crate::cli::Context;
use crate::error::Failure;
use crate::output::Output;

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let emulator = Emulator::start(config(args)?)
        .await
        .map_err(|error| Failure::failed(Text::new("emulator-start").with("detail", error)))?;
    let (url, key, site) = (emulator.base_url(), emulator.api_key(), emulator.site_id());
    let control = emulator.control_url();
    if context.output.json {
        Output::print(&json!({"base_url": url, "api_key": key, "site_id": site, "control_url": control}));
    } else {
        let runs = Text::new("emulator-runs").with("url", &url).with("control", control);
        Output::aside(&context.messages.say(&runs));
        context
            .output
            .text(&format!("export WIX_BASE_URL={url}\nexport WIX_API_KEY={key}\nexport WIX_SITE_ID={site}"));
    }
    until_signal().await;
    emulator.stop().await;
    Ok(0)
}

/// What the emulator starts with: the shop file, the faults file, then the flags.
fn config(args: &ArgMatches) -> Result<Config, Failure> {
    let data = match args.get_one::<PathBuf>("file") {
        Some(file) => read(file, "emulator-file", ShopData::from_json)?,
        None => demo::sample_shop(),
    };
    let mut config = Config::new(data);
    if let Some(file) = args.get_one::<PathBuf>("faults") {
        config = config.under(read(file, "emulator-faults", Conditions::from_json)?);
    }
    if let Some(address) = args.get_one::<SocketAddr>("listen") {
        config.listen = *address;
    }
    if let Some(requests) = args.get_one::<u32>("rate-limit") {
        config.rate_limit = Some(RateLimit { requests: *requests, window: Duration::from_mins(1) });
    }
    Ok(config)
}

/// Reads a file; the message of this id says which one cannot be used, and why.
fn read<T, E: Display>(
    file: &Path,
    message: &'static str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, Failure> {
    let unusable = |detail: &dyn Display| {
        Failure::usage(Text::new(message).with("file", file.display()).with("detail", detail))
    };
    let text = std::fs::read_to_string(file).map_err(|error| unusable(&error))?;
    parse(&text).map_err(|error| unusable(&error))
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
