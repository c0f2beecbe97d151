//! The control endpoint.

use reqwest::Method;
use serde_json::{Value, json};
use wix_emulator::{DEFAULT_API_KEY, Endpoint, RateLimit};

use crate::harness::{ITEMS, PRODUCTS, Site, UP, code, sample};

#[tokio::test]
async fn asks_for_the_key() {
    let site = Site::sample().await;
    let path = "/_emulator/state";
    for request in
        [site.bare(Method::GET, path), site.bare(Method::GET, path).header("Authorization", "another")]
    {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 401);
    }
    let request = site.bare(Method::GET, path).header("Authorization", DEFAULT_API_KEY);
    assert_eq!(request.send().await.unwrap().status().as_u16(), 200);
}

#[tokio::test]
async fn counts_toward_nothing_and_is_hit_by_nothing() {
    let limit = RateLimit { requests: 1, window: std::time::Duration::from_mins(10) };
    let site = Site::with(sample(), |config| config.rate_limit = Some(limit)).await;
    let fault = json!({"kind": {"status": {"code": 503}}, "times": "always"});
    assert_eq!(site.control(Method::POST, "faults", &fault).await.0, 200);
    for _ in 0..3 {
        assert_eq!(site.control(Method::GET, "state", &Value::Null).await.0, 200);
    }
    assert_eq!((site.shop.total_requests(), site.shop.faults_fired()), (0, 0));
    let statuses = [site.post(PRODUCTS, &json!({})).await.0, site.post(PRODUCTS, &json!({})).await.0];
    assert_eq!(statuses, [503, 429]);
    let (_, state) = site.control(Method::GET, "state", &Value::Null).await;
    assert_eq!(state["requests"], json!({"total": 2, "byEndpoint": {"queryProducts": 2}}));
    assert_eq!(state["faultsFired"], 1);
    assert_eq!(
        state["conditions"]["faults"],
        json!([{"skip": 0, "times": "always",
        "kind": {"status": {"code": 503, "body": null}}}])
    );
}

#[tokio::test]
async fn shows_levels_ledger_and_requests() {
    let site = Site::sample().await;
    site.change(UP, &[("A", 2)]).await;
    site.change(UP, &[("B", 1), ("C", 1)]).await;
    let (_, levels) = site.control(Method::GET, "levels", &Value::Null).await;
    assert_eq!((&levels["levels"]["A"], &levels["levels"]["U"]), (&json!([7]), &json!([null])));
    let (_, ledger) = site.control(Method::GET, "ledger", &Value::Null).await;
    let first = &ledger["entries"][0];
    assert_eq!((&first["before"], &first["after"], &first["cause"]), (&json!(5), &json!(7), &json!("write")));
    assert_eq!((&first["request"], &ledger["next"]), (&json!(1), &json!(3)));
    let (_, rest) = site.control(Method::GET, "ledger?from=2", &Value::Null).await;
    assert_eq!(rest["entries"].as_array().unwrap().len(), 1);
    let (_, none) = site.control(Method::GET, "ledger?from=3", &Value::Null).await;
    assert_eq!(none, json!({"entries": [], "next": 3}));
    assert_eq!(site.control(Method::GET, "ledger?since=3", &Value::Null).await.0, 400);
    let (_, requests) = site.control(Method::GET, "requests", &Value::Null).await;
    let second = &requests["requests"][1];
    assert_eq!((&second["endpoint"], &second["entries"]), (&json!("incrementInventory"), &json!(2)));
    assert_eq!(second["body"]["incrementData"][0]["incrementBy"], 1);
}

#[tokio::test]
async fn puts_the_site_under_other_conditions() {
    let site = Site::sample().await;
    let all = json!({
        "behaviour": {"belowZero": "clampedToZero", "bodyLimit": 3_000}, "latencyMs": 1, "jitterMs": 2, "seed": 3,
        "rateLimit": {"requests": 9, "windowMs": 600_000}, "catalog": "V3_CATALOG", "faults": [{"kind": "cutBody"}],
    });
    let (status, shown) = site.control(Method::PUT, "conditions", &all).await;
    assert_eq!((status, &shown["jitterMs"], &shown["rateLimit"]), (200, &json!(2), &all["rateLimit"]));
    let change = json!({"faults": [], "behaviour": {"untracked": "silentlyIgnored"}});
    assert_eq!(site.control(Method::PATCH, "conditions", &change).await.0, 200);
    let (status, answer) = site.post(ITEMS, &json!({})).await;
    assert_eq!((status, code(&answer)), (428, "CATALOG_V3_CALLING_CATALOG_V1_API"));
    let change = json!({"catalog": "V1_CATALOG", "rateLimit": null});
    let (_, shown) = site.control(Method::PATCH, "conditions", &change).await;
    let switches = [&shown["behaviour"]["belowZero"], &shown["behaviour"]["untracked"]];
    assert_eq!(switches, [&json!("clampedToZero"), &json!("silentlyIgnored")]);
    let long = json!({"query": {"filter": " ".repeat(3_000)}});
    assert_eq!(site.post(ITEMS, &long).await.0, 413, "the limit of the new switches");
    assert_eq!(site.control(Method::PUT, "conditions", &json!({})).await.0, 200);
    let untracked = site.change(UP, &[("U", 1)]).await.0;
    assert_eq!(untracked, 400, "what is not given is as at the start");
}

