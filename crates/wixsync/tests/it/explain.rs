//! `explain`: why a SKU has its quantity.

use serde_json::json;
use testkit::{TestShop, TestWarehouse};

use crate::support::{between, on_every_catalog, sync, untracked, world};

on_every_catalog! {
    both_sides_the_next_run_and_what_was_sold_between_runs,
    a_sku_that_is_remembered_costs_few_requests,
    a_side_that_cannot_be_read_does_not_hide_the_other,
    what_is_left_alone_is_told_with_its_reason,
    idle_runs_are_folded_and_the_last_change_is_shown,
}

async fn both_sides_the_next_run_and_what_was_sold_between_runs() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 3, 3)]).await;
    let program = between(&shop, &warehouse);
    let first = sync(&program, 0).await;
    shop.sell("A", 4);
    warehouse.set("A", 20).await;
    let second = sync(&program, 0).await;
    warehouse.set("A", 12).await;

    let told = program.run(["explain", "A", "--json"]).await.ends(0).json();
    assert_eq!(
        told["warehouse"]["rows"],
        json!([{"warehouse": "main", "quantity": "12", "problem": null, "counted": true}])
    );
    assert_eq!((&told["warehouse"]["sum"], &told["warehouse"]["target"]), (&json!("12"), &json!(12)));
    assert_eq!(told["wix"]["listings"][0]["level"], 20);
    assert_eq!((&told["next"]["action"], &told["next"]["delta"]), (&json!("change"), &json!(-8)));
    let history = told["history"].as_array().expect("a history");
    let runs: Vec<_> = history.iter().map(|one| &one["run_id"]).collect();
    assert_eq!(runs, [&second["run_id"], &first["run_id"]]);
    assert_eq!(history[0]["since_the_run_before"], -4);
    assert_eq!((&history[0]["lines"][0]["delta"], &history[1]["lines"][0]["delta"]), (&json!(9), &json!(5)));
    assert_eq!(history[0]["lines"][0]["state"], "verified");

    let page = program.run(["explain", "A"]).await.ends(0);
    let _ =
        page.says("total 12").says("changes 20 to 12 (-8)").says("4 units fewer than after the previous run");
    let page = program.run(["explain", "B", "--lang", "ru"]).await.ends(0);
    let _ = page.says("ничего не изменит").says("Последние 2 запуска").says("без изменений");
}

async fn what_is_left_alone_is_told_with_its_reason() {
    let shop = TestShop::builder().product("A", 1).product("A", 2).untracked("U").start().await;
    let warehouse = TestWarehouse::of([("A", 5), ("U", 5), ("W", 1)]).await;
    let program = between(&shop, &warehouse);
    let _ = sync(&program, 0).await;
    for (sku, reason) in
        [("A", "duplicate_sku"), ("U", untracked()), ("W", "not_in_wix"), ("nobody", "unknown_sku")]
    {
        let told = program.run(["explain", sku, "--json"]).await.ends(0).json();
        assert_eq!(
            (&told["next"]["action"], &told["next"]["reason"]),
            (&json!("left_alone"), &json!(reason))
        );
        let due = if sku == "nobody" { vec![] } else { vec![json!(reason)] };
        let history = told["history"].as_array().expect("a history");
        assert_eq!(history.iter().map(|one| one["left_alone"].clone()).collect::<Vec<_>>(), due, "{sku}");
    }
    shop.assert_not_written();
}

/// A large shop is not read whole to explain one SKU.
async fn a_sku_that_is_remembered_costs_few_requests() {
    let skus: Vec<String> = (0..250).map(|n| format!("S{n}")).collect();
    let ten = || skus.iter().map(|sku| (sku.as_str(), 10));
    let shop = TestShop::of(ten()).await;
    let warehouse = TestWarehouse::of(ten()).await;
    let program = between(&shop, &warehouse);
    let _ = sync(&program, 0).await;
    let before = shop.live().total_requests();
    let told = program.run(["explain", "S7", "--json"]).await.ends(0).json();
    assert_eq!(told["next"]["action"], "none");
    // Catalog version, the variants by SKU (which this shop refuses), one item.
    assert_eq!(shop.live().total_requests() - before, 3);
}

/// One side that cannot be read does not hide the other, nor what was done.
async fn a_side_that_cannot_be_read_does_not_hide_the_other() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let _ = sync(&program, 0).await;
    let blind = program.set("WIXSYNC_WAREHOUSE_URL", "sqlite:///no/such/file");
    let told = blind.run(["explain", "A", "--json"]).await.ends(5).json();
    assert_eq!(told["warehouse"]["code"], "warehouse_missing");
    assert_eq!(told["wix"]["listings"][0]["level"], 15);
    assert_eq!(
        (&told["next"]["action"], &told["history"][0]["lines"][0]["delta"]),
        (&json!("unknown"), &json!(5))
    );
}

/// Runs that changed nothing are told in one line, and the last real change however long ago it was.
async fn idle_runs_are_folded_and_the_last_change_is_shown() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_LANG", "en");
    let first = sync(&program, 0).await;
    for _ in 0..4 {
        let _ = sync(&program, 0).await;
    }
    let page = program.run(["explain", "A", "--runs", "3"]).await.ends(0);
    let page = page.says("3 runs: Wix showed the target; nothing to do").says("The last changes before");
    let _ = page.says("read 10, target 15, change +5").says(first["run_id"].as_str().expect("an id"));
    let told = program.run(["explain", "A", "--runs", "3", "--json"]).await.ends(0).json();
    assert_eq!(told["history"].as_array().map(Vec::len), Some(3));
    assert_eq!(told["history"][0]["recorded"], true);
    assert_eq!(told["earlier_changes"][0]["run_id"], first["run_id"]);
    let told = program.run(["explain", "A", "--json"]).await.ends(0).json();
    assert_eq!(told["earlier_changes"], json!([]), "it is among the last runs");
}
