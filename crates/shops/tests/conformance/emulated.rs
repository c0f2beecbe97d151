//! The shop of an emulated site, over real HTTP.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use conformance::shop::{Fixture, LostCall};
use domain::{Sku, UnixMillis};
use shops::SiteShop;
use sync::ports::{Clock, Shop};
use wix::{Credentials, MemoryWindow, OnWait};
use wix_emulator::{
    Action, CatalogVersion, Config, DEFAULT_API_KEY, DEFAULT_SITE_ID, Emulator, Endpoint, Fault, FaultKind,
    FaultTiming, Listing, ProductData, ShopData,
};

/// Short, so that a request without an answer soon times out.
const TIMEOUT: Duration = Duration::from_millis(400);
const SETTLE_MS: i64 = 50;
/// How long connections are refused so that one write finds none. Each further one needs longer by the second value.
const REFUSED: Duration = Duration::from_millis(500);
const REFUSED_AGAIN: Duration = Duration::from_secs(2);

/// A catalog of an emulated site.
pub(crate) trait OnCatalog: Send + Sync {
    const VERSION: CatalogVersion;
    /// What a whole read asks last.
    const WHOLE_READ: Endpoint;
    const WRITES: &'static [Endpoint];
}

pub(crate) struct V1;

impl OnCatalog for V1 {
    const VERSION: CatalogVersion = CatalogVersion::V1Catalog;
    const WHOLE_READ: Endpoint = Endpoint::QueryProducts;
    const WRITES: &'static [Endpoint] = &[Endpoint::IncrementInventory, Endpoint::DecrementInventory];
}

pub(crate) struct V3;

impl OnCatalog for V3 {
    const VERSION: CatalogVersion = CatalogVersion::V3Catalog;
    const WHOLE_READ: Endpoint = Endpoint::QueryItems;
    const WRITES: &'static [Endpoint] = &[Endpoint::BulkUpdateItems];
}

/// The time of day.
pub(crate) struct WallClock;

#[async_trait]
impl Clock for WallClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> UnixMillis {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        i64::try_from(since.as_millis()).unwrap()
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        let wait = u64::try_from(moment - self.now()).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}

pub(crate) struct EmulatedShop<C> {
    emulator: Emulator,
    shop: SiteShop,
    lost_connections: AtomicU32,
    catalog: PhantomData<C>,
}

/// A client of an emulated site, without a limit.
pub(crate) fn client_of(emulator: &Emulator) -> wix::Client {
    let settings = wix::Settings {
        base_url: emulator.base_url().parse().unwrap(),
        credentials: Credentials::ApiKey {
            key: DEFAULT_API_KEY.into(),
            site_id: DEFAULT_SITE_ID.to_string(),
        },
        timeout: TIMEOUT,
        pause_after_429: Duration::from_secs(1),
        proxy: None,
        window: Arc::new(MemoryWindow::new(None, TIMEOUT, OnWait(Arc::new(|_| {})))),
    };
    wix::Client::new(&settings).unwrap()
}

pub(crate) fn product(sku: &str, level: i64) -> ProductData {
    let product = serde_json::json!({"sku": sku, "name": sku, "quantity": level});
    serde_json::from_value(product).unwrap()
}

impl<C: OnCatalog> EmulatedShop<C> {
    fn on_writes(&self, kind: &FaultKind) {
        for endpoint in C::WRITES {
            self.emulator.shop().add_fault(Fault::new(kind.clone()).on(*endpoint));
        }
    }
}

#[async_trait]
impl<C: OnCatalog> Fixture for EmulatedShop<C> {
    async fn with(goods: &[(&str, i64)]) -> Self {
        let products = goods.iter().map(|(sku, level)| product(sku, *level)).collect();
        let data = ShopData { products, ..ShopData::default() };
        let config = Config { catalog: C::VERSION, ..Config::new(data) };
        let emulator = Emulator::start(config).await.unwrap();
        let shop = SiteShop::new(client_of(&emulator), Arc::new(WallClock));
        Self { emulator, shop, lost_connections: AtomicU32::new(0), catalog: PhantomData }
    }

    fn shop(&self) -> &dyn Shop {
        &self.shop
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(WallClock)
    }

    fn level(&self, sku: &Sku) -> i64 {
        self.emulator.shop().level(sku.as_str()).unwrap()
    }

    fn add(&self, sku: &Sku, level: i64) {
        self.emulator.shop().add_product(&product(sku.as_str(), level)).unwrap();
    }

    fn sell_before_the_next_write(&self, sku: &Sku, units: i64) {
        let listing = Listing::Sku(sku.as_str().to_owned());
        let sale = Action::Sale { listing, units: u32::try_from(units).unwrap() };
        self.on_writes(&FaultKind::Meanwhile { timing: FaultTiming::BeforeApply, actions: vec![sale] });
    }

    fn lose_the_next_write(&self, what: LostCall) {
        match what {
            LostCall::Request => self.on_writes(&FaultKind::DropBeforeApply),
            LostCall::Reply => self.on_writes(&FaultKind::DropAfterApply),
            // Each write opens its own connection. The emulator stops accepting them after the read before the write.
            LostCall::Connection => {
                let earlier = self.lost_connections.fetch_add(1, Ordering::Relaxed);
                let kind = FaultKind::RefuseConnections { duration: REFUSED + REFUSED_AGAIN * earlier };
                self.emulator.shop().clear_faults();
                self.emulator.shop().add_fault(Fault::new(kind).on(C::WHOLE_READ));
            }
        }
    }

    fn refuse(&self, sku: &Sku) {
        let listing = Listing::Sku(sku.as_str().to_owned());
        self.emulator.shop().add_fault(Fault::new(FaultKind::Poison { listing }));
    }

    fn cut_reads(&self, reads: u32) {
        let fault = Fault::new(FaultKind::ShortPage).on(C::WHOLE_READ).times(reads);
        self.emulator.shop().add_fault(fault);
    }

    fn settle_ms(&self) -> i64 {
        SETTLE_MS
    }
}
