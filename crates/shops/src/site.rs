//! The shop of a site with any catalog version. No other module knows which versions exist.

use std::sync::Arc;

use async_trait::async_trait;
use domain::listing::ItemLevel;
use domain::{Batch, Listing, LocationId, ProductId, Sku, UnixMillis};
use sync::Observer;
use sync::ports::{
    Catalog, Changes, Clock, SendGate, Shop, ShopError, ShopErrorClass, ShopTerms, WriteReply,
};
use tokio::sync::OnceCell;
use wix::{CatalogVersion, Client};

use crate::error::port_error;
use crate::v1::V1Shop;
use crate::v3::V3Shop;

/// The Shop port over a client of a site. It asks the site for its catalog version before the first call, then
/// delegates every call to the adapter of that catalog.
pub struct SiteShop {
    client: Arc<Client>,
    clock: Arc<dyn Clock>,
    catalog: OnceCell<Box<dyn Shop>>,
}

impl SiteShop {
    /// The shop behind `client`.
    #[must_use]
    pub fn new(client: Client, clock: Arc<dyn Clock>) -> Self {
        Self { client: Arc::new(client), clock, catalog: OnceCell::new() }
    }

    /// The adapter of the site's catalog. The version is asked once per handle: a site that changes its catalog later
    /// refuses every call of the old one. After a failure, the next call asks again.
    async fn catalog(&self) -> Result<&dyn Shop, ShopError> {
        let adapter = self.catalog.get_or_try_init(|| self.choose_adapter()).await?;
        Ok(&**adapter)
    }

    async fn choose_adapter(&self) -> Result<Box<dyn Shop>, ShopError> {
        match self.client.catalog_version().await.map_err(|error| port_error(&error))? {
            CatalogVersion::V1 => {
                Ok(Box::new(V1Shop::new(Arc::clone(&self.client), Arc::clone(&self.clock))))
            }
            CatalogVersion::V3 => {
                Ok(Box::new(V3Shop::new(Arc::clone(&self.client), Arc::clone(&self.clock))))
            }
            CatalogVersion::Unknown(version) => {
                Err(ShopError::new(ShopErrorClass::CatalogNotSupported, version))
            }
            CatalogVersion::NotInstalled => {
                Err(ShopError::new(ShopErrorClass::StoresNotInstalled, "STORES_NOT_INSTALLED"))
            }
        }
    }
}

#[async_trait]
impl Shop for SiteShop {
    async fn connect(&self) -> Result<ShopTerms, ShopError> {
        self.catalog().await?.connect().await
    }

    fn site(&self) -> &str {
        self.client.site()
    }

    async fn read_all(&self, observer: &dyn Observer) -> Result<Catalog, ShopError> {
        self.catalog().await?.read_all(observer).await
    }

    async fn changed_since(&self, since: UnixMillis, at_most: u64) -> Result<Changes, ShopError> {
        self.catalog().await?.changed_since(since, at_most).await
    }

    async fn find(&self, skus: &[Sku], batch_size: usize) -> Result<Option<Vec<Listing>>, ShopError> {
        self.catalog().await?.find(skus, batch_size).await
    }

    async fn without_item(&self, skus: &[Sku], listings: u64) -> Result<Vec<Listing>, ShopError> {
        self.catalog().await?.without_item(skus, listings).await
    }

    async fn levels(&self, products: &[ProductId]) -> Result<Vec<ItemLevel>, ShopError> {
        self.catalog().await?.levels(products).await
    }

    async fn write(&self, batch: &Batch, gate: &dyn SendGate) -> WriteReply {
        match self.catalog().await {
            Ok(shop) => shop.write(batch, gate).await,
            Err(error) => WriteReply::NotSent(error),
        }
    }

    fn recall(&self, location: &LocationId) {
        if let Some(shop) = self.catalog.get() {
            shop.recall(location);
        }
    }

    fn doubts_changes(&self) -> bool {
        self.catalog.get().is_some_and(|shop| shop.doubts_changes())
    }

    fn request_timeout_ms(&self) -> i64 {
        i64::try_from(self.client.timeout().as_millis()).unwrap_or(i64::MAX)
    }

    fn requests(&self) -> u64 {
        self.client.requests()
    }

    fn server_time(&self) -> Option<UnixMillis> {
        self.client.server_time_ms()
    }
}
