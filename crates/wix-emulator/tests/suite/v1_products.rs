//! The official client's query of V1 products, single store variants, and updates of products.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{PRODUCTS, Site, ZERO, code, column, filtered};

const PLATFORMIZED: &str = "/stores-reader/v1/products/query-platformized";

#[tokio::test]
async fn the_official_query_has_an_object_filter_and_other_metadata() {
    let site = Site::sample().await;
    let body = json!({"query": {"filter": {"price": {"$lt": 3}}, "sort": [{"fieldName": "price", "order": "DESC"}],
        "paging": {"limit": 1, "offset": 1}}});
    let answer = site.ok(PLATFORMIZED, &body).await;
    assert_eq!(column(&answer, "products", "sku"), ["A"]);
    assert!(answer["products"][0].get("variants").is_none());
    assert_eq!(answer["metadata"], json!({"count": 1, "offset": 1, "total": 2, "cursors": {}}));
    let path = format!("{PLATFORMIZED}?.r={}", URL_SAFE_NO_PAD.encode(body.to_string()));
    assert_eq!(site.get(&path).await, (200, answer));
    site.refused(PLATFORMIZED, &json!({"query": {"filter": "{}"}})).await;
    site.refused(PLATFORMIZED, &json!({"query": {}, "includeVariants": true})).await;
    assert_eq!(
        site.ok(PLATFORMIZED, &json!({})).await["metadata"]["total"],
        5,
        "hidden products are not there"
    );
}

#[tokio::test]
async fn one_store_variant_by_its_long_id() {
    let site = Site::sample().await;
    let (product, large) = site.shop.find("V-L")[0];
    let path = |product: &str, variant: &str| format!("/stores-reader/v1/variants/{product}-{variant}");
    let (status, answer) = site.get(&path(&product.to_string(), &large.to_string())).await;
    assert_eq!((status, &answer["variant"]["sku"]), (200, &json!("V-L")));
    let (_, plain) = site.get(&path(&site.product_id("A"), ZERO)).await;
    assert_eq!((&plain["variant"]["sku"], &plain["variant"]["managedVariant"]), (&json!("A"), &json!(false)));
    assert_eq!(site.get(&path(&product.to_string(), ZERO)).await.0, 404);
    assert_eq!(site.get("/stores-reader/v1/variants/short").await.0, 404);
}

#[tokio::test]
async fn a_product_changes_only_what_is_sent() {
    let site = Site::sample().await;
    let path = format!("/stores/v1/products/{}", site.product_id("A"));
    let send = |product: Value| {
        let (site, path) = (&site, &path);
        async move { site.send(Method::PATCH, path, &json!({"product": product})).await }
    };
    let (status, answer) = send(json!({"name": "Pear", "priceData": {"price": 2.75}, "sku": "P"})).await;
    assert_eq!(status, 200);
    let product = &answer["product"];
    assert_eq!((&product["name"], &product["sku"]), (&json!("Pear"), &json!("P")));
    assert_eq!((&product["priceData"]["price"], &product["visible"]), (&json!(2.75), &json!(true)));
    assert_eq!(site.shop.level("P"), Some(5));
    assert_eq!(send(json!({"visible": false})).await.0, 200);
    let found = site.ok(PRODUCTS, &filtered(&json!({"sku": "P"}))).await;
    assert_eq!(found["products"][0]["visible"], false);
    for wrong in
        [json!({"priceData": {"price": -1}}), json!({"sku": "x".repeat(41)}), json!({"ribbon": "new"})]
    {
        assert_eq!(send(wrong).await.0, 400);
    }
    let nowhere = format!("/stores/v1/products/{ZERO}");
    assert_eq!(site.send(Method::PATCH, &nowhere, &json!({"product": {"name": "x"}})).await.0, 404);
}

#[tokio::test]
async fn managed_variants_change_by_id_or_by_choice() {
    let site = Site::sample().await;
    let (product, small) = site.shop.find("V-S")[0];
    let path = format!("/stores/v1/products/{product}/variants");
    let body = json!({"variants": [
        {"variantIds": [small], "price": 7.5, "sku": "V-SMALL"},
        {"choices": {"Size": "L"}, "visible": false},
    ]});
    let (status, answer) = site.send(Method::PATCH, &path, &body).await;
    assert_eq!(status, 200, "{answer}");
    let variants = answer["variants"].as_array().unwrap();
    assert_eq!(variants[0]["variant"]["priceData"]["price"], 7.5);
    assert_eq!(
        (&variants[1]["variant"]["visible"], &variants[1]["variant"]["priceData"]["price"]),
        (&json!(false), &json!(10.0))
    );
    assert_eq!(site.shop.level("V-SMALL"), Some(1));
    let plain = format!("/stores/v1/products/{}/variants", site.product_id("A"));
    let (status, answer) = site.send(Method::PATCH, &plain, &body).await;
    assert_eq!((status, code(&answer)), (400, "VARIANTS_NOT_MANAGED"));
    for wrong in [
        json!({"variants": []}),
        json!({"variants": [{"sku": "x"}]}),
        json!({"variants": [{"variantIds": [small], "cost": 1}]}),
    ] {
        assert_eq!(site.send(Method::PATCH, &path, &wrong).await.0, 400);
    }
}
