//! Filters and sorts of products and inventory items.

use serde_json::{Value, json};

use crate::harness::{ITEMS, PRODUCTS, Site, column, filtered, sample};

async fn names(site: &Site, filter: Value) -> Vec<String> {
    let answer = site.ok(PRODUCTS, &filtered(&filter)).await;
    let rows = column(&answer, "products", "name");
    assert_eq!(answer["totalResults"], rows.len());
    rows.into_iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn text_operators() {
    let site = Site::sample().await;
    assert_eq!(names(&site, json!({"name": "Apple"})).await, ["Apple"]);
    assert_eq!(names(&site, json!({"name": {"$eq": "Apple"}})).await, ["Apple"]);
    assert_eq!(names(&site, json!({"name": {"$ne": "Apple"}})).await.len(), 5);
    assert_eq!(names(&site, json!({"name": {"$contains": "an"}})).await, ["Banana"]);
    assert_eq!(names(&site, json!({"name": {"$startsWith": "Ch"}})).await, ["Cherry"]);
    assert_eq!(names(&site, json!({"slug": {"$hasSome": ["apple", "cherry"]}})).await, ["Apple", "Cherry"]);
    assert_eq!(names(&site, json!({"slug": {"$in": ["apple"]}})).await, ["Apple"]);
    assert_eq!(names(&site, json!({"description": {"$contains": "small"}})).await, ["Cherry"]);
}

#[tokio::test]
async fn the_sku_filter_sees_the_product_level_only() {
    let site = Site::sample().await;
    assert_eq!(names(&site, json!({"sku": {"$hasSome": ["A", "H"]}})).await, ["Apple", "Hidden"]);
    assert!(names(&site, json!({"sku": "V-S"})).await.is_empty());
    assert_eq!(names(&site, json!({"sku": ""})).await, ["Shirt"]);
    assert!(names(&site, json!({"sku": "a"})).await.is_empty());
}

#[tokio::test]
async fn ordered_operators() {
    let site = Site::sample().await;
    assert_eq!(names(&site, json!({"price": {"$lt": 2.5}})).await, ["Apple"]);
    assert_eq!(names(&site, json!({"price": {"$lte": 2.5}})).await, ["Apple", "Banana"]);
    assert_eq!(names(&site, json!({"price": {"$gt": 3.5, "$lt": 11}})).await.len(), 3);
    assert_eq!(names(&site, json!({"price": {"$gte": 3.5, "$ne": 10}})).await, ["Cherry"]);
    assert_eq!(names(&site, json!({"price": {"$hasSome": [1.5, 3.5]}})).await, ["Apple", "Cherry"]);
    let time = "2026-01-01T00:00:02.000Z";
    assert_eq!(names(&site, json!({"lastUpdated": {"$lt": time}})).await, ["Apple", "Banana"]);
    assert_eq!(names(&site, json!({"createdDate": {"$eq": time}})).await, ["Cherry"]);
    assert_eq!(names(&site, json!({"lastUpdated": {"$gte": time, "$lte": time}})).await, ["Cherry"]);
}

#[tokio::test]
async fn numeric_ids_compare_as_integers() {
    let data = json!({"products": [
        {"sku": "short", "numericId": "999"}, {"sku": "long", "numericId": "1000"}]});
    let site = Site::with(data, |_| ()).await;
    assert_eq!(names(&site, json!({"numericId": {"$gt": "999"}})).await, ["long"]);
    assert_eq!(names(&site, json!({"numericId": {"$lt": "1000"}})).await, ["short"]);
    assert_eq!(names(&site, json!({"numericId": "0999"})).await, ["short"]);
    assert_eq!(names(&site, json!({"numericId": {"$hasSome": ["999", "1000"]}})).await, ["short", "long"]);
    assert_eq!(names(&site, json!({"numericId": {"$ne": "999"}})).await, ["long"]);
}

#[tokio::test]
async fn ids_words_and_lists() {
    let site = Site::sample().await;
    let (a, c) = (site.product_id("A"), site.product_id("C"));
    assert_eq!(names(&site, json!({"id": a})).await, ["Apple"]);
    assert_eq!(names(&site, json!({"id": {"$in": [c, a, c, "no-guid"]}})).await, ["Apple", "Cherry"]);
    assert_eq!(names(&site, json!({"id": {"$hasSome": [c, a], "$ne": a}})).await, ["Cherry"]);
    assert_eq!(names(&site, json!({"productType": "digital"})).await, ["Untracked"]);
    assert_eq!(names(&site, json!({"inventoryStatus": "OUT_OF_STOCK"})).await, Vec::<String>::new());
    let red = json!({"collections.id": {"$hasAll": ["fruit", "red"]}});
    assert_eq!(names(&site, red).await, ["Apple"]);
    let fruit = json!({"collections.id": {"$hasSome": ["fruit", "other"]}});
    assert_eq!(names(&site, fruit).await, ["Apple", "Banana"]);
    assert_eq!(names(&site, json!({"options.Size": {"$hasSome": ["S"]}})).await, ["Shirt"]);
    assert_eq!(names(&site, json!({"visible": false})).await, ["Hidden"]);
}

#[tokio::test]
async fn and_or_and_several_fields() {
    let site = Site::sample().await;
    let either = json!({"$or": [{"name": "Apple"}, {"price": {"$gt": 3, "$lt": 4}}]});
    assert_eq!(names(&site, either.clone()).await, ["Apple", "Cherry"]);
    assert_eq!(names(&site, json!({"$and": [either.clone(), {"name": {"$ne": "Apple"}}]})).await, ["Cherry"]);
    let mixed = json!({"$or": [{"name": "Apple"}, {"name": "Banana"}], "price": {"$gte": 2}});
    assert_eq!(names(&site, mixed).await, ["Banana"]);
    assert_eq!(names(&site, json!({"name": "Apple", "sku": "B"})).await, Vec::<String>::new());
    assert_eq!(names(&site, json!({})).await.len(), 6);
}

#[tokio::test]
async fn wrong_filters_are_refused() {
    let site = Site::sample().await;
    for filter in [
        json!({"color": "red"}),
        json!({"$not": [{"name": "a"}]}),
        json!({"name": {"$gt": "a"}}),
        json!({"name": {"$regex": "a"}}),
        json!({"name": {"$hasAll": ["a"]}}),
        json!({"name": 5}),
        json!({"name": null}),
        json!({"name": {}}),
        json!({"price": {"$contains": "1"}}),
        json!({"price": "1"}),
        json!({"numericId": {"$gt": 0}}),
        json!({"numericId": {"$gt": "-1"}}),
        json!({"lastUpdated": {"$gt": "yesterday"}}),
        json!({"id": {"$in": []}}),
        json!({"id": {"$in": "x"}}),
        json!({"id": {"$startsWith": "1"}}),
        json!({"id": {"$hasSome": vec!["x"; 101]}}),
        json!({"inventoryStatus": {"$contains": "STOCK"}}),
        json!({"$or": []}),
        json!({"$and": {}}),
        json!({"$or": ["x"]}),
        json!({"options.": "x"}),
        json!(["name"]),
    ] {
        site.refused(PRODUCTS, &filtered(&filter)).await;
    }
    let violation = site.refused(PRODUCTS, &json!({"query": {"filter": {"name": "Apple"}}})).await;
    assert_eq!(violation["field"], "query.filter");
    site.refused(PRODUCTS, &json!({"query": {"filter": "name = 5"}})).await;
    site.refused(PRODUCTS, &json!({"query": {"filter": ""}})).await;
    site.refused(ITEMS, &json!({"query": {"filter": {}}})).await;
    site.refused(ITEMS, &json!({"query": {"filter": r#"{"sku":"A"}"#}})).await;
}

#[tokio::test]
async fn inventory_filters() {
    let site = Site::sample().await;
    let ids = [site.product_id("A"), site.product_id("C")];
    let count = async |filter: Value| {
        let answer = site.ok(ITEMS, &json!({"query": {"filter": filter.to_string()}})).await;
        assert_eq!(answer["inventoryItems"].as_array().unwrap().len(), answer["totalResults"]);
        answer["totalResults"].as_u64().unwrap()
    };
    assert_eq!(count(json!({"productId": {"$hasSome": ids}})).await, 2);
    assert_eq!(count(json!({"productId": {"$in": ids}})).await, 2);
    assert_eq!(count(json!({"productId": {"$ne": ids[0]}})).await, 5);
    assert_eq!(count(json!({"lastUpdated": {"$gt": "2026-01-01T00:00:03Z"}})).await, 2);
    assert_eq!(count(json!({"id": ids[0]})).await, 0, "a product id is no item id");
    assert_eq!(count(json!({"numericId": {"$gt": "0", "$lte": "999999999999957"}})).await, 2);
}

#[tokio::test]
async fn sorts_in_both_spellings() {
    let site = Site::sample().await;
    let sorted = async |sort: &str| {
        let answer = site.ok(PRODUCTS, &json!({"query": {"sort": sort, "paging": {"limit": 2}}})).await;
        let rows = column(&answer, "products", "name");
        rows.into_iter().map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(sorted(r#"[{"name":"desc"}]"#).await, ["Untracked", "Shirt"]);
    assert_eq!(sorted(r#"[{"fieldName":"name","order":"ASC"}]"#).await, ["Apple", "Banana"]);
    assert_eq!(
        sorted(r#"[{"fieldName":"price","order":"DESC"},{"name":"desc"}]"#).await,
        ["Untracked", "Shirt"]
    );
    assert_eq!(sorted(r#"[{"numericId":"asc"}]"#).await, ["Apple", "Banana"]);
    assert_eq!(sorted(r#"[{"numericId":"desc"}]"#).await, ["Untracked", "Shirt"]);
    for sort in [
        json!([{"name": "asc"}]),
        json!("name"),
        json!(r#"{"name":"asc"}"#),
        json!(r#"[{"name":"up"}]"#),
        json!(r#"[{"description":"asc"}]"#),
        json!(r#"[{"nothing":"asc"}]"#),
        json!(r#"[{"name":"asc","sku":"asc"}]"#),
        json!(r#"["name"]"#),
    ] {
        site.refused(PRODUCTS, &json!({"query": {"sort": sort}})).await;
    }
}

#[tokio::test]
async fn the_in_operator_and_the_list_limit_are_switches() {
    let site = Site::with(sample(), |config| {
        config.behavior.in_operator = false;
        config.behavior.list_limit = 2;
    })
    .await;
    site.refused(PRODUCTS, &filtered(&json!({"sku": {"$in": ["A"]}}))).await;
    site.refused(PRODUCTS, &filtered(&json!({"sku": {"$hasSome": ["A", "B", "C"]}}))).await;
    assert_eq!(names(&site, json!({"sku": {"$hasSome": ["A", "B"]}})).await.len(), 2);
}
