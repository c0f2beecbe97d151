//! The main job: a thousand SKUs, one run, and a second one that finds nothing to do.
//!
//! One catalog: the calls of a thousand changes are counted as V1 makes them; `catalogs.rs` counts those of V3.

use testkit::emulator::Endpoint;
use testkit::{TestShop, TestWarehouse};

use crate::support::{assert_levels, between, keys, on_every_catalog, sync, world};

on_every_catalog! {
    a_second_run_writes_nothing,
    the_shop_is_read_before_the_warehouse_and_lowering_goes_before_raising,
    the_size_of_a_batch_is_a_setting,
    a_dry_run_writes_nothing_and_says_what_it_would_do,
    a_filtered_run_touches_only_what_it_names,
}

/// SKU, level, stock: 400 rise, 200 fall, 100 go to zero, 300 are right.
fn thousand() -> Vec<(String, i64, i64)> {
    (0..1_000i64)
        .map(|n| {
            let level = 10 + n % 7;
            let stock = match n % 10 {
                0 => 0,
                1..=4 => level + 5,
                5..=6 => level - 3,
                _ => level,
            };
            (format!("SKU-{n:04}"), level, stock)
        })
        .collect()
}

fn rows(thousand: &[(String, i64, i64)]) -> Vec<(&str, i64, i64)> {
    thousand.iter().map(|(sku, level, stock)| (sku.as_str(), *level, *stock)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_skus_become_right_in_one_run() {
    let thousand = thousand();
    let (shop, warehouse) = world(&rows(&thousand)).await;
    let program = between(&shop, &warehouse);

    let report = sync(&program, 0).await;

    assert_levels(&shop, thousand.iter().map(|(sku, _, stock)| (sku.as_str(), *stock)));
    assert_eq!(shop.written().len(), 700);
    shop.assert_written_at_most_once();
    let guide =
        ["status", "message", "total_products", "found_in_wix", "updated_in_wix", "errors", "details"];
    let keys_found = keys(&report);
    assert_eq!(keys_found[..7], guide, "the guide's keys come first, in the guide's order");
    let beside = [
        "outcome",
        "run_id",
        "shop",
        "counters",
        "skipped_total",
        "skipped",
        "errors_list",
        "notes",
        "requests",
        "duration_ms",
        "waited_ms",
    ];
    for key in beside {
        assert!(keys_found.contains(&key), "{key} is missing in {keys_found:?}");
    }
    let details = ["local_products_with_stock", "wix_products_found", "updates_prepared", "updates_executed"];
    assert_eq!(keys(&report["details"])[..4], details);
    assert_eq!(report["status"], "success");
    assert_eq!(report["outcome"], "converged");
    assert_eq!(report["total_products"], 900);
    assert_eq!(report["found_in_wix"], 900);
    assert_eq!(report["updated_in_wix"], 700);
    assert_eq!(report["errors"], 0);
    for (key, due) in details.into_iter().zip([900, 1_000, 700, 700]) {
        assert_eq!(report["details"][key], due, "{key}");
    }
    assert_eq!(report["details"]["sold_out_products"], 100);
    assert_eq!(report["counters"]["planned"], 700);
    assert_eq!(report["counters"]["verified"], 700);
    assert_eq!(report["skipped_total"], 0);
    // ⌈1000/100⌉ reads, ⌈400/300⌉ raising, ⌈300/300⌉ lowering, ⌈700/100⌉ verifying, one for the catalog version.
    let total = shop.live().total_requests();
    assert!(total <= 10 + 2 + 1 + 7 + 1, "{total} requests");
    assert_eq!(report["requests"], total);
    let entries: Vec<_> =
        shop.write_requests().into_iter().map(|write| (write.endpoint, write.entries)).collect();
    let due = [
        (Endpoint::DecrementInventory, Some(300)),
        (Endpoint::IncrementInventory, Some(300)),
        (Endpoint::IncrementInventory, Some(100)),
    ];
    assert_eq!(entries, due, "lowering goes before raising");
}

async fn a_second_run_writes_nothing() {
    let thousand = thousand();
    let (shop, warehouse) = world(&rows(&thousand)).await;
    let program = between(&shop, &warehouse);
    let _ = sync(&program, 0).await;
    let (writes, requests) = (shop.write_requests().len(), shop.live().total_requests());

    let report = sync(&program, 0).await;

    assert_eq!(shop.write_requests().len(), writes);
    assert_eq!(shop.written().len(), 700);
    assert!(shop.live().total_requests() - requests <= 12);
    assert_eq!(report["outcome"], "converged");
    assert_eq!(report["total_products"], 900);
    assert_eq!(report["found_in_wix"], 900);
    assert_eq!(report["updated_in_wix"], 0);
    assert_eq!(report["counters"]["planned"], 0);
}

async fn the_shop_is_read_before_the_warehouse_and_lowering_goes_before_raising() {
    let (shop, warehouse) = world(&[("UP", 1, 4), ("DOWN", 9, 2), ("DOWN-2", 9, 1)]).await;
    let _ = sync(&between(&shop, &warehouse), 0).await;
    let levels: Vec<_> = shop.written().into_iter().map(|entry| (entry.before, entry.after)).collect();
    let due = [(Some(9), Some(1)), (Some(9), Some(2)), (Some(1), Some(4))];
    assert_eq!(levels, due, "the lowest target first");
}

async fn the_size_of_a_batch_is_a_setting() {
    let rows: Vec<String> = (0..120).map(|n| format!("S{n}")).collect();
    let shop = TestShop::of(rows.iter().map(|sku| (sku.as_str(), 5))).await;
    let warehouse = TestWarehouse::of(rows.iter().map(|sku| (sku.as_str(), 6))).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_WRITE_BATCH", "50");
    let _ = sync(&program, 0).await;
    let entries: Vec<_> = shop.write_requests().into_iter().map(|write| write.entries).collect();
    assert_eq!(entries, [Some(50), Some(50), Some(20)]);
}

async fn a_dry_run_writes_nothing_and_says_what_it_would_do() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 10)]).await;
    let program = between(&shop, &warehouse);
    let report = program.run(["sync", "--dry-run", "--json"]).await.ends(0).json();
    shop.assert_not_written();
    assert_eq!(report["outcome"], "planned");
    assert_eq!(report["details"]["updates_prepared"], 1);
    assert_eq!(report["updated_in_wix"], 0);
    assert_eq!(report["dry_run"], true);
}

async fn a_filtered_run_touches_only_what_it_names() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 15), ("C", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let report = program.run(["sync", "--sku", "A", "C", "--json"]).await.ends(0).json();
    assert_levels(&shop, [("A", 15), ("B", 10), ("C", 15)]);
    assert_eq!(report["updated_in_wix"], 2);
    assert_eq!(report["total_products"], 2);
}
