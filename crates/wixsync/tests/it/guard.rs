//! The guard: a plan that looks like an accident writes nothing, is kept, and can be let through.
//!
//! One catalog: another writer is seen where a write is read back, and V3 shows what a write did in its answer.

use serde_json::Value;
use testkit::{Program, TestShop, TestWarehouse};
use wix_emulator::{Action, Endpoint, FaultKind, FaultTiming, Listing};

use crate::support::{assert_levels, between, on_every_catalog, sync, world};

on_every_catalog! {
    an_empty_warehouse_is_held,
    a_query_that_lost_its_rows_is_held,
    a_fifth_going_to_zero_passes_and_one_more_is_held,
    apply_lets_exactly_a_held_plan_through,
    twenty_listings_may_lose_half_and_not_more,
    half_of_all_units_may_go_and_not_more,
    a_warehouse_that_shrank_since_the_last_good_run_is_held,
    stock_that_swells_is_held,
    a_shop_that_shows_nothing_yet_may_be_filled,
    i11_an_empty_stock_table_is_held_at_any_size,
    i11_an_empty_product_table_is_held_at_any_size,
    i11_a_warehouse_that_matches_no_more_is_held,
    i11_a_warehouse_that_shrinks_in_steps_is_compared_with_the_largest_run_of_a_week,
    i11_a_small_shop_is_not_emptied,
    i11_many_goods_do_not_go_back_on_sale_at_once,
}

/// `count` listings that all show 10, and as much stock.
async fn level_world(count: usize) -> (Vec<String>, TestShop, TestWarehouse) {
    let skus: Vec<String> = (0..count).map(|n| format!("S-{n:03}")).collect();
    let shop = TestShop::of(skus.iter().map(|sku| (sku.as_str(), 10))).await;
    let warehouse = TestWarehouse::of(skus.iter().map(|sku| (sku.as_str(), 10))).await;
    (skus, shop, warehouse)
}

/// A run that must be held; its report.
async fn held(shop: &TestShop, program: &Program) -> Value {
    let before = (shop.write_requests().len(), shop.written().len());
    let report = sync(program, 4).await;
    assert_eq!((shop.write_requests().len(), shop.written().len()), before, "nothing is written");
    assert_eq!(report["status"], "success");
    assert_eq!(report["outcome"], "held_by_guard");
    assert_eq!(report["updated_in_wix"], 0);
    assert_eq!(report["counters"]["not_sent"], report["counters"]["planned"]);
    assert!(!report["guard"].as_array().expect("what tripped it").is_empty());
    report
}

fn plan_id(report: &Value) -> String {
    report["plan_id"].as_str().or(report["run_id"].as_str()).expect("the plan's id").to_owned()
}

async fn an_empty_warehouse_is_held() {
    let shop = TestShop::of([("A", 5), ("B", 6), ("C", 7)]).await;
    let warehouse = TestWarehouse::new().await;
    let program = between(&shop, &warehouse);
    let _ = held(&shop, &program).await;
    shop.assert_not_written();
    let told = program.run(["sync"]).await.ends(4).says("guard");
    assert!(!told.stdout.contains("wixsync apply"), "there is nothing to apply: {}", told.stdout);
    let _ = program.run(["plan", "--json"]).await.ends(4);
    let _ = program.run(["sync", "--dry-run", "--json"]).await.ends(4);
    shop.assert_not_written();
}

async fn a_query_that_lost_its_rows_is_held() {
    let shop = TestShop::of([("A", 5)]).await;
    let warehouse = TestWarehouse::custom("CREATE TABLE goods (sku, quantity)").await;
    let toml = "[warehouse]\nquery = 'SELECT sku, quantity FROM goods'\n";
    let _ = held(&shop, &between(&shop, &warehouse).toml(toml)).await;
}

