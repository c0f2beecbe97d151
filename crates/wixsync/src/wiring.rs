//! Creates the real implementations of the ports from the settings.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use domain::stock::Warehouses;
use domain::{ShopName, WriteBatch};
use messages::{Messages, Text};
use server::DeadManAddress;
use shops::SiteShop;
use state::StateUrl;
use sync::RunSettings;
use sync::ports::{Store, Warehouse, WarehouseError, WarehouseErrorClass, WarehouseRead};
use warehouse::{Patience, Source, WarehouseUrl};
use wix::{MemoryWindow, OnWait, RequestWindow};

use crate::clock::SystemClock;
use crate::config::{Origin, Settings, ShopSettings};
use crate::error::Failure;
use crate::window::StateWindow;

/// The shop that a command is about: the named one, the only one, or the default one.
pub(crate) fn choose_shop<'a>(
    settings: &'a Settings,
    name: Option<&str>,
) -> Result<&'a ShopSettings, Failure> {
    let names = || settings.shops.iter().map(|shop| shop.name.as_str()).collect::<Vec<_>>().join(", ");
    match (name, settings.shops.as_slice()) {
        (Some(name), shops) => shops.iter().find(|shop| shop.name.as_str() == name).ok_or_else(|| {
            Failure::usage(Text::new("config-no-such-shop").with("shop", name).with("names", names()))
        }),
        (None, [only]) => Ok(only),
        (None, shops) => shops
            .iter()
            .find(|shop| shop.name == ShopName::new("default"))
            .ok_or_else(|| Failure::usage(Text::new("config-which-shop").with("names", names()))),
    }
}

/// The shop over real HTTP. Without a state database its request window holds for this process alone.
pub(crate) fn open_shop<'a>(
    settings: &Settings,
    shop: &ShopSettings,
    state: impl Into<Option<&'a Arc<dyn Store>>>,
    messages: Messages,
    clock: SystemClock,
) -> Result<SiteShop, Failure> {
    let client = wix::Client::new(&wix::Settings {
        base_url: shop.base_url.value.clone(),
        credentials: shop.credentials()?,
        timeout: settings.http_timeout.value,
        pause_after_429: settings.pause_after_429.value,
        proxy: settings.proxy_to(&shop.base_url.value),
        window: window(settings, &shop.name, state.into(), messages, clock),
    });
    let client = client.map_err(|error| Failure::failed(Text::new("error-client").with("detail", error)))?;
    Ok(SiteShop::new(client, Arc::new(clock)).creating_items(shop.create_items.value))
}

/// The request window and the pace of a shop: kept in the state database, so that they hold over processes and
/// restarts.
fn window(
    settings: &Settings,
    shop: &ShopName,
    state: Option<&Arc<dyn Store>>,
    messages: Messages,
    clock: SystemClock,
) -> Arc<dyn RequestWindow> {
    let (timeout, on_wait) = (settings.http_timeout.value, tell_waits(messages));
    let (limit, pace) = (settings.rate_limit.value, settings.pace.value);
    match state {
        Some(state) if limit.is_some() || pace.is_some() => {
            let state = Arc::clone(state);
            Arc::new(StateWindow::new(state, shop.clone(), limit, pace, timeout, on_wait, clock))
        }
        _ => Arc::new(MemoryWindow::new(limit, timeout, on_wait)),
    }
}

/// Says in the log when Wix's limit makes requests wait.
pub(crate) fn tell_waits(messages: Messages) -> OnWait {
    OnWait(Arc::new(move |length| {
        let seconds = length.as_secs_f64().ceil();
        let text = Text::new("log-waiting").with("seconds", seconds);
        tracing::info!("{}", messages.say(&text));
    }))
}

fn warehouse_url(settings: &Settings) -> Result<&WarehouseUrl, Failure> {
    settings.warehouse.value.as_ref().ok_or_else(|| {
        let file = if settings.file.is_some() { "read" } else { "none" };
        Failure::usage(Text::new("config-no-warehouse-url").with("file", file))
    })
}

