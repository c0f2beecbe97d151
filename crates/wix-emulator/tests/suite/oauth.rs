//! Access tokens of an app, and the edge.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use wix_emulator::{
    Action, DEFAULT_APP_ID, DEFAULT_APP_SECRET, DEFAULT_INSTANCE_ID, Endpoint, Fault, FaultKind, RateLimit,
};

use crate::harness::{Site, code, read, sample};

const TOKEN: &str = "/oauth2/token";
const VERSION: &str = "/stores/v3/provision/version";

fn grant() -> Value {
    json!({"grant_type": "client_credentials", "client_id": DEFAULT_APP_ID,
        "client_secret": DEFAULT_APP_SECRET, "instance_id": DEFAULT_INSTANCE_ID})
}

async fn token(site: &Site) -> String {
    let (status, answer) = read(site.bare(Method::POST, TOKEN).json(&grant())).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(14_400)));
    answer["access_token"].as_str().unwrap().to_owned()
}

async fn ask(site: &Site, authorization: &str) -> u16 {
    read(site.bare(Method::GET, VERSION).header("Authorization", authorization)).await.0
}

#[tokio::test]
async fn a_token_opens_the_site_without_its_id() {
    let site = Site::v3().await;
    let token = token(&site).await;
    assert_eq!(ask(&site, &token).await, 200);
    assert_eq!(ask(&site, &format!("Bearer {token}")).await, 200);
    assert_eq!(ask(&site, "OAUTH2.made-up").await, 401);
    assert_eq!(site.shop.request_count(Endpoint::Token), 1);
    site.shop.perform(&Action::RevokeTokens).unwrap();
    assert_eq!(ask(&site, &token).await, 401);
    assert_ne!(self::token(&site).await, token);
}

#[tokio::test]
async fn a_token_ends() {
    let site =
        Site::v3_with(sample(), |config| config.behavior.token_lifetime = Duration::from_millis(150)).await;
    let answer = read(site.bare(Method::POST, TOKEN).json(&grant())).await.1;
    assert_eq!(answer["expires_in"], 0);
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(ask(&site, token).await, 200);
    tokio::time::sleep(Duration::from_millis(170)).await;
    assert_eq!(ask(&site, token).await, 401);
}

#[tokio::test]
async fn wrong_grants_get_an_oauth_error() {
    let site = Site::v3().await;
    for (member, status, error) in [
        ("grant_type", 400, "unsupported_grant_type"),
        ("client_id", 401, "invalid_client"),
        ("client_secret", 401, "invalid_client"),
        ("instance_id", 400, "invalid_grant"),
    ] {
        let mut body = grant();
        body[member] = json!("wrong");
        let (got, answer) = read(site.bare(Method::POST, TOKEN).json(&body)).await;
        assert_eq!((got, &answer["error"]), (status, &json!(error)));
        assert!(answer["error_description"].is_string() && answer.get("details").is_none());
    }
    site.shop.add_fault(Fault::new(FaultKind::Status { code: 503, body: None }).on(Endpoint::Token));
    assert_eq!(read(site.bare(Method::POST, TOKEN).json(&grant())).await.0, 503);
    token(&site).await;
}

#[tokio::test]
async fn the_edge_answers_with_a_page_and_the_interface_with_json() {
    let window = Duration::from_mins(1);
    let site = Site::v3_with(sample(), |config| {
        config.rate_limit = Some(RateLimit { requests: 2, window });
        config.edge_limit = Some(RateLimit { requests: 3, window });
    })
    .await;
    for _ in 0..2 {
        assert_eq!(site.get(VERSION).await.0, 200);
    }
    let (status, answer) = site.get(VERSION).await;
    assert_eq!((status, code(&answer)), (429, "RESOURCE_EXHAUSTED"));
    let response = site.request(Method::GET, VERSION).send().await.unwrap();
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
}
