//! Processes that die or stand still at any moment: the next run settles what they left, and nothing is
//! written twice.

use std::time::Duration;

use testkit::emulator::{FaultKind, FaultTiming};
use testkit::{Program, TestShop, TestWarehouse, catalog, on_catalog};

use crate::support::{assert_levels, between, on_every_catalog, sync};

on_every_catalog! {
    a_run_killed_at_any_moment_is_put_right_by_the_next,
    a_run_frozen_past_its_lease_writes_nothing_more,
    what_is_sold_between_read_and_write_stays_sold,
}

/// Forty listings, half to be lowered and half to be raised, in eight calls.
async fn many(latency: Duration) -> (TestShop, TestWarehouse, Program) {
    let skus: Vec<String> = (0..40).map(|n| format!("S{n:02}")).collect();
    let levels = skus.iter().map(|sku| (sku.as_str(), 10));
    let shop = TestShop::builder().products(levels).latency(latency).start().await;
    let warehouse = TestWarehouse::of(skus.iter().enumerate().map(|(n, sku)| (sku.as_str(), due(n)))).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_WRITE_BATCH", "5");
    (shop, warehouse, program)
}

fn due(n: usize) -> i64 {
    if n.is_multiple_of(2) { 7 } else { 13 }
}

fn assert_right(shop: &TestShop) {
    let skus: Vec<String> = (0..40).map(|n| format!("S{n:02}")).collect();
    assert_levels(shop, skus.iter().enumerate().map(|(n, sku)| (sku.as_str(), due(n))));
    shop.assert_written_at_most_once();
}

/// I1, I2, I3, I7: killed at twenty moments spread over a run, by a fixed seed.
async fn a_run_killed_at_any_moment_is_put_right_by_the_next() {
    let kills = (0..20u64).map(|n| {
        tokio::spawn(on_catalog(catalog(), killed_after(Duration::from_millis(20 + n * 37 + n * n % 11))))
    });
    for kill in kills.collect::<Vec<_>>() {
        kill.await.expect("the run after the kill puts it right");
    }
}

async fn killed_after(moment: Duration) {
    let (shop, _warehouse, program) = many(Duration::from_millis(25)).await;
    let running = program.spawn(["sync", "--json"]);
    tokio::time::sleep(moment).await;
    running.kill().await;
    let _ = sync(&program, 0).await;
    assert_right(&shop);
    let runs = program.run(["runs", "--json"]).await.ends(0).json();
    for run in runs["runs"].as_array().expect("runs") {
        assert_eq!(run["ready"], true, "{run:#}");
        let counters = &run["result"]["counters"];
        let parts = ["verified", "moved_since", "converged", "rejected", "suspect", "unresolved", "not_sent"];
        let sum: u64 = parts.iter().map(|part| counters[part].as_u64().expect("a number")).sum();
        assert_eq!(counters["planned"], sum, "I8: {run:#}");
    }
}

/// I6: a process that stands still past its lease writes nothing when it goes on.
async fn a_run_frozen_past_its_lease_writes_nothing_more() {
    let (shop, _warehouse, program) = many(Duration::from_millis(10)).await;
    let slow = FaultKind::Hang { duration: Duration::from_secs(1), timing: FaultTiming::AfterApply };
    shop.break_with(shop.lowering(), slow, 1);
    let frozen = program.spawn(["sync", "--json"]);
    while shop.live().request_count(shop.lowering()) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    frozen.freeze().await;
    // Takes the shop over when the lease is over, settles, and brings all levels where they should be.
    let _ = sync(&program, 0).await;
    assert_right(&shop);
    let before = shop.write_requests().len();
    frozen.thaw().await;
    assert_eq!(frozen.end().await, Some(5), "it finds that the shop is another's");
    assert_eq!(shop.write_requests().len(), before);
    assert_right(&shop);
}

/// Sales between the read and the write are kept: the difference is added, not the level set.
async fn what_is_sold_between_read_and_write_stays_sold() {
    let (shop, _warehouse, program) = many(Duration::from_millis(60)).await;
    let running = program.spawn(["sync", "--json"]);
    while shop.live().request_count(shop.reading()) == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    // Read, and not written yet: the version and the catalog are two answers of 60 ms each.
    while shop.live().request_count(shop.lowering()) == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    shop.sell("S39", 4);
    assert_eq!(running.end().await, Some(0));
    assert_eq!(shop.level("S39"), due(39) - 4);
    assert_eq!(shop.level("S37"), due(37));
}
