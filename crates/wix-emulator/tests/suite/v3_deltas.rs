//! Bulk increment and decrement of Catalog V3.

use serde_json::{Value, json};
use wix_emulator::{BulkFailures, Endpoint};

use crate::harness::{Site, ZERO, code, sample};

const UP: &str = "/stores/v3/bulk/inventory-items/increment";
const DOWN: &str = "/stores/v3/bulk/inventory-items/decrement";
const UP_BY_VARIANT: &str = "/stores/v3/bulk/inventory-items/increment-by-variant-and-location";
const DOWN_BY_VARIANT: &str = "/stores/v3/bulk/inventory-items/decrement-by-variant-and-location";

async fn up(site: &Site, sku: &str, by: i64) -> Value {
    json!({"inventoryItemId": site.item(sku).await["id"], "incrementBy": by})
}

async fn down(site: &Site, sku: &str, by: i64) -> Value {
    json!({"inventoryItemId": site.item(sku).await["id"], "decrementBy": by})
}

fn error(answer: &Value, row: usize) -> &str {
    answer["results"][row]["itemMetadata"]["error"]["code"].as_str().unwrap_or("")
}

#[tokio::test]
async fn levels_move_without_a_revision() {
    let site = Site::v3().await;
    let rows =
        json!({"incrementData": [up(&site, "A", 3).await, up(&site, "V-L", 10).await], "returnEntity": true});
    let answer = site.ok(UP, &rows).await;
    assert_eq!(answer["results"][0]["item"]["quantity"], 8);
    assert_eq!(answer["results"][0]["item"]["revision"], "2");
    let rows =
        json!({"decrementData": [down(&site, "A", 8).await], "restrictInventory": true, "reason": "MANUAL"});
    let answer = site.ok(DOWN, &rows).await;
    assert!(answer["results"][0].get("item").is_none());
    assert_eq!((site.shop.level("A"), site.shop.level("V-L")), (Some(0), Some(12)));
    let (_, variant) = site.shop.find("B")[0];
    let location = site.item("B").await["locationId"].clone();
    let rows = json!({"incrementData": [{"variantId": variant, "locationId": location, "incrementBy": 1}]});
    site.ok(UP_BY_VARIANT, &rows).await;
    let rows =
        json!({"decrementData": [{"variantId": variant, "decrementBy": 3}], "restrictInventory": true});
    site.ok(DOWN_BY_VARIANT, &rows).await;
    assert_eq!(site.shop.level("B"), Some(5));
    assert_eq!(site.shop.ledger().len(), 5);
    let last = site.shop.requests().into_iter().next_back().unwrap();
    assert_eq!((last.endpoint, last.entries), (Endpoint::BulkDecrementVariants, Some(1)));
}

#[tokio::test]
async fn a_mixed_batch_fails_per_item_or_as_a_whole() {
    let site = Site::v3().await;
    let rows = json!({"decrementData": [
        down(&site, "A", 1).await, down(&site, "B", 8).await, down(&site, "U", 1).await,
        {"inventoryItemId": ZERO, "decrementBy": 1},
    ], "restrictInventory": true});
    let answer = site.ok(DOWN, &rows).await;
    let errors = [1, 2, 3].map(|row| error(&answer, row));
    assert_eq!(errors, ["INSUFFICIENT_INVENTORY", "INVENTORY_QUANTITY_NOT_TRACKED", "NOT_FOUND"]);
    assert_eq!((site.shop.level("A"), site.shop.level("B")), (Some(4), Some(7)));

    let whole = Site::v3_with(sample(), |config| config.behavior.bulk_deltas = BulkFailures::WholeCall).await;
    let (status, answer) = whole.post(DOWN, &rows).await;
    assert_eq!((status, code(&answer)), (428, "INSUFFICIENT_INVENTORY"));
    assert!(whole.shop.ledger().is_empty());
}

