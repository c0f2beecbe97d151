//! Updating inventory items of Catalog V3 by revision.

use reqwest::Method;
use serde_json::{Value, json};
use wix_emulator::{
    Action, Atomicity, BulkFailures, Cause, Endpoint, FailureDetail, Fault, FaultKind, FaultTiming, Listing,
    NegativeTarget, ReturnedEntity,
};

use crate::harness::{Site, V3_UPDATE, ZERO, code, column, sample};

/// A row that sets the quantity of an item.
fn row(item: &Value, quantity: i64) -> Value {
    json!({"inventoryItem": {"id": item["id"], "revision": item["revision"], "quantity": quantity}})
}

fn body(rows: &[Value]) -> Value {
    json!({"inventoryItems": rows, "returnEntity": true, "reason": "MANUAL"})
}

#[tokio::test]
async fn a_row_with_the_right_revision_sets_the_level() {
    let site = Site::v3().await;
    let (apple, large) = (site.item("A").await, site.item("V-L").await);
    let answer = site.ok(V3_UPDATE, &body(&[row(&apple, 12), row(&large, 0)])).await;
    assert_eq!(
        answer["bulkActionMetadata"],
        json!({"totalSuccesses": 2, "totalFailures": 0, "undetailedFailures": 0})
    );
    let first = &answer["results"][0];
    assert_eq!(first["itemMetadata"], json!({"id": apple["id"], "originalIndex": 0, "success": true}));
    assert_eq!((&first["item"]["quantity"], &first["item"]["revision"]), (&json!(12), &json!("2")));
    assert_eq!(first["item"], site.item("A").await);
    assert_eq!(answer["results"][1]["item"]["availabilityStatus"], "OUT_OF_STOCK");
    assert_eq!((site.shop.level("A"), site.shop.level("V-L")), (Some(12), Some(0)));
    let ledger = site.shop.ledger();
    assert_eq!((ledger[0].before, ledger[0].after, ledger[0].cause), (Some(5), Some(12), Cause::Write));
    let (product, variant) = site.shop.find("A")[0];
    assert_eq!((ledger[0].product, ledger[0].variant), (product, variant));
    let write =
        site.shop.requests().into_iter().find(|request| request.endpoint == Endpoint::BulkUpdateItems);
    assert_eq!(write.unwrap().entries, Some(2));
    let plain = json!({"inventoryItems": [row(&site.item("A").await, 13)]});
    assert!(site.ok(V3_UPDATE, &plain).await["results"][0].get("item").is_none());
}

#[tokio::test]
async fn an_outdated_revision_fails_its_row_alone() {
    let site = Site::v3().await;
    let (apple, banana, cherry) = (site.item("A").await, site.item("B").await, site.item("C").await);
    let (product, variant) = site.shop.find("A")[0];
    site.shop.sell(product, variant, 1).unwrap();
    let unknown = json!({"inventoryItem": {"id": ZERO, "revision": "1", "quantity": 1}});
    let answer =
        site.ok(V3_UPDATE, &body(&[row(&banana, 1), row(&apple, 9), unknown, row(&cherry, 2)])).await;
    assert_eq!(
        answer["bulkActionMetadata"],
        json!({"totalSuccesses": 2, "totalFailures": 2, "undetailedFailures": 0})
    );
    assert_eq!(
        answer["results"][1],
        json!({"itemMetadata": {"id": apple["id"], "originalIndex": 1, "success": false, "error": {
            "code": "INVALID_REVISION", "description": "Outdated revision for entity id",
            "data": {"revisionViolation": {"entityId": apple["id"]}}}}})
    );
    assert_eq!(answer["results"][2]["itemMetadata"]["error"]["code"], "NOT_FOUND");
    let levels = ["A", "B", "C"].map(|sku| site.shop.level(sku).unwrap());
    assert_eq!(levels, [4, 1, 2]);
}

#[tokio::test]
async fn the_same_call_twice_has_one_effect() {
    let site = Site::v3().await;
    let call = body(&[row(&site.item("A").await, 12)]);
    assert_eq!(site.ok(V3_UPDATE, &call).await["bulkActionMetadata"]["totalSuccesses"], 1);
    let again = site.ok(V3_UPDATE, &call).await;
    assert_eq!(again["results"][0]["itemMetadata"]["error"]["code"], "INVALID_REVISION");
    let twice = row(&site.item("A").await, 20);
    let answer = site.ok(V3_UPDATE, &body(&[twice.clone(), twice])).await;
    let successes: Vec<&Value> =
        answer["results"].as_array().unwrap().iter().map(|row| &row["itemMetadata"]["success"]).collect();
    assert_eq!(successes, [true, false], "the second row has an old revision");
    assert_eq!((site.shop.level("A"), site.shop.ledger().len()), (Some(20), 2));
}

