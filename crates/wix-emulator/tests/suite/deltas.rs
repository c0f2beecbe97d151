//! Increment and decrement.

use serde_json::{Value, json};
use wix_emulator::{Cause, Endpoint};

use crate::harness::{DOWN, ITEMS, Site, UP, ZERO, list};

#[tokio::test]
async fn levels_move_and_the_ledger_says_so() {
    let site = Site::sample().await;
    assert_eq!(site.change(UP, &[("A", 3), ("V-L", 10)]).await, (200, json!({})));
    assert_eq!(site.change(DOWN, &[("B", 7)]).await, (200, json!({})));
    assert_eq!((site.shop.level("A"), site.shop.level("V-L")), (Some(8), Some(12)));
    assert_eq!((site.shop.level("V-S"), site.shop.level("B")), (Some(1), Some(0)));
    let ledger = site.shop.ledger();
    let rows: Vec<_> = ledger.iter().map(|entry| (entry.before, entry.after, entry.cause)).collect();
    assert_eq!(
        rows,
        [
            (Some(5), Some(8), Cause::Write),
            (Some(2), Some(12), Cause::Write),
            (Some(7), Some(0), Cause::Write)
        ]
    );
    assert_eq!((ledger[0].request, ledger[2].request), (Some(1), Some(2)));
    let requests = site.shop.requests();
    assert_eq!((requests[0].entries, requests[0].status), (Some(2), Some(200)));
    assert_eq!(requests[0].endpoint, Endpoint::IncrementInventory);
    let body: Value = serde_json::from_slice(&requests[0].body).unwrap();
    assert_eq!(body["incrementData"][0]["incrementBy"], 3);
    assert_eq!(site.shop.request_count(Endpoint::DecrementInventory), 1);
}

#[tokio::test]
async fn items_go_by_inventory_id_too_and_get_a_new_time() {
    let site = Site::sample().await;
    let filter = json!({"query": {"filter": json!({"productId": site.product_id("A")}).to_string()}});
    let before = site.ok(ITEMS, &filter).await["inventoryItems"][0].clone();
    let entry =
        json!({"inventoryId": before["id"], "variantId": ZERO, "decrementBy": 2, "preorderRequest": false});
    assert_eq!(site.post(DOWN, &json!({"decrementData": [entry]})).await.0, 200);
    let after = site.ok(ITEMS, &filter).await["inventoryItems"][0].clone();
    assert_eq!(after["variants"][0]["quantity"], 3);
    assert!(after["lastUpdated"].as_str() > before["lastUpdated"].as_str());
    let id = site.product_id("A");
    let (_, product) = site.get(&format!("/stores-reader/v1/products/{id}")).await;
    assert_eq!(product["product"]["lastUpdated"], "2026-01-01T00:00:00.000Z");
}

#[tokio::test]
async fn batches_have_one_to_three_hundred_entries() {
    let site = Site::of(301).await;
    let rows = |count: usize| {
        (0..count).map(|number| site.entry(UP, &format!("S-{number:05}"), 1)).collect::<Vec<_>>()
    };
    let violation = site.refused(UP, &json!({"incrementData": rows(301)})).await;
    assert_eq!(
        (&violation["violatedRule"], &violation["data"]["threshold"]),
        (&json!("OUT_OF_RANGE"), &json!(300))
    );
    site.refused(UP, &json!({"incrementData": []})).await;
    assert!(site.shop.ledger().is_empty());
    assert_eq!(site.post(UP, &json!({"incrementData": rows(300)})).await.0, 200);
    assert_eq!(site.shop.ledger().len(), 300);
}

