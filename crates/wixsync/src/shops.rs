//! The configured shops for the service. Each run gets its own connection, clock and progress reporter.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::shops::SiteShop;
use api_types::{Explanation, InventoryUpdate, ProductInfo};
use async_trait::async_trait;
use domain::{Policy, ShopName, Sku};
use indicatif::{MultiProgress, ProgressDrawTarget};
use messages::Messages;
use server::{ShopGateway, WorkError};
use sync::calls::{self, Found};
use sync::explain::{Sources, explain};
use sync::ports::{NewRun, ShopError, ShopErrorClass, Store, Warehouse};
use sync::{Ports, TaskEnd};
use tokio_util::sync::CancellationToken;

use crate::clock::SystemClock;
use crate::config::Settings;
use crate::error::Failure;
use crate::output::{ProgressReporter, explanation};
use crate::wiring;

/// The shops, the warehouse and the state.
pub(crate) struct Shops {
    settings: Settings,
    state: Arc<dyn Store>,
    /// In the language of the log.
    messages: Messages,
}

impl Shops {
    /// Checks that every shop and the warehouse are configured, without a request.
    pub(crate) fn open(
        settings: &Settings,
        messages: Messages,
        state: Arc<dyn Store>,
    ) -> Result<Self, Failure> {
        let own = Self { settings: settings.clone(), state, messages };
        wiring::open_warehouse(&own.settings)?;
        for shop in &own.settings.shops {
            wiring::open_shop(&own.settings, shop, &own.state, messages, SystemClock::start())?;
        }
        Ok(own)
    }

    fn shop(&self, name: &ShopName, clock: SystemClock) -> Result<SiteShop, String> {
        let say = |failure: Failure| self.messages.say(&failure.text);
        let shop = wiring::choose_shop(&self.settings, Some(name.as_str())).map_err(say)?;
        wiring::open_shop(&self.settings, shop, &self.state, self.messages, clock).map_err(say)
    }

    fn warehouse(&self) -> Result<Box<dyn Warehouse>, WorkError> {
        wiring::open_warehouse(&self.settings)
            .map_err(|failure| WorkError::Settings(self.messages.say(&failure.text)))
    }

    fn connect(&self, name: &ShopName) -> Result<SiteShop, ShopError> {
        let connected = self.shop(name, SystemClock::start());
        connected.map_err(|detail| ShopError::new(ShopErrorClass::Unreachable, detail))
    }
}

#[async_trait]
impl ShopGateway for Shops {
    async fn execute_task(&self, task: &NewRun, stop: &CancellationToken) -> Result<TaskEnd, WorkError> {
        let clock = SystemClock::start();
        let port = self.shop(&task.shop, clock).map_err(WorkError::Settings)?;
        let warehouse = self.warehouse()?;
        // Several shops at once would write over each other's bars.
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::hidden());
        let reporter = ProgressReporter::new(self.messages, bars, clock);
        let ports = Ports {
            shop: &port,
            warehouse: warehouse.as_ref(),
            store: &*self.state,
            clock: &clock,
            observer: &reporter,
            stop,
        };
        let end =
            sync::execute_task(&ports, task, &wiring::run_settings(&self.settings, &*self.state)).await?;
        if end == TaskEnd::HandedBack {
            tracing::info!(shop.name = %task.shop, run.id = %task.id, "{}", self.messages.get("log-handed-back"));
        }
        Ok(end)
    }

    fn policy(&self) -> Policy {
        self.settings.policy.value
    }

    async fn products(
        &self,
        shop: &ShopName,
        skus: &[Sku],
        batch_size: usize,
    ) -> Result<Found<BTreeMap<String, ProductInfo>>, ShopError> {
        calls::get_wix_products_info_by_sku_list(&self.connect(shop)?, skus, batch_size).await
    }

    async fn inventory_updates(
        &self,
        shop: &ShopName,
        skus: &[Sku],
        batch_size: usize,
    ) -> Result<Found<Vec<InventoryUpdate>>, ShopError> {
        calls::get_inventory_updates_by_sku_list(&self.connect(shop)?, skus, batch_size).await
    }

    async fn explain(
        &self,
        shop: &ShopName,
        sku: &Sku,
        runs: u32,
        messages: Messages,
    ) -> Result<Explanation, WorkError> {
        let port = self.shop(shop, SystemClock::start()).map_err(WorkError::Settings)?;
        let warehouse = self.warehouse()?;
        let (maps, history) = (&*self.state, &*self.state);
        let sources = Sources { shop: &port, warehouse: warehouse.as_ref(), maps, history };
        let found = explain(sources, shop, sku, self.policy(), runs).await?;
        Ok(explanation::view(messages, shop, sku, &found))
    }
}