#[tokio::test]
async fn what_is_wrong_is_named_and_changes_nothing() {
    let site = Site::sample().await;
    let before = site.shop.conditions();
    for (method, path, body, what) in [
        (Method::PUT, "conditions", json!({"latency": 1}), "unknown field `latency`"),
        (Method::PUT, "conditions", json!([{"kind": "cutBody"}]), r#"like this: {"faults":["#),
        (Method::PATCH, "conditions", json!({"behaviour": {"atomic": 1}}), "unknown field `atomic`"),
        (Method::PATCH, "conditions", json!({"chaos": {"delayMs": [2, 1]}}), "2 is more than 1"),
        (Method::POST, "faults", json!([{"kind": "meteor"}]), "unknown variant `meteor`"),
        (Method::POST, "faults", json!({"kind": {"html": {"code": 9}}}), "code 9 is outside"),
        (Method::POST, "acts", json!({"sale": {"listing": "A"}}), "missing field `units`"),
    ] {
        let (status, answer) = site.control(method, path, &body).await;
        let message = answer["message"].as_str().unwrap();
        assert!(status == 400 && message.contains(what), "{body}: {message}");
    }
    assert_eq!(site.shop.conditions(), before);
    assert_eq!(site.control(Method::GET, "nonsense", &Value::Null).await.0, 404);
    assert_eq!(site.control(Method::POST, "state", &Value::Null).await.0, 404);
}

#[tokio::test]
async fn faults_are_armed_and_disarmed() {
    let site = Site::sample().await;
    let down = json!({"endpoint": "queryProducts", "times": 2, "kind": {"status": {"code": 500}}});
    site.control(Method::POST, "faults", &json!([down, {"endpoint": "getProduct", "kind": "cutBody"}])).await;
    assert_eq!(site.post(PRODUCTS, &json!({})).await.0, 500);
    let (_, state) = site.control(Method::GET, "state", &Value::Null).await;
    assert_eq!(state["conditions"]["faults"][0]["times"], 1);
    assert_eq!(state["conditions"]["faults"].as_array().unwrap().len(), 2);
    assert_eq!(site.control(Method::DELETE, "faults", &Value::Null).await.0, 200);
    assert_eq!(site.post(PRODUCTS, &json!({})).await.0, 200);
    assert_eq!(site.shop.conditions().faults, []);
}

#[tokio::test]
async fn buyers_and_the_merchant_act() {
    let site = Site::sample().await;
    let (shirt, small) = site.shop.find("V-S")[0];
    let acts = json!([
        {"sale": {"listing": "A", "units": 9}},
        {"setLevel": {"listing": {"product": shirt, "variant": small}, "level": 40}},
        {"setTracking": {"listing": {"product": site.product_id("B")}, "tracked": false}},
        {"setVisible": {"listing": "H", "visible": true}},
        {"addProduct": {"product": {"sku": "NEW", "quantity": 6}}},
        {"removeProduct": {"listing": "C"}},
        {"renameSku": {"listing": "NEW", "sku": "NEWER"}},
        {"swapSkus": {"one": "V-S", "other": "V-L"}},
        {"recreateVariant": {"listing": "V-L"}},
    ]);
    let (status, answer) = site.control(Method::POST, "acts", &acts).await;
    assert_eq!(status, 200, "{answer}");
    let done = &answer["done"];
    assert_eq!((&done[0], &done[1]), (&json!({"units": 5}), &json!({})));
    assert_eq!(done[4]["product"], json!(site.shop.find("NEWER")[0].0));
    assert_eq!(done[8]["variant"], json!(site.shop.find("V-L")[0].1));
    assert_ne!(site.shop.find("V-L")[0].1, small);
    let level = |sku| site.shop.level(sku);
    assert_eq!((level("A"), level("B"), level("C")), (Some(0), None, None));
    assert_eq!((level("V-L"), level("V-S"), level("NEWER")), (Some(40), Some(2), Some(6)));
    assert_eq!(site.ok(PRODUCTS, &json!({})).await["totalResults"], 6);
}

#[tokio::test]
async fn the_first_action_that_fails_ends_the_list() {
    let site = Site::sample().await;
    let sale = |sku: &str| json!({"sale": {"listing": sku, "units": 1}});
    let (status, answer) =
        site.control(Method::POST, "acts", &json!([sale("A"), sale("none"), sale("B")])).await;
    assert_eq!(status, 400);
    assert_eq!(answer["message"], r#"act 2: the SKU "none" stands on 0 listings"#);
    assert_eq!(answer["done"], json!([{"units": 1}]));
    assert_eq!((site.shop.level("A"), site.shop.level("B")), (Some(4), Some(7)));
    let (_, answer) = site.control(Method::POST, "acts", &json!({"recreateVariant": {"listing": "A"}})).await;
    assert_eq!(answer["message"], "act 1: the product has no managed variants");
    assert_eq!(site.shop.request_count(Endpoint::Unknown), 0);
}
