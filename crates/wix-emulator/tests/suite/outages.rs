//! Refused connections, revoked keys, stale reads, late effects, slow answers.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};
use wix_emulator::{Endpoint, Fault, FaultKind};

use crate::harness::{ITEMS, PRODUCTS, Site, UP, sample};

const LONG: Duration = Duration::from_mins(10);

/// Waits until the port accepts connections.
async fn opened(site: &Site) {
    while TcpStream::connect(site.emulator.address()).await.is_err() {
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn connections_are_refused_for_a_while() {
    let site = Site::sample().await;
    site.shop.add_fault(Fault::new(FaultKind::RefuseConnections { duration: LONG }));
    assert_eq!(site.change(UP, &[("A", 1)]).await.0, 200, "the request itself is answered");
    let body = json!({"incrementData": [site.entry(UP, "A", 1)]});
    for _ in 0..3 {
        let error = site.request(Method::POST, UP).json(&body).send().await.unwrap_err();
        assert!(error.is_connect(), "{error:?}");
    }
    assert_eq!((site.shop.total_requests(), site.shop.level("A")), (1, Some(6)));
    site.shop.clear_faults();
    opened(&site).await;
    assert_eq!(site.change(UP, &[("A", 1)]).await.0, 200);
}

#[tokio::test]
async fn the_port_opens_by_itself() {
    let site = Site::sample().await;
    let duration = Duration::from_millis(100);
    site.shop.add_fault(Fault::new(FaultKind::RefuseConnections { duration }));
    let began = Instant::now();
    assert_eq!(site.change(UP, &[("A", 1)]).await.0, 200);
    opened(&site).await;
    assert!(began.elapsed() >= duration);
    assert_eq!(site.change(UP, &[("A", 1)]).await.0, 200);
}

#[tokio::test]
async fn a_closed_port_does_not_keep_the_emulator_from_stopping() {
    let site = Site::sample().await;
    site.shop.add_fault(Fault::new(FaultKind::RefuseConnections { duration: LONG }));
    assert_eq!(site.change(UP, &[("A", 1)]).await.0, 200);
    site.emulator.stop().await;
    assert_eq!(site.shop.total_requests(), 1);
}

#[tokio::test]
async fn a_key_is_revoked_for_a_while() {
    let site = Site::sample().await;
    site.shop
        .add_fault(Fault::new(FaultKind::KeyRevoked { duration: LONG }).on(Endpoint::IncrementInventory));
    assert_eq!(site.post(PRODUCTS, &json!({})).await.0, 200);
    assert_eq!(site.change(UP, &[("A", 1)]).await.0, 401);
    assert_eq!(site.post(PRODUCTS, &json!({})).await.0, 401, "it holds for every endpoint");
    assert_eq!(site.shop.level("A"), Some(5));
    let (status, _) = site.control(Method::DELETE, "faults", &Value::Null).await;
    assert_eq!(status, 200, "the control endpoint takes the key all the same");
    assert_eq!(site.post(PRODUCTS, &json!({})).await.0, 200);
}

#[tokio::test]
async fn a_revoked_key_is_accepted_again() {
    let site = Site::sample().await;
    let duration = Duration::from_millis(100);
    site.shop.add_fault(Fault::new(FaultKind::KeyRevoked { duration }));
    let began = Instant::now();
    while site.change(UP, &[("A", 1)]).await.0 == 401 {
        sleep(Duration::from_millis(5)).await;
    }
    assert!(began.elapsed() >= duration);
    assert_eq!(site.shop.level("A"), Some(6));
}

#[tokio::test]
async fn one_read_is_stale_and_the_next_is_not() {
    let site = Site::sample().await;
    site.change(UP, &[("A", 1)]).await;
    site.change(UP, &[("A", 1)]).await;
    let path = format!("/stores-reader/v1/products/{}", site.product_id("A"));
    let fault = Fault::new(FaultKind::StaleRead { lag: Duration::from_secs(50) });
    site.shop.add_fault(fault.clone().on(Endpoint::GetProduct));
    let quantity = async || site.get(&path).await.1["product"]["stock"]["quantity"].clone();
    assert_eq!((quantity().await, quantity().await), (json!(5), json!(7)));
    site.shop.add_fault(fault.on(Endpoint::QueryInventory));
    let query = json!({"query": {"filter": json!({"productId": site.product_id("A")}).to_string()}});
    for level in [5, 7] {
        let item = site.ok(ITEMS, &query).await["inventoryItems"][0].clone();
        assert_eq!(item["variants"][0]["quantity"], level);
    }
}

#[tokio::test]
async fn a_dropped_request_lands_later() {
    let site = Site::sample().await;
    site.shop.add_fault(Fault::new(FaultKind::DropThenApply { delay: Duration::from_millis(300) }));
    assert_eq!(site.increment_status("A").await, None);
    assert_eq!(site.shop.level("A"), Some(5));
    while site.shop.level("A") == Some(5) {
        sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(site.shop.level("A"), Some(6));
}

#[tokio::test]
async fn answers_take_their_time() {
    let latency = Duration::from_millis(20);
    let site = Site::with(sample(), |config| {
        config.latency = latency;
        config.jitter = Duration::from_millis(5);
    })
    .await;
    let began = Instant::now();
    assert_eq!(site.post(PRODUCTS, &json!({})).await.0, 200);
    assert!(began.elapsed() >= latency);
    site.control(Method::PATCH, "conditions", &json!({"latencyMs": 60_000, "jitterMs": 0})).await;
    let request = site.request(Method::POST, PRODUCTS).json(&json!({})).timeout(Duration::from_millis(100));
    assert!(request.send().await.unwrap_err().is_timeout());
}
