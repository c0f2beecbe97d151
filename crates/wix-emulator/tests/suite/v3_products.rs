//! Variants of the whole store, and products of Catalog V3.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};
use wix_emulator::VariantQuery;

use crate::harness::{Site, V3_COUNT, V3_ITEMS, ZERO, code, column, sample};

const SEARCH: &str = "/stores/v3/products/search-variants";
const QUERY: &str = "/stores/v3/products/query-variants";
const PRODUCTS: &str = "/stores/v3/products/query";

#[tokio::test]
async fn search_lists_every_variant_even_without_an_item() {
    let mut data = sample();
    data["products"][0]["inventoryItem"] = json!(false);
    let site = Site::v3_with(data, |_| ()).await;
    let all = site.ok(SEARCH, &json!({"search": {}})).await;
    assert_eq!(all["variants"].as_array().unwrap().len(), 7);
    assert_eq!(all["pagingMetadata"], json!({"count": 7, "cursors": {}, "hasNext": false}));
    let wanted = json!({"search": {"filter": {"sku": {"$in": ["A", "V-L", "NONE"]}}}});
    let answer = site.ok(SEARCH, &wanted).await;
    let mut skus = column(&answer, "variants", "sku");
    skus.sort_by_key(ToString::to_string);
    assert_eq!(skus, ["A", "V-L"]);
    let large = answer["variants"].as_array().unwrap().iter().find(|row| row["sku"] == "V-L").unwrap();
    let (product, variant) = site.shop.find("V-L")[0];
    assert_eq!((&large["variantId"], &large["productData"]["productId"]), (&json!(variant), &json!(product)));
    assert_eq!(large["price"], json!({"actualPrice": {"amount": "10"}}));
    assert_eq!(large["optionChoices"][0]["optionChoiceNames"]["choiceName"], "L");
    let hidden = json!({"search": {"filter": {"productData.visible": false}}});
    assert_eq!(column(&site.ok(SEARCH, &hidden).await, "variants", "sku"), ["H"]);
    let found = site.ok(SEARCH, &json!({"search": {"search": {"expression": "ban"}}})).await;
    assert_eq!(column(&found, "variants", "sku"), ["B"]);
}

#[tokio::test]
async fn pages_of_variants_go_to_the_end_in_an_explicit_order() {
    let site = Site::of(250).await;
    site.shop.set_catalog(wix_emulator::CatalogVersion::V3Catalog);
    let sorts = [
        json!([{"fieldName": "productData.productId"}, {"fieldName": "variantId"}]),
        json!([{"fieldName": "sku", "order": "ASC"}]),
        json!([]),
    ];
    for sort in sorts {
        let mut body = json!({"search": {"sort": sort, "cursorPaging": {"limit": 100}}});
        let (mut seen, mut pages) = (Vec::new(), 0);
        loop {
            let answer = site.ok(SEARCH, &body).await;
            pages += 1;
            seen.extend(column(&answer, "variants", "sku").into_iter().map(ToString::to_string));
            let Some(cursor) = answer["pagingMetadata"]["cursors"].get("next") else { break };
            assert_eq!(answer["pagingMetadata"]["hasNext"], true);
            body = json!({"search": {"cursorPaging": {"limit": 100, "cursor": cursor}}});
        }
        seen.sort();
        seen.dedup();
        assert_eq!((seen.len(), pages), (250, 3), "{sort}");
    }
}

#[tokio::test]
async fn the_query_of_variants_takes_few_fields_and_omits_plain_products() {
    let site = Site::v3().await;
    let answer = site.ok(QUERY, &json!({"query": {}})).await;
    let mut skus = column(&answer, "variants", "sku");
    skus.sort_by_key(ToString::to_string);
    assert_eq!(skus, ["V-L", "V-S"]);
    let violation = site.refused(QUERY, &json!({"query": {"filter": {"$or": [{"sku": "A"}]}}})).await;
    assert_eq!(violation["description"], "Field 'sku' is not declared as filterable");
    site.refused(QUERY, &json!({"query": {"sort": [{"fieldName": "sku"}]}})).await;
    site.refused(SEARCH, &json!({"search": {"cursorPaging": {"limit": 1_001}}})).await;
    let complete =
        Site::v3_with(sample(), |config| config.behavior.variant_query = VariantQuery::Complete).await;
    let (product, _) = complete.shop.find("A")[0];
    let one = json!({"query": {"filter": {"productData.productId": product}}});
    assert_eq!(column(&complete.ok(QUERY, &one).await, "variants", "sku"), ["A"]);
}

