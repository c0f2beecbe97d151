//! `emulator`: runs a Wix shop on this machine until a signal stops it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ArgMatches;
use messages::{Messages, Text};
use serde_json::json;
use wix_emulator::{Conditions, ConditionsError, Config, DataError, Emulator, RateLimit, ShopData};

use super::demo;
use crate::context::Context;
use crate::error::Failure;
use crate::output::Output;
use crate::signals::until_signal;
use crate::text_file;

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let emulator = Emulator::start(config(context.messages, args)?)
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

/// The configuration: from the shop file, then the faults file, then the flags.
fn config(messages: Messages, args: &ArgMatches) -> Result<Config, Failure> {
    let data = match args.get_one::<PathBuf>("file") {
        Some(file) => read(file, "emulator-file", |text| {
            ShopData::from_json(text).map_err(|error| match error {
                DataError::NotAnObject => messages.get("emulator-file-shape"),
                DataError::Json(error) => explain(messages, &error),
                other => other.to_string(),
            })
        })?,
        None => demo::sample_shop(),
    };
    let mut config = Config::new(data);
    if let Some(file) = args.get_one::<PathBuf>("faults") {
        config = config.under(read(file, "emulator-faults", |text| {
            Conditions::from_json(text).map_err(|error| match error {
                ConditionsError::NotAnObject => messages.get("emulator-faults-shape"),
                ConditionsError::Json(error) => explain(messages, &error),
                other => other.to_string(),
            })
        })?);
    }
    if let Some(catalog) = args.get_one::<String>("catalog") {
        let failed = |error| Failure::failed(Text::new("emulator-start").with("detail", error));
        config.catalog = demo::catalog_named(catalog).map_err(failed)?;
    }
    if let Some(address) = args.get_one::<SocketAddr>("listen") {
        config.listen = *address;
    }
    if let Some(requests) = args.get_one::<u32>("rate-limit") {
        config.rate_limit = Some(RateLimit { requests: *requests, window: Duration::from_mins(1) });
    }
    Ok(config)
}

/// Reads a file. On failure the message of this id names the file and the reason.
fn read<T>(
    file: &Path,
    message: &'static str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<T, Failure> {
    let unusable = |why, detail: String| {
        let text = Text::new(message).with("file", file.display()).with("detail", detail);
        Failure::usage(text.with("why", why))
    };
    let text = text_file::read(file).map_err(|error| unusable("unreadable", error.to_string()))?;
    parse(&text).map_err(|detail| unusable("content", detail))
}

/// Explains what is wrong with a JSON file, and where. An unusual error keeps the parser's own words.
fn explain(messages: Messages, error: &serde_json::Error) -> String {
    let located = |id| Text::new(id).with("line", error.line()).with("column", error.column());
    if !error.is_data() {
        return messages.say(&located("json-broken"));
    }
    let full = error.to_string();
    let words = full.rsplit_once(" at line ").map_or(full.as_str(), |(words, _)| words);
    let named = |start: &str| words.strip_prefix(start)?.split_once('`');
    let text = if let Some((name, rest)) = named("unknown field `").or_else(|| named("unknown variant `")) {
        let known = rest.trim_start_matches(", expected ").trim_start_matches("one of ").replace('`', "");
        located("json-unknown").with("name", name).with("known", known)
    } else if let Some((name, _)) = named("missing field `") {
        located("json-missing").with("name", name)
    } else {
        located("json-wrong").with("detail", words)
    };
    messages.say(&text)
}
