//! A site that moves to the other catalog while a run is on its way.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use domain::{Batch, Change, Line, Target, UnixMillis};
use shops::SiteShop;
use sync::observer::Silent;
use sync::ports::{CallReply, Clock, SendGate, Shop, ShopErrorClass, StateError, WriteReply};
use wix_emulator::{CatalogVersion, Config, Emulator, Endpoint, ShopData};

use crate::emulated::{WallClock, client_of, product};

const V1: CatalogVersion = CatalogVersion::V1Catalog;
const V3: CatalogVersion = CatalogVersion::V3Catalog;

/// The time of day, and what a test adds to it.
struct LaterClock {
    later_ms: AtomicI64,
}

#[async_trait]
impl Clock for LaterClock {
    fn now(&self) -> UnixMillis {
        WallClock.now() + self.later_ms.load(Ordering::Relaxed)
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        WallClock.sleep_until(moment - self.later_ms.load(Ordering::Relaxed)).await;
    }
}

struct OpenGate(UnixMillis);

#[async_trait]
impl SendGate for OpenGate {
    async fn commit(&self) -> Result<UnixMillis, StateError> {
        Ok(self.0)
    }

    fn left(&self, _: UnixMillis) {}
}

/// What comes of the first write if the site moves `from` one catalog `to` the other after the read, and so many
/// milliseconds pass before the write. Nothing may be written.
async fn first_write(from: CatalogVersion, to: CatalogVersion, later_ms: i64) -> (WriteReply, Emulator) {
    let data = ShopData { products: vec![product("A", 5)], ..ShopData::default() };
    let emulator = Emulator::start(Config { catalog: from, ..Config::new(data) }).await.unwrap();
    let clock = Arc::new(LaterClock { later_ms: AtomicI64::new(0) });
    let shop = SiteShop::new(client_of(&emulator), Arc::clone(&clock) as Arc<dyn Clock>);
    let listing = shop.read_all(&Silent).await.unwrap().listings.remove(0);
    let (level, target) = (listing.level.unwrap(), Target::new(9).unwrap());
    let change = Change {
        sku: listing.sku.clone().unwrap(),
        key: listing.key.clone(),
        inventory_item: listing.inventory_item.clone(),
        level,
        target,
        revision: listing.revision,
        delta: target.delta_from(level).unwrap(),
    };
    let batch = Batch { lines: vec![Line { seq: 0, retry_of: None, is_copy: false, change }] };
    emulator.shop().set_catalog(to);
    clock.later_ms.store(later_ms, Ordering::Relaxed);
    let reply = shop.write(&batch, &OpenGate(clock.now() + 60_000)).await;
    assert_eq!(emulator.shop().level("A"), Some(5));
    (reply, emulator)
}

#[tokio::test]
async fn a_late_first_write_on_v1_asks_for_the_catalog_again() {
    let (reply, emulator) = first_write(V1, V3, 5_000).await;
    let WriteReply::NotSent(error) = reply else { panic!("{reply:?}") };
    assert_eq!(error.class, ShopErrorClass::CatalogChanged);
    let shop = emulator.shop();
    assert_eq!(shop.request_count(Endpoint::CatalogVersion), 2);
    assert_eq!(shop.request_count(Endpoint::IncrementInventory), 0, "nothing is written on a guess");
}

#[tokio::test]
async fn a_write_that_meets_the_other_catalog_was_refused() {
    for (from, to) in [(V1, V3), (V3, V1)] {
        let (reply, _emulator) = first_write(from, to, 0).await;
        let WriteReply::Sent { call: CallReply::Refused(error), .. } = reply else { panic!("{reply:?}") };
        assert_eq!(error.class, ShopErrorClass::CatalogChanged);
        assert!(error.class.keeps_out(), "the run ends");
    }
}

#[tokio::test]
async fn a_site_without_stores_is_told_apart() {
    let (reply, _emulator) = first_write(V1, CatalogVersion::StoresNotInstalled, 5_000).await;
    let WriteReply::NotSent(error) = reply else { panic!("{reply:?}") };
    assert_eq!(error.class, ShopErrorClass::CatalogChanged);
}
