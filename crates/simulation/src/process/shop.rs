//! The shop's handle.

use std::sync::atomic::Ordering;

use async_trait::async_trait;
use domain::{Batch, Listing, ProductId, Sku};
use sync::Observer;
use sync::ports::{LevelsRead, SendGate, Shop, ShopError, WriteReply};

use super::Process;
use crate::world::TIMEOUT_MS;

#[async_trait]
impl Shop for Process {
    async fn read_all(&self, _: &dyn Observer) -> Result<Vec<Listing>, ShopError> {
        self.read_shop().await
    }

    async fn find(&self, skus: &[Sku], _: usize) -> Result<Vec<Listing>, ShopError> {
        let all = self.read_shop().await?;
        Ok(all.into_iter().filter(|one| one.sku.as_ref().is_some_and(|sku| skus.contains(sku))).collect())
    }

    async fn levels(&self, products: &[ProductId]) -> Result<LevelsRead, ShopError> {
        self.read_levels(products).await
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
