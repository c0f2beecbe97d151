//! Runs that remember where each SKU stands: few requests, and never a wrong listing.
//!
//! On V1 a warm run asks which products changed and reads the levels by known ids; on V3 it asks only for what changed.
//! One catalog: two tests are about V1, whose pages of changes and of levels are told by offsets and totals, and not by
//! cursors. `catalogs.rs` has what only V3 does.

use std::time::Duration;

use serde_json::Value;
use testkit::emulator::{
    Action, Behavior, CatalogVersion, Endpoint, FaultKind, FaultTiming, Listing, ProductData,
    StockChangeTouches,
};
use testkit::{Program, TestShop, TestWarehouse, catalog};

use crate::support::{assert_levels, between, on_every_catalog, reasons, sync};

on_every_catalog! {
    a_warm_run_reads_levels_by_id_and_asks_once_for_what_changed,
    a_plan_says_how_the_shop_was_read_and_why,
    five_skus_cost_six_requests_at_the_most,
    a_few_skus_of_an_unknown_shop_are_asked_for_by_name,
    a_sku_that_moved_to_another_product_is_followed,
    a_duplicate_that_appears_later_is_seen_at_once,
    a_product_that_is_gone_is_forgotten_and_one_that_is_new_is_found,
    another_site_under_the_same_name_is_read_anew,
    a_question_that_is_refused_leads_to_a_whole_read,
    a_filtered_run_that_misses_an_item_searches_for_it,
    a_shop_whose_stock_changes_its_products_is_read_as_well,
}

/// So many products that a warm run reads them otherwise than a cold one.
fn products() -> usize {
    if catalog() == CatalogVersion::V3Catalog { 1_500 } else { 250 }
}

fn skus(products: usize) -> Vec<String> {
    (0..products).map(|n| format!("S{n:03}")).collect()
}

/// A shop whose listing map has been made by a first run; levels and stock are 10.
async fn warmed(behavior: Behavior) -> (TestShop, TestWarehouse, Program) {
    warmed_of(products(), behavior).await
}

async fn warmed_of(products: usize, behavior: Behavior) -> (TestShop, TestWarehouse, Program) {
    let skus = skus(products);
    let ten = || skus.iter().map(|sku| (sku.as_str(), 10));
    let shop = TestShop::builder().behavior(behavior).products(ten()).start().await;
    let warehouse = TestWarehouse::of(ten()).await;
    let program = between(&shop, &warehouse);
    let cold = sync(&program, 0).await;
    assert_eq!(way(&cold), ("crawl", "nothing_known"));
    (shop, warehouse, program)
}

fn way(report: &Value) -> (&str, &str) {
    let text = |key: &str| report["reading"][key].as_str().expect("how the shop was read");
    (text("way"), text("reason"))
}

/// How a warm run reads. On V1 a whole read of 250 products takes a request less, and waits for each before the next.
fn known() -> (&'static str, &'static str) {
    if catalog() == CatalogVersion::V3Catalog {
        ("changes", "fewest_requests")
    } else {
        ("known_ids", "read_in_parallel")
    }
}

async fn a_warm_run_reads_levels_by_id_and_asks_once_for_what_changed() {
    let (shop, warehouse, program) = warmed(Behavior::default()).await;
    warehouse.set("S007", 13).await;
    warehouse.set("S200", 4).await;
    let (read, all) = (shop.live().request_count(shop.reading()), shop.live().total_requests());
    let report = sync(&program, 0).await;
    assert_eq!((way(&report), &report["updated_in_wix"]), (known(), &2.into()));
    assert_levels(&shop, [("S007", 13), ("S200", 4), ("S100", 10)]);
    assert_eq!(shop.live().request_count(shop.reading()) - read, 1);
    let (reads, writes) = match catalog() {
        // Catalog version, changed items, changed variants, count; both changes in one call that shows what it did.
        CatalogVersion::V3Catalog => (4, 1),
        // Catalog version, what changed, three pages of levels; a decrement, an increment, one page read back.
        _ => (5, 3),
    };
    assert_eq!(shop.live().total_requests() - all, reads + writes);
    assert_eq!(report["reading"]["expected_requests"], reads);
    assert_eq!(report["requests"], reads + writes);
}

async fn a_plan_says_how_the_shop_was_read_and_why() {
    let (_shop, _warehouse, program) = warmed(Behavior::default()).await;
    let plan = program.run(["plan", "--json"]).await.ends(0).json();
    assert_eq!(way(&plan), known());
    let (english, russian) = match catalog() {
        CatalogVersion::V3Catalog => (
            "Read the shop from what is remembered and what has changed since: no other way needs fewer requests",
            "Магазин прочитан по запомненному и тому, что изменилось с тех пор",
        ),
        _ => (
            "Read the shop by product ids from earlier runs: these requests run in parallel",
            "Магазин прочитан по идентификаторам товаров из прежних запусков",
        ),
    };
    let _ = program.run(["plan"]).await.ends(0).says(english);
    let _ = program.run(["plan", "--lang", "ru"]).await.ends(0).says(russian);
}

