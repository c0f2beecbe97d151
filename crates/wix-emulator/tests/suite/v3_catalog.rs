//! Which catalog a site has, and its locations.

use reqwest::Method;
use serde_json::{Value, json};
use wix_emulator::{CatalogVersion, IMPLICIT_VARIANT, ShopData, V1Reads};

use crate::harness::{ITEMS, PRODUCTS, Site, V3_COUNT, V3_ITEMS, V3_UPDATE, ZERO, code, column, sample};

#[tokio::test]
async fn other_catalog_versions_refuse_every_v3_endpoint() {
    let site = Site::sample().await;
    let posts = [V3_ITEMS, V3_COUNT, V3_UPDATE, "/stores/v3/locations/query"];
    let item = format!("/stores/v3/inventory-items/{ZERO}");
    let location = format!("/stores/v3/locations/{ZERO}");
    for (version, name) in [
        (CatalogVersion::V1Catalog, "CATALOG_V1_SITE_CALLING_CATALOG_V3_API"),
        (CatalogVersion::StoresNotInstalled, "REQUIRED_APP_NOT_INSTALLED"),
    ] {
        site.shop.set_catalog(version);
        for path in posts {
            let (status, answer) = site.post(path, &json!({})).await;
            assert_eq!((status, code(&answer)), (428, name), "{path}");
        }
        for path in [&item, &location, "/stores/v3/locations/default"] {
            let (status, answer) = site.get(path).await;
            assert_eq!((status, code(&answer)), (428, name), "{path}");
        }
        let (status, answer) = site.send(Method::PATCH, &item, &json!({})).await;
        assert_eq!((status, code(&answer)), (428, name));
    }
    site.shop.set_catalog(CatalogVersion::V3Catalog);
    let (_, answer) = site.get("/stores/v3/provision/version").await;
    assert_eq!(answer, json!({"catalogVersion": "V3_CATALOG"}));
}

#[tokio::test]
async fn a_v3_site_shows_v1_products_without_variants_unless_it_refuses() {
    let site = Site::v3().await;
    let body = json!({"includeVariants": true});
    let answer = site.ok(PRODUCTS, &body).await;
    assert_eq!(answer["totalResults"], 5);
    assert!(answer["products"].as_array().unwrap().iter().all(|product| product.get("variants").is_none()));
    let (status, answer) = site.post("/stores/v1/products/query", &body).await;
    assert_eq!((status, code(&answer)), (428, "CATALOG_V3_CALLING_CATALOG_V1_API"));
    assert_eq!(site.post(ITEMS, &json!({})).await.0, 428);
    let refusing = Site::v3_with(sample(), |config| config.behavior.v1_reads = V1Reads::Refused).await;
    assert_eq!(refusing.post(PRODUCTS, &body).await.0, 428);
}

#[tokio::test]
async fn one_shop_has_the_same_goods_in_both_catalogs() {
    let site = Site::sample().await;
    let v1 = site.shop.find("A");
    assert_eq!(v1[0].1, IMPLICIT_VARIANT);
    let shirts = site.shop.find("V-L");
    site.shop.set_catalog(CatalogVersion::V3Catalog);
    let v3 = site.shop.find("A");
    assert_eq!(v3[0].0, v1[0].0, "the product keeps its id");
    assert_ne!(v3[0].1, IMPLICIT_VARIANT, "in V3 every variant has an id");
    assert_eq!(site.shop.find("V-L"), shirts, "a managed variant keeps its id");
    let item = site.item("A").await;
    assert_eq!((&item["productId"], &item["variantId"]), (&json!(v3[0].0), &json!(v3[0].1)));
    assert_eq!((&item["quantity"], &item["trackQuantity"]), (&json!(5), &json!(true)));
    // What happens to the shop in one catalog is seen in the other.
    assert_eq!(site.shop.sell(v3[0].0, v3[0].1, 2), Ok(2));
    let entry = site.shop.ledger()[0];
    assert_eq!((entry.variant, entry.location), (v3[0].1, None));
    site.shop.set_catalog(CatalogVersion::V1Catalog);
    assert_eq!(site.shop.sell(v1[0].0, v1[0].1, 1), Ok(1));
    assert_eq!(site.shop.ledger()[1].variant, IMPLICIT_VARIANT);
    assert_eq!(site.shop.level("A"), Some(2));
    // A client that still has the V3 id of a variant is refused by V1.
    let stale = json!({"incrementData": [{"productId": v3[0].0, "variantId": v3[0].1, "incrementBy": 1}]});
    assert_eq!(site.post(crate::harness::UP, &stale).await.0, 404);
}