async fn a_fifth_going_to_zero_passes_and_one_more_is_held() {
    let (skus, shop, warehouse) = level_world(100).await;
    warehouse.set_all(skus[..21].iter().map(|sku| (sku.as_str(), 0))).await;
    let program = between(&shop, &warehouse);
    let report = held(&shop, &program).await;
    assert_eq!(report["details"]["updates_prepared"], 21);
    let text = program.run(["sync"]).await.ends(4).stdout;
    assert!(text.contains("wixsync apply"), "it says what to do next: {text}");
    warehouse.set(&skus[0], 10).await;
    let _ = sync(&program, 0).await;
    assert_eq!(shop.written().len(), 20);
}

async fn apply_lets_exactly_a_held_plan_through() {
    let (skus, shop, warehouse) = level_world(120).await;
    let keeps = 30;
    warehouse.set_all(skus[keeps..].iter().map(|sku| (sku.as_str(), 0))).await;
    let program = between(&shop, &warehouse);
    let plan = plan_id(&held(&shop, &program).await);
    // What came up since is no part of the plan.
    warehouse.set(&skus[0], 11).await;
    let report = program.run(["apply", &plan, "--json"]).await.ends(0).json();
    assert_levels(
        &shop,
        skus.iter().enumerate().map(|(n, sku)| (sku.as_str(), if n < keeps { 10 } else { 0 })),
    );
    assert_eq!(report["updated_in_wix"], 90);
    shop.assert_written_at_most_once();
    // The guard is as strict as before for everything else.
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [(skus[0].as_str(), 11)]);
}

async fn twenty_listings_may_lose_half_and_not_more() {
    let (skus, shop, warehouse) = level_world(20).await;
    warehouse.set_all(skus[..11].iter().map(|sku| (sku.as_str(), 0))).await;
    let program = between(&shop, &warehouse);
    let _ = held(&shop, &program).await;
    warehouse.set(&skus[0], 10).await;
    let _ = sync(&program, 0).await;
    assert_eq!(shop.written().len(), 10);
}

async fn half_of_all_units_may_go_and_not_more() {
    let (skus, shop, warehouse) = level_world(100).await;
    warehouse.set_all(skus.iter().map(|sku| (sku.as_str(), 5))).await;
    warehouse.set(&skus[0], 4).await;
    let program = between(&shop, &warehouse);
    let _ = held(&shop, &program).await;
    warehouse.set(&skus[0], 5).await;
    let _ = sync(&program, 0).await;
    assert_eq!(shop.written().len(), 100);
}

async fn a_warehouse_that_shrank_since_the_last_good_run_is_held() {
    let (skus, shop, warehouse) = level_world(10).await;
    let program = between(&shop, &warehouse);
    let _ = sync(&program, 0).await;
    warehouse.execute("DELETE FROM product WHERE sku > 'S-003'; DELETE FROM stock WHERE sku > 'S-003'").await;
    warehouse.set(&skus[0], 12).await;
    let _ = held(&shop, &program).await;
    // A held run is not a good one, so the next is held as well.
    let _ = held(&shop, &program).await;
    // A filtered run is compared within its filter.
    let _ = program.run(["sync", "--sku", &skus[0], "--json"]).await.ends(0);
    assert_levels(&shop, [(skus[0].as_str(), 12)]);
    let _ = held(&shop, &program).await;
}

async fn stock_that_swells_is_held() {
    let (shop, warehouse) = world(&[("A", 10, 50), ("B", 10, 61), ("C", 10, 10)]).await;
    let program = between(&shop, &warehouse);
    let _ = held(&shop, &program).await;
    assert_levels(&shop, [("A", 10), ("B", 10)]);
}

async fn a_shop_that_shows_nothing_yet_may_be_filled() {
    let (shop, warehouse) = world(&[("A", 0, 50), ("B", 0, 60)]).await;
    let _ = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("A", 50), ("B", 60)]);
}

/// A product table alone says nothing about stock, however small the shop is.
async fn i11_an_empty_stock_table_is_held_at_any_size() {
    let shop = TestShop::of([("A", 10), ("B", 10)]).await;
    let warehouse = TestWarehouse::of([("A", 10), ("B", 10)]).await;
    warehouse.execute("DELETE FROM stock").await;
    let report = between(&shop, &warehouse).run(["sync", "--json"]).await.ends(4).json();
    assert_eq!(report["guard"][0]["code"], "warehouse_empty");
    shop.assert_not_written();
}

