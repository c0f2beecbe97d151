//! Catalog V3, and the move from one catalog to the other.
//!
//! One catalog: each of these tests is about V3 itself, or moves a site from one catalog to the other.

use serde_json::Value;
use testkit::emulator::{
    Action, CatalogVersion, DEFAULT_APP_ID, DEFAULT_APP_SECRET, DEFAULT_INSTANCE_ID, Endpoint, FaultKind,
    FaultTiming, ProductData,
};
use testkit::{Program, TestShop, TestWarehouse, on_catalog};

use crate::support::{assert_levels, between, program, reasons, report, sync, world};

const V1: CatalogVersion = CatalogVersion::V1Catalog;
const V3: CatalogVersion = CatalogVersion::V3Catalog;

fn way(report: &Value) -> (&str, &str) {
    let text = |key: &str| report["reading"][key].as_str().expect("how the shop was read");
    (text("way"), text("reason"))
}

/// A V3 shop of so many SKUs at level 10, with a warehouse that agrees.
async fn ten_each(skus: &[String]) -> (TestShop, TestWarehouse, Program) {
    let ten = || skus.iter().map(|sku| (sku.as_str(), 10));
    let shop = on_catalog(V3, TestShop::of(ten())).await;
    let warehouse = TestWarehouse::of(ten()).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_RATE_LIMIT", "off");
    (shop, warehouse, program)
}

