//! I10: no sliding window gets more requests than its limit.

use domain::ShopName;
use sync::ports::{Pace, Store, Throttling, WindowLimit, WindowPlace};

const LIMIT: WindowLimit = WindowLimit { requests: 2, window_ms: 1_000, timeout_ms: 300, pace: None };

async fn enter(store: &dyn Store, shop: &ShopName, now: i64) -> WindowPlace {
    store.enter_window(shop, LIMIT, now).await.unwrap()
}

async fn taken(store: &dyn Store, shop: &ShopName, now: i64) -> i64 {
    match enter(store, shop, now).await {
        WindowPlace::Taken(place) => place,
        full @ WindowPlace::FreeFrom(_) => panic!("{full:?}"),
    }
}

/// I10: a request counts for one window after its reply or, where no reply was recorded, after its time-out.
pub async fn i10_a_place_counts_for_a_window_after_its_reply(store: &dyn Store) {
    let (shop, other) = (ShopName::new("a"), ShopName::new("b"));
    let first = taken(store, &shop, 100).await;
    let second = taken(store, &shop, 100).await;
    assert_ne!(first, second);
    store.leave_window(&shop, first, LIMIT, 150).await.unwrap();
    assert_eq!(enter(store, &shop, 1_149).await, WindowPlace::FreeFrom(1_150));
    let elsewhere = taken(store, &other, 1_149).await;
    taken(store, &shop, 1_150).await;
    assert_eq!(enter(store, &shop, 1_151).await, WindowPlace::FreeFrom(1_400), "its process is gone");
    // A reply counts even if it comes after its place was released.
    taken(store, &shop, 1_400).await;
    store.leave_window(&shop, second, LIMIT, 1_500).await.unwrap();
    assert_eq!(enter(store, &shop, 1_501).await, WindowPlace::FreeFrom(2_450));
    // A clock that is turned back by a day does not keep the window closed for a day.
    store.leave_window(&other, elsewhere, LIMIT, 86_400_000).await.unwrap();
    taken(store, &other, 0).await;
    assert_eq!(enter(store, &other, 0).await, WindowPlace::FreeFrom(1_300));
}

/// I10: a 429 closes the window of its shop. The latest moment counts.
pub async fn i10_a_closed_window_lets_nothing_through(store: &dyn Store) {
    let (shop, other) = (ShopName::new("a"), ShopName::new("b"));
    let asked = async |until: i64, now: i64| {
        store.close_window(&shop, Throttling::Api { pause_ms: until - now }, now).await.unwrap()
    };
    assert_eq!(asked(5_000, 0).await, 5_000);
    assert_eq!(asked(4_000, 0).await, 5_000);
    assert_eq!(enter(store, &shop, 4_999).await, WindowPlace::FreeFrom(5_000));
    taken(store, &other, 4_999).await;
    taken(store, &shop, 5_000).await;
    asked(86_400_000, 0).await;
    assert_eq!(enter(store, &shop, 0).await, WindowPlace::FreeFrom(3_600_000), "an hour at the longest");
    assert_eq!(
        enter(store, &shop, 60_000).await,
        WindowPlace::FreeFrom(3_600_000),
        "and no new hour at each look"
    );
    taken(store, &shop, 3_600_000).await;
}

/// The pace of a shop is kept: a burst, then one request after the other; a 429 of the API halves it.
pub async fn a_pace_holds_over_all_that_share_the_store(store: &dyn Store) {
    let limit = WindowLimit { requests: 1_000, pace: Some(Pace { burst: 3, per_second: 10 }), ..LIMIT };
    let (shop, other) = (ShopName::new("a"), ShopName::new("b"));
    let enter = async |shop: &ShopName, now: i64| store.enter_window(shop, limit, now).await.unwrap();
    let free_from = async |now: i64| match enter(&shop, now).await {
        WindowPlace::Taken(_) => None,
        WindowPlace::FreeFrom(moment) => Some(moment),
    };
    for _ in 0..3 {
        assert_eq!(free_from(1_000).await, None);
    }
    assert_eq!(free_from(1_000).await, Some(1_100), "the burst is used up");
    assert!(matches!(enter(&other, 1_000).await, WindowPlace::Taken(_)), "each shop has its own");
    assert_eq!(free_from(1_100).await, None);
    assert_eq!(free_from(1_150).await, Some(1_200));
    assert_eq!(store.figures(&shop, 1_200).await.unwrap().halvings, 0);

    let asked = Throttling::Api { pause_ms: 60_000 };
    assert_eq!(store.close_window(&shop, asked, 2_000).await.unwrap(), 62_000);
    assert_eq!(store.close_window(&shop, asked, 2_010).await.unwrap(), 62_010, "the same 429, heard twice");
    assert_eq!(store.figures(&shop, 62_010).await.unwrap().halvings, 1);
    assert_eq!(free_from(62_010).await, None, "half a burst is one request");
    assert_eq!(free_from(62_010).await, Some(62_210), "half the pace");
    assert_eq!(store.figures(&shop, 62_010 + 300_000).await.unwrap().halvings, 0, "regained");
}

/// A 429 of Wix's edge closes the window for ten minutes, then for twenty, at most for an hour.
pub async fn a_block_by_the_edge_closes_the_window_for_longer_each_time(store: &dyn Store) {
    let shop = ShopName::new("a");
    let mut now = 1_000_000;
    for minutes in [10, 20, 40, 60, 60] {
        let until = store.close_window(&shop, Throttling::Edge, now).await.unwrap();
        assert_eq!(until - now, minutes * 60_000);
        let again = store.close_window(&shop, Throttling::Edge, now + 5).await.unwrap();
        assert_eq!(again, until, "the same block, heard by another request");
        assert_eq!(enter(store, &shop, until - 1).await, WindowPlace::FreeFrom(until));
        now = until;
    }
    now += 3_600_001;
    let until = store.close_window(&shop, Throttling::Edge, now).await.unwrap();
    assert_eq!(until - now, 600_000, "an hour without a block");
}
