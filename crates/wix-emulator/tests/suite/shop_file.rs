//! The shop file: its defaults and what is refused.

use serde_json::{Value, json};
use wix_emulator::{Config, DataError, Emulator, Problem, ShopData, StartError};

use crate::harness::{ITEMS, PRODUCTS, Site};

fn problems(products: &Value) -> Vec<Problem> {
    match ShopData::from_json(&json!({"products": products}).to_string()) {
        Err(DataError::Products(problems)) => problems,
        other => panic!("{products} gave {other:?}"),
    }
}

#[tokio::test]
async fn a_minimal_file_is_enough_and_always_gives_the_same_shop() {
    let data = json!({"products": [{"sku": "A-1", "name": "Apple", "quantity": 5}]});
    let (one, two) = (Site::with(data.clone(), |_| ()).await, Site::with(data, |_| ()).await);
    let all = json!({"includeVariants": true});
    let answer = one.ok(PRODUCTS, &all).await;
    assert_eq!(answer, two.ok(PRODUCTS, &all).await);
    assert_eq!(one.ok(ITEMS, &json!({})).await, two.ok(ITEMS, &json!({})).await);
    let product = &answer["products"][0];
    assert_eq!((&product["sku"], &product["slug"]), (&json!("A-1"), &json!("apple")));
    assert_eq!(product["id"].as_str().unwrap().len(), 36);
    assert_ne!(product["id"], product["inventoryItemId"]);
}

#[tokio::test]
async fn generated_numeric_ids_have_different_lengths() {
    let site = Site::of(20).await;
    let answer = site.ok(PRODUCTS, &json!({"query": {"sort": r#"[{"numericId":"asc"}]"#}})).await;
    let length = |row: usize| answer["products"][row]["numericId"].as_str().unwrap().len();
    assert_eq!((length(0), length(19)), (15, 16));
}

#[test]
fn the_example_of_the_readme_is_a_shop() {
    let readme = include_str!("../../README.md");
    let example = readme.split("```json").nth(1).unwrap().split("```").next().unwrap();
    let data = ShopData::from_json(example).unwrap();
    assert_eq!((data.products.len(), data.locations.len()), (7, 2));
    assert_eq!(data.products[6].numeric_id.as_deref(), Some("1598904314932014"));
}

#[test]
fn what_is_wrong_is_named() {
    let (guid, other) = ("aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002");
    let long = "x".repeat(41);
    for (products, part) in [
        (json!([{"id": guid}, {"id": guid}]), "is taken by another product"),
        (json!([{"inventoryItemId": guid}, {"inventoryItemId": guid}]), "inventoryItemId"),
        (json!([{"numericId": "5"}, {"numericId": "05"}]), "numericId 5 is taken"),
        (json!([{"sku": long}]), "41 characters, 40 are allowed"),
        (json!([{"variants": [{"sku": long}]}]), "41 characters, 40 are allowed"),
        (json!([{"quantity": -1}]), "outside 0..=99999"),
        (json!([{"quantity": 100_000}]), "outside 0..=99999"),
        (json!([{"variants": [{"sku": "V", "quantity": 100_000}]}]), "of variant \"V\""),
        (json!([{"manageVariants": true}]), "there are no variants"),
        (json!([{"sku": "X", "variants": [{}]}]), "belong on the variants"),
        (json!([{"manageVariants": false, "variants": [{"sku": "X"}]}]), "belong on the product"),
        (json!([{"variants": vec![json!({}); 301]}]), "301 managed variants"),
        (json!([{"variants": [{"id": other}, {"id": other}]}]), "used twice"),
        (json!([{"variants": [{"choices": {"a": "b"}}, {"choices": {"a": "b"}}]}]), "have the choices"),
        (json!([{"id": "x"}]), "is not a GUID"),
        (json!([{"numericId": "12a"}]), "up to 38 digits"),
        (json!([{"lastUpdated": "soon"}]), "RFC 3339"),
        (json!([{"price": -1}]), "price"),
        (json!([{"name": ""}]), "name has 0 characters"),
        (json!([{"productOptions": vec![json!({"name": "n", "choices": []}); 7]}]), "7 options"),
        (json!([{"productOptions": options(4, 6)}]), "1000 are allowed"),
    ] {
        let found = problems(&products);
        assert!(found.iter().any(|problem| problem.what.contains(part)), "{part}: {found:?}");
    }
    let found =
        problems(&json!([{"sku": "fine"}, {"name": "Bad", "quantity": -1}, {"sku": "B2", "price": -1}]));
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].product, "product 2 \"Bad\"");
    assert_eq!(found[1].product, "product 3 \"B2\"");
}

fn options(count: usize, choices: usize) -> Vec<Value> {
    let choices: Vec<String> = (0..choices).map(|choice| choice.to_string()).collect();
    (0..count).map(|number| json!({"name": number.to_string(), "choices": choices})).collect()
}

#[test]
fn unknown_fields_and_fractions_are_refused() {
    for text in
        [r#"{"product":[]}"#, r#"{"products":[{"qty":1}]}"#, r#"{"products":[{"quantity":1.5}]}"#, "x"]
    {
        assert!(matches!(ShopData::from_json(text), Err(DataError::Json(_))), "{text}");
    }
}

#[tokio::test]
async fn an_emulator_does_not_start_with_a_wrong_shop() {
    let mut data = ShopData::from_json(r#"{"products":[{"quantity":1}]}"#).unwrap();
    data.products[0].quantity = Some(-5);
    let refused = Emulator::start(Config::new(data)).await;
    let Err(StartError::Data(error)) = refused else { panic!("it started") };
    assert!(error.to_string().contains("product 1"));
}
