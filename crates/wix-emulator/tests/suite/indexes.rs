//! Filters that an index answers, compared with a scan of all products, which `$or` always takes.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use wix_emulator::{Action, Listing, ProductData};

use crate::harness::{ITEMS, PRODUCTS, Site, VARIANTS, column};

const TIMES: [&str; 4] =
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:10Z", "2026-01-01T00:00:11.5Z", "2026-06-01T00:00:00Z"];

/// Twelve products, some with the same SKU or the same time, one of the times in the far future.
fn twelve_products() -> Value {
    let plain =
        |n: usize| json!({"sku": format!("S-{}", n % 7), "quantity": n, "visible": !n.is_multiple_of(3)});
    let mut rows: Vec<Value> = (0..9).map(plain).collect();
    rows[4]["lastUpdated"] = json!("2026-01-01T00:00:02Z");
    rows[5]["lastUpdated"] = json!("2033-01-01T00:00:00Z");
    for n in 0..3 {
        rows.push(json!({"name": format!("M{n}"), "variants": [
            {"sku": format!("S-{n}"), "quantity": 1}, {"sku": format!("V-{n}"), "quantity": 2}]}));
    }
    json!({"products": rows})
}

fn ids() -> impl Strategy<Value = String> {
    (1_u32..15).prop_map(|n| format!("10000000-0000-4000-8000-{n:012x}"))
}

fn skus() -> impl Strategy<Value = String> {
    (select(vec!["S", "V"]), 0_u32..8).prop_map(|(prefix, n)| format!("{prefix}-{n}"))
}

fn list(values: impl Strategy<Value = String>) -> impl Strategy<Value = Value> {
    prop::collection::vec(values, 1..5).prop_map(|values| json!({"$hasSome": values}))
}

fn moments() -> impl Strategy<Value = Value> {
    (select(vec!["$gt", "$gte", "$lt", "$lte", "$eq"]), select(TIMES.to_vec()))
        .prop_map(|(operator, time)| json!({ operator: time }))
}

fn bounds() -> impl Strategy<Value = Value> {
    (0_u64..12).prop_map(|n| json!({"$gt": (999_999_999_999_950 + n * 7).to_string()}))
}

/// One object with one to three fields.
fn filters(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> impl Strategy<Value = Value> {
    prop::sample::subsequence(fields, 1..=3).prop_flat_map(|fields| {
        let pairs: Vec<_> = fields
            .into_iter()
            .map(|(name, values)| values.prop_map(move |value| (name.to_owned(), value)))
            .collect();
        pairs.prop_map(|pairs| Value::Object(pairs.into_iter().collect()))
    })
}

fn product_filters() -> impl Strategy<Value = Value> {
    filters(vec![
        ("id", list(ids()).boxed()),
        ("sku", list(prop_oneof![4 => skus(), 1 => Just(String::new())]).boxed()),
        ("lastUpdated", moments().boxed()),
        ("numericId", bounds().boxed()),
        ("visible", select(vec![json!(true), json!(false)]).boxed()),
    ])
}

fn item_filters() -> impl Strategy<Value = Value> {
    filters(vec![
        ("productId", list(ids()).boxed()),
        ("lastUpdated", moments().boxed()),
        ("numericId", bounds().boxed()),
    ])
}

fn variant_filters() -> impl Strategy<Value = Value> {
    filters(vec![
        ("productId", list(ids()).boxed()),
        ("sku", list(skus()).boxed()),
        ("variantName", select(vec![json!("1"), json!({"$ne": "1"})]).boxed()),
    ])
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let listing = || skus().prop_map(Listing::Sku);
    let action = prop_oneof![
        (listing(), 1_u32..3).prop_map(|(listing, units)| Action::Sale { listing, units }),
        listing().prop_map(|listing| Action::RemoveProduct { listing }),
        (listing(), skus()).prop_map(|(listing, sku)| Action::RenameSku { listing, sku }),
        (listing(), listing()).prop_map(|(one, other)| Action::SwapSkus { one, other }),
        listing().prop_map(|listing| Action::RecreateVariant { listing }),
        (listing(), any::<bool>()).prop_map(|(listing, visible)| Action::SetVisible { listing, visible }),
        skus().prop_map(|sku| Action::AddProduct { product: Box::new(ProductData::new(sku, 1)) }),
    ];
    prop::collection::vec(action, 0..6)
}

/// The rows that a filter finds, and their total.
async fn found(site: &Site, path: &str, filter: &Value, sorted: bool) -> (Vec<Value>, Value) {
    let text = json!(filter.to_string());
    let mut query = json!({"filter": if path == VARIANTS { filter } else { &text }});
    if sorted {
        query["sort"] = json!(r#"[{"lastUpdated":"desc"},{"numericId":"asc"}]"#);
    }
    let mut body = json!({ "query": query });
    if path == PRODUCTS {
        body["includeHiddenProducts"] = json!(true);
    }
    let answer = site.ok(path, &body).await;
    let rows = match path {
        PRODUCTS => "products",
        ITEMS => "inventoryItems",
        _ => "variants",
    };
    let total = if path == VARIANTS { &answer["metadata"]["total"] } else { &answer["totalResults"] };
    (column(&answer, rows, "id").into_iter().cloned().collect(), total.clone())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn an_index_finds_what_a_scan_finds(
        actions in actions(),
        products in prop::collection::vec(product_filters(), 6),
        items in prop::collection::vec(item_filters(), 6),
        variants in prop::collection::vec(variant_filters(), 3),
        touches: bool,
        lagging: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let site = Site::with(twelve_products(), |config| {
                config.behavior.variants_sku_filter = true;
                if touches {
                    config.behavior.stock_change_touches = wix_emulator::StockChangeTouches::ItemAndProduct;
                }
                if lagging {
                    config.behavior.read_staleness = Duration::from_mins(10);
                }
            })
            .await;
            for action in &actions {
                // Fails where no listing has the SKU, or several have it by now.
                let _ = site.shop.perform(action);
            }
            let of = |path: &'static str, filters: Vec<Value>| filters.into_iter().map(move |f| (path, f));
            for (path, filter) in of(PRODUCTS, products).chain(of(ITEMS, items)).chain(of(VARIANTS, variants)) {
                let sorted = filter.get("lastUpdated").is_some();
                let walk = json!({"$or": [filter]});
                let by_index = found(&site, path, &filter, sorted).await;
                assert_eq!(by_index, found(&site, path, &walk, sorted).await, "{path} {filter}");
            }
        });
    }
}

