//! The service: the guide's calls, tasks that survive their process, access, pauses, the schedule.
//!
//! One catalog: the rest are about access, bodies, tokens and pages.

use std::time::Duration;

use reqwest::Method;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use testkit::{Program, TestShop, TestWarehouse};

use crate::service::{calls_to, raising, serve, served, token};
use crate::support::{assert_levels, between, keys, on_every_catalog, world};

on_every_catalog! {
    the_guide_s_client_works_unchanged_apart_from_the_token,
    i7_a_task_survives_kill_9,
    i7_a_task_survives_kill_9_right_after_the_answer,
    i7_a_task_whose_process_dies_three_times_fails,
    a_stopped_service_hands_its_run_back_and_goes_on_with_it,
    a_run_is_cancelled_between_two_batches,
    i6_requests_join_wait_or_are_refused,
    products_plans_and_quantities_over_the_api,
    a_pause_stops_a_run_under_way,
    missed_slots_fall_together_into_one_run,
    workers_beside_a_service_share_its_tasks,
}

/// Forty listings, half to be lowered and half to be raised, in eight calls.
async fn many(latency: Duration) -> (TestShop, TestWarehouse, Program) {
    let skus: Vec<String> = (0..40).map(|n| format!("S{n:02}")).collect();
    let levels = skus.iter().map(|sku| (sku.as_str(), 10));
    let shop = TestShop::builder().products(levels).latency(latency).start().await;
    let warehouse = TestWarehouse::of(skus.iter().enumerate().map(|(n, sku)| (sku.as_str(), due(n)))).await;
    let program = served(between(&shop, &warehouse).set("WIXSYNC_WRITE_BATCH", "5"));
    (shop, warehouse, program)
}

fn due(n: usize) -> i64 {
    if n.is_multiple_of(2) { 7 } else { 13 }
}

fn assert_right(shop: &TestShop) {
    let skus: Vec<String> = (0..40).map(|n| format!("S{n:02}")).collect();
    assert_levels(shop, skus.iter().enumerate().map(|(n, sku)| (sku.as_str(), due(n))));
    shop.assert_written_at_most_once();
}