#[tokio::test]
async fn one_bad_row_refuses_the_call_before_any_is_tried() {
    let site = Site::v3().await;
    let (good, id) = (row(&site.item("B").await, 1), site.item("A").await["id"].clone());
    let item = |fields: Value| {
        let mut row = json!({"inventoryItem": {"id": id, "revision": "1"}});
        row["inventoryItem"].as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        row
    };
    for (bad, rule) in [
        (json!({"inventoryItem": {"id": id, "quantity": 5}}), "REQUIRED_FIELD"),
        (json!({"inventoryItem": {"revision": "1", "quantity": 5}}), "REQUIRED_FIELD"),
        (json!({"id": id, "revision": "1", "quantity": 5}), "INVALID_ARGUMENT"),
        (item(json!({"revision": 1, "quantity": 5})), "INVALID_ARGUMENT"),
        (item(json!({"revision": "one", "quantity": 5})), "INVALID_ARGUMENT"),
        (item(json!({"quantity": 100_000})), "INVALID_ARGUMENT"),
        (item(json!({"quantity": -100_000})), "INVALID_ARGUMENT"),
        (item(json!({"quantity": 1.5})), "INVALID_ARGUMENT"),
        (item(json!({"quantity": "5"})), "INVALID_ARGUMENT"),
        (item(json!({"quantity": 5, "inStock": true})), "INVALID_ARGUMENT"),
        (item(json!({"quantity": 5, "level": 5})), "INVALID_ARGUMENT"),
        (item(json!({"preorderInfo": {"enabled": true, "limit": 100_001}})), "MAX"),
    ] {
        let violation = site.refused(V3_UPDATE, &body(&[good.clone(), bad])).await;
        assert_eq!(violation["violatedRule"], rule, "{violation}");
    }
    let violation = site.refused(V3_UPDATE, &body(&[])).await;
    assert_eq!(
        (&violation["violatedRule"], &violation["data"]["threshold"]),
        (&json!("MIN_SIZE"), &json!(1))
    );
    let violation = site.refused(V3_UPDATE, &body(&vec![good; 1_001])).await;
    assert_eq!(
        (&violation["violatedRule"], &violation["data"]["threshold"]),
        (&json!("MAX_SIZE"), &json!(1_000))
    );
    site.refused(V3_UPDATE, &json!({"inventoryItems": [], "reason": "BECAUSE"})).await;
    site.refused(V3_UPDATE, &json!({})).await;
    assert!(site.shop.ledger().is_empty());
}

#[tokio::test]
async fn a_quantity_in_a_nested_tracking_method_is_ignored() {
    let site = Site::v3().await;
    let item = site.item("A").await;
    let nested = json!({"inventoryItem": {"id": item["id"], "revision": item["revision"],
        "trackingMethod": {"quantity": 12}}});
    let answer = site.ok(V3_UPDATE, &body(&[nested])).await;
    assert_eq!(answer["results"][0]["itemMetadata"]["success"], true);
    let shown = &answer["results"][0]["item"];
    assert_eq!((&shown["revision"], &shown["quantity"]), (&json!("2"), &json!(5)));
    assert!(site.shop.ledger().is_empty());
}

#[tokio::test]
async fn quantity_and_in_stock_switch_tracking() {
    let site = Site::v3().await;
    let status =
        json!({"inventoryItem": {"id": site.item("A").await["id"], "revision": "1", "inStock": false}});
    site.ok(V3_UPDATE, &body(&[status])).await;
    let apple = site.item("A").await;
    assert_eq!(
        (&apple["trackQuantity"], &apple["availabilityStatus"]),
        (&json!(false), &json!("OUT_OF_STOCK"))
    );
    assert_eq!(site.shop.level("A"), None);
    let tracked = row(&site.item("U").await, 3);
    site.ok(V3_UPDATE, &body(&[tracked, row(&apple, 8)])).await;
    assert_eq!((site.shop.level("U"), site.shop.level("A")), (Some(3), Some(8)));
    // `trackQuantity` beside the quantity is read-only, and harmless.
    let mut beside = row(&site.item("A").await, 9);
    beside["inventoryItem"]["trackQuantity"] = json!(true);
    site.ok(V3_UPDATE, &body(&[beside])).await;
    assert_eq!(site.shop.level("A"), Some(9));
}

