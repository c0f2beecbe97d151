//! Credentials, rate limit, catalog versions, body limits, unknown paths, starting and stopping.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::json;
use wix_emulator::{CatalogVersion, Config, DEFAULT_API_KEY, DEFAULT_SITE_ID, Emulator, Endpoint};
use wix_emulator::{RateLimit, ShopData, StartError};

use crate::harness::{ITEMS, PRODUCTS, Site, UP, VARIANTS, code, read, sample};

const VERSION: &str = "/stores/v3/provision/version";

#[tokio::test]
async fn credentials_are_checked() {
    let site = Site::sample().await;
    let ask = |key: Option<&str>, id: Option<&str>| {
        let mut request = site.bare(Method::GET, VERSION);
        if let Some(key) = key {
            request = request.header("Authorization", key);
        }
        if let Some(id) = id {
            request = request.header("wix-site-id", id);
        }
        read(request)
    };
    let bearer = format!("Bearer {DEFAULT_API_KEY}");
    let other = "5e000000-0000-4000-8000-000000000002";
    assert_eq!(ask(None, Some(DEFAULT_SITE_ID)).await.0, 401);
    assert_eq!(ask(Some("wrong"), Some(DEFAULT_SITE_ID)).await.0, 401);
    assert_eq!(ask(Some(&bearer), Some(DEFAULT_SITE_ID)).await.0, 401);
    assert_eq!(ask(Some(DEFAULT_API_KEY), None).await.0, 400);
    assert_eq!(ask(Some(DEFAULT_API_KEY), Some(other)).await.0, 403);
    let (status, answer) = ask(Some(DEFAULT_API_KEY), Some(DEFAULT_SITE_ID)).await;
    assert_eq!((status, answer), (200, json!({"catalogVersion": "V1_CATALOG"})));
}

#[tokio::test]
async fn other_catalog_versions_refuse_every_v1_endpoint() {
    let site = Site::sample().await;
    let id = site.product_id("A");
    let posts = [
        "/stores/v1/products/query".to_owned(),
        ITEMS.to_owned(),
        VARIANTS.to_owned(),
        UP.to_owned(),
        format!("/stores-reader/v1/products/{id}/variants/query"),
        format!("/stores-reader/v2/inventoryItems/product/{id}/getVariants"),
    ];
    for (version, status, name) in [
        (CatalogVersion::V3Catalog, 428, "CATALOG_V3_CALLING_CATALOG_V1_API"),
        (CatalogVersion::StoresNotInstalled, 401, "STORES_NOT_INSTALLED"),
    ] {
        site.shop.set_catalog(version);
        for path in &posts {
            let (got, answer) = site.post(path, &json!({})).await;
            assert_eq!((got, code(&answer)), (status, name), "{path}");
        }
        assert_eq!(site.get(&format!("/stores-reader/v1/products/{id}")).await.0, status);
        let path = format!("/stores/v2/inventoryItems/product/{id}");
        assert_eq!(site.send(Method::PATCH, &path, &json!({})).await.0, status);
        assert_eq!(site.get(VERSION).await.0, 200);
    }
    assert_eq!(site.get(VERSION).await.1["catalogVersion"], "STORES_NOT_INSTALLED");
}

#[tokio::test]
async fn the_rate_limit_is_a_sliding_window() {
    let limit = RateLimit { requests: 3, window: Duration::from_millis(1_500) };
    let site = Site::with(sample(), |config| config.rate_limit = Some(limit)).await;
    for _ in 0..3 {
        assert_eq!(site.get(VERSION).await.0, 200);
    }
    let response = site.request(Method::GET, VERSION).send().await.unwrap();
    assert_eq!(response.status(), 429);
    assert!(!response.headers().contains_key("retry-after"));
    let answer: serde_json::Value = response.json().await.unwrap();
    assert_eq!(code(&answer), "RESOURCE_EXHAUSTED");
    tokio::time::sleep(Duration::from_millis(1_550)).await;
    assert_eq!(site.get(VERSION).await.0, 200);
    site.shop.set_rate_limit(None);
    for _ in 0..5 {
        assert_eq!(site.get(VERSION).await.0, 200);
    }
}

