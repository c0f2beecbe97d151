//! The shop of a site with any catalog version. No other module knows which versions exist.

use std::sync::Arc;

use async_trait::async_trait;
use domain::listing::ItemLevel;
use domain::{Batch, Listing, LocationId, ProductId, Sku, UnixMillis};
use sync::Observer;
use sync::ports::{
    Catalog, Changes, Clock, CreateReply, SendGate, Shop, ShopError, ShopErrorClass, ShopTerms, WriteReply,
};
use tokio::sync::OnceCell;
use wix::{CatalogVersion, Client};

use crate::error::port_error;
use crate::v1::V1Shop;
use crate::v3::V3Shop;

/// How old the answer to the question for the catalog may be when a run first writes to a catalog that does not check
/// it by itself, in milliseconds. An older one is asked for again.
const FRESH_MS: i64 = 5_000;

/// The Shop port over a client of a site. It asks the site for its catalog version before the first call, then
/// delegates every call to the adapter of that catalog. One handle serves one run, so every run asks.
pub struct SiteShop {
    client: Arc<Client>,
    clock: Arc<dyn Clock>,
    /// Whether listings without an inventory item get one.
    creates_items: bool,
    catalog: OnceCell<Chosen>,
    /// Filled once it was made sure, before the first write, that the site still has its catalog.
    rechecked: OnceCell<()>,
}

/// The catalog that the site has.
struct Chosen {
    version: CatalogVersion,
    /// When the site was asked, by our clock.
    asked_at: UnixMillis,
    shop: Box<dyn Shop>,
}

impl SiteShop {
    /// The shop behind `client`.
    #[must_use]
    pub fn new(client: Client, clock: Arc<dyn Clock>) -> Self {
        let (catalog, rechecked) = (OnceCell::new(), OnceCell::new());
        Self { client: Arc::new(client), clock, creates_items: false, catalog, rechecked }
    }

    /// The same shop, which makes inventory items for listings that have none if `yes`.
    #[must_use]
    pub fn creating_items(self, yes: bool) -> Self {
        Self { creates_items: yes, ..self }
    }

    /// The adapter of the site's catalog.
    async fn catalog(&self) -> Result<&dyn Shop, ShopError> {
        Ok(&*self.chosen().await?.shop)
    }

    /// The site's catalog. The version is asked once per handle: a site that changes its catalog later refuses the
    /// writes of the old one. After a failure, the next call asks again.
    async fn chosen(&self) -> Result<&Chosen, ShopError> {
        self.catalog.get_or_try_init(|| self.choose()).await
    }

    async fn choose(&self) -> Result<Chosen, ShopError> {
        let asked_at = self.clock.now();
        let version = self.client.catalog_version().await.map_err(|error| port_error(&error))?;
        let (client, clock) = (Arc::clone(&self.client), Arc::clone(&self.clock));
        let shop: Box<dyn Shop> = match &version {
            CatalogVersion::V1 => Box::new(V1Shop::new(client, clock)),
            CatalogVersion::V3 => Box::new(V3Shop::new(client, clock)),
            CatalogVersion::Unknown(name) => {
                return Err(ShopError::new(ShopErrorClass::CatalogNotSupported, name.as_str()));
            }
            CatalogVersion::NotInstalled => {
                return Err(ShopError::new(ShopErrorClass::StoresNotInstalled, "STORES_NOT_INSTALLED"));
            }
        };
        Ok(Chosen { version, asked_at, shop })
    }

    /// Before the first write, makes sure that the site still has the catalog that was read. Reads of V1 go on
    /// answering when the site has moved to V3, so a long read proves nothing; V3 checks each of its calls.
    async fn still_has(&self, chosen: &Chosen) -> Result<(), ShopError> {
        let age = self.clock.now().saturating_sub(chosen.asked_at);
        if chosen.version != CatalogVersion::V1 || (0..FRESH_MS).contains(&age) {
            return Ok(());
        }
        let now = self.client.catalog_version().await.map_err(|error| port_error(&error))?;
        if now == chosen.version {
            return Ok(());
        }
        Err(ShopError::new(ShopErrorClass::CatalogChanged, format!("{:?}, then {now:?}", chosen.version)))
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

    fn creates_items(&self) -> bool {
        self.creates_items && self.catalog.get().is_some_and(|chosen| chosen.shop.creates_items())
    }

    async fn create_items(&self, listings: &[Listing], gate: &dyn SendGate) -> CreateReply {
        match self.catalog().await {
            Ok(shop) => shop.create_items(listings, gate).await,
            Err(error) => CreateReply::Failed(error),
        }
    }

    async fn levels(&self, products: &[ProductId]) -> Result<Vec<ItemLevel>, ShopError> {
        self.catalog().await?.levels(products).await
    }

    async fn write(&self, batch: &Batch, gate: &dyn SendGate) -> WriteReply {
        let ready = async {
            let chosen = self.chosen().await?;
            self.rechecked.get_or_try_init(|| self.still_has(chosen)).await?;
            Ok(&chosen.shop)
        };
        match ready.await {
            Ok(shop) => shop.write(batch, gate).await,
            Err(error) => WriteReply::NotSent(error),
        }
    }

    fn recall(&self, location: &LocationId) {
        if let Some(chosen) = self.catalog.get() {
            chosen.shop.recall(location);
        }
    }

    fn doubts_changes(&self) -> bool {
        self.catalog.get().is_some_and(|chosen| chosen.shop.doubts_changes())
    }

    fn request_timeout_ms(&self) -> i64 {
        i64::try_from(self.client.timeout().as_millis()).unwrap_or(i64::MAX)
    }

    fn requests(&self) -> u64 {
        self.client.requests()
    }

    fn waited_ms(&self) -> u64 {
        u64::try_from(self.client.waited().as_millis()).unwrap_or(u64::MAX)
    }

    fn server_time(&self) -> Option<UnixMillis> {
        self.client.server_time_ms()
    }
}
