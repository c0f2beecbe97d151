//! Actions of buyers and the merchant while a client reads and writes.

use serde_json::{Value, json};
use wix_emulator::{Action, Cause, Endpoint, Fault, FaultKind, FaultTiming, Listing, ProductData};

use crate::harness::{DOWN, ITEMS, PRODUCTS, Site, UP, column, filtered};

fn meanwhile(timing: FaultTiming, action: Action) -> Fault {
    Fault::new(FaultKind::Meanwhile { timing, actions: vec![action] })
}

fn sale(sku: &str, units: u32) -> Action {
    Action::Sale { listing: Listing::sku(sku), units }
}

#[tokio::test]
async fn a_buyer_before_a_write_and_one_after() {
    let site = Site::sample().await;
    site.shop.add_fault(meanwhile(FaultTiming::BeforeApply, sale("A", 3)).on(Endpoint::DecrementInventory));
    let refused = site.change(DOWN, &[("A", 4)]).await.0;
    assert_eq!((refused, site.shop.level("A")), (400, Some(2)));
    site.shop.add_fault(meanwhile(FaultTiming::AfterApply, sale("B", 3)).on(Endpoint::DecrementInventory));
    assert_eq!(site.change(DOWN, &[("B", 4)]).await.0, 200);
    assert_eq!(site.shop.level("B"), Some(0));
    let causes: Vec<_> = site.shop.ledger().iter().map(|entry| entry.cause).collect();
    assert_eq!(causes, [Cause::Sale, Cause::Write, Cause::Sale]);
}

#[tokio::test]
async fn a_buyer_goes_with_every_kind_of_fault() {
    for (kind, level) in [
        (FaultKind::DropBeforeApply, 4),
        (FaultKind::DropAfterApply, 5),
        (FaultKind::Html { code: 503 }, 4),
        (FaultKind::PartialApply { entries: 1, code: 500 }, 5),
        (FaultKind::EmptyBody { code: 200 }, 5),
    ] {
        let site = Site::sample().await;
        site.shop.add_fault(Fault::new(kind.clone()));
        site.shop.add_fault(meanwhile(FaultTiming::AfterApply, sale("A", 1)));
        let _ = site.increment_status("A").await;
        assert_eq!(site.shop.level("A"), Some(level), "{kind:?}");
        assert_eq!(site.shop.faults_fired(), 1);
    }
}

#[tokio::test]
async fn failed_actions_are_listed() {
    let site = Site::sample().await;
    site.shop.add_fault(meanwhile(FaultTiming::BeforeApply, sale("none", 1)));
    assert_eq!(site.change(UP, &[("A", 1)]).await.0, 200);
    let failed = site.shop.failed_actions();
    assert!(failed.len() == 1 && failed[0].contains("none"), "{failed:?}");
}

/// A page of two products by offset.
fn page(offset: usize) -> Value {
    json!({"query": {"paging": {"limit": 2, "offset": offset}, "sort": r#"[{"numericId":"asc"}]"#}})
}

#[tokio::test]
async fn pages_shift_when_products_come_and_go_in_between() {
    let gone = Action::RemoveProduct { listing: Listing::sku("A") };
    let newcomer = ProductData { numeric_id: Some("1".to_owned()), ..ProductData::new("NEW", 1) };
    let new = Action::AddProduct { product: Box::new(newcomer) };
    // When A goes, the row of C is never shown. When a row comes before A, that of B is shown twice.
    for (action, total, second) in [(gone, 4, ["", "U"]), (new, 6, ["B", "C"])] {
        let site = Site::sample().await;
        site.shop.add_fault(meanwhile(FaultTiming::BeforeApply, action).on(Endpoint::QueryProducts).skip(1));
        let answer = site.ok(PRODUCTS, &page(0)).await;
        assert_eq!(column(&answer, "products", "sku"), ["A", "B"]);
        assert_eq!(answer["totalResults"], 5);
        let answer = site.ok(PRODUCTS, &page(2)).await;
        assert_eq!(column(&answer, "products", "sku"), second);
        assert_eq!(answer["totalResults"], total);
    }
}

#[tokio::test]
async fn a_sku_changes_hands_between_read_and_write() {
    let site = Site::sample().await;
    let swap = Action::SwapSkus { one: Listing::sku("A"), other: Listing::sku("B") };
    site.shop.add_fault(meanwhile(FaultTiming::AfterApply, swap).on(Endpoint::QueryProducts));
    let apple = site.product_id("A");
    let read = site.ok(PRODUCTS, &filtered(&json!({"sku": "A"}))).await;
    assert_eq!(read["products"][0]["id"], json!(apple));
    assert_eq!(site.product_id("B"), apple);
    let read = site.ok(PRODUCTS, &filtered(&json!({"sku": "B"}))).await;
    assert_eq!(read["products"][0]["id"], json!(apple));
}

#[tokio::test]
async fn a_product_goes_between_read_and_write() {
    let site = Site::sample().await;
    let body = json!({"incrementData": [site.entry(UP, "A", 1)]});
    let gone = Action::RemoveProduct { listing: Listing::sku("A") };
    site.shop.add_fault(meanwhile(FaultTiming::BeforeApply, gone).on(Endpoint::IncrementInventory));
    let (status, answer) = site.post(UP, &body).await;
    assert_eq!((status, crate::harness::code(&answer)), (404, "INVENTORY_ITEM_NOT_FOUND"));
}

#[tokio::test]
async fn tracking_is_switched_between_read_and_write() {
    let site = Site::sample().await;
    let off = Action::SetTracking { listing: Listing::sku("A"), tracked: false };
    site.shop.add_fault(meanwhile(FaultTiming::AfterApply, off).on(Endpoint::QueryInventory));
    let filter = filtered(&json!({"productId": site.product_id("A")}));
    let read = site.ok(ITEMS, &json!({"query": filter["query"]})).await;
    assert_eq!(read["inventoryItems"][0]["trackQuantity"], true);
    assert_eq!(site.change(UP, &[("A", 1)]).await.0, 400);
}

#[tokio::test]
async fn edits_of_a_product_move_its_time() {
    let changed = filtered(&json!({"lastUpdated": {"$gte": "2026-02-01T00:00:00Z"}}));
    let listing = || Listing::sku("V-S");
    let actions = [
        Action::RenameSku { listing: listing(), sku: "V-XS".to_owned() },
        Action::SwapSkus { one: listing(), other: Listing::sku("V-L") },
        Action::RecreateVariant { listing: listing() },
        Action::AddProduct { product: Box::new(ProductData::new("NEW", 1)) },
        Action::SetTracking { listing: listing(), tracked: false },
        Action::SetVisible { listing: listing(), visible: false },
    ];
    for action in actions {
        let site = Site::sample().await;
        assert_eq!(site.ok(PRODUCTS, &changed).await["totalResults"], 0);
        site.shop.perform(&action).unwrap();
        assert_eq!(site.ok(PRODUCTS, &changed).await["totalResults"], 1, "{action:?}");
    }
    let site = Site::sample().await;
    site.shop.perform(&sale("A", 1)).unwrap();
    assert_eq!(site.ok(PRODUCTS, &changed).await["totalResults"], 0, "a sale is a change of stock alone");
}
