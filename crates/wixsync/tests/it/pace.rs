//! The pace of a shop: how fast requests follow each other, and what the two kinds of 429 do.

use testkit::emulator::{Endpoint, FaultKind};
use testkit::{TestShop, TestWarehouse};

use crate::support::{assert_levels, between, sync, world};

/// Many products, so that a run needs several pages.
async fn large() -> (TestShop, TestWarehouse) {
    let skus: Vec<String> = (0..1_000).map(|n| format!("S{n:04}")).collect();
    let shop = TestShop::of(skus.iter().map(|sku| (sku.as_str(), 5))).await;
    let warehouse = TestWarehouse::of(skus.iter().map(|sku| (sku.as_str(), 5))).await;
    (shop, warehouse)
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_keep_the_pace_after_their_burst() {
    let (shop, warehouse) = large().await;
    let program = between(&shop, &warehouse).set("WIXSYNC_PACE", "4+10/s");
    let _ = sync(&program, 0).await;
    let requests = shop.requests();
    assert!(requests.len() >= 10, "{} requests", requests.len());
    let after = |n: usize| requests[n].time.millis() - requests[0].time.millis();
    // The fifth request waits for 100 ms after the first, and so does each that follows for the one before it.
    let last = requests.len() - 1;
    let due = 100 * (i64::try_from(last).expect("few") - 3);
    assert!(after(last) >= due - 50, "{last} requests in {} ms", after(last));
    // The pace is kept between processes: a run that follows at once has no burst left.
    let _ = sync(&program, 0).await;
    let requests = shop.requests();
    let gap = requests[last + 4].time.millis() - requests[last].time.millis();
    assert!(gap >= 200, "four more requests within {gap} ms");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_run_feels_no_pace() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).unset("WIXSYNC_PACE");
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15)]);
    assert!(shop.requests().len() < 30);
    let first = shop.requests()[0].time.millis();
    let last = shop.requests().last().expect("some").time.millis();
    assert!(last - first < 2_000, "{} ms", last - first);
}

/// A 429 with a page ends the run at once: nothing is repeated, and nothing is sent until the block is over.
#[tokio::test(flavor = "multi_thread")]
async fn a_block_by_the_edge_ends_a_run_that_reads() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_PACE", "30+5/s");
    shop.break_with(Endpoint::QueryProducts, FaultKind::Html { code: 429 }, 100);
    let told = program.run(["sync", "--json"]).await.ends(5);
    let report = told.json();
    assert_eq!(report["outcome"], "failed", "{report:#}");
    assert_eq!(report["error_code"], "WX3030", "{report:#}");
    let blocked = shop.requests().iter().filter(|request| request.status == Some(429)).count();
    assert_eq!(blocked, 1, "it is not tried again");
    let sent = shop.requests().len();
    let checkup = program.run(["doctor", "--json"]).await;
    assert!(checkup.stdout.contains("WX3110"), "the window is closed: {}", checkup.stdout);
    assert_eq!(shop.requests().len(), sent, "nothing is sent while it is");
}

/// A write that meets the block is left to the next run; the levels are right in the end.
#[tokio::test(flavor = "multi_thread")]
async fn a_block_by_the_edge_ends_a_run_that_writes() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_PACE", "30+5/s");
    shop.break_with(Endpoint::IncrementInventory, FaultKind::Html { code: 429 }, 1);
    let report = sync(&program, 5).await;
    assert_eq!(report["error_code"], "WX3030", "{report:#}");
    assert_eq!(report["counters"]["unresolved"], 1, "{report:#}");
    let writes = shop.write_requests().len();
    assert_eq!(writes, 1, "the write is not repeated");
    // A state database of its own has no closed window: as if the ten minutes were over.
    let later = between(&shop, &warehouse);
    let _ = sync(&later, 0).await;
    assert_levels(&shop, [("A", 15)]);
}

/// A 429 with a JSON document is waited for; then the pace is halved, and `doctor` says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_429_of_the_api_slows_the_pace() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program =
        between(&shop, &warehouse).set("WIXSYNC_PACE", "30+5/s").toml("pause_after_429 = '300ms'\n");
    shop.break_with(Endpoint::QueryProducts, FaultKind::Status { code: 429, body: None }, 1);
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15)]);
    let checkup = program.run(["doctor", "--json"]).await;
    assert!(checkup.stdout.contains("WX3130"), "{}", checkup.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pace_that_makes_no_sense_is_refused() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    for pace in ["fast", "30", "0+5/s", "30+0/s", "30+5/m", "30+5", "-1+5/s"] {
        let told = between(&shop, &warehouse).set("WIXSYNC_PACE", pace).run(["sync"]).await.ends(2);
        assert!(
            told.stderr.contains("WIXSYNC_PACE") && told.stderr.contains("30+5/s"),
            "{pace}: {}",
            told.stderr
        );
    }
    assert_eq!(shop.live().total_requests(), 0);
}