#[tokio::test]
async fn unknown_ids_are_left_out_and_not_counted() {
    let site = Site::sample().await;
    let nobody = "aaaaaaaa-0000-4000-8000-00000000000a";
    let (apple, hidden) = (site.product_id("A"), site.product_id("H"));
    let filter = json!({"productId": {"$hasSome": [hidden, nobody, apple, "no id at all", apple]}});
    let body = json!({"query": {"filter": filter.to_string(), "sort": r#"[{"numericId":"asc"}]"#}});
    let answer = site.ok(ITEMS, &body).await;
    assert_eq!(column(&answer, "inventoryItems", "productId"), [&json!(apple), &json!(hidden)]);
    assert_eq!((&answer["totalResults"], &answer["metadata"]["items"]), (&json!(2), &json!(2)));
    let body = json!({"query": {"filter": json!({"productId": {"$hasSome": [nobody]}}).to_string()}});
    let answer = site.ok(ITEMS, &body).await;
    assert_eq!((&answer["inventoryItems"], &answer["totalResults"]), (&json!([]), &json!(0)));
}

#[tokio::test]
async fn changed_products_are_found_with_hidden_ones_and_by_page() {
    let site = Site::sample().await;
    let changed = json!({"lastUpdated": {"$gte": "2026-02-01T00:00:00Z"}, "numericId": {"$gt": "0"}});
    for sku in ["H", "C", "V-S"] {
        site.shop.perform(&Action::RenameSku { listing: Listing::sku(sku), sku: format!("{sku}2") }).unwrap();
    }
    let page = |filter: &Value, hidden: bool| {
        json!({"query": {"filter": filter.to_string(), "sort": r#"[{"numericId":"asc"}]"#, "paging": {"limit": 2}},
            "includeHiddenProducts": hidden})
    };
    let first = site.ok(PRODUCTS, &page(&changed, true)).await;
    assert_eq!(column(&first, "products", "name"), ["Cherry", "Hidden"]);
    assert_eq!(first["totalResults"], 3);
    let mut rest = changed.clone();
    rest["numericId"]["$gt"] = first["products"][1]["numericId"].clone();
    let second = site.ok(PRODUCTS, &page(&rest, true)).await;
    assert_eq!(
        (column(&second, "products", "name"), &second["totalResults"]),
        (vec![&json!("Shirt")], &json!(1))
    );
    let shown = site.ok(PRODUCTS, &page(&changed, false)).await;
    assert_eq!(column(&shown, "products", "name"), ["Cherry", "Shirt"]);
}
