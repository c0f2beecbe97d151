//! The gateway of the service to the shops: it executes tasks and looks up products.

use std::collections::BTreeMap;

use api_types::{Explanation, InventoryUpdate, ProductInfo};
use async_trait::async_trait;
use domain::{Policy, ShopName, Sku};
use messages::Messages;
use sync::TaskEnd;
use sync::calls::Found;
use sync::ports::{NewRun, ShopError};
use tokio_util::sync::CancellationToken;

use crate::WorkError;

/// The configured shops. The program implements this trait, so that the service knows no adapter.
#[async_trait]
pub trait ShopGateway: Send + Sync {
    /// Executes a task once its shop is free; see [`sync::execute_task`]. `stop` ends it at its next safe point.
    async fn execute_task(&self, task: &NewRun, stop: &CancellationToken) -> Result<TaskEnd, WorkError>;

    /// The rules under which runs plan.
    fn policy(&self) -> Policy;

    /// The guide's `get_wix_products_info_by_sku_list`.
    async fn products(
        &self,
        shop: &ShopName,
        skus: &[Sku],
        batch_size: usize,
    ) -> Result<Found<BTreeMap<String, ProductInfo>>, ShopError>;

    /// The guide's `get_inventory_updates_by_sku_list`.
    async fn inventory_updates(
        &self,
        shop: &ShopName,
        skus: &[Sku],
        batch_size: usize,
    ) -> Result<Found<Vec<InventoryUpdate>>, ShopError>;

    /// Why a SKU has its level, with at most `runs` earlier runs; its sentences in the language of `messages`.
    async fn explain(
        &self,
        shop: &ShopName,
        sku: &Sku,
        runs: u32,
        messages: Messages,
    ) -> Result<Explanation, WorkError>;
}
