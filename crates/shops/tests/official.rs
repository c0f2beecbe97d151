//! What our client sends, beside what Wix's official JavaScript client sends for the same call.
//!
//! `tests/conformance/calls.json` has both, and the reason for each difference. There the official client is checked
//! against the file; here ours is.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use wix::v1::inventory::Adjustment;
use wix::v3::create::NewItem;
use wix::v3::inventory::ItemFilter;
use wix::v3::paging::Paging;
use wix::v3::update::NewQuantity;
use wix::v3::variants::VariantFilter;
use wix::{Client, Credentials, MemoryWindow, OnWait, SendGate, StillAllowed};
use wix_emulator::{
    CatalogVersion, Config, DEFAULT_API_KEY, DEFAULT_APP_ID, DEFAULT_APP_SECRET, DEFAULT_INSTANCE_ID,
    DEFAULT_SITE_ID, Emulator, ProductData, RequestRecord, ShopData,
};

const PRODUCT: &str = "10000000-0000-4000-8000-000000000001";
const INVENTORY: &str = "20000000-0000-4000-8000-000000000001";
const ITEM: &str = "70000000-0000-4000-8000-000000001001";
const VARIANT: &str = "60000000-0000-4000-8000-000000000001";
const LOCATION: &str = "50000000-0000-4000-8000-000000000001";
const PLAIN: &str = "00000000-0000-0000-0000-000000000000";
/// 2026-01-01T00:00:00Z.
const SINCE_MS: i64 = 1_767_225_600_000;

struct Open;

#[async_trait]
impl SendGate for Open {
    async fn open(&self) -> Option<StillAllowed> {
        Some(Arc::new(|| true))
    }
}

fn client(emulator: &Emulator) -> Client {
    let key = Credentials::ApiKey { key: DEFAULT_API_KEY.into(), site_id: DEFAULT_SITE_ID.to_owned() };
    client_with(emulator, key)
}

fn client_with(emulator: &Emulator, credentials: Credentials) -> Client {
    let timeout = Duration::from_secs(10);
    Client::new(&wix::Settings {
        base_url: emulator.base_url().parse().unwrap(),
        credentials,
        timeout,
        pause_after_429: timeout,
        proxy: None,
        window: Arc::new(MemoryWindow::new(None, timeout, OnWait(Arc::new(|_| {})))),
    })
    .unwrap()
}

/// Makes a call of V3 by its name in the record.
async fn make_v3(client: &Client, call: &str) {
    let paging = Paging::default();
    let here = ItemFilter { location: Some(LOCATION), ..ItemFilter::default() };
    let more = |_| ControlFlow::Continue(());
    match call {
        "default location" => drop(client.v3_default_location().await.unwrap()),
        "items of a location" => client.v3_items(&here, &paging, more).await.unwrap(),
        "items changed since" => {
            let changed = ItemFilter { updated_since: Some(SINCE_MS), ..here };
            client.v3_items(&changed, &paging, more).await.unwrap();
        }
        "items by SKU" => {
            let named = ItemFilter { skus: Some(&["APPLE", "BARE"]), ..here };
            client.v3_items(&named, &paging, more).await.unwrap();
        }
        "items of products" => {
            let products = [PRODUCT.to_owned()];
            let of_products = ItemFilter { products: Some(&products), ..here };
            client.v3_items(&of_products, &paging, more).await.unwrap();
        }
        "items counted" => drop(client.v3_count_items(&here).await.unwrap()),
        "variants by SKU" => variants(client, VariantFilter::Skus(&["APPLE", "BARE"])).await,
        "all variants" => variants(client, VariantFilter::All).await,
        "variants changed since" => variants(client, VariantFilter::UpdatedSince(SINCE_MS)).await,
        "quantities set" => {
            let entry = [NewQuantity { item: ITEM, revision: 1, quantity: 12 }];
            drop(client.v3_set_quantities(&entry, &Open).await.unwrap());
        }
        "items created" => {
            let item = [NewItem { product: PRODUCT, variant: VARIANT, location: LOCATION }];
            drop(client.v3_create_items(&item, &Open).await.unwrap());
        }
        other => panic!("no such call: {other}"),
    }
}