async fn five_skus_cost_six_requests_at_the_most() {
    let (shop, warehouse, program) = warmed(Behavior::default()).await;
    warehouse.set_all([("S001", 11), ("S002", 9), ("S003", 12), ("S100", 8), ("S249", 3)]).await;
    let before = shop.live().total_requests();
    let words = ["sync", "--json", "--sku", "S001", "S002", "S003", "S100", "S249"];
    let report = crate::support::report(&program.run(words).await.ends(0));
    let cheapest = if catalog() == CatalogVersion::V3Catalog { "sku_list" } else { "known_ids" };
    assert_eq!((way(&report), &report["updated_in_wix"]), ((cheapest, "fewest_requests"), &5.into()));
    let spent = shop.live().total_requests() - before;
    assert!(spent <= 6, "{spent} requests");
}

/// Where nothing is remembered, and the shop can be asked by SKU, five SKUs are no reason to read everything.
async fn a_few_skus_of_an_unknown_shop_are_asked_for_by_name() {
    let skus = skus(products());
    let ten = || skus.iter().map(|sku| (sku.as_str(), 10));
    let behavior = Behavior { variants_sku_filter: true, ..Behavior::default() };
    let shop = TestShop::builder().behavior(behavior).products(ten()).start().await;
    let warehouse = TestWarehouse::of(ten().chain([("S001", 5)])).await;
    let program = between(&shop, &warehouse);
    let words = ["sync", "--json", "--sku", "S001", "S002"];
    let report = crate::support::report(&program.run(words).await.ends(0));
    assert_eq!(way(&report), ("sku_list", "nothing_known"));
    assert_levels(&shop, [("S001", 15), ("S002", 10)]);
    let spent = shop.live().total_requests();
    assert!(spent <= 6, "{spent} requests");
}

/// On V3 a new SKU is a change of the variant, and its item does not change with it.
async fn a_sku_that_moved_to_another_product_is_followed() {
    let (shop, warehouse, program) = warmed(Behavior::default()).await;
    let at = |sku: &str| shop.live().find(sku)[0];
    let ((a, a_variant), (b, b_variant)) = (at("S010"), at("S011"));
    shop.live().rename_sku(a, a_variant, "S011").expect("a product");
    shop.live().rename_sku(b, b_variant, "S010").expect("a product");
    warehouse.set_all([("S010", 1), ("S011", 19)]).await;
    let report = sync(&program, 0).await;
    assert_eq!(way(&report), known());
    assert_eq!(shop.live().level_of(b, b_variant), Some(1), "S010 stands there now");
    assert_eq!(shop.live().level_of(a, a_variant), Some(19));
}

async fn a_duplicate_that_appears_later_is_seen_at_once() {
    let (shop, warehouse, program) = warmed(Behavior::default()).await;
    let double = ProductData { sku: "S005".to_owned(), quantity: Some(1), ..ProductData::default() };
    shop.live().add_product(&double).expect("a product");
    warehouse.set("S005", 3).await;
    let report = sync(&program, 0).await;
    assert_eq!((way(&report), reasons(&report, "S005")), (known(), vec!["duplicate_sku"]));
    shop.assert_not_written();
}

async fn a_product_that_is_gone_is_forgotten_and_one_that_is_new_is_found() {
    let (shop, warehouse, program) = warmed(Behavior::default()).await;
    let gone = shop.live().find("S020")[0].0;
    shop.live().remove_product(gone).expect("a product");
    let new = ProductData { sku: "NEW".to_owned(), quantity: Some(1), ..ProductData::default() };
    shop.live().add_product(&new).expect("a product");
    warehouse.set_all([("S020", 5), ("NEW", 6)]).await;
    let report = sync(&program, 0).await;
    // On V3 the count shows that an item is gone, and only a whole read shows which one.
    let noticed = if catalog() == CatalogVersion::V3Catalog { ("crawl", "counts_differ") } else { known() };
    assert_eq!((way(&report), reasons(&report, "S020")), (noticed, vec!["not_in_wix"]));
    assert_levels(&shop, [("NEW", 6)]);
    let again = sync(&program, 0).await;
    assert_eq!((way(&again), reasons(&again, "S020")), (known(), vec!["not_in_wix"]));
    assert_eq!(again["details"]["updates_prepared"], 0);
}

