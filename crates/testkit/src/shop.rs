//! An emulated shop over real HTTP, with records of its requests and level changes.

use std::time::Duration;

use wix_emulator::{
    Behavior, CatalogVersion, Cause, Config, Emulator, Endpoint, Fault, FaultKind, LedgerEntry, OptionData,
    ProductData, RateLimit, RequestRecord, Shop, ShopData, VariantData,
};

/// The API key of every test shop. It must never occur in the program's output or files.
pub const CANARY: &str = "IST.canary-4f1d9b7c2e";

tokio::task_local! {
    /// The catalog of the shops that a test starts.
    static CATALOG: CatalogVersion;
}

/// The catalog of the shops that the running test starts.
#[must_use]
pub fn catalog() -> CatalogVersion {
    CATALOG.try_with(|version| *version).unwrap_or(CatalogVersion::V1Catalog)
}

/// Runs `test` so that the shops it starts have this catalog.
pub async fn on_catalog<T>(version: CatalogVersion, test: impl Future<Output = T>) -> T {
    CATALOG.scope(version, test).await
}

/// A running emulator.
#[derive(Debug)]
pub struct TestShop {
    emulator: Emulator,
    site_id: String,
}

/// Configures the products and the behavior of a shop.
#[derive(Debug, Default)]
pub struct ShopBuilder {
    products: Vec<ProductData>,
    behavior: Behavior,
    rate_limit: Option<RateLimit>,
    latency: Duration,
}

impl ShopBuilder {
    /// Adds a tracked product without variants.
    #[must_use]
    pub fn product(self, sku: &str, level: i64) -> Self {
        self.raw(ProductData::new(sku, level))
    }

    /// Adds many tracked products without variants.
    #[must_use]
    pub fn products<'a>(mut self, products: impl IntoIterator<Item = (&'a str, i64)>) -> Self {
        self.products.extend(products.into_iter().map(|(sku, level)| ProductData::new(sku, level)));
        self
    }

    /// Adds a product that buyers do not see.
    #[must_use]
    pub fn hidden(self, sku: &str, level: i64) -> Self {
        self.raw(ProductData { visible: false, ..ProductData::new(sku, level) })
    }

    /// Adds a product whose stock Wix does not track.
    #[must_use]
    pub fn untracked(self, sku: &str) -> Self {
        self.raw(ProductData { track_inventory: false, sku: sku.to_owned(), ..ProductData::default() })
    }

    /// Adds a product with managed variants, each with its own SKU and level.
    #[must_use]
    pub fn variants<'a>(self, name: &str, variants: impl IntoIterator<Item = (&'a str, i64)>) -> Self {
        let variants = variants.into_iter().map(|(sku, level)| VariantData::new(sku, level)).collect();
        self.raw(ProductData::with_variants(name, variants))
    }

    /// Adds a product with choices whose stock is tracked on the product.
    #[must_use]
    pub fn choices(self, sku: &str, level: i64, choices: &[&str]) -> Self {
        let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
        let options = vec![OptionData { name: "Colour".to_owned(), choices }];
        self.raw(ProductData { product_options: options, ..ProductData::new(sku, level) })
    }

    /// Adds a product in the format of the emulator's shop file.
    #[must_use]
    pub fn raw(mut self, product: ProductData) -> Self {
        self.products.push(product);
        self
    }

    /// Sets how the shop behaves where Wix's documentation is silent.
    #[must_use]
    pub fn behavior(mut self, behavior: Behavior) -> Self {
        self.behavior = behavior;
        self
    }

    /// Limits the requests in a sliding window.
    #[must_use]
    pub fn rate_limit(mut self, requests: u32, window: Duration) -> Self {
        self.rate_limit = Some(RateLimit { requests, window });
        self
    }

    /// Delays every response.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Starts the shop on a free port.
    pub async fn start(self) -> TestShop {
        let mut config = Config::new(ShopData::new(self.products));
        CANARY.clone_into(&mut config.api_key);
        config.catalog = catalog();
        config.behavior = self.behavior;
        config.rate_limit = self.rate_limit;
        config.latency = self.latency;
        config.request_log = 100_000;
        let site_id = config.site_id.clone();
        let emulator = Emulator::start(config).await.expect("the emulator starts");
        TestShop { emulator, site_id }
    }
}

impl TestShop {
    /// A builder for a shop without products.
    #[must_use]
    pub fn builder() -> ShopBuilder {
        ShopBuilder::default()
    }

