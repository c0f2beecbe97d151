//! Every kind of fault, as a client meets it.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use wix_emulator::{Endpoint, Fault, FaultKind, FaultTiming};

use crate::harness::{ITEMS, PRODUCTS, Site, UP, column, sample};

/// Starts a site with this fault on increments, and sends one increment of A by 1.
async fn under_fault(kind: FaultKind) -> (Site, reqwest::Result<Response>) {
    let fault = Fault::new(kind).on(Endpoint::IncrementInventory);
    let site = Site::with(sample(), |config| config.faults = vec![fault]).await;
    let body = json!({"incrementData": [site.entry(UP, "A", 1)]});
    let answer = site.request(Method::POST, UP).json(&body).send().await;
    assert_eq!(site.shop.faults_fired(), 1);
    (site, answer)
}

async fn text(answer: reqwest::Result<Response>) -> (u16, String) {
    let answer = answer.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn scripted_answers() {
    let (site, answer) = under_fault(FaultKind::Status { code: 503, body: None }).await;
    let (status, body) = text(answer).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, body["message"].is_string(), body["details"].is_object()), (503, true, true));
    assert_eq!(site.shop.level("A"), Some(5));
    assert_eq!(site.change(UP, &[("A", 1)]).await.0, 200, "once only");

    let (site, answer) = under_fault(FaultKind::Status { code: 418, body: Some(json!({"odd": 1})) }).await;
    assert_eq!(text(answer).await, (418, r#"{"odd":1}"#.to_owned()));
    assert_eq!(site.shop.level("A"), Some(5));

    let (site, answer) = under_fault(FaultKind::Html { code: 502 }).await;
    let (status, body) = text(answer).await;
    assert!(status == 502 && body.starts_with("<html>"));
    assert_eq!(site.shop.level("A"), Some(5));

    for (code, level) in [(500, 5), (200, 6)] {
        let (site, answer) = under_fault(FaultKind::EmptyBody { code }).await;
        assert_eq!(text(answer).await, (code, String::new()));
        assert_eq!(site.shop.level("A"), Some(level));
    }
}

#[tokio::test]
async fn broken_bodies_come_after_the_effect() {
    let (site, answer) = under_fault(FaultKind::CutBody).await;
    let answer = answer.unwrap();
    assert_eq!((answer.status().as_u16(), answer.content_length()), (200, Some(2)));
    assert!(answer.bytes().await.is_err());
    assert_eq!(site.shop.level("A"), Some(6));

    let (site, answer) = under_fault(FaultKind::ShortBody).await;
    assert_eq!(text(answer).await, (200, "{".to_owned()));
    assert_eq!(site.shop.level("A"), Some(6));

    let (site, answer) = under_fault(FaultKind::NotJson).await;
    let (status, body) = text(answer).await;
    assert!(status == 200 && serde_json::from_str::<Value>(&body).is_err());
    assert_eq!(site.shop.level("A"), Some(6));
}

#[tokio::test]
async fn a_cut_page_is_a_true_prefix() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let site = Site::of(100).await;
    site.shop.add_fault(Fault::new(FaultKind::CutBody));
    let mut stream = tokio::net::TcpStream::connect(site.emulator.address()).await.unwrap();
    let (key, id) = (wix_emulator::DEFAULT_API_KEY, wix_emulator::DEFAULT_SITE_ID);
    let head = format!(
        "POST {PRODUCTS} HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\nwix-site-id: {id}\r\n\
         Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    let received = String::from_utf8(received).unwrap();
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    let announced: usize =
        head.split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    assert_eq!(body.len(), announced / 2);
    assert!(body.starts_with(r#"{"products":[{"id":"#));
}

#[tokio::test]
async fn dropped_connections_give_no_answer() {
    for (kind, level) in [(FaultKind::DropBeforeApply, 5), (FaultKind::DropAfterApply, 6)] {
        let (site, answer) = under_fault(kind).await;
        let error = answer.unwrap_err();
        assert!(error.is_request() && !error.is_connect() && !error.is_timeout(), "{error:?}");
        assert_eq!(site.shop.level("A"), Some(level));
        assert_eq!(site.shop.requests()[0].status, None);
        assert_eq!(site.shop.total_requests(), 1, "nothing was sent twice");
        assert_eq!(site.change(UP, &[("A", 1)]).await.0, 200);
    }
}

#[tokio::test]
async fn a_dropped_connection_sends_not_one_byte() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let site = Site::sample().await;
    site.shop.add_fault(Fault::new(FaultKind::DropBeforeApply));
    let mut stream = tokio::net::TcpStream::connect(site.emulator.address()).await.unwrap();
    let (key, id) = (wix_emulator::DEFAULT_API_KEY, wix_emulator::DEFAULT_SITE_ID);
    let head = format!(
        "GET /stores/v3/provision/version HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\nwix-site-id: {id}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    assert!(received.is_empty());
}

#[tokio::test]
async fn errors_after_the_effect() {
    let (site, answer) = under_fault(FaultKind::StatusAfterApply { code: 502 }).await;
    let (status, body) = text(answer).await;
    assert!(status == 502 && body.starts_with("<html>"));
    assert_eq!(site.shop.level("A"), Some(6));
}

#[tokio::test]
async fn late_effects() {
    let (site, answer) = under_fault(FaultKind::ApplyLate { delay: Duration::from_millis(500) }).await;
    assert_eq!(text(answer).await.0, 504);
    assert_eq!(site.shop.level("A"), Some(5));
    sleep(Duration::from_millis(900)).await;
    assert_eq!(site.shop.level("A"), Some(6));
    assert_eq!(site.shop.ledger()[0].request, Some(1));

    let (site, _) = under_fault(FaultKind::ApplyLate { delay: Duration::from_millis(500) }).await;
    let shop = site.shop.clone();
    site.emulator.stop().await;
    sleep(Duration::from_millis(900)).await;
    assert_eq!(shop.level("A"), Some(5), "nothing goes on after the stop");
}

#[tokio::test]
async fn hanging_requests() {
    let duration = Duration::from_millis(1_200);
    for (timing, level) in [(FaultTiming::BeforeApply, 5), (FaultTiming::AfterApply, 6)] {
        let fault = Fault::new(FaultKind::Hang { duration, timing }).times(2);
        let site = Site::with(sample(), |config| config.faults = vec![fault]).await;
        let body = json!({"incrementData": [site.entry(UP, "A", 1)]});
        let request = site.request(Method::POST, UP).json(&body);
        let error = request.timeout(Duration::from_millis(500)).send().await.unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(site.shop.level("A"), Some(level));
        sleep(duration).await;
        assert_eq!(site.shop.level("A"), Some(6), "the effect comes though the client has gone");
        let began = Instant::now();
        assert_eq!(site.change(UP, &[("A", 1)]).await.0, 200);
        assert!(began.elapsed() >= duration);
    }
}

#[tokio::test]
async fn stopping_ends_hanging_requests() {
    let fault =
        Fault::new(FaultKind::Hang { duration: Duration::from_mins(10), timing: FaultTiming::BeforeApply });
    let site = Site::with(sample(), |config| config.faults = vec![fault]).await;
    let request = site.request(Method::GET, "/stores/v3/provision/version");
    let waiting = tokio::spawn(request.send());
    while site.shop.total_requests() == 0 {
        sleep(Duration::from_millis(5)).await;
    }
    site.emulator.stop().await;
    assert!(waiting.await.unwrap().is_err());
}

#[tokio::test]
async fn part_of_a_batch() {
    let site = Site::sample().await;
    site.shop.add_fault(Fault::new(FaultKind::PartialApply { entries: 2, code: 500 }));
    let (status, answer) = site.change(UP, &[("A", 1), ("B", 1), ("C", 1)]).await;
    assert!(status == 500 && answer["details"].is_object());
    let level = |sku| site.shop.level(sku).unwrap();
    assert_eq!((level("A"), level("B"), level("C")), (6, 8, 9));

    site.shop.add_fault(Fault::new(FaultKind::PartialApply { entries: 1, code: 500 }));
    let (shirt, small) = site.shop.find("V-S")[0];
    let (_, large) = site.shop.find("V-L")[0];
    let body = json!({"inventoryItem": {"trackQuantity": true, "variants": [
        {"variantId": small, "quantity": 50}, {"variantId": large, "quantity": 60}]}});
    let path = format!("/stores/v2/inventoryItems/product/{shirt}");
    assert_eq!(site.send(Method::PATCH, &path, &body).await.0, 500);
    assert_eq!((level("V-S"), level("V-L")), (50, 2));
}

#[tokio::test]
async fn lying_pages() {
    let site = Site::sample().await;
    for (path, list) in [(PRODUCTS, "products"), (ITEMS, "inventoryItems")] {
        let honest = site.ok(path, &json!({})).await;
        let total = honest["totalResults"].as_u64().unwrap();
        site.shop.add_fault(Fault::new(FaultKind::ShortPage));
        let short = site.ok(path, &json!({})).await;
        assert_eq!(short["totalResults"], total);
        assert_eq!(column(&short, list, "id").len(), column(&honest, list, "id").len() - 1);
        site.shop.add_fault(Fault::new(FaultKind::WrongTotal));
        let wrong = site.ok(path, &json!({})).await;
        assert_eq!(wrong["totalResults"], total + 1);
        assert_eq!(wrong[list], honest[list]);
    }
}

#[tokio::test]
async fn faults_choose_their_requests() {
    let site = Site::sample().await;
    let down = FaultKind::Status { code: 503, body: None };
    site.shop.add_fault(Fault::new(down.clone()).on(Endpoint::QueryProducts).skip(1).times(2));
    let mut statuses = Vec::new();
    for _ in 0..4 {
        assert_eq!(site.post(ITEMS, &json!({})).await.0, 200);
        statuses.push(site.post(PRODUCTS, &json!({})).await.0);
    }
    assert_eq!(statuses, [200, 503, 503, 200]);
    site.shop.add_fault(Fault::new(down).times(99));
    site.shop.clear_faults();
    assert_eq!(site.post(PRODUCTS, &json!({})).await.0, 200);
    assert_eq!(site.shop.faults_fired(), 2);
}