/// A change of stock may count as a change of the product: then our own writes come back as changed products.
async fn a_shop_whose_stock_changes_its_products_is_read_as_well() {
    let touchy = Behavior { stock_change_touches: StockChangeTouches::ItemAndProduct, ..Behavior::default() };
    let (shop, warehouse, program) = warmed(touchy).await;
    for units in [13, 4, 8] {
        warehouse.set_all([("S001", units), ("S002", units)]).await;
        let report = sync(&program, 0).await;
        assert_eq!((way(&report), &report["updated_in_wix"]), (known(), &2.into()));
        assert_levels(&shop, [("S001", units), ("S002", units)]);
    }
}

/// What is remembered of one site is never used for another.
async fn another_site_under_the_same_name_is_read_anew() {
    let (_first, warehouse, program) = warmed(Behavior::default()).await;
    let skus = skus(products());
    let second = TestShop::of(skus.iter().rev().map(|sku| (sku.as_str(), 10))).await;
    warehouse.set("S003", 17).await;
    let report = sync(&program.shop(&second), 0).await;
    assert_eq!(way(&report), ("crawl", "other_site"));
    assert_levels(&second, [("S003", 17)]);
}

/// A shop that does not answer what has changed is read whole, and right.
async fn a_question_that_is_refused_leads_to_a_whole_read() {
    let (shop, warehouse, program) = warmed(Behavior::default()).await;
    warehouse.set("S009", 14).await;
    let refusal = FaultKind::Status { code: 400, body: None };
    shop.break_with(shop.counting(), refusal, 1);
    let report = sync(&program, 0).await;
    assert_eq!(way(&report), ("crawl", "not_offered"));
    assert_levels(&shop, [("S009", 14)]);
}

/// A product that changes while the changes are read moves to the front of what has been read already: the pages
/// still hold as many rows as were announced, and not that one.
#[tokio::test(flavor = "multi_thread")]
async fn changes_that_shift_while_they_are_read_lead_to_a_whole_read() {
    let (shop, warehouse, program) = warmed_of(500, Behavior::default()).await;
    let live = shop.live();
    let at = |sku: &str| live.find(sku)[0];
    let (product, variant) = at("S000");
    live.rename_sku(product, variant, "OTHER").expect("a product");
    // The shop dates changes by the millisecond: this one is to be the oldest.
    tokio::time::sleep(Duration::from_millis(2)).await;
    for sku in skus(111).iter().skip(1) {
        live.set_visible(at(sku).0, false).expect("a product");
    }
    let hide = Action::SetVisible { listing: Listing::ids(product, variant), visible: false };
    let meanwhile = FaultKind::Meanwhile { timing: FaultTiming::BeforeApply, actions: vec![hide] };
    shop.break_later(Endpoint::QueryProducts, 1, meanwhile, 1);
    warehouse.set("S000", 3).await;
    let report = sync(&program, 0).await;
    assert_eq!((live.faults_fired(), live.failed_actions()), (1, vec![]));
    assert_eq!((way(&report), reasons(&report, "S000")), (("crawl", "not_offered"), vec!["not_in_wix"]));
    shop.assert_not_written();
}

/// A part of the shop does not show whether a missing item is gone or has moved.
async fn a_filtered_run_that_misses_an_item_searches_for_it() {
    let (shop, _warehouse, program) = warmed(Behavior::default()).await;
    let gone = shop.live().find("S020")[0].0;
    shop.live().remove_product(gone).expect("a product");
    let report = program.run(["sync", "--json", "--sku", "S020", "--sku", "S021"]).await.ends(0).json();
    // V3 is asked for the SKU itself, among items and variants.
    let searched = match catalog() {
        CatalogVersion::V3Catalog => ("sku_list", "fewest_requests"),
        _ => ("crawl", "counts_differ"),
    };
    assert_eq!((way(&report), reasons(&report, "S020")), (searched, vec!["not_in_wix"]));
    shop.assert_not_written();
}

/// Levels that do not add up are no reason to write, and none to fail while the catalog can be read.
#[tokio::test(flavor = "multi_thread")]
async fn i5_pages_of_levels_that_do_not_add_up_lead_to_a_whole_read() {
    for kind in [FaultKind::ShortPage, FaultKind::WrongTotal] {
        let (shop, warehouse, program) = warmed(Behavior::default()).await;
        warehouse.set("S009", 14).await;
        shop.break_with(Endpoint::QueryInventory, kind, 1);
        let report = sync(&program, 0).await;
        assert_eq!(way(&report), ("crawl", "counts_differ"));
        assert_levels(&shop, [("S009", 14)]);
    }
}