async fn variants(client: &Client, filter: VariantFilter<'_>) {
    client.v3_variants(filter, &Paging::default(), |_| ControlFlow::Continue(())).await.unwrap();
}

/// Makes a call of V1 by its name in the record.
async fn make_v1(client: &Client, call: &str) {
    let entry = |by| [Adjustment { inventory_id: INVENTORY, variant_id: PLAIN, by }];
    match call {
        "catalog version" => drop(client.catalog_version().await.unwrap()),
        "products by SKU" => drop(client.v1_products_by_sku(&["APPLE", "LAMP"]).await.unwrap()),
        "all products" => client.v1_crawl(|_, _| ()).await.unwrap(),
        "products changed last" => drop(client.v1_changed_since(SINCE_MS, 100).await.unwrap()),
        "inventory of products" => drop(client.v1_inventory_of(&[PRODUCT.to_owned()]).await.unwrap()),
        // Whether Wix takes the filter is open; the emulator refuses it here.
        "variants by SKU" => drop(client.v1_variants_by_sku(&["APPLE"]).await.unwrap_err()),
        "increment" => client.v1_increment(&entry(3), &Open).await.unwrap(),
        "decrement" => client.v1_decrement(&entry(2), &Open).await.unwrap(),
        other => panic!("no such call: {other}"),
    }
}

/// A request with the parts that matter, in the form of the record.
fn shown(request: &RequestRecord) -> Value {
    let mut headers = Map::new();
    // The emulator takes an API key only as it is, so a request that it answered has sent it so.
    assert_ne!(request.status, Some(401));
    headers.insert("authorization".to_owned(), json!("<key>"));
    for name in ["content-type", "wix-site-id"] {
        if let Some(value) = request.headers.get(name) {
            let value = if value == DEFAULT_SITE_ID { "<site>" } else { value };
            headers.insert(name.to_owned(), json!(value));
        }
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    json!({"method": request.method, "path": request.path, "headers": headers, "body": body})
}

/// The places in which two values differ, as JSON pointers.
fn differences(official: &Value, ours: &Value, at: &str, found: &mut BTreeSet<String>) {
    match (official, ours) {
        (Value::Object(official), Value::Object(ours)) => {
            for name in official.keys().chain(ours.keys()) {
                let at = format!("{at}/{name}");
                match (official.get(name), ours.get(name)) {
                    (Some(official), Some(ours)) => differences(official, ours, &at, found),
                    _ => drop(found.insert(at)),
                }
            }
        }
        (Value::Array(official), Value::Array(ours)) if official.len() == ours.len() => {
            for (index, (official, ours)) in official.iter().zip(ours).enumerate() {
                differences(official, ours, &format!("{at}/{index}"), found);
            }
        }
        (official, ours) if official != ours => drop(found.insert(at.to_owned())),
        _ => {}
    }
}

fn record(catalog: &str) -> Vec<Value> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/calls.json");
    let record: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    record[catalog].as_array().unwrap().clone()
}

async fn emulator(catalog: CatalogVersion) -> Emulator {
    let products = vec![ProductData::new("APPLE", 5), ProductData::new("LAMP", 9)];
    let mut config = Config::new(ShopData::new(products));
    config.catalog = catalog;
    Emulator::start(config).await.unwrap()
}

/// Checks what was sent against an entry of the record, and that each difference in it has its reason.
fn check(entry: &Value, sent: &RequestRecord) {
    let call = &entry["call"];
    assert_eq!(shown(sent), entry["ours"], "{call}: what we send is not what is on record");
    let mut found = BTreeSet::new();
    differences(&entry["official"], &entry["ours"], "", &mut found);
    let reasons = entry["differences"].as_object().unwrap();
    let explained: BTreeSet<String> = reasons.keys().cloned().collect();
    assert_eq!(found, explained, "{call}: each difference has its reason, and nothing else has one");
    assert!(reasons.values().all(|reason| reason.as_str().is_some_and(|reason| reason.len() > 20)), "{call}");
}

