//! What the service needs from outside: somebody who works tasks off, and a look into shops.

use std::collections::BTreeMap;

use api_types::{Explanation, InventoryUpdate, ProductInfo};
use async_trait::async_trait;
use domain::{Policy, ShopName, Sku};
use messages::Messages;
use sync::Worked;
use sync::calls::Found;
use sync::ports::{NewRun, ShopError, StateError};
use tokio_util::sync::CancellationToken;

/// The shops, as the service reaches them. Who executes a run is a detail behind this trait.
#[async_trait]
pub trait World: Send + Sync {
    /// Works a task off once its shop is free; see [`sync::work_off`]. `stop` ends it at its next safe point.
    async fn work_off(&self, task: &NewRun, stop: &CancellationToken) -> Result<Worked, StateError>;

    /// The rules that runs plan under.
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
    ) -> Result<Explanation, StateError>;
}
