//! The variants of the whole store: here filters are objects.

use serde_json::{Value, json};

use crate::harness::{Site, VARIANTS, ZERO, column, sample};

#[tokio::test]
async fn rows_stand_for_variants_or_whole_products() {
    let site = Site::sample().await;
    let answer = site.ok(VARIANTS, &json!({})).await;
    assert_eq!(column(&answer, "variants", "sku"), ["A", "B", "C", "H", "V-S", "V-L", "U"]);
    assert_eq!(answer["metadata"], json!({"count": 7, "offset": 0, "total": 7, "cursors": {}}));
    let apple = &answer["variants"][0];
    assert_eq!((&apple["managedVariant"], &apple["variantId"]), (&json!(false), &json!(ZERO)));
    let large = &answer["variants"][5];
    let id = format!("{}-{}", large["productId"].as_str().unwrap(), large["variantId"].as_str().unwrap());
    assert_eq!((id.len(), &large["id"]), (73, &json!(id)));
    assert_eq!((&large["variantName"], &large["managedVariant"]), (&json!("L"), &json!(true)));
    assert_eq!(large["stock"], json!({"trackQuantity": true, "quantity": 2, "inStock": true}));
}

#[tokio::test]
async fn filters_are_objects() {
    let site = Site::sample().await;
    let (product, large) = site.shop.find("V-L")[0];
    let skus = async |filter: Value| {
        let answer = site.ok(VARIANTS, &json!({"query": {"filter": filter}})).await;
        column(&answer, "variants", "sku")
            .into_iter()
            .map(|sku| sku.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(skus(json!({"productId": product})).await, ["V-S", "V-L"]);
    assert_eq!(
        skus(json!({"productId": {"$hasSome": [product, site.product_id("A")]}})).await,
        ["A", "V-S", "V-L"]
    );
    assert_eq!(skus(json!({"variantId": {"$eq": large}})).await, ["V-L"]);
    assert_eq!(skus(json!({"id": format!("{product}-{large}")})).await, ["V-L"]);
    assert_eq!(skus(json!({"productId": product, "variantName": {"$ne": "L"}})).await, ["V-S"]);
    site.refused(VARIANTS, &json!({"query": {"filter": r#"{"variantName":"L"}"#}})).await;
    site.refused(VARIANTS, &json!({"query": {"filter": {"variantName": {"$startsWith": "L"}}}})).await;
    site.refused(VARIANTS, &json!({"query": {"filter": {"productName": "Shirt"}}})).await;
    site.refused(VARIANTS, &json!({"query": {"filter": {"sku": "V-L"}}})).await;
}

#[tokio::test]
async fn the_sku_filter_is_a_switch() {
    let site = Site::with(sample(), |config| config.behavior.variants_sku_filter = true).await;
    let body = json!({"query": {"filter": {"sku": {"$hasSome": ["V-L", "A"]}}}});
    assert_eq!(column(&site.ok(VARIANTS, &body).await, "variants", "sku"), ["A", "V-L"]);
}

#[tokio::test]
async fn pages_by_offset_and_by_cursor() {
    let site = Site::sample().await;
    let sort = json!([{"fieldName": "variantName", "order": "DESC"}]);
    let body = json!({"query": {"paging": {"limit": 2, "offset": 6}, "sort": sort}});
    let answer = site.ok(VARIANTS, &body).await;
    assert_eq!((&answer["metadata"]["count"], &answer["metadata"]["total"]), (&json!(1), &json!(7)));

    let filter = json!({"variantName": ""});
    let mut body = json!({"query": {"cursorPaging": {"limit": 2}, "filter": filter}});
    let mut skus = Vec::new();
    loop {
        let answer = site.ok(VARIANTS, &body).await;
        skus.extend(
            column(&answer, "variants", "sku").into_iter().map(|sku| sku.as_str().unwrap().to_owned()),
        );
        let Some(next) = answer["metadata"]["cursors"]["next"].as_str() else { break };
        body = json!({"query": {"cursorPaging": {"limit": 2, "cursor": next}}});
    }
    assert_eq!(skus, ["A", "B", "C", "H", "U"]);
}

#[tokio::test]
async fn wrong_pages_and_sorts_are_refused() {
    let site = Site::sample().await;
    for query in [
        json!({"paging": {"limit": 101}}),
        json!({"paging": {"offset": 10_001}}),
        json!({"cursorPaging": {"limit": 0}}),
        json!({"cursorPaging": {"cursor": "zz"}}),
        json!({"cursorPaging": {"cursor": "00"}}),
        json!({"cursorPaging": {"cursor": "00"}, "filter": {}}),
        json!({"cursorPaging": {}, "paging": {}}),
        json!({"sort": r#"[{"fieldName":"id"}]"#}),
        json!({"sort": [{"id": "asc"}]}),
        json!({"sort": [{"fieldName": "sku"}]}),
    ] {
        site.refused(VARIANTS, &json!({"query": query})).await;
    }
}
