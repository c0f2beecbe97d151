//! Large catalogs and the request limit.
//!
//! One catalog: only V1 reads by offsets, which end at 10,000; `catalogs.rs` reads as many on V3.

use std::time::Duration;

use testkit::emulator::Endpoint;
use testkit::{TestShop, TestWarehouse};

use crate::support::{assert_levels, between, on_every_catalog, sync};

on_every_catalog! {
    the_request_limit_is_kept_to_the_request,
    up_to_the_request_limit_nothing_waits,
    the_request_limit_holds_over_several_runs,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalog_beyond_the_depth_of_offsets_is_read_whole() {
    let skus: Vec<String> = (0..12_500).map(|n| format!("SKU-{n}")).collect();
    let due: Vec<(&str, i64)> = skus
        .iter()
        .enumerate()
        .map(|(n, sku)| {
            (
                sku.as_str(),
                if n % 25 == 0 {
                    12
                } else if n % 25 == 1 {
                    7
                } else {
                    10
                },
            )
        })
        .collect();
    let shop = TestShop::of(skus.iter().map(|sku| (sku.as_str(), 10))).await;
    let warehouse = TestWarehouse::of(due.iter().copied()).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_RATE_LIMIT", "off");

    let report = sync(&program, 0).await;

    assert_levels(&shop, due);
    assert_eq!(shop.written().len(), 1_000);
    shop.assert_written_at_most_once();
    assert_eq!(report["total_products"], 12_500);
    assert_eq!(report["found_in_wix"], 12_500);
    assert_eq!(report["updated_in_wix"], 1_000);
    assert_eq!(shop.live().request_count(Endpoint::QueryProducts), 125);
    let total = shop.live().total_requests();
    // The catalog is asked for once more before the first write if the read took long.
    assert!(total <= 125 + 2 + 2 + 10 + 2, "{total} requests");
}

async fn the_request_limit_is_kept_to_the_request() {
    let skus: Vec<String> = (0..110).map(|n| format!("S{n}")).collect();
    let shop = TestShop::builder()
        .products(skus.iter().map(|sku| (sku.as_str(), 10)))
        .rate_limit(40, Duration::from_secs(2))
        .start()
        .await;
    let warehouse = TestWarehouse::of(skus.iter().map(|sku| (sku.as_str(), 11))).await;
    let program =
        between(&shop, &warehouse).set("WIXSYNC_RATE_LIMIT", "40/2s").set("WIXSYNC_WRITE_BATCH", "1");
    let _ = sync(&program, 0).await;
    assert_levels(&shop, skus.iter().map(|sku| (sku.as_str(), 11)));
    let requests = shop.requests();
    assert!(requests.len() > 100, "{} requests", requests.len());
    assert!(requests.iter().all(|request| request.status == Some(200)));
}

/// A run that waited for a place in this window would outlast the time that a test has.
async fn up_to_the_request_limit_nothing_waits() {
    let skus: Vec<String> = (0..30).map(|n| format!("S{n}")).collect();
    let shop = TestShop::builder().products(skus.iter().map(|sku| (sku.as_str(), 10))).start().await;
    let warehouse = TestWarehouse::of(skus.iter().map(|sku| (sku.as_str(), 11))).await;
    let program =
        between(&shop, &warehouse).set("WIXSYNC_RATE_LIMIT", "36/3600s").set("WIXSYNC_WRITE_BATCH", "1");
    let _ = sync(&program, 0).await;
    assert_levels(&shop, skus.iter().map(|sku| (sku.as_str(), 11)));
    let requests = shop.requests().len();
    assert!((33..=36).contains(&requests), "{requests} requests");
}

async fn the_request_limit_holds_over_several_runs() {
    let shop = TestShop::builder().product("A", 10).rate_limit(8, Duration::from_secs(2)).start().await;
    let warehouse = TestWarehouse::of([("A", 11)]).await;
    let program =
        between(&shop, &warehouse).set("WIXSYNC_RATE_LIMIT", "8/2s").toml("pause_after_429 = '1s'\n");
    for stock in [12, 13, 14] {
        warehouse.set("A", stock).await;
        let _ = sync(&program, 0).await;
        assert_levels(&shop, [("A", stock)]);
    }
    let refused = shop.requests().iter().filter(|request| request.status == Some(429)).count();
    assert_eq!(refused, 0, "the window is kept over restarts (I10)");
}