#[tokio::test]
async fn our_calls_of_v1_differ_from_the_official_client_only_for_a_reason() {
    let emulator = emulator(CatalogVersion::V1Catalog).await;
    let client = client(&emulator);
    for entry in record("v1") {
        let before = emulator.shop().requests().len();
        make_v1(&client, entry["call"].as_str().unwrap()).await;
        check(&entry, &emulator.shop().requests()[before]);
    }
    let violations = emulator.shop().violations();
    assert!(violations.iter().all(|violation| violation.what.contains("sku")), "{violations:?}");
}

#[tokio::test]
async fn our_calls_of_v3_differ_from_the_official_client_only_for_a_reason() {
    let emulator = emulator(CatalogVersion::V3Catalog).await;
    let client = client(&emulator);
    for entry in record("v3") {
        let before = emulator.shop().requests().len();
        make_v3(&client, entry["call"].as_str().unwrap()).await;
        check(&entry, &emulator.shop().requests()[before]);
    }
    assert_eq!(emulator.shop().violations(), []);
}

/// The official client asks for a token with these members, and for the next page with a cursor and a limit alone (both
/// checked in `app.test.mjs` and `v3.test.mjs`).
#[tokio::test]
async fn tokens_and_pages_are_asked_for_as_the_official_client_does() {
    let products = (0..1_001).map(|number| ProductData::new(format!("S{number}"), 1)).collect();
    let mut config = Config::new(ShopData::new(products));
    config.catalog = CatalogVersion::V3Catalog;
    let emulator = Emulator::start(config).await.unwrap();
    let client = client_with(&emulator, app());
    let more = |_| ControlFlow::Continue(());
    client.v3_items(&ItemFilter::default(), &Paging::default(), more).await.unwrap();
    let [token, first, second] = &emulator.shop().requests()[..] else { panic!("three requests") };
    let body: Value = serde_json::from_slice(&token.body).unwrap();
    let due = json!({
        "grant_type": "client_credentials",
        "client_id": DEFAULT_APP_ID,
        "client_secret": DEFAULT_APP_SECRET,
        "instance_id": DEFAULT_INSTANCE_ID,
    });
    assert_eq!((token.method.as_str(), token.path.as_str(), body), ("POST", "/oauth2/token", due));
    assert_eq!(token.headers.get("wix-site-id"), None);
    assert_eq!(first.headers.get("wix-site-id"), None, "the token names the site");
    let body: Value = serde_json::from_slice(&second.body).unwrap();
    let members = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(members(&body["query"]), ["cursorPaging"], "a cursor carries filter and sort");
    let paging: BTreeSet<String> = members(&body["query"]["cursorPaging"]).into_iter().collect();
    assert_eq!(paging, ["cursor", "limit"].map(str::to_owned).into());
    assert_eq!(emulator.shop().violations(), []);
}

fn app() -> Credentials {
    Credentials::App {
        app_id: DEFAULT_APP_ID.to_owned(),
        secret: DEFAULT_APP_SECRET.into(),
        instance_id: DEFAULT_INSTANCE_ID.to_owned(),
    }
}

#[test]
fn a_difference_is_seen_wherever_it_is() {
    let official = json!({"a": 1, "b": {"c": [1, 2]}, "d": [1]});
    let ours = json!({"a": 1, "b": {"c": [1, 3]}, "d": [1, 2], "e": null});
    let mut found = BTreeSet::new();
    differences(&official, &ours, "", &mut found);
    assert_eq!(found, ["/b/c/1", "/d", "/e"].map(str::to_owned).into());
}
