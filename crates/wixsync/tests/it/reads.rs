//! A shop that cannot be read whole is not written at all (I5).
//!
//! One catalog: only V1 reads a write back; V3 answers each line with the item as it is then.

use std::time::Duration;

use testkit::emulator::{CatalogVersion, Endpoint, FaultKind, FaultTiming};
use testkit::{Program, TestShop, TestWarehouse, catalog, on_catalog};

use crate::support::{assert_levels, between, on_every_catalog, sync, world};

on_every_catalog! {
    a_catalog_version_that_cannot_be_read_is_no_version,
    a_fault_on_a_later_page_is_a_fault_too,
    a_product_that_vanishes_while_pages_are_read_ends_in_no_half_catalog,
}

/// Longer than any time-out.
const HANG: FaultKind =
    FaultKind::Hang { duration: Duration::from_secs(30), timing: FaultTiming::BeforeApply };
const STATUS_500: FaultKind = FaultKind::Status { code: 500, body: None };

async fn small() -> (TestShop, TestWarehouse, Program) {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 0), ("C", 10, 10)]).await;
    let program = between(&shop, &warehouse).toml("pause_after_429 = '1s'\n");
    (shop, warehouse, program.set("WIXSYNC_HTTP_TIMEOUT", "1s"))
}

/// The endpoint that meets a fault of reading: that of the pages, or that of the total.
fn broken(shop: &TestShop, kind: &FaultKind) -> Endpoint {
    if *kind == FaultKind::WrongTotal { shop.counting() } else { shop.reading() }
}

async fn never_written(kind: FaultKind) {
    let world = small().await;
    let endpoint = broken(&world.0, &kind);
    never_written_to(world, endpoint, kind).await;
}

async fn never_written_to(
    (shop, _warehouse, program): (TestShop, TestWarehouse, Program),
    endpoint: Endpoint,
    kind: FaultKind,
) {
    shop.break_with(endpoint, kind, u32::MAX);
    let report = sync(&program, 5).await;
    shop.assert_not_written();
    assert!(shop.live().faults_fired() > 0);
    assert_eq!(report["status"], "error");
    assert_eq!(report["outcome"], "failed");
    assert_eq!(report["updated_in_wix"], 0);
    assert!(!report["message"].as_str().expect("a message").is_empty());

    shop.live().clear_faults();
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15), ("B", 0), ("C", 10)]);
    shop.assert_written_at_most_once();
}

async fn recovers(kind: FaultKind, times: u32) {
    let (shop, _warehouse, program) = small().await;
    shop.break_with(broken(&shop, &kind), kind, times);
    let report = sync(&program, 0).await;
    assert_eq!(shop.live().faults_fired(), u64::from(times));
    assert_levels(&shop, [("A", 15), ("B", 0), ("C", 10)]);
    shop.assert_written_at_most_once();
    assert_eq!(report["outcome"], "converged");
}

