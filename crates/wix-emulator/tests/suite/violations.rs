//! What clients do wrong is on record.

use reqwest::Method;
use serde_json::json;
use wix_emulator::{Action, CatalogVersion, DEFAULT_API_KEY, DEFAULT_SITE_ID, Endpoint, Fault, FaultKind};

use crate::harness::{ITEMS, Site, V3_ITEMS, V3_UPDATE, code};

#[tokio::test]
async fn refused_fields_and_known_traps_are_recorded() {
    let site = Site::v3().await;
    site.items(&json!({})).await;
    assert_eq!(site.shop.violations(), []);
    site.refused(V3_ITEMS, &json!({"query": {"filter": {"sku": "A"}}})).await;
    let id = site.item("A").await["id"].clone();
    let row = json!({"inventoryItem": {"id": id, "revision": "1", "trackingMethod": {"quantity": 3}}});
    site.ok(V3_UPDATE, &json!({"inventoryItems": [row]})).await;
    let rows = json!([{"inventoryItemId": id, "decrementBy": 1}, {"inventoryItemId": id, "decrementBy": 1}]);
    site.ok("/stores/v3/bulk/inventory-items/decrement", &json!({"decrementData": rows})).await;
    let bearer = site
        .bare(Method::GET, "/stores/v3/locations/default")
        .header("Authorization", format!("Bearer {DEFAULT_API_KEY}"))
        .header("wix-site-id", DEFAULT_SITE_ID);
    assert_eq!(bearer.send().await.unwrap().status(), 401);
    let found = site.shop.violations();
    let told: Vec<&str> = found.iter().map(|violation| violation.what.as_str()).collect();
    for (part, endpoint) in [
        ("query.filter.sku: Field 'sku' is not declared", Endpoint::QueryItems),
        ("trackingMethod: a quantity in it is ignored", Endpoint::BulkUpdateItems),
        ("stands twice in one call", Endpoint::BulkDecrementItems),
        ("restrictInventory: the documentation", Endpoint::BulkDecrementItems),
        ("without `Bearer`", Endpoint::DefaultLocation),
    ] {
        let one = found.iter().filter(|violation| violation.what.contains(part)).collect::<Vec<_>>();
        assert_eq!(one.len(), 1, "{part}: {told:?}");
        assert_eq!(one[0].endpoint, endpoint);
    }
    let (status, answer) = site.control(Method::GET, "violations", &json!(null)).await;
    assert_eq!((status, &answer["violations"]), (200, &json!(found)));
    assert_eq!(site.control(Method::GET, "state", &json!(null)).await.1["violations"], found.len());
}

#[tokio::test]
async fn v1_without_track_quantity_is_recorded() {
    let site = Site::sample().await;
    let path = format!("/stores/v2/inventoryItems/product/{}", site.product_id("A"));
    let entry = json!({"variantId": crate::harness::ZERO, "inStock": true});
    let body = json!({"inventoryItem": {"variants": [entry]}});
    assert_eq!(site.send(Method::PATCH, &path, &body).await.0, 200);
    assert!(site.shop.violations()[0].what.starts_with("trackQuantity"));
}

#[tokio::test]
async fn a_site_moves_between_catalogs_in_mid_run_and_back() {
    let site = Site::sample().await;
    let version = "/stores/v3/provision/version";
    let to = |to: &str| json!({"moveCatalog": {"to": to}});
    // While it is being moved the version endpoint still says V1, but V1 does not answer any more.
    assert_eq!(site.control(Method::POST, "acts", &to("V3_PROVISIONING")).await.0, 200);
    assert_eq!(site.get(version).await.1["catalogVersion"], "V1_CATALOG");
    let (status, answer) = site.post(ITEMS, &json!({})).await;
    assert_eq!((status, code(&answer)), (428, "CATALOG_V3_CALLING_CATALOG_V1_API"));
    let (status, answer) = site.post(V3_ITEMS, &json!({})).await;
    assert_eq!((status, code(&answer)), (428, "CATALOG_V3_SITE_PROVISIONING"));
    assert_eq!(site.control(Method::POST, "acts", &to("V3_CATALOG")).await.0, 200);
    assert_eq!(site.get(version).await.1["catalogVersion"], "V3_CATALOG");
    let before = site.item("A").await;
    assert_eq!(before["createdDate"], "2026-01-01T00:00:00.000Z", "a move keeps the old times");
    // The move back happens between a read and a write.
    let back = Action::MoveCatalog { to: CatalogVersion::V1Catalog };
    let meanwhile =
        FaultKind::Meanwhile { timing: wix_emulator::FaultTiming::BeforeApply, actions: vec![back] };
    site.shop.add_fault(Fault::new(meanwhile).on(Endpoint::BulkUpdateItems));
    let row = json!({"inventoryItem": {"id": before["id"], "revision": "1", "quantity": 9}});
    let (status, answer) = site.post(V3_UPDATE, &json!({"inventoryItems": [row]})).await;
    assert_eq!((status, code(&answer)), (428, "CATALOG_V1_SITE_CALLING_CATALOG_V3_API"));
    assert_eq!(site.shop.level("A"), Some(5));
    assert_eq!(site.post(ITEMS, &json!({})).await.0, 200);
}
