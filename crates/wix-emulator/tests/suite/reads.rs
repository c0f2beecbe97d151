//! Reading products, variants of one product, and inventory items.

use serde_json::{Value, json};

use crate::harness::{ITEMS, PRODUCTS, Site, UP, ZERO, column, filtered};

#[tokio::test]
async fn products_hide_what_is_hidden_unless_asked() {
    let site = Site::sample().await;
    let answer = site.ok(PRODUCTS, &json!({})).await;
    assert_eq!(answer["totalResults"], 5);
    assert_eq!(answer["metadata"], json!({"items": 5, "offset": 0}));
    assert!(answer["products"][0].get("variants").is_none());
    let answer = site.ok(PRODUCTS, &json!({"query": {}, "includeHiddenProducts": true})).await;
    assert_eq!(answer["totalResults"], 6);
    let hidden = json!({"query": {"filter": r#"{"visible":false}"#}});
    assert_eq!(site.ok(PRODUCTS, &hidden).await["totalResults"], 0);
    assert_eq!(site.ok("/stores/v1/products/query", &json!({})).await["totalResults"], 5);
}

#[tokio::test]
async fn products_carry_levels_and_inventory_ids() {
    let site = Site::sample().await;
    let body = json!({"query": {"sort": r#"[{"numericId":"asc"}]"#}, "includeVariants": true});
    let answer = site.ok(PRODUCTS, &body).await;
    let apple = &answer["products"][0];
    assert_eq!(apple["sku"], "A");
    assert_eq!(apple["stock"]["quantity"], 5);
    assert_eq!(apple["stock"]["trackInventory"], true);
    assert_eq!(apple["stock"]["inventoryStatus"], "IN_STOCK");
    assert_eq!(apple["priceData"]["price"], 1.5);
    assert!(apple["numericId"].is_string());
    assert_eq!(apple["variants"][0]["id"], ZERO);
    assert_eq!(apple["variants"][0]["stock"], json!({"trackQuantity": true, "quantity": 5, "inStock": true}));
    let shirt = &answer["products"][3];
    assert_eq!((&shirt["sku"], &shirt["manageVariants"]), (&json!(""), &json!(true)));
    assert_eq!(shirt["variants"][1]["variant"]["sku"], "V-L");
    assert_eq!(shirt["variants"][1]["choices"], json!({"Size": "L"}));
    let untracked = &answer["products"][4];
    assert_eq!(untracked["productType"], "digital");
    assert_eq!(untracked["stock"]["quantity"], Value::Null);
    assert_eq!(untracked["variants"][0]["stock"]["trackQuantity"], false);
}

#[tokio::test]
async fn options_without_managed_variants_keep_stock_on_the_product() {
    let data = json!({"products": [{"sku": "MUG", "quantity": 4, "productOptions": [
        {"name": "Colour", "choices": ["red", "blue"]}, {"name": "Size", "choices": ["S", "L"]}]}]});
    let site = Site::with(data, |_| ()).await;
    let answer = site.ok(PRODUCTS, &json!({"includeVariants": true})).await;
    let mug = &answer["products"][0];
    assert_eq!((&mug["sku"], &mug["manageVariants"]), (&json!("MUG"), &json!(false)));
    let variants = mug["variants"].as_array().unwrap();
    assert_eq!(variants.len(), 4);
    for variant in variants {
        assert_ne!(variant["id"], ZERO);
        assert_eq!(variant["variant"]["sku"], "");
        assert_eq!(variant["stock"]["quantity"], Value::Null);
    }
    let items = site.ok(ITEMS, &json!({})).await;
    let level = json!({"variantId": ZERO, "inStock": true, "quantity": 4, "availableForPreorder": false});
    assert_eq!(items["inventoryItems"][0]["variants"], json!([level]));
    let wrong = json!({"incrementData": [
        {"productId": mug["id"], "variantId": variants[0]["id"], "incrementBy": 1}]});
    assert_eq!(site.post(UP, &wrong).await.0, 404);
}

#[tokio::test]
async fn one_product_by_id() {
    let site = Site::sample().await;
    let id = site.product_id("H");
    let (status, answer) = site.get(&format!("/stores-reader/v1/products/{id}?productId={id}")).await;
    assert_eq!((status, &answer["product"]["name"]), (200, &json!("Hidden")));
    assert_eq!(site.get("/stores-reader/v1/products/nonsense").await.0, 404);
    assert_eq!(site.get(&format!("/stores-reader/v1/products/{ZERO}")).await.0, 404);
}

#[tokio::test]
async fn variants_of_one_product() {
    let site = Site::sample().await;
    let (product, large) = site.shop.find("V-L")[0];
    let path = format!("/stores-reader/v1/products/{product}/variants/query");
    let all = site.ok(&path, &json!({})).await;
    assert_eq!((&all["totalResults"], &all["metadata"]["items"]), (&json!(2), &json!(2)));
    let by_choice = site.ok(&path, &json!({"choices": {"Size": "S"}})).await;
    assert_eq!(by_choice["variants"][0]["variant"]["sku"], "V-S");
    let by_id = site.ok(&path, &json!({"variantIds": [large], "id": product})).await;
    assert_eq!(by_id["variants"][0]["variant"]["sku"], "V-L");
    let paged = site.ok(&path, &json!({"paging": {"limit": 1, "offset": 1}})).await;
    assert_eq!((&paged["totalResults"], &paged["metadata"]["offset"]), (&json!(2), &json!(1)));
    site.refused(&path, &json!({"choices": {}, "variantIds": []})).await;
    site.refused(&path, &json!({"variantIds": ["x"]})).await;
    site.refused(&path, &json!({"choices": {"Size": 1}})).await;
    site.refused(&path, &json!({"id": ZERO})).await;
    site.refused(&path, &json!({"paging": {"limit": 101}})).await;
    assert_eq!(site.post(&path.replace(&product.to_string(), ZERO), &json!({})).await.0, 404);
}

#[tokio::test]
async fn inventory_items_in_full() {
    let site = Site::sample().await;
    let (product, _) = site.shop.find("A")[0];
    let answer = site.ok(ITEMS, &filtered_items(&json!({"productId": product}))).await;
    let item = &answer["inventoryItems"][0];
    assert_eq!((&item["productId"], &item["externalId"]), (&json!(product), &json!(product)));
    assert_eq!(item["preorderInfo"], json!({"enabled": false, "message": null, "limit": null}));
    assert_eq!(item["variants"][0]["quantity"], 5);
    assert_eq!((&answer["totalResults"], &answer["metadata"]["items"]), (&json!(1), &json!(1)));
    let all = site.ok(ITEMS, &json!({"query": {"sort": r#"[{"numericId":"desc"}]"#}})).await;
    assert_eq!(all["totalResults"], 6, "items of hidden products are there too");
    let untracked = &all["inventoryItems"][0];
    assert_eq!(untracked["trackQuantity"], false);
    assert!(untracked["variants"][0].get("quantity").is_none());
}

fn filtered_items(filter: &Value) -> Value {
    json!({"query": filtered(filter)["query"]})
}

#[tokio::test]
async fn one_inventory_item_by_either_id() {
    let site = Site::sample().await;
    let (product, large) = site.shop.find("V-L")[0];
    let by_product = format!("/stores-reader/v2/inventoryItems/product/{product}/getVariants");
    let item = site.ok(&by_product, &json!({})).await["inventoryItem"].clone();
    assert_eq!(item["variants"].as_array().unwrap().len(), 2);
    let id = item["id"].as_str().unwrap();
    let by_item = format!("/stores-reader/v2/inventoryItems/{id}/getVariants");
    let one = site.ok(&by_item, &json!({"variantIds": [large], "inventoryId": id})).await;
    assert_eq!(column(&one["inventoryItem"], "variants", "variantId"), [&json!(large)]);
    assert_eq!(column(&one["inventoryItem"], "variants", "quantity"), [&json!(2)]);
    let wrong = format!("/stores-reader/v2/inventoryItems/{product}/getVariants");
    assert_eq!(site.post(&wrong, &json!({})).await.0, 404, "a product id is no item id");
    site.refused(&by_item, &json!({"inventoryId": product})).await;
}

#[tokio::test]
async fn pages_add_up_and_have_limits() {
    let site = Site::of(250).await;
    for (path, list) in [(PRODUCTS, "products"), (ITEMS, "inventoryItems")] {
        let page = |limit: i64, offset: i64| json!({"query": {"paging": {"limit": limit, "offset": offset}, "sort": r#"[{"numericId":"asc"}]"#}});
        let mut ids = Vec::new();
        for offset in [0, 100, 200] {
            let answer = site.ok(path, &page(100, offset)).await;
            assert_eq!(answer["totalResults"], 250);
            assert_eq!(answer["metadata"]["offset"], offset);
            ids.extend(column(&answer, list, "id").into_iter().map(ToString::to_string));
        }
        assert_eq!(ids.len(), 250);
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 250);
        assert_eq!(site.ok(path, &page(100, 10_000)).await[list], json!([]));
        for (limit, offset) in [(0, 0), (101, 0), (-1, 0), (100, -1), (100, 10_001)] {
            site.refused(path, &page(limit, offset)).await;
        }
        site.refused(path, &json!({"query": {"paging": {"limit": "100"}}})).await;
        site.refused(path, &json!({"query": {"page": {}}})).await;
        site.refused(path, &json!({"query": {"paging": {"size": 5}}})).await;
        site.refused(path, &json!([])).await;
    }
    site.refused(PRODUCTS, &json!({"includeVariants": "yes"})).await;
}

#[tokio::test]
async fn a_keyset_crawl_sees_every_product_once() {
    let site = Site::of(230).await;
    let (mut last, mut seen, mut left) = ("0".to_owned(), 0, 230);
    loop {
        let body = filtered(&json!({"numericId": {"$gt": last}}));
        let answer = site.ok(PRODUCTS, &body).await;
        assert_eq!(answer["totalResults"], left);
        let Some(row) = answer["products"].as_array().unwrap().last() else { break };
        let numbers = column(&answer, "products", "numericId");
        seen += numbers.len();
        left -= numbers.len();
        last = row["numericId"].as_str().unwrap().to_owned();
    }
    assert_eq!(seen, 230);
}

#[tokio::test]
async fn without_a_sort_the_newest_come_first() {
    let site = Site::of(3).await;
    let answer = site.ok(PRODUCTS, &json!({})).await;
    assert_eq!(column(&answer, "products", "sku"), ["S-00002", "S-00001", "S-00000"]);
}