/// Stock rows whose products are gone are no goods.
async fn i11_an_empty_product_table_is_held_at_any_size() {
    let shop = TestShop::of([("A", 10), ("B", 10)]).await;
    let warehouse = TestWarehouse::of([("A", 10), ("B", 10)]).await;
    warehouse.execute("DELETE FROM product").await;
    let program = between(&shop, &warehouse);
    let report = program.run(["sync", "--json"]).await.ends(4).json();
    assert_eq!(report["guard"][0]["code"], "warehouse_empty");
    // Its plan has nothing that could be applied.
    let page = program.run(["status"]).await.ends(0).says("there is nothing to apply");
    assert!(!page.stdout.contains("wixsync apply"), "{}", page.stdout);
}

/// The codes of the limits that a held run exceeded.
fn codes(report: &Value) -> Vec<&str> {
    let trips = report["guard"].as_array().expect("what tripped it");
    trips.iter().map(|trip| trip["code"].as_str().expect("a code")).collect()
}

/// Another database, whose rows are all there and none of which matches. Its runs are never good ones.
async fn i11_a_warehouse_that_matches_no_more_is_held() {
    let (skus, shop, warehouse) = level_world(10).await;
    let program = between(&shop, &warehouse);
    let _ = sync(&program, 0).await;
    warehouse.execute("UPDATE product SET sku = 'new-' || sku; UPDATE stock SET sku = 'new-' || sku").await;
    for _ in 0..2 {
        assert_eq!(codes(&held(&shop, &program).await), ["matches_collapsed"]);
    }
    // A user may know better. From then on runs are compared with that.
    warehouse.execute("UPDATE product SET sku = substr(sku, 5); UPDATE stock SET sku = substr(sku, 5)").await;
    let gone = format!("DELETE FROM product WHERE sku > '{0}'; DELETE FROM stock WHERE sku > '{0}'", skus[2]);
    warehouse.execute(&gone).await;
    let report = held(&shop, &program).await;
    assert_eq!(codes(&report), ["warehouse_shrunk", "matches_collapsed"]);
    let _ = program.run(["apply", &plan_id(&report), "--json"]).await.ends(0);
    warehouse.set(&skus[0], 12).await;
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [(skus[0].as_str(), 12)]);
}

/// Each step keeps more than half of the one before.
async fn i11_a_warehouse_that_shrinks_in_steps_is_compared_with_the_largest_run_of_a_week() {
    let (skus, shop, warehouse) = level_world(10).await;
    let program = between(&shop, &warehouse);
    let _ = sync(&program, 0).await;
    for (left, ends) in [(6, 0), (4, 4)] {
        let last = &skus[left - 1];
        let gone =
            format!("DELETE FROM product WHERE sku > '{last}'; DELETE FROM stock WHERE sku > '{last}'");
        warehouse.execute(&gone).await;
        let report = sync(&program, ends).await;
        if ends == 4 {
            assert_eq!(codes(&report), ["warehouse_shrunk", "matches_collapsed"]);
        }
    }
}

async fn i11_a_small_shop_is_not_emptied() {
    let (skus, shop, warehouse) = level_world(5).await;
    warehouse.set_all(skus[..4].iter().map(|sku| (sku.as_str(), 0))).await;
    let program = between(&shop, &warehouse);
    assert_eq!(codes(&held(&shop, &program).await), ["too_many_to_zero"]);
    warehouse.set(&skus[3], 10).await;
    let _ = sync(&program, 0).await;
    assert_eq!(shop.written().len(), 3);
}

