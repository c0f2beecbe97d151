//! Background work of the service: every task has a status, in the API and in `doctor`.
//!
//! One catalog: background work asks the shop for nothing.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::Program;

use crate::service::{Service, serve, served, token};
use crate::support::{between, world};

/// The tasks, once `is_so` holds for them.
async fn tasks(service: &Service, is_so: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    loop {
        let answer = service.get("/api/v1/background").await.is(200).json();
        let tasks = answer["tasks"].as_array().expect("a list of tasks");
        if is_so(tasks) {
            return tasks.clone();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn task<'a>(tasks: &'a [Value], name: &str) -> &'a Value {
    tasks.iter().find(|task| task["name"] == name).unwrap_or_else(|| panic!("no {name} in {tasks:#?}"))
}

/// The check of a check-up with this id.
async fn check(program: &Program, code: i32, id: &str) -> Value {
    let told = program.run(["doctor", "--json"]).await.ends(code).json();
    let checks = told["checks"].as_array().expect("a list of checks");
    checks.iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("no {id} in {told:#}")).clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_task_has_a_status_that_a_token_for_reading_shows() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse));
    let mut service = serve(&program).await;
    service.token = token(&program, "reader", "read").await;
    let seen = tasks(&service, |tasks| tasks.iter().all(|task| task["last"].is_object())).await;
    let names: Vec<&Value> = seen.iter().map(|task| &task["name"]).collect();
    assert_eq!(names, ["dispatch", "slots", "pruning", "sweeping", "clock_watch"]);
    for task in &seen {
        assert_eq!((&task["failures"], &task["overdue"]), (&json!(0), &json!(false)), "{task:#}");
        assert_eq!(task["last"]["outcome"], "succeeded", "{task:#}");
        assert_eq!(task["last"]["report"]["task"], task["name"], "{task:#}");
        assert!(task["description"].as_str().is_some_and(|text| text.len() > 10), "{task:#}");
    }
    let pruning = task(&seen, "pruning");
    assert_eq!(
        pruning["last"]["report"],
        json!({"task": "pruning", "deleted_rows": 0, "waits_for_clock": true})
    );
    let once = task(&seen, "dispatch")["activations"].as_u64();
    let later = tasks(&service, |tasks| task(tasks, "dispatch")["activations"].as_u64() > once).await;
    assert_eq!(task(&later, "sweeping")["activations"], 1, "it waits for an hour");
    service.token = "wxs_".to_owned();
    service.get("/api/v1/background").await.refuses(401, "no_token");
    assert_eq!(service.running.stop().await, Some(0));
}

/// The address refuses; `doctor` reports the task with the error, and that all is well after the next good answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_failed_is_named_by_the_check_up() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = closed.local_addr().expect("an address");
    drop(closed);
    let program = served(between(&shop, &warehouse))
        .set("WIXSYNC_DEAD_MAN_URL", format!("http://{address}/ping/secret"));
    let service = serve(&program).await;
    let listen = service.url.strip_prefix("http://").expect("an address").to_owned();
    let program = program.set("WIXSYNC_LISTEN", listen);
    let well = check(&program, 0, "background").await;
    assert_eq!(json!([well["status"], well["found"], well["of"]]), json!(["ok", 6, 6]), "{well:#}");

    let started = service.start().await;
    let _ = service.poll(&started).await;
    let seen = tasks(&service, |tasks| task(tasks, "dead_man")["failures"] == 1).await;
    let dead_man = task(&seen, "dead_man");
    assert_eq!(dead_man["last"]["outcome"], "failed");
    assert_eq!(dead_man["last"]["report"], json!({"task": "dead_man", "asked": true, "runs_waiting": 0}));
    assert!(!dead_man.to_string().contains("secret"), "{dead_man:#}");
    let failed = check(&program, 3, "background").await;
    assert_eq!((&failed["status"], &failed["code"]), (&json!("warning"), &json!("WX7121")), "{failed:#}");
    let example = failed["examples"][0].as_str().expect("an example");
    assert!(example.starts_with("dead_man: ") && !example.contains("secret"), "{example}");

    let listener = tokio::net::TcpListener::bind(address).await.expect("the port is free again");
    let routes = axum::Router::new().route("/ping/secret", axum::routing::get(async || "ok"));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let started = service.start().await;
    let _ = service.poll(&started).await;
    let seen = tasks(&service, |tasks| task(tasks, "dead_man")["failures_in_a_row"] == 0).await;
    assert_eq!(task(&seen, "dead_man")["failures"], 1);
    assert_eq!(check(&program, 0, "background").await["status"], "ok");
    assert_eq!(service.running.stop().await, Some(0));
}

/// What fails elsewhere does not keep the check-up from asking the service.
#[tokio::test(flavor = "multi_thread")]
async fn the_tasks_are_shown_also_where_the_shop_refuses_the_key() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse)).set("WIX_API_KEY", "another-key");
    let service = serve(&program).await;
    let listen = service.url.strip_prefix("http://").expect("an address").to_owned();
    let program = program.set("WIXSYNC_LISTEN", listen);
    assert_eq!(check(&program, 5, "background").await["status"], "ok");
    let tokens = program.run(["token", "list", "--json"]).await.ends(0).json().to_string();
    assert!(!tokens.contains("doctor-"), "the token of the check-up is gone with it: {tokens}");
    assert_eq!(service.running.stop().await, Some(0));
}