async fn writes_begun(shop: &TestShop, calls: usize) {
    while shop.write_requests().len() < calls {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Makes the state database look as if time had passed while no process was there.
pub(crate) async fn change_state(program: &Program, statements: &[&'static str]) {
    let options = SqliteConnectOptions::new().filename(program.path("state.db"));
    let mut state = options.connect().await.expect("the state opens");
    for sql in statements {
        sqlx::query(*sql).execute(&mut state).await.expect("the statement is one");
    }
    state.close().await.expect("the state closes");
}

/// A client written from the guide: start, poll, read the result.
async fn the_guide_s_client_works_unchanged_apart_from_the_token() {
    let (shop, warehouse) = world(&[("SKU1", 10, 15), ("SKU2", 4, 0), ("SKU3", 2, 2)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    for slash in ["/", ""] {
        let started = service.post(&format!("/warehouse/sync-wix{slash}"), "").await.is(200);
        let task = started.json()["task_id"].as_str().expect("a task").to_owned();
        let expected = format!(
            "{{\"status\":\"success\",\"message\":\"Синхронизация с Wix запущена\",\"task_id\":\"{task}\",\
             \"task_status\":\"PENDING\"}}"
        );
        assert_eq!((started.kind.as_str(), started.text), ("application/json", expected));
        let (_, end) = service.poll(&task).await;
        let text = service.get(&format!("/warehouse/sync-wix/status/{task}{slash}")).await.is(200).text;
        assert_eq!(text, end.text);
        let updated = if slash == "/" { 2 } else { 0 };
        let begins = format!(
            "{{\"task_id\":\"{task}\",\"status\":\"SUCCESS\",\"ready\":true,\"result\":{{\"status\":\"success\",\
             \"message\":\"Синхронизация завершена\",\"total_products\":2,\"found_in_wix\":2,\
             \"updated_in_wix\":{updated},\"errors\":0,\"details\":{{\"local_products_with_stock\":2,\
             \"wix_products_found\":3,\"updates_prepared\":{updated},\"updates_executed\":{updated},"
        );
        assert!(text.starts_with(&begins), "{text}\nshould begin with\n{begins}");
    }
    assert_levels(&shop, [("SKU1", 15), ("SKU2", 0), ("SKU3", 2)]);
    assert_eq!(service.running.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_is_refused_with_a_code() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    service.get("/warehouse/sync-wix/status/none").await.refuses(404, "no_such_run");
    service.post("/warehouse/sync-wix/", "{\"x\":1}").await.refuses(422, "bad_body");
    service.post("/warehouse/sync-wix/", "{\"skus\":[]}").await.refuses(422, "bad_body");
    service.post("/warehouse/sync-wix/", "{").await.refuses(400, "not_json");
    service.post("/warehouse/sync-wix/", "{\"shop\":\"x\"}").await.refuses(404, "no_such_shop");
    service.post("/warehouse/sync-wix/", &" ".repeat(2_000_000)).await.refuses(413, "body_too_large");
    service.get("/warehouse/sync-wix/").await.refuses(405, "wrong_method");
    service.get("/nowhere").await.refuses(404, "no_such_path");
    for path in ["/warehouse/sync-wix/status/%ff", "/api/v1/runs/%ff", "/api/v1/skus/%ff/explanation"] {
        service.get(path).await.refuses(404, "no_such_path");
    }
    service.get("/api/v1/runs?limit=0").await.refuses(422, "bad_query");
    service.get("/api/v1/runs?colour=red").await.refuses(422, "bad_query");
    service.get("/api/v1/runs?cursor=x").await.refuses(422, "bad_query");
    let long = "k".repeat(300);
    service
        .ask(Method::POST, "/warehouse/sync-wix/", &[("idempotency-key", &long)], "")
        .await
        .refuses(400, "bad_key");
    let english = service.ask(Method::GET, "/nowhere", &[("accept-language", "en-GB,ru;q=0.5")], "").await;
    assert_eq!(english.json()["title"], "This path does not exist");
    assert_eq!(service.get("/nowhere").await.json()["title"], "Такого пути нет");
    let runs = service.get("/api/v1/runs").await.is(200).json();
    assert_eq!(runs["runs"], serde_json::json!([]), "nothing of all this has started anything");
}

/// A query that is ignored would look like one that was followed.
#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_refused_where_none_is_taken() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    for path in [
        "/warehouse/sync-wix/",
        "/warehouse/sync-wix",
        "/api/v1/runs",
        "/api/v1/plans",
        "/api/v1/plans/none/apply",
        "/api/v1/inventory",
        "/api/v1/shops/default/pause",
        "/api/v1/shops/default/schedule/run-now",
    ] {
        service.post(&format!("{path}?dry_run=true"), "").await.refuses(422, "bad_query");
    }
    for path in ["/warehouse/sync-wix/status/none", "/api/v1/shops", "/metrics", "/openapi.json"] {
        service.get(&format!("{path}?x")).await.refuses(422, "bad_query");
    }
    let runs = service.get("/api/v1/runs?limit=5").await.is(200).json();
    assert_eq!(runs["runs"], serde_json::json!([]), "none was started");
    for path in ["/healthz?x=1", "/readyz?x=1", "/docs/?x=1", "/api/v1/shops?"] {
        let _ = service.get(path).await.is(200);
    }
    let anonymous = [("authorization", "")];
    let path = "/warehouse/sync-wix/?dry_run=true";
    service.ask(Method::POST, path, &anonymous, "").await.refuses(401, "no_token");
    shop.assert_not_written();
}

/// A list would be taken for the fields in their order.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_object_is_refused() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let paths = ["/warehouse/sync-wix/", "/api/v1/runs", "/api/v1/plans", "/api/v1/inventory"];
    for path in paths.into_iter().chain(["/api/v1/products/query"]) {
        for body in ["[]", " [null, [\"A\"]]", "\"A\"", "1", "true"] {
            service.post(path, body).await.refuses(422, "bad_body");
        }
        service.post(path, "[").await.refuses(400, "not_json");
    }
    service.post("/api/v1/inventory", "[null, {\"A\": 5}]").await.refuses(422, "bad_body");
    // Where no body is taken, one that asks for something is not overlooked.
    for path in ["schedule/run-now", "pause", "resume"] {
        let path = format!("/api/v1/shops/default/{path}");
        service.post(&path, "{\"dry_run\": true}").await.refuses(422, "bad_body");
    }
    let _ = service.post("/api/v1/shops/default/resume", "").await.is(200);
    let runs = service.get("/api/v1/runs").await.is(200).json();
    assert_eq!(runs["runs"], serde_json::json!([]), "none was started");
    shop.assert_not_written();
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_decide_who_may_do_what() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let (read, run) = (token(&program, "reader", "read").await, token(&program, "runner", "run").await);
    let bearer = |token: &str| format!("Bearer {token}");
    let ask = async |method: Method, path: &str, value: &str| {
        service.ask(method, path, &[("authorization", value)], "").await
    };
    for path in ["/api/v1/runs", "/metrics", "/openapi.json", "/docs/", "/warehouse/sync-wix/status/x"] {
        ask(Method::GET, path, "").await.refuses(401, "no_token");
    }
    for path in ["/healthz", "/readyz"] {
        let _ = ask(Method::GET, path, "").await.is(200);
    }
    let sync = "/warehouse/sync-wix/";
    ask(Method::POST, sync, &bearer(&read)).await.refuses(403, "not_allowed");
    let _ = ask(Method::GET, "/api/v1/runs", &bearer(&read)).await.is(200);
    let _ = ask(Method::POST, sync, &bearer(&run)).await.is(200);
    ask(Method::POST, "/api/v1/shops/default/pause", &bearer(&run)).await.refuses(403, "not_allowed");
    let _ = program.run(["token", "revoke", "runner"]).await.ends(0);
    ask(Method::POST, sync, &bearer(&run)).await.refuses(401, "no_token");
    let mut answers = Vec::new();
    for n in 0..12 {
        answers.push(ask(Method::GET, "/api/v1/runs", &bearer(&format!("wxs_{n}"))).await.status.as_u16());
    }
    assert_eq!(answers.last(), Some(&429), "{answers:?}");
    let _ = ask(Method::GET, "/api/v1/runs", &bearer(&read)).await.is(200);
    // What is kept of a token is its digest.
    for file in program.files() {
        let content = std::fs::read(&file).expect("a file");
        let holds = content.windows(read.len()).any(|window| window == read.as_bytes());
        assert!(!holds, "{} holds a token", file.display());
    }
    let listed = program.run(["token", "list", "--json"]).await.ends(0).json();
    let names: Vec<&str> =
        listed["tokens"].as_array().expect("tokens").iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["reader", "test-0"]);
    assert!(listed["tokens"][0]["used_at"].is_string(), "{listed:#}");
    let _ = program.run(["token", "create", "reader"]).await.ends(2);
    let _ = program.run(["token", "revoke", "nobody"]).await.ends(2);
}

/// I7: a task whose process is killed ends under the same id, and nothing is written twice.
async fn i7_a_task_survives_kill_9() {
    let (shop, _warehouse, program) = many(Duration::from_millis(25)).await;
    let service = serve(&program).await;
    let task = service.start().await;
    writes_begun(&shop, 3).await;
    service.running.kill().await;
    let service = serve(&program).await;
    let (seen, end) = service.poll(&task).await;
    assert!(seen.contains(&"RETRY".to_owned()), "{seen:?}");
    let end = end.json();
    assert_eq!(
        (&end["status"], &end["result"]["outcome"]),
        (&"SUCCESS".into(), &"converged".into()),
        "{end:#}"
    );
    let run = service.get(&format!("/api/v1/runs/{task}")).await.is(200).json();
    assert_eq!(run["attempt"], 2, "{run:#}");
    assert_eq!(run["earlier_attempts"], end["earlier_attempts"], "{run:#}");
    let kept = program.run(["run", &task, "--json"]).await.ends(0).json();
    assert_eq!(kept["earlier_attempts"], end["earlier_attempts"]);
    let changed = &end["earlier_attempts"][0]["updated_in_wix"];
    let told = format!("Attempt 1, stopped or crashed; changes in Wix: {changed}\n");
    let _ = program.run(["run", &task, "--lang", "en"]).await.ends(0).says(&told);
    // The result tells of the second attempt; what the first had changed stands beside it.
    let earlier = end["earlier_attempts"].as_array().expect("the attempt that died");
    assert_eq!((earlier.len(), &earlier[0]["attempt"]), (1, &1.into()), "{end:#}");
    let updated = |of: &serde_json::Value| of["updated_in_wix"].as_u64().expect("a number");
    assert!(updated(&earlier[0]) >= 10, "two calls of five lines were answered: {end:#}");
    assert_eq!(updated(&earlier[0]) + updated(&end["result"]), 40, "{end:#}");
    assert_right(&shop);
    let runs = service.get("/api/v1/runs").await.is(200).json();
    assert_eq!(runs["runs"].as_array().map(Vec::len), Some(1), "one task, one run");
    // The log says why the run begins once more.
    let log = service.running.stop_and_collect().await.stderr;
    assert_eq!(
        log.matches("Taking over a run whose process crashed: crash 1 of at most 3").count(),
        1,
        "{log}"
    );
}

/// I7: killed before it has begun, too: its row was written before the answer.
async fn i7_a_task_survives_kill_9_right_after_the_answer() {
    let (shop, _warehouse, program) = many(Duration::ZERO).await;
    let service = serve(&program).await;
    let task = service.start().await;
    service.running.kill().await;
    let service = serve(&program).await;
    let (_, end) = service.poll(&task).await;
    assert_eq!(end.json()["status"], "SUCCESS", "{}", end.text);
    assert_right(&shop);
}

/// I7: three deaths are enough; the task fails, says why, and counts what was done.
async fn i7_a_task_whose_process_dies_three_times_fails() {
    let (shop, _warehouse, program) = many(Duration::from_millis(100)).await;
    let mut task = None;
    for death in 1..=3 {
        let written = shop.write_requests().len();
        let service = serve(&program).await;
        let task = match &task {
            None => task.insert(service.start().await),
            Some(task) => task,
        };
        writes_begun(&shop, written + 1).await;
        let run = service.get(&format!("/api/v1/runs/{task}")).await.json();
        assert_eq!((&run["status"], &run["attempt"]), (&"STARTED".into(), &death.into()), "{run:#}");
        service.running.kill().await;
        // As if its lease had ended.
        change_state(&program, &["UPDATE lease SET held = 0"]).await;
    }
    let service = serve(&program).await;
    let (_, end) = service.poll(&task.expect("it was started")).await;
    let end = end.json();
    assert_eq!((&end["status"], &end["ready"]), (&"FAILURE".into(), &true.into()), "{end:#}");
    assert!(end["error"].as_str().is_some_and(|error| error.contains('3')), "{end:#}");
    assert_eq!((&end["result"]["status"], &end["result"]["outcome"]), (&"error".into(), &"failed".into()));
    assert!(end["result"]["counters"]["planned"].as_u64() > Some(0), "{end:#}");
    shop.assert_written_at_most_once();
}

/// A graceful stop hands the run back, and that is no death.
async fn a_stopped_service_hands_its_run_back_and_goes_on_with_it() {
    let (shop, _warehouse, program) = many(Duration::from_millis(25)).await;
    let service = serve(&program).await;
    let task = service.start().await;
    writes_begun(&shop, 2).await;
    let log = service.running.stop_and_collect().await.ends(0).stderr;
    assert!(log.contains("The task goes back to the queue"), "{log}");
    let written = shop.write_requests().len();
    assert!(written < 8, "it ended between two batches");
    for words in [["runs", "--limit", "1"].as_slice(), &["run", &task]] {
        let told = program.run(words.iter().chain(&["--lang", "ru"])).await.ends(0).stdout;
        assert!(told.contains("ждёт") && !told.contains("PENDING"), "{told}");
    }
    let service = serve(&program).await;
    let (seen, end) = service.poll(&task).await;
    assert!(!seen.contains(&"RETRY".to_owned()), "{seen:?}");
    assert_eq!(end.json()["status"], "SUCCESS", "{}", end.text);
    assert_right(&shop);
}

async fn a_run_is_cancelled_between_two_batches() {
    let (shop, _warehouse, program) = many(Duration::from_millis(60)).await;
    let service = serve(&program).await;
    let task = service.start().await;
    writes_begun(&shop, 1).await;
    let waiting = service.post("/warehouse/sync-wix/", "{\"dry_run\":true}").await.is(200).json();
    let waiting = waiting["task_id"].as_str().expect("a task").to_owned();
    let _ = service.post(&format!("/api/v1/runs/{waiting}/cancel"), "").await.is(202);
    assert_eq!(service.status(&waiting).await.json()["status"], "REVOKED", "one that waits is over at once");
    let _ = service.post(&format!("/api/v1/runs/{task}/cancel"), "").await.is(202);
    let (_, end) = service.poll(&task).await;
    let end = end.json();
    assert_eq!((&end["status"], end.get("result")), (&"REVOKED".into(), None), "{end:#}");
    assert!(shop.write_requests().len() < 8);
    let run = service.get(&format!("/api/v1/runs/{task}")).await.is(200).json();
    let counters = &run["result"]["counters"];
    assert!(counters["not_sent"].as_u64() > Some(0), "{run:#}");
    service.post(&format!("/api/v1/runs/{task}/cancel"), "").await.refuses(409, "run_is_over");
    service.post("/api/v1/runs/none/cancel", "").await.refuses(404, "no_such_run");
}

/// I6 over the API: a request joins a task that has not read the warehouse, so a change that was made before it is in
/// the answer. One follow-up waits, a third request is told whom it waits for.
async fn i6_requests_join_wait_or_are_refused() {
    let (shop, warehouse, program) = many(Duration::from_millis(60)).await;
    let service = serve(&program).await;
    let task = service.start().await;
    writes_begun(&shop, 1).await;
    warehouse.set("S01", 99).await;
    let follow_up = service.post("/warehouse/sync-wix", "").await.is(200).json();
    assert_eq!(follow_up["task_status"], "PENDING", "the first one has read the warehouse");
    assert_ne!(follow_up["task_id"], task);
    let joined = service.post("/warehouse/sync-wix/", "").await.is(200).json();
    assert_eq!(joined["task_id"], follow_up["task_id"]);
    let third = service.post("/api/v1/plans", "").await.is(409).json();
    assert_eq!((&third["code"], &third["run_id"]), (&"another_waits".into(), &follow_up["task_id"]));
    let (_, end) = service.poll(&task).await;
    assert_eq!(end.json()["status"], "SUCCESS");
    let (_, end) = service.poll(follow_up["task_id"].as_str().expect("a task")).await;
    assert_eq!(end.json()["status"], "SUCCESS");
    assert_levels(&shop, [("S01", 99)]);
    warehouse.set("S01", 13).await;
    let again = service.start().await;
    let (_, end) = service.poll(&again).await;
    assert_eq!(end.json()["status"], "SUCCESS");
    let skus: Vec<String> = (0..40).map(|n| format!("S{n:02}")).collect();
    assert_levels(&shop, skus.iter().enumerate().map(|(n, sku)| (sku.as_str(), due(n))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_starts_once_however_often_it_is_sent() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let send = async |key: &str, body: &str| {
        service.ask(Method::POST, "/warehouse/sync-wix/", &[("idempotency-key", key)], body).await
    };
    let first = send("k", "").await.is(200).json()["task_id"].clone();
    let _ = service.poll(first.as_str().expect("a task")).await;
    let again = send("k", "").await.is(200).json();
    assert_eq!((&again["task_id"], &again["task_status"]), (&first, &"SUCCESS".into()));
    send("k", "{\"dry_run\":true}").await.refuses(422, "key_reused");
    assert_ne!(send("l", "").await.is(200).json()["task_id"], first);
    let two = [("idempotency-key", "k"), ("idempotency-key", "m")];
    service.ask(Method::POST, "/warehouse/sync-wix/", &two, "").await.refuses(400, "bad_key");
}

/// The guide's three calls, and a plan that is applied, over the API.
async fn products_plans_and_quantities_over_the_api() {
    let (shop, warehouse) = world(&[("SKU1", 10, 12), ("SKU2", 5, 5)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let body = "{\"skus\":[\"SKU1\",\"SKU2\",\"NONE\"]}";
    let products = service.post("/api/v1/products/query", body).await.is(200).json();
    assert_eq!(keys(&products), ["SKU1", "SKU2"]);
    let of_first = ["product_id", "variant_id", "current_quantity", "inventory_item_id"];
    assert_eq!(
        (keys(&products["SKU1"]), &products["SKU1"]["current_quantity"]),
        (of_first.to_vec(), &10.into())
    );
    let updates = service.post("/api/v1/inventory-updates/query", body).await.is(200).json();
    assert_eq!(keys(&updates[0]), ["sku", "inventory_item_id", "variant_id", "quantity"]);
    let explained = service.get("/api/v1/skus/SKU1/explanation").await.is(200).json();
    assert_eq!(explained["sku"], "SKU1");

    let plan = service.post("/api/v1/plans", "").await.is(202).json()["task_id"].clone();
    let plan = plan.as_str().expect("a plan");
    let _ = service.poll(plan).await;
    shop.assert_not_written();
    let lines = service.get(&format!("/api/v1/runs/{plan}/lines")).await.is(200).json();
    assert_eq!((&lines["lines"][0]["sku"], &lines["lines"][0]["delta"]), (&"SKU1".into(), &2.into()));
    let applied = service.post(&format!("/api/v1/plans/{plan}/apply"), "").await.is(202).json();
    let (_, end) = service.poll(applied["task_id"].as_str().expect("a task")).await;
    assert_eq!(end.json()["result"]["outcome"], "converged", "{}", end.text);
    assert_eq!(shop.level("SKU1"), 12);

    let set = service.post("/api/v1/inventory", "{\"quantities\":{\"SKU2\":9}}").await.is(202).json();
    let (_, end) = service.poll(set["task_id"].as_str().expect("a task")).await;
    let result = &end.json()["result"];
    assert_eq!(keys(result), ["status", "message", "total_sku", "processed", "updated", "errors", "details"]);
    assert_eq!((&result["total_sku"], &result["updated"]), (&1.into(), &1.into()), "{result:#}");
    assert_eq!(shop.level("SKU2"), 9);
    service.post("/api/v1/inventory", "{\"quantities\":{\"SKU2\":100000}}").await.refuses(422, "bad_body");
    service.post("/api/v1/inventory", "{\"quantities\":{}}").await.refuses(422, "bad_body");

    let page = service.get("/api/v1/runs?limit=2").await.is(200).json();
    let cursor = page["next_cursor"].as_str().expect("more runs");
    let rest = service.get(&format!("/api/v1/runs?limit=2&cursor={cursor}")).await.is(200).json();
    let ids = |page: &serde_json::Value| -> Vec<String> {
        let runs = page["runs"].as_array().expect("runs");
        runs.iter().map(|run| run["run_id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!((ids(&page).len(), ids(&rest), &rest["next_cursor"]), (2, vec![plan.to_owned()], &().into()));
    let filtered = service.get("/api/v1/runs?kind=apply&status=SUCCESS&shop=default").await.is(200).json();
    assert_eq!(ids(&filtered).len(), 1);
}

/// A pause stops all writing, of the command line too, and survives restarts.
#[tokio::test(flavor = "multi_thread")]
async fn a_paused_shop_is_not_written_to_by_anybody() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_LANG", "en");
    let service = serve(&program).await;
    let _ = program.run(["pause"]).await.ends(0).says("paused");
    service.post("/warehouse/sync-wix/", "").await.refuses(409, "shop_paused");
    assert_eq!(service.running.stop().await, Some(0));
    let service = serve(&program).await;
    service.post("/warehouse/sync-wix/", "").await.refuses(409, "shop_paused");
    let _ = program.run(["sync"]).await.ends(5).says("wixsync resume");
    shop.assert_not_written();
    let dry = service.post("/warehouse/sync-wix/", "{\"dry_run\":true}").await.is(200).json();
    let (_, end) = service.poll(dry["task_id"].as_str().expect("a task")).await;
    assert_eq!(end.json()["status"], "SUCCESS", "what writes nothing may be done");
    let shops = service.get("/api/v1/shops").await.is(200).json();
    assert!(shops[0]["paused_since"].is_string(), "{shops:#}");
    let _ = service.post("/api/v1/shops/default/resume", "").await.is(200);
    let task = service.start().await;
    assert_eq!(service.poll(&task).await.1.json()["status"], "SUCCESS");
    assert_eq!(shop.level("A"), 3);
}

/// A pause in the middle of a run lets no further batch out.
async fn a_pause_stops_a_run_under_way() {
    let (shop, _warehouse, program) = many(Duration::from_millis(60)).await;
    let service = serve(&program).await;
    let task = service.start().await;
    writes_begun(&shop, 1).await;
    let _ = service.post("/api/v1/shops/default/pause", "").await.is(200);
    let at_the_pause = shop.write_requests().len();
    let (_, end) = service.poll(&task).await;
    let end = end.json();
    assert_eq!((&end["status"], &end["result"]["outcome"]), (&"FAILURE".into(), &"failed".into()), "{end:#}");
    assert!(shop.write_requests().len() <= at_the_pause + 1, "the call that was on its way, and no other");
    let _ = program.run(["resume"]).await.ends(0);
    let task = service.start().await;
    assert_eq!(service.poll(&task).await.1.json()["status"], "SUCCESS");
    assert_right(&shop);
}

/// Slots that passed while no service was running become one run, which begins at once.
async fn missed_slots_fall_together_into_one_run() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_SCHEDULE", "1h");
    let service = serve(&program).await;
    while !service.get("/api/v1/shops").await.is(200).json()[0]["schedule"]["next_slot"].is_string() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(service.running.stop().await, Some(0));
    let ten_hours_ago = "UPDATE schedule SET since = since - 10 * 3600000";
    change_state(&program, &["DELETE FROM slot", ten_hours_ago]).await;
    let service = serve(&program).await;
    while shop.level("A") != 3 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let runs = service.get("/api/v1/runs").await.is(200).json();
    let task = runs["runs"][0]["run_id"].as_str().expect("a run").to_owned();
    assert_eq!(service.poll(&task).await.1.json()["status"], "SUCCESS");
    let schedule = service.get("/api/v1/shops/default/schedule").await.is(200).json();
    assert_eq!(schedule["slots_missed"], 9, "{schedule:#}");
    assert_eq!((&schedule["schedule"], schedule["next_slot"].is_string()), (&"1h".into(), true));
    let figures = service.get("/metrics").await.is(200).text;
    for line in [
        "wixsync_slots_missed{shop=\"default\"} 9",
        "wixsync_runs_total{shop=\"default\",kind=\"sync\",outcome=\"converged\",started_by=\"schedule\"} 1",
        "wixsync_lines_total{shop=\"default\",state=\"verified\"} 1",
        &format!("{} 1", calls_to(raising())),
        "wixsync_intents{shop=\"default\",state=\"sent\"} 0",
    ] {
        assert!(figures.contains(line), "{line} is not in\n{figures}");
    }
    assert_eq!(shop.live().request_count(shop.raising()), 1);
}

/// More processes may work on one state database: each task is done once.
async fn workers_beside_a_service_share_its_tasks() {
    let (shop, _warehouse, program) = many(Duration::from_millis(10)).await;
    let service = serve(&program).await;
    let worker = program.start(["worker", "--json"]).await;
    let task = service.start().await;
    assert_eq!(service.poll(&task).await.1.json()["status"], "SUCCESS");
    assert_right(&shop);
    // Which state database it works over, as the service tells it.
    let state = format!("sqlite://{}", program.path("state.db").display());
    let told = worker.stop_and_collect().await.ends(0).json();
    assert_eq!(told, serde_json::json!({"status": "working", "state": state}));
    let worker = program.start(["worker"]).await.stop_and_collect().await.ends(0);
    let _ = worker.says(&format!("State database: {state}"));
    assert_eq!(service.running.stop().await, Some(0));
}

/// The documentation comes with the program: no address of another machine stands in what a browser loads.
#[tokio::test(flavor = "multi_thread")]
async fn the_documentation_needs_no_network() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let document = service.get("/openapi.json").await.is(200).json();
    assert!(document["paths"]["/warehouse/sync-wix/"]["post"].is_object());
    let page = service.get("/docs/").await.is(200).text;
    let attributes = page.split(['"']).zip(page.split(['"']).skip(1));
    let loads: Vec<&str> = attributes
        .filter(|(before, _)| before.ends_with("src=") || before.ends_with("href="))
        .map(|(_, file)| file)
        .collect();
    assert!(loads.len() >= 4, "{page}");
    for file in loads {
        assert!(!file.contains("//"), "{file}");
        let _ = service.get(&format!("/docs/{}", file.trim_start_matches("./"))).await.is(200);
    }
}

/// A browser signs in once, on these pages, and `Try it out` has the token. Nowhere else does it ask for a password: it
/// would send it along with requests that other sites cause.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_signs_in_on_the_documentation_alone() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let challenges = async |path: &str| {
        let answer = service.ask(Method::GET, path, &[("authorization", "")], "").await.is(401);
        let all = answer.headers.get_all("www-authenticate").iter();
        all.map(|one| one.to_str().expect("text").split(' ').next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    for path in ["/docs/", "/docs/openapi.json", "/docs/token", "/docs/swagger-initializer.js"] {
        assert_eq!(challenges(path).await, ["Bearer", "Basic"], "{path}");
    }
    for path in ["/openapi.json", "/api/v1/runs", "/metrics", "/warehouse/sync-wix/status/x"] {
        assert_eq!(challenges(path).await, ["Bearer"], "{path}");
    }
    // `me:TOKEN`, as a browser sends it.
    let basic = format!("Basic {}", base64(&format!("me:{}", service.token)));
    let signed_in = async |path: &str, from: &str| {
        let headers = [("authorization", basic.as_str()), ("sec-fetch-site", from)];
        service.ask(Method::GET, path, &headers, "").await
    };
    let page = signed_in("/docs/", "none").await.is(200);
    let policy = page.headers["content-security-policy"].to_str().expect("text");
    for part in ["default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert_eq!(page.headers["x-frame-options"], "DENY");
    assert!(!page.text.contains("<script>"), "the policy allows no script inside the page");
    let start = signed_in("/docs/swagger-initializer.js", "same-origin").await.is(200);
    assert!(start.kind.starts_with("text/javascript"), "{}", start.kind);
    for part in ["preauthorizeApiKey(\"token\"", "fetch(\"token\"", "url: \"openapi.json\""] {
        assert!(start.text.contains(part), "{}", start.text);
    }
    let document = signed_in("/docs/openapi.json", "same-origin").await.is(200).json();
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    let told = signed_in("/docs/token", "same-origin").await.is(200);
    assert_eq!(told.headers["cross-origin-resource-policy"], "same-origin");
    assert_eq!(told.json()["token"], service.token.as_str(), "what `Try it out` sends then");
    for elsewhere in ["cross-site", "same-site"] {
        signed_in("/docs/token", elsewhere).await.refuses(403, "not_allowed");
    }
    signed_in("/api/v1/runs", "same-origin").await.refuses(401, "no_token");
    let data = service.get("/api/v1/runs").await.is(200);
    assert_eq!(data.headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let part = |three: &[u8]| {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte))
            << (8 * (3 - three.len()));
        let letter = |at: usize| if at <= three.len() { LETTERS[bits >> (18 - 6 * at) & 63] } else { b'=' };
        (0..4).map(|at| char::from(letter(at))).collect::<String>()
    };
    text.as_bytes().chunks(3).map(part).collect()
}

/// What the guard holds is let through by those who may pause a shop.
#[tokio::test(flavor = "multi_thread")]
async fn a_held_plan_is_applied_with_the_scope_admin_alone() {
    let (shop, warehouse) = world(&[("A", 10, 12), ("B", 4, 4)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let run = token(&program, "runner", "run").await;
    let bearer = format!("Bearer {run}");
    let apply = async |plan: &str, headers: &[(&str, &str)]| {
        service.ask(Method::POST, &format!("/api/v1/plans/{plan}/apply"), headers, "").await
    };
    let plan = service.post("/api/v1/plans", "").await.is(202).json()["task_id"].clone();
    let plan = plan.as_str().expect("a plan");
    let _ = service.poll(plan).await;
    let applied = apply(plan, &[("authorization", &bearer)]).await.is(202).json();
    let _ = service.poll(applied["task_id"].as_str().expect("a task")).await;
    warehouse.execute("DELETE FROM stock; DELETE FROM product").await;
    let held = service.start().await;
    let (_, end) = service.poll(&held).await;
    assert_eq!(end.json()["result"]["outcome"], "held_by_guard", "{}", end.text);
    apply(&held, &[("authorization", &bearer)]).await.refuses(403, "not_allowed");
    let _ = apply(&held, &[]).await.is(202);
}

/// A name stands in lists and in logs, where a line break would forge a line.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_s_name_that_would_spoil_a_list_is_refused() {
    let program = crate::support::program().set("WIX_SITE_ID", "site");
    for name in ["a\nb", "a\u{1b}[31m", &"n".repeat(101)] {
        let _ = program.run(["token", "create", name]).await.ends(2).says("error[WX7114]");
    }
    let _ = program.run(["token", "create", &"n".repeat(100)]).await.ends(0);
}

/// What is left of a check-up's token is taken away, with its dry runs: a user's must not be taken for one.
#[tokio::test(flavor = "multi_thread")]
async fn the_names_of_check_ups_tokens_are_for_them_alone() {
    let program = crate::support::program().set("WIX_SITE_ID", "site");
    let refused = program.run(["token", "create", "doctor-laptop", "--days", "1"]).await.ends(2);
    let _ = refused.says("error[WX7114]").says("doctor-");
    let _ = program.run(["token", "create", "doctors"]).await.ends(0);
}