#[tokio::test]
async fn negative_quantities_follow_the_switch() {
    let code_of = |answer: &Value| answer["results"][0]["itemMetadata"]["error"]["code"].clone();
    let refused = json!("REQUESTED_QUANTITY_MUST_BE_NON_NEGATIVE_DECREASING");
    let site = Site::v3().await;
    assert_eq!(code_of(&site.ok(V3_UPDATE, &body(&[row(&site.item("A").await, -1)])).await), refused);
    let strict =
        Site::v3_with(sample(), |config| config.behavior.negative_target = NegativeTarget::Refused).await;
    assert_eq!(code_of(&strict.ok(V3_UPDATE, &body(&[row(&strict.item("A").await, -1)])).await), refused);
    assert_eq!((site.shop.level("A"), strict.shop.level("A")), (Some(5), Some(5)));
}

#[tokio::test]
async fn preorders_belong_to_the_item() {
    let site = Site::v3().await;
    let preorder = |item: &Value, info: Value| {
        json!({"inventoryItem":
        {"id": item["id"], "revision": item["revision"], "preorderInfo": info}})
    };
    let info = json!({"enabled": true, "message": "in May", "limit": 7});
    site.ok(V3_UPDATE, &body(&[preorder(&site.item("A").await, info)])).await;
    let apple = site.item("A").await;
    assert_eq!(
        apple["preorderInfo"],
        json!({"enabled": true, "message": "in May", "limit": 7, "counter": 0})
    );
    let answer = site.ok(V3_UPDATE, &body(&[row(&apple, 0)])).await;
    let shown = &answer["results"][0]["item"];
    assert_eq!(
        (&shown["availabilityStatus"], &shown["preorderInfo"]),
        (&json!("PREORDER"), &apple["preorderInfo"])
    );
    let untracked = preorder(&site.item("U").await, json!({"enabled": true, "limit": 1}));
    let answer = site.ok(V3_UPDATE, &body(&[untracked])).await;
    assert_eq!(answer["results"][0]["itemMetadata"]["error"]["code"], "PRE_ORDER_VALIDATION");
}

#[tokio::test]
async fn failures_come_per_item_for_the_whole_call_or_only_counted() {
    let whole =
        Site::v3_with(sample(), |config| config.behavior.bulk_updates = BulkFailures::WholeCall).await;
    let mut old = row(&whole.item("A").await, 9);
    old["inventoryItem"]["revision"] = json!("7");
    let call = body(&[row(&whole.item("B").await, 1), old]);
    let (status, answer) = whole.post(V3_UPDATE, &call).await;
    assert_eq!((status, code(&answer)), (409, "INVALID_REVISION"));
    assert!(whole.shop.ledger().is_empty());

    let counted =
        Site::v3_with(sample(), |config| config.behavior.failure_detail = FailureDetail::CountOnly).await;
    let answer = counted.ok(V3_UPDATE, &call).await;
    assert_eq!(answer["results"].as_array().unwrap().len(), 1);
    assert_eq!(
        answer["bulkActionMetadata"],
        json!({"totalSuccesses": 1, "totalFailures": 1, "undetailedFailures": 1})
    );

    let omitted =
        Site::v3_with(sample(), |config| config.behavior.failure_detail = FailureDetail::Omitted).await;
    let answer = omitted.ok(V3_UPDATE, &call).await;
    assert_eq!(answer["results"].as_array().unwrap().len(), 1);
    assert_eq!(
        answer["bulkActionMetadata"],
        json!({"totalSuccesses": 1, "totalFailures": 0, "undetailedFailures": 0})
    );

    let echo = Site::v3_with(sample(), |config| config.behavior.returned_entity = ReturnedEntity::Echo).await;
    let sent = row(&echo.item("A").await, 9);
    let answer = echo.ok(V3_UPDATE, &body(std::slice::from_ref(&sent))).await;
    assert_eq!(answer["results"][0]["item"], sent["inventoryItem"]);
    // The switch of V1's batches has no say here.
    assert_eq!(echo.shop.conditions().behavior.atomicity, Atomicity::AllOrNothing);
}

#[tokio::test]
async fn a_single_update_conflicts_with_409() {
    let site = Site::v3().await;
    let item = site.item("A").await;
    let path = format!("/stores/v3/inventory-items/{}", item["id"].as_str().unwrap());
    let send = |revision: Value, quantity: i64| {
        let body = json!({"inventoryItem": {"id": item["id"], "revision": revision, "quantity": quantity},
            "reason": "MANUAL"});
        let (site, path) = (&site, &path);
        async move { site.send(Method::PATCH, path, &body).await }
    };
    let (status, answer) = send(json!("1"), 6).await;
    assert_eq!((status, &answer["inventoryItem"]["quantity"]), (200, &json!(6)));
    let (status, answer) = send(json!("1"), 7).await;
    assert_eq!((status, code(&answer)), (409, "INVALID_REVISION"));
    assert_eq!(
        answer["details"]["applicationError"]["data"],
        json!({"revisionViolation": {"entityId": item["id"]}})
    );
    assert_eq!(send(json!(null), 7).await.0, 400);
    let nowhere = format!("/stores/v3/inventory-items/{ZERO}");
    let body = json!({"inventoryItem": {"revision": "1", "quantity": 1}});
    assert_eq!(site.send(Method::PATCH, &nowhere, &body).await.0, 404);
    assert_eq!(site.shop.level("A"), Some(6));
}

