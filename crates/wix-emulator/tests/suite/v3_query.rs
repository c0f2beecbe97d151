//! Querying and counting inventory items of Catalog V3.

use std::time::Duration;

use serde_json::{Value, json};
use wix_emulator::{Endpoint, Fault, FaultKind, Sorts, StaleReads};

use crate::harness::{Site, V3_COUNT, V3_ITEMS, ZERO, code, sample};

/// The SKUs of the items that pass a filter, oldest first.
async fn skus(site: &Site, filter: Value) -> Vec<String> {
    let items = site.items(&filter).await;
    items.iter().map(|item| item["product"]["variantSku"].as_str().unwrap_or("").to_owned()).collect()
}

#[tokio::test]
async fn an_item_says_all_that_a_reader_needs() {
    let site = Site::v3().await;
    let item = site.item("V-L").await;
    assert_eq!(item["revision"], "1");
    assert_eq!((&item["quantity"], &item["trackQuantity"]), (&json!(2), &json!(true)));
    assert_eq!(
        (&item["availabilityStatus"], &item["preorderInfo"]),
        (&json!("IN_STOCK"), &json!({"enabled": false}))
    );
    assert_eq!(item["createdDate"], "2026-01-01T00:00:04.000Z");
    assert_eq!(
        item["product"],
        json!({"name": "Shirt", "directCategoryIds": [], "variantName": "L", "variantSku": "V-L", "variantVisible": true})
    );
    let path = format!("/stores/v3/inventory-items/{}?inventoryItemId=x", item["id"].as_str().unwrap());
    assert_eq!(site.get(&path).await, (200, json!({"inventoryItem": item})));
    let (status, answer) = site.get(&format!("/stores/v3/inventory-items/{ZERO}")).await;
    assert_eq!((status, code(&answer)), (404, "NOT_FOUND"));
    assert_eq!(site.items(&json!({})).await.len(), 7, "items of hidden products are there too");
}

#[tokio::test]
async fn filters_are_evaluated() {
    let site = Site::v3().await;
    let apple = site.item("A").await;
    for (filter, expected) in [
        (json!({"product.variantSku": "A"}), vec!["A"]),
        (json!({"product.variantSku": {"$in": ["A", "V-S", "NONE"]}}), vec!["A", "V-S"]),
        (json!({"product.variantSku": {"$hasSome": ["B"]}}), vec!["B"]),
        (json!({"product.variantSku": {"$startsWith": "v-"}}), vec!["V-S", "V-L"]),
        (json!({"product.variantSku": {"$gt": "H"}}), vec!["V-S", "V-L", "U"]),
        (json!({"product.name": {"$startsWith": "SHI"}}), vec!["V-S", "V-L"]),
        (json!({"product.variantName": "S"}), vec!["V-S"]),
        (json!({"product.variantName": {"$exists": true}}), vec!["V-S", "V-L"]),
        (json!({"product.variantBarcode": {"$exists": true}}), vec![]),
        (json!({"product.directCategoryIds": {"$hasAll": ["fruit", "red"]}}), vec!["A"]),
        (json!({"id": apple["id"]}), vec!["A"]),
        (json!({"id": {"$in": [apple["id"], ZERO]}}), vec!["A"]),
        (json!({"productId": apple["productId"]}), vec!["A"]),
        (json!({"variantId": apple["variantId"]}), vec!["A"]),
        (json!({"variantId": {"$startsWith": "6"}, "quantity": {"$lt": 6}}), vec!["A", "H"]),
        (json!({"quantity": {"$gte": 7}}), vec!["B", "C"]),
        (json!({"quantity": {"$exists": false}}), vec!["U"]),
        (json!({"trackQuantity": false}), vec!["U"]),
        (json!({"inStock": true, "quantity": {"$lte": 2}}), vec!["V-S", "V-L"]),
        (json!({"availabilityStatus": {"$ne": "IN_STOCK"}}), vec![]),
        (json!({"preorderInfo.enabled": true}), vec![]),
        (json!({"createdDate": {"$gt": "2026-01-01T00:00:03.000Z"}}), vec!["V-S", "V-L", "U"]),
        (json!({"$and": [{"quantity": {"$gt": 2}}, {"quantity": {"$lt": 6}}]}), vec!["A", "H"]),
        (json!({"$or": [{"quantity": 5}, {"product.variantSku": "B"}]}), vec!["A", "B"]),
        (json!({"$not": {"trackQuantity": true}}), vec!["U"]),
        (json!({"$not": [{"trackQuantity": true}]}), vec!["U"]),
    ] {
        assert_eq!(skus(&site, filter.clone()).await, expected, "{filter}");
        let count = site.ok(V3_COUNT, &json!({"filter": filter})).await;
        assert_eq!(count, json!({"count": expected.len()}), "{filter}");
    }
    let found = site.ok(V3_COUNT, &json!({"search": {"expression": "shirt"}})).await;
    assert_eq!(found, json!({"count": 2}));
}

