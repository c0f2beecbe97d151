//! Setting levels: PATCH of one product's inventory.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Site, UP, ZERO, code};

async fn patch(site: &Site, sku: &str, item: Value) -> (u16, Value) {
    let path = format!("/stores/v2/inventoryItems/product/{}", site.product_id(sku));
    site.send(Method::PATCH, &path, &json!({"inventoryItem": item})).await
}

#[tokio::test]
async fn sets_what_is_listed_and_keeps_the_rest() {
    let site = Site::sample().await;
    let (_, large) = site.shop.find("V-L")[0];
    let item = json!({"trackQuantity": true, "variants": [{"variantId": large, "quantity": 12}]});
    assert_eq!(patch(&site, "V-L", item).await, (200, json!({})));
    assert_eq!((site.shop.level("V-S"), site.shop.level("V-L")), (Some(1), Some(12)));
    assert_eq!(site.shop.ledger().len(), 1);
    assert_eq!(site.shop.requests()[0].entries, Some(1));
}

#[tokio::test]
async fn leaving_out_track_quantity_switches_tracking_off_for_all_variants() {
    let site = Site::sample().await;
    let (_, large) = site.shop.find("V-L")[0];
    let item = json!({"variants": [{"variantId": large, "quantity": 12}]});
    assert_eq!(patch(&site, "V-L", item).await.0, 200);
    assert_eq!((site.shop.level("V-S"), site.shop.level("V-L")), (None, None));
    assert_eq!(site.shop.levels_by_sku()["V-S"], [None]);
    let ledger = site.shop.ledger();
    assert_eq!((ledger.len(), ledger[1].before, ledger[1].after), (2, Some(2), None));
    assert_eq!(code(&site.change(UP, &[("V-L", 1)]).await.1), "INVENTORY_NOT_TRACKED");
    let item = json!({"trackQuantity": true, "variants": [{"variantId": large, "quantity": 4}]});
    assert_eq!(patch(&site, "V-L", item).await.0, 200);
    assert_eq!((site.shop.level("V-S"), site.shop.level("V-L")), (Some(1), Some(4)));
}

#[tokio::test]
async fn untracked_products_take_in_stock() {
    let site = Site::sample().await;
    let item = json!({"trackQuantity": false, "variants": [{"variantId": ZERO, "inStock": false}]});
    assert_eq!(patch(&site, "U", item).await.0, 200);
    let path = format!("/stores-reader/v2/inventoryItems/product/{}/getVariants", site.product_id("U"));
    let item = site.ok(&path, &json!({})).await["inventoryItem"].clone();
    assert_eq!(item["variants"][0]["inStock"], false);
}

#[tokio::test]
async fn wrong_bodies_are_refused() {
    let site = Site::sample().await;
    for item in [
        json!({"trackQuantity": true, "variants": [{"variantId": ZERO, "quantity": -1}]}),
        json!({"trackQuantity": true, "variants": [{"variantId": ZERO, "quantity": 100_000}]}),
        json!({"trackQuantity": true, "variants": [{"variantId": ZERO, "quantity": "1"}]}),
        json!({"trackQuantity": true, "variants": [{"variantId": ZERO}]}),
        json!({"trackQuantity": true, "variants": [{"variantId": "x", "quantity": 1}]}),
        json!({"trackQuantity": true, "variants": {}}),
        json!({"trackQuantity": "true"}),
        json!({"trackQuantity": true, "quantity": 1}),
        json!({"trackQuantity": true, "productId": ZERO}),
        json!({"trackQuantity": true, "preorderInfo": {"enabled": true, "limit": 100_001}}),
        json!({"trackQuantity": true, "preorderInfo": {"enabled": true, "message": ""}}),
        json!({"trackQuantity": true, "variants": [
            {"variantId": ZERO, "quantity": 1}, {"variantId": ZERO, "quantity": 2}]}),
    ] {
        let (status, answer) = patch(&site, "A", item).await;
        assert!(status == 400 && answer["details"]["validationError"].is_object(), "{answer}");
    }
    let path = format!("/stores/v2/inventoryItems/product/{}", site.product_id("A"));
    assert_eq!(site.send(Method::PATCH, &path, &json!({})).await.0, 400);
    let other =
        json!({"trackQuantity": true, "variants": [{"variantId": site.product_id("A"), "quantity": 1}]});
    assert_eq!(patch(&site, "A", other).await.0, 404);
    let path = format!("/stores/v2/inventoryItems/product/{ZERO}");
    let body = json!({"inventoryItem": {"trackQuantity": true}, "productId": ZERO});
    assert_eq!(site.send(Method::PATCH, &path, &body).await.0, 404);
    assert!(site.shop.ledger().is_empty());
}

#[tokio::test]
async fn an_item_open_for_preorder_may_go_below_zero() {
    let site = Site::sample().await;
    let info = json!({"enabled": true, "message": "soon", "limit": 10});
    assert_eq!(patch(&site, "A", json!({"trackQuantity": true, "preorderInfo": info})).await.0, 200);
    let path = "/stores/v2/inventoryItems/decrement";
    let mut entry = site.entry(path, "A", 6);
    assert_eq!(site.post(path, &json!({"decrementData": [entry]})).await.0, 400);
    entry["preorderRequest"] = json!(true);
    assert_eq!(site.post(path, &json!({"decrementData": [entry]})).await.0, 200);
    assert_eq!(site.shop.level("A"), Some(-1));
}
