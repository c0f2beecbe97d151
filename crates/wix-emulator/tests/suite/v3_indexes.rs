//! Filters and orders of V3 that an index answers, compared with a scan of all items, which `$or` always takes.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use wix_emulator::{Action, DefaultOrder, Listing, ProductData};

use crate::harness::{Site, V3_COUNT, V3_ITEMS};

/// Twelve products at two locations, some with the same SKU or the same time, some without an item.
fn twelve_products() -> Value {
    let plain = |n: usize| {
        let elsewhere = if n.is_multiple_of(4) { json!({"Far": n}) } else { json!({}) };
        json!({"sku": format!("S-{}", n % 7), "quantity": n, "inventoryItem": n != 3, "elsewhere": elsewhere})
    };
    let mut rows: Vec<Value> = (0..9).map(plain).collect();
    rows[4]["createdDate"] = json!("2026-01-01T00:00:02Z");
    rows[5]["lastUpdated"] = json!("2033-01-01T00:00:00Z");
    for n in 0..3 {
        rows.push(json!({"name": format!("M{n}"), "variants": [
            {"sku": format!("S-{n}"), "quantity": 1}, {"sku": format!("V-{n}"), "quantity": 2}]}));
    }
    json!({"locations": [{"name": "Near"}, {"name": "Far"}], "products": rows})
}

fn skus() -> impl Strategy<Value = String> {
    (select(vec!["S", "V"]), 0_u32..8).prop_map(|(prefix, n)| format!("{prefix}-{n}"))
}

fn ids(kind: u32) -> impl Strategy<Value = Value> {
    let id = move |n: u32| format!("{kind}0000000-0000-4000-8000-{n:012x}");
    prop::collection::vec(1_u32..15, 1..4)
        .prop_map(move |ids| json!({"$in": ids.into_iter().map(id).collect::<Vec<_>>()}))
}

fn moments() -> impl Strategy<Value = Value> {
    let times =
        ["2026-01-01T00:00:02Z", "2026-01-01T00:00:10Z", "2026-06-01T00:00:00Z", "2033-01-01T00:00:00Z"];
    (select(vec!["$gt", "$gte", "$lt", "$lte", "$eq"]), select(times.to_vec()))
        .prop_map(|(operator, time)| json!({ operator: time }))
}

fn filters() -> impl Strategy<Value = Value> {
    let fields: Vec<(&str, BoxedStrategy<Value>)> = vec![
        (
            "product.variantSku",
            prop::collection::vec(skus(), 1..4).prop_map(|skus| json!({"$in": skus})).boxed(),
        ),
        ("productId", ids(1).boxed()),
        ("variantId", ids(6).boxed()),
        ("locationId", ids(5).boxed()),
        ("createdDate", moments().boxed()),
        ("updatedDate", moments().boxed()),
        ("quantity", (0_u32..6).prop_map(|n| json!({"$gte": n})).boxed()),
    ];
    prop::sample::subsequence(fields, 0..=3).prop_flat_map(|fields| {
        let pairs: Vec<_> = fields
            .into_iter()
            .map(|(name, values)| values.prop_map(move |value| (name.to_owned(), value)))
            .collect();
        pairs.prop_map(|pairs| Value::Object(pairs.into_iter().collect()))
    })
}

fn sorts() -> impl Strategy<Value = Value> {
    let field = select(vec!["createdDate", "updatedDate", "quantity", "product.variantSku", "product.name"]);
    let key = (field, select(vec!["ASC", "DESC"]))
        .prop_map(|(name, order)| json!({"fieldName": name, "order": order}));
    prop::collection::vec(key, 0..3).prop_map(Value::from)
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let listing = || skus().prop_map(Listing::Sku);
    let action = prop_oneof![
        (listing(), 1_u32..3).prop_map(|(listing, units)| Action::Sale { listing, units }),
        listing().prop_map(|listing| Action::RemoveProduct { listing }),
        (listing(), skus()).prop_map(|(listing, sku)| Action::RenameSku { listing, sku }),
        listing().prop_map(|listing| Action::RecreateVariant { listing }),
        (listing(), any::<bool>()).prop_map(|(listing, tracked)| Action::SetTracking { listing, tracked }),
        skus().prop_map(|sku| Action::AddProduct { product: Box::new(ProductData::new(sku, 1)) }),
    ];
    prop::collection::vec(action, 0..6)
}

/// The ids of all items that a filter finds, over all pages.
async fn found(site: &Site, filter: &Value, sort: &Value, limit: usize) -> Vec<Value> {
    let mut body = json!({"query": {"filter": filter, "sort": sort, "cursorPaging": {"limit": limit}}});
    let mut rows = Vec::new();
    loop {
        let answer = site.ok(V3_ITEMS, &body).await;
        rows.extend(answer["inventoryItems"].as_array().unwrap().iter().map(|item| item["id"].clone()));
        let Some(cursor) = answer["pagingMetadata"]["cursors"].get("next") else { return rows };
        body = json!({"query": {"cursorPaging": {"limit": limit, "cursor": cursor}}});
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
    #[test]
    fn an_index_finds_what_a_scan_finds(
        actions in actions(),
        queries in prop::collection::vec((filters(), sorts(), 1_usize..8), 8),
        lagging: bool,
        newest_first: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let site = Site::v3_with(twelve_products(), |config| {
                if lagging {
                    config.behavior.read_staleness = Duration::from_mins(10);
                }
                if !newest_first {
                    config.behavior.default_order = DefaultOrder::OldestFirst;
                }
            })
            .await;
            for action in &actions {
                // Fails where no listing has the SKU, or several have it by now.
                let _ = site.shop.perform(action);
            }
            for (filter, sort, limit) in &queries {
                let walk = json!({"$or": [filter, filter]});
                let by_index = found(&site, filter, sort, *limit).await;
                assert_eq!(by_index, found(&site, &walk, sort, 100).await, "{filter} {sort} {limit}");
                let count = site.ok(V3_COUNT, &json!({"filter": filter})).await;
                assert_eq!(count, json!({"count": by_index.len()}), "{filter}");
            }
        });
    }
}

#[tokio::test]
async fn a_read_that_lags_finds_an_item_by_the_time_that_it_shows() {
    let data = json!({"products": [{"sku": "A", "quantity": 5, "lastUpdated": "2033-01-01T00:00:00Z"}]});
    let site = Site::v3_with(data, |config| config.behavior.read_staleness = Duration::from_mins(10)).await;
    site.shop.perform(&Action::Sale { listing: Listing::sku("A"), units: 1 }).unwrap();
    let shown = found(&site, &json!({"updatedDate": {"$gte": "2032-01-01T00:00:00Z"}}), &json!([]), 10).await;
    assert_eq!(shown.len(), 1, "the sale, which moved the time, is not seen yet");
}