    /// Starts a shop with tracked products without variants.
    pub async fn of<'a>(products: impl IntoIterator<Item = (&'a str, i64)>) -> Self {
        Self::builder().products(products).start().await
    }

    /// The base URL for requests.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.emulator.base_url()
    }

    /// The value for the header `wix-site-id`.
    #[must_use]
    pub fn site_id(&self) -> &str {
        &self.site_id
    }

    /// The emulator's handle to the running shop.
    #[must_use]
    pub fn live(&self) -> Shop {
        self.emulator.shop()
    }

    /// The level of the only listing with this SKU.
    #[must_use]
    pub fn level(&self, sku: &str) -> i64 {
        self.live().level(sku).unwrap_or_else(|| panic!("no single tracked listing has the SKU {sku:?}"))
    }

    /// Sets the level of the only listing with this SKU, as the merchant would in Wix.
    pub fn set_level(&self, sku: &str, level: i64) {
        let (product, variant) = self.only(sku);
        self.live().set_level(product, variant, level).expect("the level can be set");
    }

    /// Sells units of the only listing with this SKU.
    pub fn sell(&self, sku: &str, units: u32) {
        let (product, variant) = self.only(sku);
        let sold = self.live().sell(product, variant, units).expect("it can be sold");
        assert_eq!(sold, units, "there were not enough units to sell");
    }

    fn only(&self, sku: &str) -> (impl wix_emulator::Guid + use<>, impl wix_emulator::Guid + use<>) {
        match self.live().find(sku).as_slice() {
            [(product, variant)] => (product.to_string(), variant.to_string()),
            found => panic!("{} listings have the SKU {sku:?}", found.len()),
        }
    }

    /// Injects a fault into the next requests to an endpoint.
    pub fn break_with(&self, endpoint: Endpoint, kind: FaultKind, times: u32) {
        self.live().add_fault(Fault::new(kind).on(endpoint).times(times));
    }

    /// Injects a fault that takes effect after `skip` requests.
    pub fn break_later(&self, endpoint: Endpoint, skip: u32, kind: FaultKind, times: u32) {
        self.live().add_fault(Fault::new(kind).on(endpoint).skip(skip).times(times));
    }

    /// The endpoint from which the shop's catalog reads whole pages.
    #[must_use]
    pub fn reading(&self) -> Endpoint {
        match catalog() {
            CatalogVersion::V3Catalog => Endpoint::QueryItems,
            _ => Endpoint::QueryProducts,
        }
    }

    /// The endpoint from which the shop's catalog tells how many rows a whole read has.
    #[must_use]
    pub fn counting(&self) -> Endpoint {
        match catalog() {
            CatalogVersion::V3Catalog => Endpoint::CountItems,
            _ => Endpoint::QueryProducts,
        }
    }

    /// The endpoint that does in the shop's catalog what `of_v1` does on V1.
    #[must_use]
    pub fn writing(&self, of_v1: Endpoint) -> Endpoint {
        match catalog() {
            CatalogVersion::V3Catalog => Endpoint::BulkUpdateItems,
            _ => of_v1,
        }
    }

    /// The endpoint that lowers levels in the shop's catalog.
    #[must_use]
    pub fn lowering(&self) -> Endpoint {
        self.writing(Endpoint::DecrementInventory)
    }

    /// The endpoint that raises levels in the shop's catalog.
    #[must_use]
    pub fn raising(&self) -> Endpoint {
        self.writing(Endpoint::IncrementInventory)
    }

    /// Moves the site to another catalog version.
    pub fn set_catalog(&self, version: CatalogVersion) {
        self.live().set_catalog(version);
    }

    /// All received requests, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.live().requests()
    }

    /// The received requests to endpoints that change levels.
    #[must_use]
    pub fn write_requests(&self) -> Vec<RequestRecord> {
        self.requests().into_iter().filter(|request| writes(request.endpoint)).collect()
    }

    /// The level changes by requests, from the ledger.
    #[must_use]
    pub fn written(&self) -> Vec<LedgerEntry> {
        self.live().ledger().into_iter().filter(|entry| entry.cause == Cause::Write).collect()
    }

    /// The level changes by requests of the only listing with this SKU: level before, level after.
    #[must_use]
    pub fn written_to(&self, sku: &str) -> Vec<(i64, i64)> {
        let live = self.live();
        let found = live.find(sku);
        self.written()
            .into_iter()
            .filter(|entry| found.contains(&(entry.product, entry.variant)))
            .map(|entry| (entry.before.expect("a level before"), entry.after.expect("a level after")))
            .collect()
    }

    /// Fails the test if a write request was received or a request changed a level.
    pub fn assert_not_written(&self) {
        let requests: Vec<_> = self.write_requests().into_iter().map(|r| (r.number, r.endpoint)).collect();
        assert!(requests.is_empty(), "write requests came in: {requests:?}");
        let written = self.written();
        assert!(written.is_empty(), "levels were changed: {written:?}");
    }

    /// Fails the test if a listing was written more than once.
    pub fn assert_written_at_most_once(&self) {
        let mut seen = std::collections::BTreeSet::new();
        for entry in self.written() {
            assert!(seen.insert((entry.product, entry.variant)), "written twice: {entry:?}");
        }
    }
}

fn writes(endpoint: Endpoint) -> bool {
    matches!(
        endpoint,
        Endpoint::IncrementInventory
            | Endpoint::DecrementInventory
            | Endpoint::UpdateInventory
            | Endpoint::UpdateItem
            | Endpoint::BulkUpdateItems
            | Endpoint::CreateItem
            | Endpoint::BulkCreateItems
    )
}