/// Customers may get a mail, so a run says what it puts back on sale, and holds a flood. A shop's first run may.
async fn i11_many_goods_do_not_go_back_on_sale_at_once() {
    let skus: Vec<String> = (0..40).map(|n| format!("S-{n:03}")).collect();
    let shop = TestShop::of(skus.iter().map(|sku| (sku.as_str(), 0))).await;
    let warehouse = TestWarehouse::of(skus.iter().map(|sku| (sku.as_str(), 5))).await;
    let program = between(&shop, &warehouse);
    let plan = program.run(["plan"]).await.ends(0);
    let _ = plan.says(
        "Would go back on sale: 40; customers who wait may get a mail from Wix, which cannot be recalled",
    );
    let report = sync(&program, 0).await;
    assert_eq!(report["details"]["back_on_sale"], 40, "the first run");

    warehouse.set_all(skus.iter().take(20).map(|sku| (sku.as_str(), 0))).await;
    let _ = sync(&program, 0).await;
    warehouse.set_all(skus.iter().take(11).map(|sku| (sku.as_str(), 5))).await;
    let report = held(&shop, &program).await;
    assert_eq!((codes(&report), &report["details"]["back_on_sale"]), (vec!["many_back_on_sale"], &11.into()));
    warehouse.set(&skus[0], 0).await;
    let done = program.run(["sync"]).await.ends(0);
    let _ =
        done.says("Back on sale: 10; customers who wait may get a mail from Wix, which cannot be recalled");
}

/// Another installation makes the same change right after ours: `levels` are what the shop shows then.
fn doubled(shop: &TestShop, endpoint: Endpoint, levels: [(&str, i64); 3]) {
    let act = |(sku, level)| Action::SetLevel { listing: Listing::sku(sku), level };
    let kind = FaultKind::Meanwhile { timing: FaultTiming::AfterApply, actions: levels.map(act).into() };
    shop.break_with(endpoint, kind, 1);
}

/// A second installation for the same shop, such as an old server that was left on, makes every change too. The run that
/// sees it is partial, and nothing is written until a user lets a plan through.
#[tokio::test(flavor = "multi_thread")]
async fn i11_a_second_installation_is_noticed_and_the_next_run_is_held() {
    for (stock, endpoint, levels) in [
        (12, Endpoint::IncrementInventory, [("A", 14), ("B", 14), ("C", 14)]),
        (7, Endpoint::DecrementInventory, [("A", 4), ("B", 4), ("C", 4)]),
    ] {
        let (shop, warehouse) =
            world(&[("A", 10, stock), ("B", 10, stock), ("C", 10, stock), ("D", 10, 10)]).await;
        let program = between(&shop, &warehouse).set("WIXSYNC_SETTLE", "300ms");
        doubled(&shop, endpoint, levels);
        let finished = program.run(["sync", "--json"]).await.ends(3);
        let alarm = "[WX5208] Another program writes to this shop";
        assert!(finished.stderr.contains(alarm), "{}", finished.stderr);
        let report = finished.json();
        let alarm = &report["alarms"][0];
        assert_eq!(
            (&alarm["code"], &alarm["found"], &alarm["of"]),
            (&"another_writer".into(), &3.into(), &3.into())
        );
        assert_eq!((&report["outcome"], &report["error_code"]), (&"partial".into(), &"WX5208".into()));
        assert_levels(&shop, levels);

        let report = held(&shop, &program).await;
        assert_eq!(codes(&report), ["another_writer"]);
        let _ = program.run(["sync", "--sku", "A", "--json"]).await.ends(4);
        let told = program.run(["doctor", "--json"]).await.ends(3).json();
        let checks = told["checks"].as_array().expect("checks");
        let seen = checks.iter().find(|check| check["id"] == "other_writers").expect("the check");
        assert_eq!((&seen["status"], &seen["code"]), (&"warning".into(), &"WX5403".into()), "{seen:#}");

        let _ = program.run(["apply", &plan_id(&report), "--json"]).await.ends(0);
        assert_levels(&shop, [("A", stock), ("B", stock), ("C", stock), ("D", 10)]);
        warehouse.set("D", 9).await;
        let _ = sync(&program, 0).await;
    }
}
