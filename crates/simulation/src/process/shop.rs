//! The shop's handle.

use std::sync::atomic::Ordering;

use async_trait::async_trait;
use domain::listing_map::Item;
use domain::{Batch, Listing, ProductId, Sku, UnixMillis};
use sync::Observer;
use sync::ports::{Catalog, Changes, SendGate, Shop, ShopError, WriteReply};

use super::Process;
use crate::world::TIMEOUT_MS;

#[async_trait]
impl Shop for Process {
    fn site(&self) -> &'static str {
        "the one shop"
    }

    /// So small that known ids are worth it in most of these small shops.
    fn page(&self) -> u64 {
        1
    }

    async fn read_all(&self, _: &dyn Observer) -> Result<Catalog, ShopError> {
        self.read_shop().await
    }

    async fn changed_since(&self, since: UnixMillis, at_most: u64) -> Result<Changes, ShopError> {
        self.read_changes(since, at_most).await
    }

    async fn find(&self, skus: &[Sku], _: usize) -> Result<Option<Vec<Listing>>, ShopError> {
        if !self.world.lock().profile.quirks.knows_skus {
            return Ok(None);
        }
        let asked = |one: &Listing| one.sku.as_ref().is_some_and(|sku| skus.contains(sku));
        Ok(Some(self.read_shop().await?.listings.into_iter().filter(asked).collect()))
    }

    async fn items(&self, products: &[ProductId]) -> Result<Vec<Item>, ShopError> {
        self.read_items(products).await
    }

    async fn write(&self, batch: &Batch, gate: &dyn SendGate) -> WriteReply {
        self.send(batch, gate).await
    }

    fn request_timeout_ms(&self) -> i64 {
        TIMEOUT_MS
    }

    fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}