#[tokio::test]
async fn products_show_variants_only_by_id() {
    let site = Site::v3().await;
    let answer = site.ok(PRODUCTS, &json!({"query": {}})).await;
    let names = column(&answer, "products", "name");
    assert_eq!(names, ["Untracked", "Shirt", "Hidden", "Cherry", "Banana", "Apple"]);
    assert!(
        answer["products"].as_array().unwrap().iter().all(|product| product.get("variantsInfo").is_none())
    );
    let (shirt, _) = site.shop.find("V-L")[0];
    let path = format!("/stores/v3/products/{shirt}");
    let (_, answer) =
        site.get(&format!("{path}?productId={shirt}&fields=CURRENCY&fields=PLAIN_DESCRIPTION")).await;
    let product = &answer["product"];
    assert_eq!((&product["currency"], &product["plainDescription"]), (&json!("EUR"), &json!("")));
    assert_eq!((&product["revision"], &product["variantSummary"]["variantCount"]), (&json!("1"), &json!(2)));
    assert_eq!(product["actualPriceRange"]["maxValue"], json!({"amount": "10"}));
    let variants = &product["variantsInfo"];
    assert_eq!(column(variants, "variants", "sku"), ["V-S", "V-L"]);
    let by_filter = json!({"query": {"filter": {"id": {"$in": [shirt]}}}});
    assert_eq!(column(&site.ok(PRODUCTS, &by_filter).await, "products", "name"), ["Shirt"]);
    site.refused(PRODUCTS, &json!({"query": {"filter": {"name": "Shirt"}}})).await;
    site.refused(PRODUCTS, &json!({"query": {"cursorPaging": {"limit": 101}}})).await;
    site.refused(PRODUCTS, &json!({"query": {}, "fields": ["variantsInfo"]})).await;
    let search = json!({"search": {"filter": {"name": "Shirt"}}});
    let found = site.ok("/stores/v3/products/search", &search).await;
    assert_eq!(column(&found, "products", "name"), ["Shirt"]);
    let by_text = json!({"search": {"search": {"expression": "v-s"}}});
    let found = site.ok("/stores/v3/products/search", &by_text).await;
    assert_eq!(column(&found, "products", "name"), ["Shirt"]);
    assert_eq!(site.get(&format!("/stores/v3/products/{ZERO}")).await.0, 404);
}

#[tokio::test]
async fn pages_of_products_go_to_the_end() {
    let site = Site::of(250).await;
    site.shop.set_catalog(wix_emulator::CatalogVersion::V3Catalog);
    for sort in [json!([]), json!([{"fieldName": "createdDate", "order": "ASC"}])] {
        let mut body = json!({"query": {"sort": sort}});
        let mut seen = Vec::new();
        loop {
            let answer = site.ok(PRODUCTS, &body).await;
            seen.extend(column(&answer, "products", "id").into_iter().map(ToString::to_string));
            let Some(cursor) = answer["pagingMetadata"]["cursors"].get("next") else { break };
            body = json!({"query": {"cursorPaging": {"cursor": cursor}}});
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 250);
    }
}

#[tokio::test]
async fn a_product_is_updated_by_its_revision() {
    let site = Site::v3().await;
    let (apple, variant) = site.shop.find("A")[0];
    let path = format!("/stores/v3/products/{apple}");
    let update = |revision: &str, fields: Value| {
        let mut product = json!({"id": apple, "revision": revision});
        product.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        json!({"product": product})
    };
    let before = site.item("A").await;
    let body = update("1", json!({"name": "Pear", "visible": false, "plainDescription": "<p>green</p>"}));
    let (status, answer) = site.send(Method::PATCH, &path, &body).await;
    assert_eq!((status, &answer["product"]["revision"]), (200, &json!("2")));
    let after = site.item("A").await;
    assert_eq!((&after["product"]["name"], &after["revision"]), (&json!("Pear"), &before["revision"]));
    assert_eq!(after["updatedDate"], before["updatedDate"], "an edit of the product touches no item");
    let (status, answer) = site.send(Method::PATCH, &path, &body).await;
    assert_eq!((status, code(&answer)), (409, "INVALID_REVISION"));
    for wrong in
        [json!({"name": ""}), json!({"name": "x".repeat(81)}), json!({"variantsInfo": {"variants": []}})]
    {
        assert_eq!(site.send(Method::PATCH, &path, &update("2", wrong)).await.0, 400);
    }
    assert_eq!(site.send(Method::PATCH, &path, &json!({"product": {"name": "Fig"}})).await.0, 400);
    site.shop.rename_sku(apple, variant, "A-2").unwrap();
    let (_, answer) = site.get(&path).await;
    assert_eq!(answer["product"]["revision"], "3");
    assert_eq!(answer["product"]["name"], "Pear");
}

#[tokio::test]
async fn queries_have_a_get_form() {
    let site = Site::v3().await;
    let by_get = |path: &str, body: &Value| {
        let path = format!("{path}?.r={}", URL_SAFE_NO_PAD.encode(body.to_string()));
        let site = &site;
        async move { site.get(&path).await }
    };
    for (path, body) in [
        (V3_ITEMS, json!({"query": {"filter": {"product.variantSku": "A"}, "cursorPaging": {"limit": 50}}})),
        (V3_COUNT, json!({"filter": {"trackQuantity": true}})),
        ("/stores/v3/inventory-items/search", json!({"search": {"search": {"expression": "apple"}}})),
        (PRODUCTS, json!({"query": {}})),
        (SEARCH, json!({"search": {"filter": {"sku": "A"}}})),
        ("/stores/v3/locations/query", json!({"query": {}})),
    ] {
        let (status, answer) = by_get(path, &body).await;
        assert_eq!((status, &answer), (200, &site.ok(path, &body).await), "{path}");
    }
    let logged = site.shop.requests().into_iter().next().unwrap();
    assert_eq!((logged.method.as_str(), logged.path.as_str()), ("GET", V3_ITEMS));
    let body: Value = serde_json::from_slice(&logged.body).unwrap();
    assert_eq!(body["query"]["cursorPaging"]["limit"], 50);
    assert_eq!(site.get(&format!("{V3_ITEMS}?.r=%25")).await.0, 400);
    // A write has none.
    let write = json!({"inventoryItems": []});
    assert_eq!(by_get(crate::harness::V3_UPDATE, &write).await.0, 404);
}
