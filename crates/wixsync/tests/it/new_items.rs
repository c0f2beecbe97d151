//! `create_items`: what has no inventory item on Catalog V3 gets one, where a change waits for it.
//!
//! One catalog: only V3 has listings without an inventory item.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::emulator::{Behavior, BulkFailures, CatalogVersion, Endpoint, Fault, FaultKind};
use testkit::emulator::{FaultTiming, Listing, ProductData};
use testkit::{CANARY, Program, TestShop, TestWarehouse, on_catalog};

use crate::support::{assert_levels, between, reasons, report, sync};

const V3: CatalogVersion = CatalogVersion::V3Catalog;

fn bare(sku: &str) -> ProductData {
    ProductData { inventory_item: false, ..ProductData::new(sku, 0) }
}

/// A shop that shows ten of each of `goods` and has no item for each of `bares`.
async fn shop_of(goods: &[&str], bares: &[&str], bulk_updates: BulkFailures) -> TestShop {
    let behavior = Behavior { bulk_updates, ..Behavior::default() };
    let shop = TestShop::builder().behavior(behavior).products(goods.iter().map(|sku| (*sku, 10)));
    let shop = bares.iter().fold(shop, |shop, sku| shop.raw(bare(sku)));
    on_catalog(V3, shop.start()).await
}

fn creating(shop: &TestShop, warehouse: &TestWarehouse) -> Program {
    between(shop, warehouse).toml("[[shop]]\nname = \"default\"\ncreate_items = true\n")
}

fn calls(shop: &TestShop) -> usize {
    shop.requests().iter().filter(|request| request.endpoint == Endpoint::BulkCreateItems).count()
}

