//! Updates of products in Catalog V3: variants are replaced whole, alone and in bulk.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Site, code, sample};

const BULK: &str = "/stores/v3/bulk/products/update";

/// The product with this SKU as a read by id shows it, costs included.
async fn product(site: &Site, sku: &str) -> Value {
    let (id, _) = site.shop.find(sku)[0];
    let (status, answer) = site.get(&format!("/stores/v3/products/{id}?fields=MERCHANT_DATA")).await;
    assert_eq!(status, 200);
    answer["product"].clone()
}

/// Updates the product by `change`, from what a read shows.
async fn update(site: &Site, sku: &str, change: impl FnOnce(&mut Value)) -> (u16, Value) {
    let mut sent = product(site, sku).await;
    change(&mut sent);
    let path = format!("/stores/v3/products/{}", sent["id"].as_str().unwrap());
    site.send(Method::PATCH, &path, &json!({"product": sent})).await
}

fn variants(product: &mut Value) -> &mut Vec<Value> {
    product["variantsInfo"]["variants"].as_array_mut().unwrap()
}

/// A goods file with what only V3 keeps.
fn detailed() -> Value {
    let mut data = sample();
    let apple = &mut data["products"][0];
    for (name, value) in [
        ("price", json!(12.5)),
        ("compareAtPrice", json!(15)),
        ("barcode", json!("4006381333931")),
        ("weight", json!(0.25)),
        ("cost", json!(7)),
    ] {
        apple[name] = value;
    }
    data
}

#[tokio::test]
async fn variants_are_shown_with_prices_barcode_weight_and_cost() {
    let site = Site::v3_with(detailed(), |_| ()).await;
    let shown = product(&site, "A").await["variantsInfo"]["variants"][0].clone();
    let prices = json!({"actualPrice": {"amount": "12.5"}, "compareAtPrice": {"amount": "15"}});
    assert_eq!((&shown["price"], &shown["barcode"]), (&prices, &json!("4006381333931")));
    assert_eq!(shown["physicalProperties"], json!({"weight": 0.25}));
    assert_eq!(shown["revenueDetails"], json!({"cost": {"amount": "7"}}));
    let (id, _) = site.shop.find("A")[0];
    let (_, answer) = site.get(&format!("/stores/v3/products/{id}")).await;
    assert_eq!(answer["product"]["variantsInfo"]["variants"][0].get("revenueDetails"), None);
    let search = json!({"search": {"filter": {"barcode": "4006381333931"}}});
    let found = site.ok("/stores/v3/products/search-variants", &search).await;
    assert_eq!((&found["variants"][0]["sku"], &found["variants"][0]["price"]), (&json!("A"), &prices));
}

#[tokio::test]
async fn what_a_read_shows_can_be_sent_back_with_another_price() {
    let site = Site::v3_with(detailed(), |_| ()).await;
    for sku in ["A", "V-L"] {
        let before = product(&site, sku).await;
        let level = site.shop.level(sku);
        let (status, answer) = update(&site, sku, |sent| {
            variants(sent)[0]["price"]["actualPrice"]["amount"] = json!("9.125");
        })
        .await;
        assert_eq!((status, &answer["product"]["revision"]), (200, &json!("2")), "{answer}");
        let mut due = before;
        variants(&mut due)[0]["price"]["actualPrice"]["amount"] = json!("9.125");
        let after = product(&site, sku).await;
        assert_eq!(after["variantsInfo"], due["variantsInfo"], "nothing else has changed");
        assert_eq!((site.shop.level(sku), &after["visible"]), (level, &due["visible"]));
    }
    assert_eq!(site.shop.violations(), []);
}

/// Each trap was met by live shops, and is on record.
#[tokio::test]
async fn what_is_left_out_of_a_variant_is_lost() {
    let site = Site::v3_with(detailed(), |_| ()).await;
    let (status, _) = update(&site, "V-L", |sent| {
        for variant in variants(sent) {
            let map = variant.as_object_mut().unwrap();
            map.retain(|name, _| ["id", "price", "choices"].contains(&name.as_str()));
        }
    })
    .await;
    assert_eq!(status, 200);
    assert_eq!(site.shop.find("V-L"), []);
    let told = site.shop.violations();
    assert!(told.iter().any(|one| one.what.contains("loses its visible")), "{told:?}");
    assert!(told.iter().any(|one| one.what.contains("loses its sku")), "{told:?}");
    // A hidden product whose visibility is not echoed is published.
    let (status, _) = update(&site, "H", |sent| {
        sent.as_object_mut().unwrap().remove("visible");
        variants(sent)[0].as_object_mut().unwrap().remove("visible");
    })
    .await;
    assert_eq!((status, &product(&site, "H").await["visible"]), (200, &json!(true)));
    assert!(site.shop.violations().iter().any(|one| one.what.contains("is published")));
}

type Change = fn(&mut Value);