#[tokio::test]
async fn the_floor_and_the_ceiling_hold() {
    let site = Site::v3().await;
    let answer = site.ok(UP, &json!({"incrementData": [up(&site, "A", 99_995).await]})).await;
    assert_eq!(error(&answer, 0), "MAX_QUANTITY_LIMIT_REACHED");
    let free = |rows: Value| json!({"decrementData": rows, "restrictInventory": false});
    site.ok(DOWN, &free(json!([down(&site, "A", 7).await]))).await;
    assert_eq!(site.shop.level("A"), Some(-2));
    let answer = site.ok(DOWN, &free(json!([down(&site, "A", 99_998).await]))).await;
    assert_eq!(error(&answer, 0), "MIN_QUANTITY_LIMIT_REACHED");
    // Twice in one call counts twice, on top of each other.
    let twice = json!([down(&site, "B", 3).await, down(&site, "B", 5).await]);
    let answer = site.ok(DOWN, &json!({"decrementData": twice, "restrictInventory": true})).await;
    assert_eq!((error(&answer, 0), error(&answer, 1)), ("", "INSUFFICIENT_INVENTORY"));
    assert_eq!(site.shop.level("B"), Some(4));
}

#[tokio::test]
async fn the_default_of_restrict_inventory_differs() {
    for (by_default, level) in [(true, Some(5)), (false, Some(-1))] {
        let site = Site::v3_with(sample(), |config| config.behavior.restricts_by_variant = by_default).await;
        let (_, variant) = site.shop.find("A")[0];
        let rows = json!({"decrementData": [{"variantId": variant, "decrementBy": 6}]});
        site.ok(DOWN_BY_VARIANT, &rows).await;
        assert_eq!(site.shop.level("A"), level);
        // By id the default is to stop at zero.
        let answer = site.ok(DOWN, &json!({"decrementData": [down(&site, "B", 8).await]})).await;
        assert_eq!(error(&answer, 0), "INSUFFICIENT_INVENTORY");
    }
}

#[tokio::test]
async fn batches_and_amounts_have_limits() {
    let site = Site::v3().await;
    let one = up(&site, "A", 1).await;
    for (rows, rule) in [
        (json!([]), "MIN_SIZE"),
        (json!(vec![one.clone(); 301]), "MAX_SIZE"),
        (json!([{"inventoryItemId": one["inventoryItemId"], "incrementBy": 0}]), "MIN"),
        (json!([{"inventoryItemId": one["inventoryItemId"], "incrementBy": 100_000}]), "MAX"),
        (json!([{"inventoryItemId": one["inventoryItemId"], "incrementBy": "1"}]), "INVALID_ARGUMENT"),
        (json!([{"incrementBy": 1}]), "REQUIRED_FIELD"),
        (
            json!([{"inventoryItemId": one["inventoryItemId"], "incrementBy": 1, "quantity": 1}]),
            "INVALID_ARGUMENT",
        ),
    ] {
        assert_eq!(site.refused(UP, &json!({"incrementData": rows})).await["violatedRule"], rule);
    }
    let variant = json!({"variantId": "x", "incrementBy": 1});
    site.refused(UP_BY_VARIANT, &json!({"incrementData": [variant]})).await;
    site.refused(UP, &json!({"incrementData": [one], "restrictInventory": true})).await;
    assert!(site.shop.ledger().is_empty());
}

#[tokio::test]
async fn a_preorder_raises_the_counter_alone() {
    let site = Site::v3().await;
    let item = site.item("A").await;
    let info = json!({"enabled": true, "limit": 9});
    let update = json!({"inventoryItem": {"id": item["id"], "revision": "1", "preorderInfo": info}});
    site.ok(crate::harness::V3_UPDATE, &json!({"inventoryItems": [update]})).await;
    let row = json!({"inventoryItemId": item["id"], "decrementBy": 4, "preorderRequest": true});
    site.ok(DOWN, &json!({"decrementData": [row], "restrictInventory": true})).await;
    assert_eq!(site.item("A").await["preorderInfo"]["counter"], 4);
    assert_eq!(site.shop.level("A"), Some(5));
}
