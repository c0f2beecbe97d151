//! The pace of a shop: how fast requests follow each other, and what the two kinds of 429 do.
//!
//! One catalog: a setting that makes no sense is refused before the shop is asked.

use testkit::emulator::FaultKind;
use testkit::{Program, TestShop, TestWarehouse};

use crate::support::{assert_levels, between, on_every_catalog, sync, world};

on_every_catalog! {
    requests_keep_the_pace_after_their_burst,
    a_small_run_feels_no_pace,
    a_block_by_the_edge_ends_a_run_that_reads,
    a_block_by_the_edge_ends_a_run_that_writes,
    a_429_of_the_api_slows_the_pace,
}

/// A run that needs many requests: twelve changes, each in a call of its own.
async fn many_calls() -> (TestShop, TestWarehouse, Program) {
    let skus: Vec<String> = (0..12).map(|n| format!("S{n:04}")).collect();
    let shop = TestShop::of(skus.iter().map(|sku| (sku.as_str(), 5))).await;
    let warehouse = TestWarehouse::of(skus.iter().map(|sku| (sku.as_str(), 6))).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_WRITE_BATCH", "1");
    (shop, warehouse, program)
}

async fn requests_keep_the_pace_after_their_burst() {
    let (shop, _warehouse, program) = many_calls().await;
    let program = program.set("WIXSYNC_PACE", "4+5/s");
    let told = sync(&program, 0).await;
    assert!(shop.requests().len() >= 10, "{} requests", shop.requests().len());
    assert_paced(&shop);
    // What the pace costs is told: each request after the first four waits for the one before it.
    let (waited, whole) = (told["waited_ms"].as_u64(), told["duration_ms"].as_u64());
    assert!(waited > Some(0) && waited <= whole, "{told:#}");
    // The pace is kept between processes: a run that follows at once has no burst of its own.
    let _ = sync(&program, 0).await;
    assert_paced(&shop);
}

/// Fails if more than four requests and one for each 200 ms came in any time.
fn assert_paced(shop: &TestShop) {
    let times: Vec<i64> = shop.requests().iter().map(|request| request.time.millis()).collect();
    for (first, from) in times.iter().enumerate() {
        for (more, at) in times.iter().skip(first).enumerate() {
            let due = 200 * (i64::try_from(more).expect("few") - 3);
            // The shop sees a request later than it leaves: by less than the time between two.
            assert!(at - from >= due - 200, "{} requests in {} ms", more + 1, at - from);
        }
    }
}

async fn a_small_run_feels_no_pace() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).unset("WIXSYNC_PACE");
    let told = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15)]);
    assert_eq!(told["waited_ms"], 0);
    assert!(shop.requests().len() < 30);
    let first = shop.requests()[0].time.millis();
    let last = shop.requests().last().expect("some").time.millis();
    assert!(last - first < 2_000, "{} ms", last - first);
}

/// A 429 with a page ends the run at once: nothing is repeated, and nothing is sent until the block is over.
async fn a_block_by_the_edge_ends_a_run_that_reads() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_PACE", "30+5/s");
    shop.break_with(shop.reading(), FaultKind::Html { code: 429 }, 100);
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
async fn a_block_by_the_edge_ends_a_run_that_writes() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_PACE", "30+5/s");
    shop.break_with(shop.raising(), FaultKind::Html { code: 429 }, 1);
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
async fn a_429_of_the_api_slows_the_pace() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program =
        between(&shop, &warehouse).set("WIXSYNC_PACE", "30+5/s").toml("pause_after_429 = '300ms'\n");
    shop.break_with(shop.reading(), FaultKind::Status { code: 429, body: None }, 1);
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