#[tokio::test]
async fn variants_that_the_product_cannot_have_are_refused() {
    let site = Site::v3_with(detailed(), |_| ()).await;
    let cases: [(&str, Change, u16, &str); 6] = [
        ("V-L", |sent| sent["options"] = json!([]), 400, "MISSING_OPTIONS_ON_UPDATE_VARIANTS"),
        ("V-L", |sent| variants(sent)[0]["choices"] = json!([]), 428, "MISSING_VARIANT_OPTION_CHOICE"),
        ("V-L", |sent| drop(variants(sent).pop()), 428, "VARIANTS_ARE_NOT_ALIGNED_WITH_PRODUCT"),
        ("V-L", |sent| variants(sent)[0]["sku"] = json!("V-L"), 409, "SKU_ALREADY_EXIST_ERROR"),
        (
            "A",
            |sent| variants(sent)[0]["price"]["compareAtPrice"]["amount"] = json!("12.5"),
            428,
            "COMPARE_AT_PRICE_LOWER_THAN_ACTUAL_PRICE",
        ),
        ("A", |sent| sent["revision"] = json!("7"), 409, "INVALID_REVISION"),
    ];
    for (sku, change, status, due) in cases {
        let before = product(&site, sku).await;
        let (found, answer) = update(&site, sku, change).await;
        assert_eq!((found, code(&answer)), (status, due), "{answer}");
        assert_eq!(product(&site, sku).await, before);
    }
    let invalid: [Change; 5] = [
        |sent| drop(variants(sent)[0].as_object_mut().unwrap().remove("price")),
        |sent| variants(sent)[0]["price"]["actualPrice"]["amount"] = json!(9.5),
        |sent| variants(sent)[0]["price"]["actualPrice"]["amount"] = json!("9.1234"),
        |sent| variants(sent)[0]["price"]["actualPrice"]["amount"] = json!("-1"),
        |sent| variants(sent)[0]["barcode"] = json!("1".repeat(41)),
    ];
    for change in invalid {
        assert_eq!(update(&site, "A", change).await.0, 400);
    }
    let alone = |sent: &mut Value| drop(sent.as_object_mut().unwrap().remove("variantsInfo"));
    assert_eq!(update(&site, "V-L", alone).await.0, 400, "options without variants would break the product");
}

#[tokio::test]
async fn a_bulk_update_answers_each_product() {
    let site = Site::v3_with(detailed(), |_| ()).await;
    let (apple, shirt) = (product(&site, "A").await, product(&site, "V-L").await);
    let row = |of: &Value, revision: &str, name: &str| json!({"product": {"id": of["id"], "revision": revision, "name": name}});
    let rows = json!([row(&apple, "1", "Pear"), row(&shirt, "7", "Blouse")]);
    let answer = site.ok(BULK, &json!({"products": rows, "returnEntity": true})).await;
    let outcome = |at: usize| answer["results"][at]["itemMetadata"].clone();
    assert_eq!(
        (&outcome(0)["success"], &answer["results"][0]["item"]["name"]),
        (&json!(true), &json!("Pear"))
    );
    assert_eq!(outcome(1)["error"]["code"], "INVALID_REVISION");
    assert_eq!(answer["bulkActionMetadata"]["totalFailures"], 1);
    assert_eq!(product(&site, "V-L").await["name"], "Shirt");
    let twice = json!([row(&apple, "2", "Fig"), row(&apple, "2", "Fig")]);
    let refused = site.refused(BULK, &json!({"products": twice})).await;
    assert_eq!(refused["ruleName"], "DUPLICATE_PRODUCT_IDS_REQUEST");
    let many: Vec<Value> = (0..101).map(|_| row(&apple, "2", "Fig")).collect();
    assert_eq!(site.refused(BULK, &json!({"products": many})).await["data"]["threshold"], 100);
}

#[tokio::test]
async fn an_edit_of_a_product_may_be_one_of_its_items() {
    for touches in [false, true] {
        let set = |config: &mut wix_emulator::Config| config.behavior.product_edit_touches_items = touches;
        let site = Site::v3_with(sample(), set).await;
        let before = site.item("A").await;
        let (id, variant) = site.shop.find("A")[0];
        site.shop.rename_sku(id, variant, "A-2").unwrap();
        let after = site.item("A-2").await;
        assert_eq!(after["updatedDate"] != before["updatedDate"], touches);
        assert_eq!(after["revision"], if touches { "2" } else { "1" });
    }
}

#[tokio::test]
async fn another_catalog_may_refuse_with_400() {
    let site = Site::v3_with(sample(), |config| config.behavior.wrong_catalog_status = 400).await;
    let (status, answer) = site.post(crate::harness::ITEMS, &json!({})).await;
    assert_eq!((status, code(&answer)), (400, "CATALOG_V3_CALLING_CATALOG_V1_API"));
}