#[tokio::test]
async fn locations_are_named_in_the_shop_file() {
    let site = Site::v3_with(
        json!({
            "locations": [{"name": "Shop"}, {"name": "Warehouse", "id": "aaaaaaaa-0000-4000-8000-000000000009"}],
            "products": [
                {"sku": "A", "quantity": 5, "elsewhere": {"Warehouse": 70}},
                {"name": "Pair", "variants": [{"sku": "P-1", "quantity": 1, "elsewhere": {"Warehouse": 7}}]},
            ],
        }),
        |_| (),
    )
    .await;
    let (_, default) = site.get("/stores/v3/locations/default").await;
    let default = &default["storesLocation"];
    assert_eq!((&default["name"], &default["defaultLocation"]), (&json!("Shop"), &json!(true)));
    assert_ne!(default["id"], default["wixLocationId"]);
    let all =
        site.ok("/stores/v3/locations/query", &json!({"query": {"sort": [{"fieldName": "name"}]}})).await;
    assert_eq!(column(&all, "storesLocations", "name"), ["Shop", "Warehouse"]);
    assert_eq!(all["pagingMetadata"], json!({"count": 2, "cursors": {}}));
    let warehouse = &all["storesLocations"][1];
    let (status, one) = site.get("/stores/v3/locations/aaaaaaaa-0000-4000-8000-000000000009").await;
    assert_eq!((status, &one["storesLocation"]), (200, warehouse));
    assert_eq!(site.get(&format!("/stores/v3/locations/{ZERO}")).await.0, 404);
    let there = site.items(&json!({"locationId": warehouse["id"]})).await;
    let levels: Vec<&Value> = there.iter().map(|item| &item["quantity"]).collect();
    assert_eq!(levels, [70, 7]);
    for (location, count) in [(&default["id"], 2), (&warehouse["id"], 2), (&json!(ZERO), 0)] {
        let answer = site.ok(V3_COUNT, &json!({"filter": {"locationId": location}})).await;
        assert_eq!(answer, json!({"count": count}));
    }
    assert_eq!(site.ok(V3_COUNT, &json!({})).await, json!({"count": 4}));
    assert_eq!(site.shop.level("A"), Some(5), "the level of a shop is that of its default location");
    site.refused("/stores/v3/locations/query", &json!({"query": {"cursorPaging": {"limit": 101}}})).await;
}

#[test]
fn wrong_locations_are_refused() {
    for (data, what) in [
        (json!({"locations": [{"name": "A"}, {"name": "A"}]}), "same id or name"),
        (json!({"locations": [{"name": "A", "id": "x"}]}), "not a GUID"),
        (json!({"locations": [{"name": ""}]}), "1 to 150"),
        (json!({"products": [{"sku": "A", "elsewhere": {"Moon": 1}}]}), "no location \"Moon\""),
        (json!({"products": [{"sku": "A", "elsewhere": {"Main": 1}}]}), "is the default location"),
        (
            json!({"products": [{"variants": [{"sku": "A"}], "elsewhere": {"Main": 1}}]}),
            "belong on the variants",
        ),
        (json!({"products": [{"variants": [{"sku": "A"}], "variantId": ZERO}]}), "each variant has its id"),
    ] {
        let error = ShopData::from_json(&data.to_string()).unwrap_err().to_string();
        assert!(error.contains(what), "{data}: {error}");
    }
}

#[tokio::test]
async fn items_may_be_missing_or_untracked_one_by_one() {
    let site = Site::v3_with(
        json!({"products": [
            {"sku": "BARE", "quantity": 5, "inventoryItem": false},
            {"name": "Pair", "variants": [
                {"sku": "P-1", "quantity": 1}, {"sku": "P-2", "inventoryItem": false},
                {"sku": "P-3", "quantity": 3, "trackInventory": false, "inStock": true}]},
        ]}),
        |_| (),
    )
    .await;
    let items = site.items(&json!({})).await;
    let skus: Vec<&Value> = items.iter().map(|item| &item["product"]["variantSku"]).collect();
    assert_eq!(skus, ["P-1", "P-3"]);
    assert_eq!((&items[1]["trackQuantity"], &items[1]["inStock"]), (&json!(false), &json!(true)));
    assert!(items[1].get("quantity").is_none() && items[0].get("inStock").is_none());
    let levels = ["BARE", "P-1", "P-2", "P-3"].map(|sku| site.shop.level(sku));
    assert_eq!(levels, [None, Some(1), None, None]);
}
