//! Creating and deleting inventory items.

use reqwest::Method;
use serde_json::{Value, json};
use wix_emulator::Cause;

use crate::harness::{Site, ZERO, code};

const CREATE: &str = "/stores/v3/inventory-items";
const BULK_CREATE: &str = "/stores/v3/bulk/inventory-items/create";
const BULK_DELETE: &str = "/stores/v3/bulk/inventory-items/delete";

async fn bare() -> Site {
    let data = json!({
        "locations": [{"name": "Shop"}, {"name": "Warehouse"}],
        "products": [
            {"sku": "A", "quantity": 5},
            {"sku": "BARE", "inventoryItem": false},
            {"name": "Pair", "variants": [{"sku": "P-1", "inventoryItem": false}, {"sku": "P-2", "quantity": 2}]},
        ],
    });
    Site::v3_with(data, |_| ()).await
}

fn new(site: &Site, sku: &str, fields: &Value) -> Value {
    let (product, variant) = site.shop.find(sku)[0];
    let mut item = json!({"productId": product, "variantId": variant});
    item.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    item
}

#[tokio::test]
async fn a_missing_item_is_created_once() {
    let site = bare().await;
    assert_eq!(site.shop.level("BARE"), None);
    let body = json!({"inventoryItem": new(&site, "BARE", &json!({"quantity": 4}))});
    let answer = site.ok(CREATE, &body).await;
    let item = &answer["inventoryItem"];
    assert_eq!((&item["revision"], &item["quantity"]), (&json!("1"), &json!(4)));
    assert_eq!(*item, site.item("BARE").await);
    assert_eq!(site.shop.level("BARE"), Some(4));
    let ledger = site.shop.ledger();
    assert_eq!((ledger[0].before, ledger[0].after, ledger[0].cause), (None, Some(4), Cause::Write));
    let (status, answer) = site.post(CREATE, &body).await;
    assert_eq!((status, code(&answer)), (409, "ITEM_ALREADY_EXISTS"));
}

#[tokio::test]
async fn many_are_created_each_on_its_own() {
    let site = bare().await;
    let locations =
        site.ok("/stores/v3/locations/query", &json!({"query": {"filter": {"name": "Warehouse"}}})).await;
    let there = &locations["storesLocations"][0]["id"];
    let mut unknown = new(&site, "A", &json!({"quantity": 1}));
    unknown["variantId"] = json!(ZERO);
    let items = json!([
        new(&site, "P-1", &json!({"quantity": 7})),
        new(&site, "P-2", &json!({"quantity": 7})),
        new(&site, "A", &json!({"quantity": 9, "locationId": there})),
        new(&site, "A", &json!({"quantity": 9, "locationId": ZERO})),
        new(&site, "BARE", &json!({"inStock": true})),
        unknown,
    ]);
    let answer = site.ok(BULK_CREATE, &json!({"inventoryItems": items, "returnEntity": true})).await;
    let rows = answer["results"].as_array().unwrap();
    let outcome = |row: &Value| match row["itemMetadata"]["error"]["code"].as_str() {
        Some(code) => code.to_owned(),
        None => row["item"]["quantity"].to_string(),
    };
    assert_eq!(
        rows.iter().map(outcome).collect::<Vec<_>>(),
        [
            "7",
            "ITEM_ALREADY_EXISTS",
            "9",
            "STORES_LOCATION_NOT_FOUND",
            "null",
            "PRODUCT_OR_VARIANT_NOT_FOUND"
        ]
    );
    assert_eq!(
        (site.shop.level("P-1"), site.shop.level("A"), site.shop.level("BARE")),
        (Some(7), Some(5), None)
    );
    let elsewhere = site.shop.ledger().into_iter().find(|entry| entry.location.is_some()).unwrap();
    assert_eq!((elsewhere.after, json!(elsewhere.location)), (Some(9), there.clone()));
    assert_eq!(site.items(&json!({"product.variantSku": "A"})).await.len(), 2);
}

#[tokio::test]
async fn wrong_items_are_refused() {
    let site = bare().await;
    for (fields, rule) in [
        (json!({"quantity": -1}), "CUSTOM"),
        (json!({}), "REQUIRED_FIELD"),
        (json!({"quantity": 1, "inStock": true}), "INVALID_ARGUMENT"),
        (json!({"quantity": 1, "locationId": "x"}), "INVALID_ARGUMENT"),
    ] {
        let item = new(&site, "BARE", &fields);
        let violation = site.refused(CREATE, &json!({"inventoryItem": item})).await;
        assert_eq!(violation["violatedRule"], rule, "{violation}");
        site.refused(BULK_CREATE, &json!({"inventoryItems": [item]})).await;
    }
    let negative = new(&site, "BARE", &json!({"quantity": -1}));
    let violation = site.refused(CREATE, &json!({"inventoryItem": negative})).await;
    assert_eq!(violation["ruleName"], "REQUESTED_QUANTITY_MUST_BE_NON_NEGATIVE");
    let wrapped = json!({"inventoryItem": new(&site, "BARE", &json!({"quantity": 1}))});
    site.refused(BULK_CREATE, &json!({"inventoryItems": [wrapped]})).await;
    assert!(site.shop.ledger().is_empty());
}

#[tokio::test]
async fn deleted_items_are_gone_and_can_be_created_again() {
    let site = bare().await;
    let (apple, pair) = (site.item("A").await, site.item("P-2").await);
    let path = format!("{CREATE}/{}", apple["id"].as_str().unwrap());
    assert_eq!(site.send(Method::DELETE, &path, &json!({})).await, (200, json!({})));
    assert_eq!(site.get(&path).await.0, 404);
    assert_eq!(site.shop.level("A"), None);
    assert_eq!(site.send(Method::DELETE, &path, &json!({})).await.0, 404);
    let ids = json!({"inventoryItemIds": [pair["id"], apple["id"]]});
    let answer = site.ok(BULK_DELETE, &ids).await;
    assert_eq!(answer["bulkActionMetadata"]["totalFailures"], 1);
    assert_eq!(site.items(&json!({})).await, Vec::<Value>::new());
    let again = site.ok(CREATE, &json!({"inventoryItem": new(&site, "A", &json!({"quantity": 1}))})).await;
    assert_ne!(again["inventoryItem"]["id"], apple["id"]);
    assert_eq!(site.shop.level("A"), Some(1));
    let levels: Vec<_> = site.shop.ledger().iter().map(|entry| (entry.before, entry.after)).collect();
    assert_eq!(levels, [(Some(5), None), (Some(2), None), (None, Some(1))]);
}
