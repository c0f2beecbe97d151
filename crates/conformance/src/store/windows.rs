//! I10: no sliding window gets more requests than its limit.

use domain::ShopName;
use sync::ports::{Store, WindowLimit, WindowPlace};

const LIMIT: WindowLimit = WindowLimit { requests: 2, window_ms: 1_000, timeout_ms: 300 };

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
    store.close_window(&shop, 5_000).await.unwrap();
    store.close_window(&shop, 4_000).await.unwrap();
    assert_eq!(enter(store, &shop, 4_999).await, WindowPlace::FreeFrom(5_000));
    taken(store, &other, 4_999).await;
    taken(store, &shop, 5_000).await;
    store.close_window(&shop, 86_400_000).await.unwrap();
    assert_eq!(enter(store, &shop, 0).await, WindowPlace::FreeFrom(3_600_000), "an hour at the longest");
    assert_eq!(
        enter(store, &shop, 60_000).await,
        WindowPlace::FreeFrom(3_600_000),
        "and no new hour at each look"
    );
    taken(store, &shop, 3_600_000).await;
}