fn plan_id(report: &Value) -> &str {
    report["plan_id"].as_str().or(report["run_id"].as_str()).expect("the plan's id")
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_run_that_writes_makes_items() {
    let shop = shop_of(&["A"], &["BARE", "SOLD-OUT"], BulkFailures::PerItem).await;
    let warehouse = TestWarehouse::of([("A", 7), ("BARE", 5), ("SOLD-OUT", 0)]).await;
    let program = creating(&shop, &warehouse);
    let _ = program.run(["sync", "--dry-run", "--json"]).await.ends(0);
    let plan = report(&program.run(["plan", "--json"]).await.ends(0));
    assert_eq!(reasons(&plan, "BARE"), ["no_inventory_item"]);
    shop.assert_not_written();
    // A kept plan has no line for it.
    let told = report(&program.run(["apply", plan_id(&plan), "--json"]).await.ends(0));
    assert_eq!((&told["updated_in_wix"], calls(&shop)), (&1.into(), 0));
    let told = sync(&program, 0).await;
    assert_eq!((&told["updated_in_wix"], reasons(&told, "BARE")), (&1.into(), vec![]));
    assert_eq!(reasons(&told, "SOLD-OUT"), ["no_inventory_item"], "nothing is due there");
    assert_levels(&shop, [("A", 7), ("BARE", 5)]);
    let told = sync(&program, 0).await;
    assert_eq!((&told["updated_in_wix"], calls(&shop)), (&0.into(), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_held_run_makes_no_items() {
    let goods = ["A", "B", "C", "D", "E"];
    let shop = shop_of(&goods, &["BARE"], BulkFailures::PerItem).await;
    let warehouse = TestWarehouse::of(goods.iter().map(|sku| (*sku, 0)).chain([("BARE", 5)])).await;
    let program = creating(&shop, &warehouse);
    let held = sync(&program, 4).await;
    assert_eq!(held["outcome"], "held_by_guard");
    shop.assert_not_written();
    let _ = program.run(["apply", plan_id(&held), "--json"]).await.ends(0);
    assert_eq!(calls(&shop), 0);
    assert_levels(&shop, goods.map(|sku| (sku, 0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variant_that_gets_no_item_stops_nothing_else() {
    for failures in [BulkFailures::PerItem, BulkFailures::WholeCall] {
        let shop = shop_of(&["A"], &["BAD", "B", "C", "D"], failures).await;
        let listing = Listing::sku("BAD");
        shop.live().add_fault(Fault::new(FaultKind::Poison { listing }).on(Endpoint::BulkCreateItems));
        let all = ["A", "B", "C", "D"].map(|sku| (sku, 5));
        let warehouse = TestWarehouse::of(all.into_iter().chain([("BAD", 5)])).await;
        let program = creating(&shop, &warehouse);
        let finished = program.run(["sync", "--json"]).await.ends(3);
        let told = report(&finished);
        assert_eq!((&told["outcome"], &told["updated_in_wix"]), (&"partial".into(), &4.into()));
        assert_eq!(reasons(&told, "BAD"), ["item_not_made"]);
        assert_levels(&shop, all);
        let line = finished.stderr.lines().find(|line| line.contains("BAD")).expect("it is told");
        assert!(line.contains("no inventory item") && line.contains("ENTRY_REFUSED"), "{line}");
        let text = program.run(["sync"]).await.ends(3);
        let _ = text.says("Wix made no inventory item for 1 SKU").says("Wix did not make an inventory item");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_to_the_call_stops_nothing_else() {
    let shop = shop_of(&["A"], &["BARE"], BulkFailures::PerItem).await;
    let warehouse = TestWarehouse::of([("A", 5), ("BARE", 5)]).await;
    let program = creating(&shop, &warehouse);
    shop.break_with(Endpoint::BulkCreateItems, FaultKind::CutBody, 1);
    let told = sync(&program, 3).await;
    assert_eq!((&told["updated_in_wix"], reasons(&told, "BARE")), (&1.into(), vec!["item_not_made"]));
    // It was made all the same.
    let told = sync(&program, 0).await;
    assert_eq!((&told["updated_in_wix"], calls(&shop)), (&1.into(), 1));
    assert_levels(&shop, [("A", 5), ("BARE", 5)]);
}

/// I13: what it shows was read after the warehouse, so the warehouse is read again.
#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_exists_by_then_is_read_and_the_warehouse_after_it() {
    for failures in [BulkFailures::PerItem, BulkFailures::WholeCall] {
        let shop = shop_of(&["A"], &["BARE"], failures).await;
        let warehouse = TestWarehouse::of([("A", 10), ("BARE", 5)]).await;
        let program = creating(&shop, &warehouse);
        shop.break_with(Endpoint::SearchVariants, hanging(), 1);
        let running = program.spawn(["sync", "--json"]);
        arrived(&shop, Endpoint::SearchVariants).await;
        running.freeze().await;
        make_item(&shop, "BARE", 2).await;
        warehouse.set("BARE", 3).await;
        running.thaw().await;
        assert_eq!(running.end().await, Some(0));
        assert_levels(&shop, [("BARE", 3)]);
        let last = shop.written().pop().expect("a change");
        assert_eq!((last.before, last.after), (Some(2), Some(3)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_guard_would_hold_waits_for_a_user() {
    let shop = shop_of(&["A", "B"], &["C", "D", "E"], BulkFailures::PerItem).await;
    let all = [("A", 10), ("B", 9), ("C", 100), ("D", 100), ("E", 100)];
    let warehouse = TestWarehouse::of(all).await;
    let program = creating(&shop, &warehouse);
    let finished = program.run(["sync", "--json"]).await.ends(0).says("would trip the guard");
    assert_eq!((&report(&finished)["updated_in_wix"], calls(&shop)), (&1.into(), 1));
    assert_levels(&shop, [("B", 9), ("C", 0), ("D", 0), ("E", 0)]);
    let held = sync(&program, 4).await;
    assert_eq!(held["guard"][0]["code"], "too_many_units_added");
    let _ = program.run(["apply", plan_id(&held), "--json"]).await.ends(0);
    assert_levels(&shop, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quantity_that_a_user_names_makes_the_item() {
    let shop = shop_of(&["A"], &["BARE", "BAD"], BulkFailures::PerItem).await;
    let listing = Listing::sku("BAD");
    shop.live().add_fault(Fault::new(FaultKind::Poison { listing }).on(Endpoint::BulkCreateItems));
    let warehouse = TestWarehouse::of([("A", 10)]).await;
    let program = creating(&shop, &warehouse);
    let finished = program.run(["set", "BARE=4", "BAD=4", "--json"]).await.ends(3);
    assert_eq!((&finished.json()["updated"], calls(&shop)), (&1.into(), 1));
    let _ = finished.says("Wix made no inventory item for BAD");
    assert_levels(&shop, [("BARE", 4)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_in_mid_run_keeps_items_from_being_made() {
    let shop = shop_of(&["A"], &["BARE"], BulkFailures::PerItem).await;
    let warehouse = TestWarehouse::of([("A", 10), ("BARE", 5)]).await;
    let program = creating(&shop, &warehouse);
    shop.break_with(Endpoint::CountItems, hanging(), 1);
    let running = program.spawn(["sync", "--json"]);
    arrived(&shop, Endpoint::CountItems).await;
    running.freeze().await;
    let _ = program.run(["pause"]).await.ends(0);
    running.thaw().await;
    assert_ne!(running.end().await, Some(0));
    shop.assert_not_written();
    let _ = program.run(["resume"]).await.ends(0);
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("BARE", 5)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_dies_or_stops_after_the_call_is_put_right_by_the_next() {
    for is_killed in [true, false] {
        let shop = shop_of(&["A"], &["BARE"], BulkFailures::PerItem).await;
        let warehouse = TestWarehouse::of([("A", 5), ("BARE", 5)]).await;
        let program = creating(&shop, &warehouse);
        shop.break_with(Endpoint::BulkCreateItems, hanging(), 1);
        let running = program.spawn(["sync", "--json"]);
        arrived(&shop, Endpoint::BulkCreateItems).await;
        if is_killed {
            running.kill().await;
        } else {
            assert_eq!(running.stop().await, Some(130));
        }
        assert_eq!(shop.write_requests().len(), 1, "nothing followed the call");
        let told = sync(&program, 0).await;
        assert_eq!((&told["updated_in_wix"], calls(&shop)), (&2.into(), 1));
        assert_levels(&shop, [("A", 5), ("BARE", 5)]);
    }
}

/// The merchant makes the item.
async fn make_item(shop: &TestShop, sku: &str, quantity: i64) {
    let (product, variant) = shop.live().find(sku)[0];
    let item =
        json!({"productId": product.to_string(), "variantId": variant.to_string(), "quantity": quantity});
    let answer = reqwest::Client::new()
        .post(format!("{}/stores/v3/inventory-items", shop.base_url()))
        .header("authorization", CANARY)
        .header("wix-site-id", shop.site_id())
        .json(&json!({"inventoryItem": item}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap_or_default());
}

/// The request takes effect at once and is answered a second later.
fn hanging() -> FaultKind {
    FaultKind::Hang { duration: Duration::from_secs(1), timing: FaultTiming::AfterApply }
}

async fn arrived(shop: &TestShop, endpoint: Endpoint) {
    while shop.live().request_count(endpoint) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