#[tokio::test]
async fn faults_and_actions_meet_v3_writes() {
    let site = Site::v3().await;
    let (apple, banana) = (site.item("A").await, site.item("B").await);
    // The reply is lost, but the write took effect.
    site.shop.add_fault(Fault::new(FaultKind::DropAfterApply).on(Endpoint::BulkUpdateItems));
    let request = site.request(Method::POST, V3_UPDATE).json(&body(&[row(&apple, 12)]));
    assert!(request.send().await.is_err());
    assert_eq!(site.shop.level("A"), Some(12));
    // Only the first rows take effect.
    let part = FaultKind::PartialApply { entries: 1, code: 503 };
    site.shop.add_fault(Fault::new(part).on(Endpoint::BulkUpdateItems));
    let call = body(&[row(&banana, 1), row(&site.item("C").await, 1)]);
    assert_eq!(site.post(V3_UPDATE, &call).await.0, 503);
    assert_eq!((site.shop.level("B"), site.shop.level("C")), (Some(1), Some(9)));
    // A sale right before the write makes its revision old.
    let sale = Action::Sale { listing: Listing::sku("C"), units: 2 };
    let meanwhile = FaultKind::Meanwhile { timing: FaultTiming::BeforeApply, actions: vec![sale] };
    site.shop.add_fault(Fault::new(meanwhile).on(Endpoint::BulkUpdateItems));
    let answer = site.ok(V3_UPDATE, &body(&[row(&site.item("C").await, 20)])).await;
    assert_eq!(answer["results"][0]["itemMetadata"]["error"]["code"], "INVALID_REVISION");
    assert_eq!(site.shop.level("C"), Some(7));
    // A result goes missing: its row is not named.
    site.shop.add_fault(Fault::new(FaultKind::ShortPage).on(Endpoint::BulkUpdateItems));
    let rows = [row(&site.item("A").await, 3), row(&site.item("C").await, 4)];
    let answer = site.ok(V3_UPDATE, &body(&rows)).await;
    assert_eq!(column(&answer, "results", "itemMetadata").len(), 1);
    assert_eq!(answer["bulkActionMetadata"]["totalSuccesses"], 2);
    // A poisoned listing fails its row for as long as it is poisoned.
    site.shop.add_fault(Fault::new(FaultKind::Poison { listing: Listing::sku("A") }));
    let rows = [row(&site.item("A").await, 1), row(&site.item("B").await, 2)];
    let answer = site.ok(V3_UPDATE, &body(&rows)).await;
    assert_eq!(answer["results"][0]["itemMetadata"]["error"]["code"], "ENTRY_REFUSED");
    assert_eq!((site.shop.level("A"), site.shop.level("B")), (Some(3), Some(2)));
}

#[tokio::test]
async fn bulk_answers_may_name_no_row_and_lie() {
    let site = Site::v3().await;
    let fail = |kind| site.shop.add_fault(Fault::new(kind).on(Endpoint::BulkUpdateItems));
    fail(FaultKind::RowsMissing);
    let answer = site.ok(V3_UPDATE, &body(&[row(&site.item("A").await, 12)])).await;
    assert_eq!((&answer["results"], site.shop.level("A")), (&json!([]), Some(12)));
    assert_eq!(answer["bulkActionMetadata"]["totalSuccesses"], 1);
    fail(FaultKind::RowsLost);
    let answer = site.ok(V3_UPDATE, &body(&[row(&site.item("A").await, 13)])).await;
    assert_eq!((&answer["results"], site.shop.level("A")), (&json!([]), Some(12)));
    fail(FaultKind::SilentSuccess);
    let before = site.item("A").await;
    let answer = site.ok(V3_UPDATE, &body(&[row(&before, 13)])).await;
    assert_eq!(answer["results"][0]["itemMetadata"]["success"], true);
    let (after, item) = (site.item("A").await, &answer["results"][0]["item"]);
    assert_eq!((&after["quantity"], &item["quantity"]), (&json!(12), &json!(12)));
    assert_eq!(after["revision"], item["revision"]);
    assert_ne!(after["revision"], before["revision"]);
}