/// Runs the checks side by side, for they mostly wait, and names those that fail.
async fn side_by_side<F>(checks: Vec<(&'static str, F)>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let spawned = |check| tokio::spawn(on_catalog(catalog(), check));
    let tasks: Vec<_> = checks.into_iter().map(|(name, check)| (name, spawned(check))).collect();
    let mut failed = Vec::new();
    for (name, task) in tasks {
        if let Err(error) = task.await {
            failed.push(format!("{name}: {error}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

macro_rules! tests {
    ($check:ident: $($test:ident { $($name:ident($($argument:expr),*);)* })*) => {
        mod $check {
            use super::*;

            on_every_catalog! { $($test,)* }

            $(
                async fn $test() {
                    side_by_side(vec![$((stringify!($name), super::$check($($argument),*)),)*]).await;
                }
            )*
        }
    };
}

tests! { never_written:
    after_an_answer_that_is_a_failure {
        status_500(STATUS_500);
        status_502_html(FaultKind::Html { code: 502 });
        a_redirect(FaultKind::Html { code: 302 });
        forbidden(FaultKind::Status { code: 403, body: None });
        not_found(FaultKind::Status { code: 404, body: None });
    }
    after_an_answer_that_cannot_be_read {
        html_200(FaultKind::Html { code: 200 });
        empty_body(FaultKind::EmptyBody { code: 200 });
        not_json(FaultKind::NotJson);
        short_body(FaultKind::ShortBody);
        an_empty_object(FaultKind::Status { code: 200, body: Some(serde_json::json!({})) });
        no_total(FaultKind::Status { code: 200, body: Some(serde_json::json!({"products": []})) });
    }
    after_pages_that_do_not_add_up {
        short_page(FaultKind::ShortPage);
        wrong_total(FaultKind::WrongTotal);
    }
    after_a_connection_that_breaks {
        cut_body(FaultKind::CutBody);
        dropped_connection(FaultKind::DropBeforeApply);
        hang(HANG);
    }
}

tests! { recovers:
    from_a_failure {
        status_500_twice(STATUS_500, 2);
        status_502_html_once(FaultKind::Html { code: 502 }, 1);
        throttled_once(FaultKind::Status { code: 429, body: None }, 1);
    }
    from_an_answer_that_cannot_be_read {
        html_200_once(FaultKind::Html { code: 200 }, 1);
        empty_body_once(FaultKind::EmptyBody { code: 200 }, 1);
        not_json_once(FaultKind::NotJson, 1);
        short_body_once(FaultKind::ShortBody, 1);
    }
    from_pages_that_do_not_add_up {
        short_page_once(FaultKind::ShortPage, 1);
        wrong_total_once(FaultKind::WrongTotal, 1);
    }
    from_a_connection_that_breaks {
        cut_body_once(FaultKind::CutBody, 1);
        dropped_connection_twice(FaultKind::DropBeforeApply, 2);
        hang_once(HANG, 1);
    }
}

async fn a_catalog_version_that_cannot_be_read_is_no_version() {
    never_written_to(small().await, Endpoint::CatalogVersion, STATUS_500).await;
}

/// So many SKUs that a whole read takes several pages.
fn several_pages() -> Vec<String> {
    let count = if catalog() == CatalogVersion::V3Catalog { 1_100 } else { 250 };
    (0..count).map(|n| format!("S{n}")).collect()
}

async fn a_fault_on_a_later_page_is_a_fault_too() {
    let kinds = [
        STATUS_500,
        FaultKind::CutBody,
        FaultKind::NotJson,
        FaultKind::ShortPage,
        FaultKind::Status { code: 200, body: Some(empty_page()) },
    ];
    let spawned = |kind| tokio::spawn(on_catalog(catalog(), later_page(kind)));
    let tasks: Vec<_> = kinds.into_iter().map(spawned).collect();
    for task in tasks {
        task.await.expect("the fault is noticed");
    }
}

/// A page that looks like the end.
fn empty_page() -> serde_json::Value {
    match catalog() {
        CatalogVersion::V3Catalog => {
            serde_json::json!({"inventoryItems": [], "pagingMetadata": {"cursors": {}}})
        }
        _ => serde_json::json!({"products": [], "totalResults": 0}),
    }
}

async fn later_page(kind: FaultKind) {
    let skus = several_pages();
    let shop = TestShop::of(skus.iter().map(|sku| (sku.as_str(), 5))).await;
    let warehouse = TestWarehouse::of(skus.iter().map(|sku| (sku.as_str(), 6))).await;
    // The second page, and the second page again when the catalog is read once more; a read that is repeated at
    // once meets the fault every time.
    match kind {
        FaultKind::ShortPage | FaultKind::Status { code: 200, .. } => {
            shop.break_later(shop.reading(), 1, kind.clone(), 1);
            shop.break_later(shop.reading(), 3, kind.clone(), 1);
        }
        _ => shop.break_later(shop.reading(), 1, kind.clone(), u32::MAX),
    }
    let report = sync(&between(&shop, &warehouse), 5).await;
    shop.assert_not_written();
    assert_eq!(report["outcome"], "failed", "{kind:?}");
}

async fn a_product_that_vanishes_while_pages_are_read_ends_in_no_half_catalog() {
    let skus = several_pages();
    let shop = TestShop::builder()
        .products(skus.iter().map(|sku| (sku.as_str(), 5)))
        .latency(Duration::from_millis(20))
        .start()
        .await;
    let warehouse = TestWarehouse::of(skus.iter().map(|sku| (sku.as_str(), 6))).await;
    let program = between(&shop, &warehouse);
    let live = shop.live();
    let (product, _) = live.find("S240")[0];
    let vanishes = async {
        while live.request_count(shop.reading()) == 0 {
            tokio::task::yield_now().await;
        }
        live.remove_product(product).expect("removed");
    };
    let (report, ()) = tokio::join!(sync(&program, 0), vanishes);
    assert_eq!(report["found_in_wix"], skus.len() - 1);
    assert_eq!(shop.written().len(), skus.len() - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_back_that_fails_leaves_nothing_called_verified() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4)]).await;
    shop.break_with(Endpoint::QueryInventory, STATUS_500, u32::MAX);
    let program = between(&shop, &warehouse);
    let report = sync(&program, 5).await;
    assert_levels(&shop, [("A", 15), ("B", 4)]);
    assert_eq!(report["counters"]["verified"], 0);
    assert_eq!(report["counters"]["unresolved"], 2);
    shop.live().clear_faults();
    let _ = sync(&program, 0).await;
    shop.assert_written_at_most_once();
}