/// The dead-man's address and the way to it, where one is set.
pub(crate) fn dead_man(settings: &Settings) -> Option<DeadManAddress> {
    let url = settings.service.dead_man_url.value.clone()?;
    let proxy = settings.proxy_to(&url);
    Some(DeadManAddress { url, proxy })
}

/// The address of the warehouse, where it is a file that is not there yet.
pub(crate) fn missing_warehouse(settings: &Settings) -> Option<String> {
    let url = settings.warehouse.value.as_ref()?;
    url.file().is_some_and(|file| !file.is_file()).then(|| url.to_string())
}

/// Refuses settings in which state and warehouse are one file.
fn refuse_one_file(settings: &Settings) -> Result<(), Failure> {
    let state = settings.state.value.as_ref().and_then(StateUrl::file);
    let warehouse = settings.warehouse.value.as_ref().and_then(WarehouseUrl::file);
    match state {
        Some(file) if state == warehouse => {
            let text = Text::new("config-state-is-warehouse").with("file", file.display());
            Err(Failure::usage(text))
        }
        _ => Ok(()),
    }
}

/// The warehouse that an import may write to: one with tables of its own, not one behind a query.
pub(crate) fn embedded_warehouse(settings: &Settings) -> Result<&WarehouseUrl, Failure> {
    if settings.query.value.is_some() {
        return Err(Failure::usage(Text::new("import-query")));
    }
    let url = warehouse_url(settings)?;
    refuse_one_file(settings)?;
    Ok(url)
}

/// The warehouse.
pub(crate) fn open_warehouse(settings: &Settings) -> Result<Box<dyn Warehouse>, Failure> {
    let chosen = settings.warehouses.value.as_ref().map(|names| {
        let names: HashSet<Arc<str>> = names.iter().map(|name| Arc::from(name.as_str())).collect();
        Warehouses::Chosen(names)
    });
    let source = settings.query.value.clone().map_or(Source::Tables, Source::Query);
    let patience = Patience {
        busy_timeout: settings.busy_timeout.value,
        statement_timeout: settings.statement_timeout.value,
    };
    Ok(warehouse::open(warehouse_url(settings)?, source, chosen.unwrap_or_default(), patience))
}

/// For a run whose quantities come from the user.
pub(crate) struct NoWarehouse;

#[async_trait]
impl Warehouse for NoWarehouse {
    async fn read(&self) -> Result<WarehouseRead, WarehouseError> {
        Err(WarehouseError::new(WarehouseErrorClass::Unreachable, "this run has no warehouse"))
    }
}

/// Where the state database lies.
pub(crate) fn state_url(settings: &Settings) -> Result<&StateUrl, Failure> {
    match &settings.state.value {
        Some(url) => refuse_one_file(settings).map(|()| url),
        None => Err(Failure::usage(Text::new("config-no-state-url"))),
    }
}

/// Refuses where no shop is configured: what is changed in the state database would then concern no shop.
pub(crate) fn require_shop(settings: &Settings) -> Result<(), Failure> {
    match settings.shops.first() {
        Some(first) if settings.shops.iter().all(|shop| shop.address().is_none()) => {
            first.credentials().map(drop)
        }
        _ => Ok(()),
    }
}

/// The state database, made where it is missing.
pub(crate) async fn open_state(settings: &Settings) -> Result<Arc<dyn Store>, Failure> {
    Ok(state::open(state_url(settings)?).await?)
}

/// The settings of a run. Its report names the store.
pub(crate) fn run_settings(settings: &Settings, store: &dyn Store) -> RunSettings {
    RunSettings {
        write_batch: match settings.write_batch.origin {
            Origin::Default => WriteBatch::UNLIMITED,
            _ => settings.write_batch.value,
        },
        budget: sync::Budget::default(),
        settle_ms: i64::try_from(settings.settle.value.as_millis()).unwrap_or(i64::MAX),
        state: store.location(),
    }
}