#[tokio::test]
async fn wrong_queries_are_refused() {
    let site = Site::v3().await;
    for (query, what) in [
        (json!({"filter": {"sku": "A"}}), "Field 'sku' is not declared as filterable"),
        (json!({"filter": {"quantity": {"$contains": 1}}}), "does not take the operator $contains"),
        (json!({"filter": {"quantity": {"$startsWith": "1"}}}), "does not take the operator $startsWith"),
        (json!({"filter": {"quantity": "5"}}), "must be a number"),
        (json!({"filter": r#"{"quantity":5}"#}), "filter must be an object"),
        (json!({"filter": {"$nor": []}}), "unknown operator $nor"),
        (json!({"sort": [{"fieldName": "id", "order": "ASC"}]}), "Field 'id' is not declared as sortable"),
        (json!({"sort": [{"createdDate": "asc"}]}), "each sort must be"),
        (json!({"sort": vec![json!({"fieldName": "quantity"}); 11]}), "must not be greater than 10"),
        (json!({"cursorPaging": {"limit": 1_001}}), "must not be greater than 1000"),
        (json!({"cursorPaging": {"limit": 0}}), "must not be less than 1"),
        (json!({"cursorPaging": {"cursor": "x"}}), "the cursor is not valid"),
        (json!({"paging": {"limit": 10}}), "unknown field paging"),
    ] {
        let violation = site.refused(V3_ITEMS, &json!({"query": query})).await;
        assert!(violation["description"].as_str().unwrap().contains(what), "{query}: {violation}");
    }
    let limit = site.refused(V3_ITEMS, &json!({"query": {"cursorPaging": {"limit": 1_001}}})).await;
    assert_eq!(
        (&limit["field"], &limit["violatedRule"], &limit["data"]),
        (&json!("query.cursorPaging.limit"), &json!("MAX"), &json!({"threshold": 1_000}))
    );
    site.refused(V3_COUNT, &json!({"filter": {"sku": "A"}})).await;
}

/// Reads all pages; gives the SKUs and the number of pages.
async fn crawl(site: &Site, query: &Value, between: impl Fn(usize)) -> (Vec<String>, usize) {
    let (mut skus, mut pages) = (Vec::new(), 0);
    let limit = &query["cursorPaging"]["limit"];
    let mut body = json!({"query": query});
    loop {
        let answer = site.ok(V3_ITEMS, &body).await;
        let items = answer["inventoryItems"].as_array().unwrap();
        pages += 1;
        assert_eq!(answer["pagingMetadata"]["count"], items.len());
        assert!(answer["pagingMetadata"].get("hasNext").is_none());
        skus.extend(items.iter().map(|item| item["product"]["variantSku"].as_str().unwrap().to_owned()));
        let Some(cursor) = answer["pagingMetadata"]["cursors"].get("next") else { return (skus, pages) };
        body = json!({"query": {"cursorPaging": {"limit": limit, "cursor": cursor}}});
        between(pages);
    }
}

#[tokio::test]
async fn pages_go_to_the_end_in_every_order() {
    let site = Site::of(235).await;
    site.shop.set_catalog(wix_emulator::CatalogVersion::V3Catalog);
    let expected: Vec<String> = (0..235).map(|number| format!("S-{number:05}")).collect();
    let location = site.item("S-00000").await["locationId"].clone();
    for (field, order) in [
        (Some("createdDate"), "ASC"),
        (Some("createdDate"), "DESC"),
        (Some("updatedDate"), "ASC"),
        (Some("updatedDate"), "DESC"),
        (Some("product.variantSku"), "ASC"),
        (Some("quantity"), "DESC"),
        (None, "DESC"),
    ] {
        let mut query = json!({"filter": {"locationId": location}, "cursorPaging": {"limit": 100}});
        if let Some(field) = field {
            query["sort"] = json!([{"fieldName": field, "order": order}]);
        }
        let (mut skus, pages) = crawl(&site, &query, |_| ()).await;
        assert_eq!(pages, 3, "{field:?}");
        if order == "DESC" {
            skus.reverse();
        }
        assert_eq!(skus, expected, "{field:?} {order}");
    }
}

#[tokio::test]
async fn a_cursor_carries_filter_and_sort_and_they_are_not_sent_again() {
    let site = Site::v3().await;
    let query = json!({
        "filter": {"trackQuantity": true}, "sort": [{"fieldName": "quantity", "order": "DESC"}],
        "cursorPaging": {"limit": 2},
    });
    let (skus, pages) = crawl(&site, &query, |_| ()).await;
    assert_eq!((skus.join(" "), pages), ("C B A H V-L V-S".to_owned(), 3));
    let first = site.ok(V3_ITEMS, &json!({"query": query})).await;
    let cursor = &first["pagingMetadata"]["cursors"]["next"];
    for again in ["filter", "sort"] {
        let mut body = json!({"query": {"cursorPaging": {"limit": 2, "cursor": cursor}}});
        body["query"][again] = query[again].clone();
        site.refused(V3_ITEMS, &body).await;
    }
    let more = json!({"query": {"cursorPaging": {"limit": 100, "cursor": cursor}}});
    assert_eq!(site.ok(V3_ITEMS, &more).await["inventoryItems"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn rows_that_move_while_paging_are_seen_twice_and_new_ones_once() {
    let site = Site::v3().await;
    let sort = |field: &str| json!({"sort": [{"fieldName": field}], "cursorPaging": {"limit": 3}});
    let sell = |page| {
        if page == 1 {
            let (product, variant) = site.shop.find("A")[0];
            site.shop.sell(product, variant, 1).unwrap();
            site.shop.add_product(&wix_emulator::ProductData::new("NEW", 1)).unwrap();
        }
    };
    let (by_change, _) = crawl(&site, &sort("updatedDate"), sell).await;
    assert_eq!(by_change.iter().filter(|sku| *sku == "A").count(), 2, "a changed row moves to the end");
    assert_eq!(by_change.iter().filter(|sku| *sku == "NEW").count(), 1);
    let (by_creation, _) = crawl(&site, &sort("createdDate"), |_| ()).await;
    assert_eq!(by_creation.len(), 8, "by creation no row moves");
}

#[tokio::test]
async fn the_limits_and_refusals_are_switches() {
    let data = || sample();
    let small = Site::v3_with(data(), |config| config.behavior.items_page_limit = 100).await;
    let violation = small.refused(V3_ITEMS, &json!({"query": {"cursorPaging": {"limit": 1_000}}})).await;
    assert_eq!(violation["data"]["threshold"], 100);
    small.ok(V3_ITEMS, &json!({"query": {"cursorPaging": {"limit": 100}}})).await;

    let unsorted = Site::v3_with(data(), |config| config.behavior.sorts = Sorts::Refused).await;
    let sorted = json!({"query": {"sort": [{"fieldName": "createdDate", "order": "ASC"}]}});
    let violation = unsorted.refused(V3_ITEMS, &sorted).await;
    assert_eq!(violation["description"], "Field 'createdDate' is not declared as sortable");
    assert_eq!(unsorted.ok(V3_ITEMS, &json!({})).await["inventoryItems"].as_array().unwrap().len(), 7);

    let trailing = Site::v3_with(data(), |config| config.behavior.empty_last_page = true).await;
    let (skus, pages) = crawl(&trailing, &json!({"cursorPaging": {"limit": 7}}), |_| ()).await;
    assert_eq!((skus.len(), pages), (7, 2));

    let short =
        Site::v3_with(data(), |config| config.behavior.cursor_lifetime = Duration::from_millis(50)).await;
    let first = short.ok(V3_ITEMS, &json!({"query": {"cursorPaging": {"limit": 2}}})).await;
    tokio::time::sleep(Duration::from_millis(80)).await;
    let cursor = &first["pagingMetadata"]["cursors"]["next"];
    short.refused(V3_ITEMS, &json!({"query": {"cursorPaging": {"cursor": cursor}}})).await;
}

#[tokio::test]
async fn changes_are_found_by_their_time_and_queries_may_lag() {
    let site = Site::v3_with(sample(), |config| {
        config.behavior.read_staleness = Duration::from_millis(400);
    })
    .await;
    let before = site.item("A").await;
    let (product, variant) = site.shop.find("A")[0];
    site.shop.sell(product, variant, 2).unwrap();
    let since = json!({"updatedDate": {"$gte": "2026-02-01T00:00:00Z"}});
    assert_eq!(skus(&site, since.clone()).await, Vec::<String>::new());
    assert_eq!(site.item("A").await, before, "the query does not see the sale yet");
    assert_eq!(site.ok(V3_COUNT, &json!({"filter": since})).await, json!({"count": 0}));
    let by_id = format!("/stores/v3/inventory-items/{}", before["id"].as_str().unwrap());
    assert_eq!(site.get(&by_id).await.1["inventoryItem"]["quantity"], 3);
    tokio::time::sleep(Duration::from_millis(450)).await;
    assert_eq!(skus(&site, since.clone()).await, ["A"]);
    let after = site.item("A").await;
    assert_eq!((&after["quantity"], &after["revision"]), (&json!(3), &json!("2")));
    assert_eq!(after["createdDate"], before["createdDate"]);

    let also_by_id = Site::v3_with(sample(), |config| {
        config.behavior.read_staleness = Duration::from_secs(30);
        config.behavior.stale_reads = StaleReads::AlsoById;
    })
    .await;
    let (product, variant) = also_by_id.shop.find("A")[0];
    also_by_id.shop.sell(product, variant, 2).unwrap();
    assert_eq!(also_by_id.get(&by_id).await.1["inventoryItem"]["quantity"], 5);
    also_by_id.shop.add_product(&wix_emulator::ProductData::new("NEW", 1)).unwrap();
    assert_eq!(
        also_by_id.items(&json!({"product.variantSku": "NEW"})).await.len(),
        0,
        "a new item shows later"
    );
}

#[tokio::test]
async fn faults_shorten_pages_and_falsify_counts() {
    let site = Site::v3().await;
    site.shop.add_fault(Fault::new(FaultKind::ShortPage).on(Endpoint::QueryItems));
    assert_eq!(site.items(&json!({})).await.len(), 6);
    assert_eq!(site.items(&json!({})).await.len(), 7);
    site.shop.add_fault(Fault::new(FaultKind::WrongTotal).on(Endpoint::CountItems));
    assert_eq!(site.ok(V3_COUNT, &json!({})).await, json!({"count": 8}));
    let (product, variant) = site.shop.find("A")[0];
    site.shop.sell(product, variant, 1).unwrap();
    let stale = FaultKind::StaleRead { lag: Duration::from_secs(30) };
    site.shop.add_fault(Fault::new(stale).on(Endpoint::QueryItems));
    assert_eq!(site.item("A").await["quantity"], 5);
    assert_eq!(site.item("A").await["quantity"], 4);
    assert_eq!(site.shop.request_count(Endpoint::CountItems), 1);
}