/// The requests that `work` takes.
async fn spent(shop: &TestShop, work: impl Future<Output = Value>) -> (u64, Value) {
    let before = shop.live().total_requests();
    let report = work.await;
    (shop.live().total_requests() - before, report)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_shop_costs_a_page_for_a_thousand_items() {
    let skus: Vec<String> = (0..10_000).map(|n| format!("SKU-{n}")).collect();
    let (shop, warehouse, program) = ten_each(&skus).await;
    // Half of them rise, half fall.
    let moved = |from: usize| {
        let every = skus.iter().skip(from).step_by(50).enumerate();
        every.map(|(n, sku)| (sku.as_str(), if n % 2 == 0 { 13 } else { 7 }))
    };
    warehouse.set_all(moved(0)).await;
    let (cold, told) = spent(&shop, sync(&program, 0)).await;
    assert_eq!((way(&told), &told["updated_in_wix"]), (("crawl", "nothing_known"), &200.into()));
    assert!(cold <= 10 + 1 + 3, "{cold} requests");
    assert_levels(&shop, moved(0));

    let (nothing, told) = spent(&shop, sync(&program, 0)).await;
    assert_eq!((way(&told), &told["updated_in_wix"]), (("changes", "fewest_requests"), &0.into()));
    assert!(nothing <= 4, "{nothing} requests");

    // Others than before: those that were just written are read once more.
    warehouse.set_all(moved(25)).await;
    let (warm, told) = spent(&shop, sync(&program, 0)).await;
    assert_eq!((way(&told), &told["updated_in_wix"]), (("changes", "fewest_requests"), &200.into()));
    assert!(warm <= 5, "{warm} requests");
    assert_levels(&shop, moved(25));
    assert_eq!(shop.written().len(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_everything_takes_a_call_for_a_thousand_items() {
    let skus: Vec<String> = (0..10_000).map(|n| format!("SKU-{n}")).collect();
    let (shop, warehouse, program) = ten_each(&skus).await;
    warehouse.set_all(skus.iter().map(|sku| (sku.as_str(), 11))).await;
    let (all, told) = spent(&shop, sync(&program, 0)).await;
    assert_eq!(told["updated_in_wix"], 10_000);
    assert!(all <= 10 + 10 + 3, "{all} requests");
    assert_levels(&shop, skus.iter().map(|sku| (sku.as_str(), 11)));
    shop.assert_written_at_most_once();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_is_named_with_its_reason() {
    let by_status =
        ProductData { sku: "STATUS".to_owned(), track_inventory: false, ..ProductData::default() };
    let bare = ProductData { inventory_item: false, ..ProductData::new("BARE", 4) };
    let builder = TestShop::builder().product("A", 1).raw(by_status).raw(bare);
    let shop = on_catalog(V3, builder.start()).await;
    let warehouse = TestWarehouse::of([("A", 2), ("STATUS", 3), ("BARE", 5), ("NOWHERE", 1)]).await;
    let program = between(&shop, &warehouse);
    let told = sync(&program, 0).await;
    assert_levels(&shop, [("A", 2)]);
    assert_eq!(shop.written().len(), 1);
    assert_eq!(reasons(&told, "STATUS"), ["tracked_by_status"]);
    assert_eq!(reasons(&told, "BARE"), ["no_inventory_item"]);
    assert_eq!(reasons(&told, "NOWHERE"), ["not_in_wix"]);
    let words = ["sync", "--json", "--sku", "STATUS", "--sku", "BARE"];
    let told = report(&program.run(words).await.ends(0));
    assert_eq!(reasons(&told, "BARE"), ["no_inventory_item"]);
    let _ = program.run(["explain", "BARE"]).await.ends(0).says("no inventory item");
    let _ = program.run(["explain", "STATUS"]).await.ends(0).says("in stock or out of stock");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_moves_is_read_whole_in_its_new_catalog_and_back() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 7, 7)]).await;
    let program = between(&shop, &warehouse);
    let _ = sync(&program, 0).await;
    for (version, stock) in [(V3, 20), (V1, 12), (V3, 13)] {
        shop.set_catalog(version);
        warehouse.set("A", stock).await;
        let told = sync(&program, 0).await;
        assert_eq!(way(&told), ("crawl", "catalog_changed"), "{version:?}");
        assert_levels(&shop, [("A", stock), ("B", 7)]);
    }
    assert_eq!(shop.written().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_of_the_old_catalog_is_not_sent_to_the_new_one() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let plan = program.run(["plan", "--json"]).await.ends(0).json();
    shop.set_catalog(V3);
    let id = plan["run_id"].as_str().expect("an id");
    let told = report(&program.run(["apply", id, "--json"]).await.ends(3));
    assert_eq!(told["counters"]["skipped_in_apply"], 1, "{told:#}");
    shop.assert_not_written();
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_do_not_add_up_to_the_count_lead_to_no_write() {
    let shop = on_catalog(V3, TestShop::of([("A", 10), ("B", 10)])).await;
    let warehouse = TestWarehouse::of([("A", 15), ("B", 15)]).await;
    shop.break_with(Endpoint::QueryItems, FaultKind::ShortPage, 2);
    let told = sync(&between(&shop, &warehouse), 5).await;
    assert_eq!(told["outcome"], "failed");
    shop.assert_not_written();
    let told = sync(&between(&shop, &warehouse), 0).await;
    assert_eq!(told["updated_in_wix"], 2);
}

/// The site moves while the first write is on its way: nothing is written, the run says why, and the next one goes on in
/// the new catalog.
#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_moves_under_a_write_is_not_written_to() {
    for (from, to, write) in [(V1, V3, Endpoint::IncrementInventory), (V3, V1, Endpoint::BulkUpdateItems)] {
        let (shop, warehouse) = on_catalog(from, world(&[("A", 10, 15), ("B", 10, 12)])).await;
        let program = between(&shop, &warehouse);
        let moves = vec![Action::MoveCatalog { to }];
        let meanwhile = FaultKind::Meanwhile { timing: FaultTiming::BeforeApply, actions: moves };
        shop.break_with(write, meanwhile, 1);
        let told = sync(&program, 5).await;
        assert_eq!(told["outcome"], "failed", "{told:#}");
        let message = told["message"].as_str().expect("a message");
        assert!(message.contains("another catalog"), "{message}");
        assert!(shop.written().is_empty());
        let told = sync(&program, 0).await;
        // Where lines could not be read back, nothing of the old catalog is remembered at all.
        assert!(matches!(way(&told), ("crawl", "catalog_changed" | "nothing_known")), "{told:#}");
        assert_levels(&shop, [("A", 15), ("B", 12)]);
        shop.assert_written_at_most_once();
    }
}

/// What is remembered of a catalog says nothing any more once the site has left it, also where it comes back before a run
/// has read the other one.
#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_has_moved_away_and_back_is_read_whole() {
    let (shop, warehouse) = on_catalog(V3, world(&[("A", 10, 15), ("B", 10, 12)])).await;
    let program = between(&shop, &warehouse);
    let _ = sync(&program, 0).await;
    let actions = vec![Action::MoveCatalog { to: V1 }];
    let meanwhile = FaultKind::Meanwhile { timing: FaultTiming::BeforeApply, actions };
    shop.break_with(Endpoint::QueryItems, meanwhile, 1);
    let told = sync(&program, 5).await;
    assert_eq!(told["outcome"], "failed", "{told:#}");
    shop.set_catalog(V3);
    warehouse.set("A", 16).await;
    let told = sync(&program, 0).await;
    assert_eq!(way(&told), ("crawl", "nothing_known"));
    assert_levels(&shop, [("A", 16), ("B", 12)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_is_new_or_gone_is_noticed_by_a_warm_run() {
    let skus: Vec<String> = (0..1_500).map(|n| format!("SKU-{n:04}")).collect();
    let (shop, warehouse, program) = ten_each(&skus).await;
    let _ = sync(&program, 0).await;
    shop.live().add_product(&ProductData::new("NEW", 1)).expect("a product");
    warehouse.set("NEW", 6).await;
    let told = sync(&program, 0).await;
    assert_eq!(way(&told), ("changes", "fewest_requests"));
    assert_levels(&shop, [("NEW", 6)]);
    let gone = shop.live().find("SKU-0020")[0].0;
    shop.live().remove_product(gone).expect("a product");
    let told = sync(&program, 0).await;
    assert_eq!((way(&told), reasons(&told, "SKU-0020")), (("crawl", "counts_differ"), vec!["not_in_wix"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_is_reached_as_an_app() {
    for version in [V1, V3] {
        let (shop, warehouse) = on_catalog(version, world(&[("A", 10, 15)])).await;
        let table = format!(
            "[[shop]]\nname = \"default\"\nbase_url = \"{}/\"\napp_id = \"{DEFAULT_APP_ID}\"\n\
             app_secret = \"{DEFAULT_APP_SECRET}\"\ninstance_id = \"{DEFAULT_INSTANCE_ID}\"\n",
            shop.base_url()
        );
        let by_app = program().warehouse(&warehouse).toml(&table);
        let revoke =
            FaultKind::Meanwhile { timing: FaultTiming::BeforeApply, actions: vec![Action::RevokeTokens] };
        let read = if version == V1 { Endpoint::QueryProducts } else { Endpoint::CountItems };
        shop.break_with(read, revoke, 1);
        let finished = by_app.run(["sync", "--json"]).await.ends(0);
        assert_eq!(report(&finished)["outcome"], "converged");
        assert_levels(&shop, [("A", 15)]);
        let shown = by_app.run(["config", "show"]).await.ends(0);
        for said in [&finished.stdout, &finished.stderr, &shown.stdout, &shown.stderr] {
            assert!(!said.contains(DEFAULT_APP_SECRET) && !said.contains("OAUTH2."), "{said}");
        }
        let wrong = table.replace(DEFAULT_APP_SECRET, "wrong");
        let told = program().warehouse(&warehouse).toml(&wrong);
        let _ = told.run(["sync"]).await.ends(5).says("app_secret");
    }
}
