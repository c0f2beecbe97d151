//! `demo`: one run over an emulated shop and a sample warehouse. Both are deleted afterward.

mod sample;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::ArgMatches;
use domain::{Outcome, Policy, Scope, Starter, WriteBatch};
use messages::Text;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use state::StateUrl;
use sync::{RunRequest, RunSettings, Work};
use url::Url;
use warehouse::{Patience, Source, WarehouseUrl};
use wix::{Credentials, MemoryWindow, RequestLimit};
use wix_emulator::{Config, Emulator, RateLimit};

pub(super) use sample::sample_shop;

use super::run::{Done, demo_shop, run_ports, tell};
use crate::clock::new_run_id;
use crate::context::Context;
use crate::error::Failure;
use crate::output::{Diagnostic, Output, ProgressReporter};

/// The same as the default of the setting.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Wix's documented limit, so that the demo runs at the pace of a real shop.
const LIMIT: (u32, Duration) = (200, Duration::from_mins(1));

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let folder = tempfile::tempdir().map_err(|error| broken(&error))?;
    let mut config = Config::new(sample_shop());
    if let Some(catalog) = args.get_one::<String>("catalog") {
        config.catalog = catalog_named(catalog).map_err(|error| broken(&error))?;
    }
    config.rate_limit = Some(RateLimit { requests: LIMIT.0, window: LIMIT.1 });
    let emulator = Emulator::start(config.clone()).await.map_err(|error| broken(&error))?;
    let base_url = Url::parse(&format!("{}/", emulator.base_url())).map_err(|error| broken(&error))?;
    let client = wix::Client::new(&wix::Settings {
        base_url,
        credentials: Credentials::ApiKey { key: SecretString::from(config.api_key), site_id: config.site_id },
        timeout: TIMEOUT,
        pause_after_429: Duration::from_mins(1),
        proxy: None,
        window: Arc::new(MemoryWindow::new(
            Some(RequestLimit { requests: LIMIT.0, window: LIMIT.1 }),
            TIMEOUT,
            crate::wiring::tell_waits(context.messages),
        )),
    })
    .map_err(|error| broken(&error))?;
    let mut done =
        one_run(context, folder.path(), shops::SiteShop::new(client, Arc::new(context.clock))).await?;
    let wrong = sample::wrong_levels(&emulator.shop());
    emulator.stop().await;
    if !context.output.json {
        // For people: the address is of no use to them any more.
        done.summary.state = context.messages.get("demo-state");
    }
    tell(context, &done);
    // The shop's own levels decide whether a run that reports success is right.
    if wrong.is_empty() || done.summary.outcome != Outcome::Converged {
        return Ok(done.summary.outcome.exit_code());
    }
    let text = Text::new("demo-wrong").with("skus", wrong.join(", "));
    Output::error(context.messages, &Diagnostic::of(context.messages, &text));
    Ok(Outcome::Failed.exit_code())
}

/// The emulator's catalog of this name, as its conditions name it: `V3_CATALOG` for `v3`.
pub(super) fn catalog_named<T: DeserializeOwned>(name: &str) -> Result<T, serde_json::Error> {
    let text = format!("{}_CATALOG", name.to_uppercase());
    serde_json::from_value(serde_json::Value::String(text))
}

async fn one_run(context: &Context, folder: &Path, shop: shops::SiteShop) -> Result<Done, Failure> {
    let file = folder.join("warehouse.db");
    sample::write_warehouse(&file).await.map_err(|error| broken(&error))?;
    let all = domain::stock::Warehouses::All;
    let warehouse = warehouse::open(&WarehouseUrl::in_file(file), Source::Tables, all, Patience::default());
    let state = state::open(&StateUrl::in_file(folder.join("state.db"))).await?;
    let request = RunRequest {
        id: new_run_id(),
        shop: demo_shop(),
        work: Work::Sync { dry_run: false },
        scope: Scope::All,
        policy: Policy::default(),
        starter: Starter::COMMAND_LINE,
    };
    let settings = RunSettings {
        write_batch: WriteBatch::UNLIMITED,
        settle_ms: 10_000,
        budget: sync::Budget::default(),
        state: state.location(),
    };
    let reporter = ProgressReporter::of_command(context.messages, context.bars.clone(), context.clock);
    let done = run_ports(&shop, warehouse.as_ref(), &*state, &reporter, &request, &settings).await;
    state.close().await;
    done
}

fn broken(error: &dyn std::fmt::Display) -> Failure {
    Failure::failed(Text::new("demo-broken").with("detail", error))
}