#[tokio::test]
async fn wrong_entries_are_refused() {
    let site = Site::sample().await;
    let id = site.product_id("A");
    for path in [UP, DOWN] {
        let by = if path == UP { "incrementBy" } else { "decrementBy" };
        for entry in [
            json!({"productId": id, "variantId": ZERO, by: 0}),
            json!({"productId": id, "variantId": ZERO, by: -1}),
            json!({"productId": id, "variantId": ZERO, by: 1.5}),
            json!({"productId": id, "variantId": ZERO, by: "1"}),
            json!({"productId": id, "variantId": ZERO}),
            json!({"productId": id, "variantId": "0", by: 1}),
            json!({"productId": id, by: 1}),
            json!({"variantId": ZERO, by: 1}),
            json!({"productId": id, "inventoryId": id, "variantId": ZERO, by: 1}),
            json!({"productId": 5, "variantId": ZERO, by: 1}),
            json!({"productId": "x".repeat(37), "variantId": ZERO, by: 1}),
            json!({"productId": id, "variantId": ZERO, by: 1, "quantity": 1}),
            json!("x"),
        ] {
            let violation = site.refused(path, &json!({list(path): [entry]})).await;
            assert!(violation["field"].as_str().unwrap().starts_with(list(path)));
        }
        site.refused(path, &json!({})).await;
        site.refused(path, &json!({list(path): {by: 1}})).await;
        site.refused(path, &json!({list(path): [site.entry(path, "A", 1)], "more": 1})).await;
    }
    let swapped = json!({"incrementData": [{"productId": id, "variantId": ZERO, "decrementBy": 1}]});
    site.refused(UP, &swapped).await;
    assert!(site.shop.ledger().is_empty());
}

#[tokio::test]
async fn unknown_items_and_variants_are_404() {
    let site = Site::sample().await;
    let (shirt, small) = site.shop.find("V-S")[0];
    for (id, variant) in [
        (json!(ZERO), json!(ZERO)),
        (json!("short"), json!(ZERO)),
        (json!(shirt), json!(ZERO)),
        (json!(site.product_id("A")), json!(small)),
    ] {
        let entry = json!({"productId": id, "variantId": variant, "incrementBy": 1});
        assert_eq!(site.post(UP, &json!({"incrementData": [entry]})).await.0, 404);
    }
    let entry = json!({"inventoryId": shirt, "variantId": small, "incrementBy": 1});
    assert_eq!(site.post(UP, &json!({"incrementData": [entry]})).await.0, 404);
}

#[tokio::test]
async fn no_level_goes_above_the_ceiling() {
    let site = Site::sample().await;
    assert_eq!(site.change(UP, &[("A", 99_995)]).await.0, 400);
    assert_eq!(site.change(UP, &[("A", i64::MAX)]).await.0, 400);
    let huge = json!({"productId": site.product_id("A"), "variantId": ZERO, "incrementBy": u64::MAX});
    assert_eq!(site.post(UP, &json!({"incrementData": [huge]})).await.0, 400);
    assert_eq!(site.change(UP, &[("A", 99_994)]).await.0, 200);
    assert_eq!(site.shop.level("A"), Some(99_999));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_writes_add_up() {
    let site = std::sync::Arc::new(Site::sample().await);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let site = std::sync::Arc::clone(&site);
        tasks.spawn(async move {
            for _ in 0..20 {
                assert_eq!(site.change(UP, &[("A", 3), ("V-S", 1)]).await.0, 200);
                assert_eq!(site.change(DOWN, &[("A", 1)]).await.0, 200);
                let (product, variant) = site.shop.find("A")[0];
                assert_eq!(site.shop.sell(product, variant, 1), Ok(1));
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    assert_eq!((site.shop.level("A"), site.shop.level("V-S")), (Some(5 + 160), Some(1 + 160)));
    let mut level = 5;
    let (product, _) = site.shop.find("A")[0];
    for entry in site.shop.ledger().iter().filter(|entry| entry.product == product) {
        assert_eq!(entry.before, Some(level));
        level = entry.after.unwrap();
    }
    assert_eq!(level, 165);
    assert_eq!(site.shop.ledger().len(), 160 * 4);
}
