//! The handle to the live shop.

use serde_json::json;
use wix_emulator::{Cause, EditError, Endpoint, IMPLICIT_VARIANT, ProductData, VariantData};

use crate::harness::{ITEMS, PRODUCTS, Site, filtered, sample};

#[tokio::test]
async fn buyers_take_what_there_is() {
    let site = Site::sample().await;
    let (product, variant) = site.shop.find("A")[0];
    assert_eq!(site.shop.sell(product, variant, 2), Ok(2));
    assert_eq!(site.shop.sell(product.to_string(), variant.to_string(), 9), Ok(3));
    assert_eq!(site.shop.sell(product, variant, 1), Ok(0));
    assert_eq!(site.shop.sell("nonsense", variant, 1), Err(EditError::UnknownVariant));
    let (untracked, _) = site.shop.find("U")[0];
    assert_eq!(site.shop.sell(untracked, IMPLICIT_VARIANT, 4), Ok(4));
    let ledger = site.shop.ledger();
    let sales: Vec<_> = ledger.iter().map(|entry| (entry.before, entry.after, entry.cause)).collect();
    assert_eq!(sales, [(Some(5), Some(3), Cause::Sale), (Some(3), Some(0), Cause::Sale)]);
    assert_eq!(ledger[0].request, None);
    let json = serde_json::to_value(ledger[0]).unwrap();
    assert_eq!((&json["cause"], &json["before"]), (&json!("sale"), &json!(5)));
}

#[tokio::test]
async fn the_merchant_edits() {
    let site = Site::sample().await;
    let (product, variant) = site.shop.find("A")[0];
    assert_eq!(site.shop.set_level(product, variant, 50), Ok(()));
    assert_eq!(site.shop.set_level(product, variant, 100_000), Err(EditError::Level(100_000)));
    assert_eq!(site.shop.level_of(product, variant), Some(50));
    assert_eq!(site.shop.set_tracking(product, false), Ok(()));
    assert_eq!((site.shop.level("A"), site.shop.level_of(product, variant)), (None, None));
    assert_eq!(site.shop.set_tracking(product, true), Ok(()));
    assert_eq!(site.shop.level("A"), Some(50));
    assert_eq!(site.shop.rename_sku(product, variant, "A-2"), Ok(()));
    assert_eq!((site.shop.level("A"), site.shop.level("A-2")), (None, Some(50)));
    assert!(site.shop.rename_sku(product, variant, &"x".repeat(41)).is_err());
    let changed = filtered(&json!({"lastUpdated": {"$gt": "2026-02-01T00:00:00Z"}}));
    assert_eq!(site.ok(PRODUCTS, &changed).await["products"][0]["sku"], "A-2");
    assert_eq!(site.shop.set_visible(product, false), Ok(()));
    assert_eq!(site.ok(PRODUCTS, &json!({})).await["totalResults"], 4);
    assert_eq!(site.shop.set_visible(product, true), Ok(()));
    assert_eq!(site.ok(PRODUCTS, &json!({})).await["totalResults"], 5);
}

#[tokio::test]
async fn products_come_and_go() {
    let site = Site::sample().await;
    let (apple, _) = site.shop.find("A")[0];
    assert_eq!(site.shop.remove_product(apple), Ok(()));
    assert_eq!(site.shop.remove_product(apple), Err(EditError::UnknownProduct));
    assert_eq!(site.get(&format!("/stores-reader/v1/products/{apple}")).await.0, 404);
    let id = site.shop.add_product(&ProductData::new("NEW", 4)).unwrap();
    let two = VariantData::new("TWO", 2);
    let pair = ProductData::with_variants("Pair", vec![VariantData::new("ONE", 1), two]);
    site.shop.add_product(&pair).unwrap();
    assert_eq!(site.shop.find("NEW"), [(id, IMPLICIT_VARIANT)]);
    assert_eq!((site.shop.level("ONE"), site.shop.level("TWO")), (Some(1), Some(2)));
    let again = ProductData { id: Some(id.to_string()), ..ProductData::default() };
    assert!(matches!(site.shop.add_product(&again), Err(EditError::Product(_))));
    assert_eq!(site.ok(ITEMS, &json!({})).await["totalResults"], 7);
    let newest = site.ok(PRODUCTS, &json!({})).await["products"][0].clone();
    assert_eq!(newest["name"], "Pair");
    let ledger = site.shop.ledger();
    assert_eq!((ledger[0].before, ledger[0].after, ledger[0].cause), (Some(5), None, Cause::Edit));
    assert_eq!((ledger[1].before, ledger[1].after), (None, Some(4)));
}

#[tokio::test]
async fn one_sku_on_several_listings() {
    let site = Site::with(
        json!({"products": [
        {"sku": "X", "quantity": 1}, {"sku": "X", "quantity": 2, "trackInventory": false}, {"sku": "Y"}]}),
        |_| (),
    )
    .await;
    assert_eq!(site.shop.level("X"), None);
    assert_eq!(site.shop.find("X").len(), 2);
    let levels = site.shop.levels_by_sku();
    assert_eq!((&levels["X"], &levels["Y"]), (&vec![Some(1), None], &vec![Some(0)]));
}

#[tokio::test]
async fn the_log_is_bounded_and_the_counters_are_not() {
    let site = Site::with(sample(), |config| config.request_log = 3).await;
    for _ in 0..5 {
        site.ok(PRODUCTS, &json!({})).await;
    }
    let numbers: Vec<_> =
        site.shop.requests().iter().map(|request| (request.number, request.status)).collect();
    assert_eq!(numbers, [(3, Some(200)), (4, Some(200)), (5, Some(200))]);
    assert_eq!(site.shop.request_count(Endpoint::QueryProducts), 5);
    assert_eq!(site.shop.total_requests(), 5);
    let silent = Site::with(sample(), |config| config.request_log = 0).await;
    silent.ok(PRODUCTS, &json!({})).await;
    assert!(silent.shop.requests().is_empty());
    assert_eq!(silent.shop.request_count(Endpoint::QueryProducts), 1);
}