#[tokio::test]
async fn retry_after_is_a_switch() {
    let limit = RateLimit { requests: 1, window: Duration::from_mins(1) };
    let site = Site::with(sample(), |config| {
        config.rate_limit = Some(limit);
        config.behavior.retry_after = true;
    })
    .await;
    site.get(VERSION).await;
    let response = site.request(Method::GET, VERSION).send().await.unwrap();
    let seconds: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds));
}

#[tokio::test]
async fn only_json_is_taken_and_only_up_to_the_limit() {
    let site = Site::with(sample(), |config| config.behavior.body_limit = 10_000).await;
    let text = site.request(Method::POST, PRODUCTS).body("{}").header("content-type", "text/plain");
    assert_eq!(read(text).await.0, 400);
    assert_eq!(read(site.request(Method::POST, PRODUCTS).body("{}")).await.0, 400);
    let broken = site.request(Method::POST, PRODUCTS).body("{").header("content-type", "application/json");
    assert_eq!(read(broken).await.0, 400);
    let charset = "application/json; charset=utf-8";
    let fine = site.request(Method::POST, PRODUCTS).body("{}").header("content-type", charset);
    assert_eq!(read(fine).await.0, 200);
    let large = json!({"query": {"filter": "x".repeat(10_000)}});
    assert_eq!(site.post(PRODUCTS, &large).await.0, 413);
    let empty = site.request(Method::POST, UP).header("content-type", "application/json");
    assert_eq!(read(empty).await.0, 400);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_404() {
    let site = Site::sample().await;
    assert_eq!(site.get("/stores/v1/nothing").await.0, 404);
    assert_eq!(site.get(PRODUCTS).await.0, 404);
    assert_eq!(site.send(Method::PUT, UP, &json!({})).await.0, 404);
    assert_eq!(site.post("/stores/v2/inventoryItems/query", &json!({})).await.0, 404);
    assert!(site.shop.request_count(Endpoint::Unknown) >= 3);
}

#[tokio::test]
async fn the_consistency_header_is_recorded_when_it_comes_back() {
    let site = Site::sample().await;
    let first = site.request(Method::GET, VERSION).send().await.unwrap();
    let value = first.headers()["x-wix-consistent"].to_str().unwrap().to_owned();
    site.request(Method::GET, VERSION).header("X-Wix-Consistent", &value).send().await.unwrap();
    let seen: Vec<_> = site.shop.requests().into_iter().map(|request| request.consistent).collect();
    assert_eq!(seen, [None, Some(value)]);
}

#[tokio::test]
async fn addresses_that_others_can_reach_must_be_allowed() {
    let mut config = Config::new(ShopData::default());
    config.listen = "0.0.0.0:0".parse().unwrap();
    let refused = Emulator::start(config.clone()).await;
    assert!(matches!(refused, Err(StartError::Remote(_))));
    config.allow_remote = true;
    let emulator = Emulator::start(config).await.unwrap();
    let mut taken = Config::new(ShopData::default());
    taken.listen = ([127, 0, 0, 1], emulator.address().port()).into();
    assert!(matches!(Emulator::start(taken).await, Err(StartError::Listen { .. })));
}

#[tokio::test]
async fn stopping_and_dropping_close_the_port() {
    let site = Site::sample().await;
    let address = site.emulator.address();
    assert_eq!(site.get(VERSION).await.0, 200);
    site.emulator.stop().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());

    let emulator = Emulator::start(Config::new(ShopData::default())).await.unwrap();
    let url = emulator.base_url();
    drop(emulator);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(Client::new().get(url).send().await.is_err());
}

#[tokio::test]
async fn latency_delays_every_answer() {
    let site = Site::with(sample(), |config| config.latency = Duration::from_millis(80)).await;
    let began = tokio::time::Instant::now();
    site.get(VERSION).await;
    assert!(began.elapsed() >= Duration::from_millis(80));
}
