//! What those who watch over the service see: the dead-man's address, readiness, figures after a restart.
//!
//! One catalog: the rest look at the state database and its figures.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde_json::Value;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use testkit::emulator::{Endpoint, FaultKind, FaultTiming};
use testkit::{TestShop, TestWarehouse};

use crate::serve::change_state;
use crate::service::{Service, calls_to, raising, serve, served};
use crate::support::{between, on_every_catalog, world};

on_every_catalog! {
    a_task_behind_a_long_run_is_not_late,
    what_the_state_database_tells_is_right_after_a_restart,
    a_dead_run_s_intents_are_told_by_the_next_process,
}

/// A monitoring service that notices missing calls: its address, and how often it was called.
async fn dead_man() -> (String, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = |State(calls): State<Arc<AtomicUsize>>| async move {
        calls.fetch_add(1, Ordering::SeqCst);
    };
    let routes = Router::new().route("/ping/secret", get(count)).with_state(Arc::clone(&calls));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}/ping/secret", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (address, calls)
}

/// A run from its start to its end: `task status/outcome`.
async fn run(service: &Service) -> String {
    let task = service.start().await;
    let end = service.poll(&task).await.1.json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!("{}/{}", text(&end["status"]), text(&end["result"]["outcome"]))
}

/// A service that is stopped makes the calls of its good runs before it ends. So what is counted then is all there is.
#[tokio::test(flavor = "multi_thread")]
async fn the_dead_man_s_address_is_called_after_good_runs_alone() {
    let (shop, warehouse) = world(&[("A", 1, 3), ("B", 5, 5)]).await;
    let (address, calls) = dead_man().await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_DEAD_MAN_URL", address);
    for (stock, good, ends) in [
        ("SELECT 1", 1, "SUCCESS/converged"),
        ("ALTER TABLE stock RENAME TO kept", 1, "FAILURE/failed"),
        ("CREATE TABLE stock (sku, warehouse, quantity); DELETE FROM product", 1, "SUCCESS/held_by_guard"),
        (
            "DROP TABLE stock; ALTER TABLE kept RENAME TO stock; INSERT INTO product (sku, name) SELECT sku, sku FROM stock",
            2,
            "SUCCESS/converged",
        ),
    ] {
        warehouse.execute(stock).await;
        let service = serve(&program).await;
        assert_eq!(run(&service).await, ends, "after {stock}");
        assert_eq!(service.running.stop().await, Some(0));
        assert_eq!(calls.load(Ordering::SeqCst), good, "calls after {stock}");
    }
}

/// A warehouse none of whose SKUs the shop knows brings nothing right, also in a first run that nothing is compared with.
#[tokio::test(flavor = "multi_thread")]
async fn the_dead_man_s_address_is_not_called_for_a_run_without_matches() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    warehouse.execute("UPDATE product SET sku = 'x'; UPDATE stock SET sku = 'x'").await;
    let (address, calls) = dead_man().await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_DEAD_MAN_URL", address);
    let _ = program.run(["sync"]).await.ends(0);
    let service = serve(&program).await;
    assert_eq!(run(&service).await, "SUCCESS/converged");
    let state = service.get("/api/v1/shops").await.is(200).json();
    assert_eq!(state["shops"][0]["last_good_at"], Value::Null, "{state:#}");
    assert_eq!(service.running.stop().await, Some(0));
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

/// Runs that another scheduler starts on the command line are watched too.
#[tokio::test(flavor = "multi_thread")]
async fn good_runs_of_the_command_line_are_told_too() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let (address, calls) = dead_man().await;
    let program = between(&shop, &warehouse).set("WIXSYNC_DEAD_MAN_URL", address);
    let _ = program.run(["plan"]).await.ends(0);
    assert_eq!(calls.load(Ordering::SeqCst), 0, "a plan puts nothing right");
    let _ = program.run(["sync"]).await.ends(0);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    warehouse.execute("ALTER TABLE stock RENAME TO kept").await;
    let _ = program.run(["sync"]).await.ends(5);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

/// The value of a figure, `None` where it does not stand there.
fn figure(figures: &str, name: &str) -> Option<f64> {
    let line = figures.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map(|value| value.parse().unwrap_or_else(|error| panic!("{name}: {error}: {value}")))
}

async fn figures(service: &Service) -> String {
    service.get("/metrics").await.is(200).text
}

/// No process can take the shop: every attempt fails, as on a full disk.
const NOBODY_BEGINS: &str =
    "CREATE TRIGGER nobody BEFORE INSERT ON lease BEGIN SELECT raise(ABORT, 'nobody begins'); END";
const TEN_MINUTES_AGO: &str = "UPDATE run SET created_at = created_at - 600000";

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_nobody_begins_makes_the_service_not_ready() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    change_state(&program, &[NOBODY_BEGINS]).await;
    let task = service.start().await;
    let ready = service.get("/readyz").await.is(200).json();
    assert_eq!(
        ready,
        serde_json::json!({"status": "ready", "late_shops": 0, "clock_change": null}),
        "its time is not over yet"
    );
    change_state(&program, &[TEN_MINUTES_AGO]).await;
    let late = service.get("/readyz").await.is(503).json();
    assert_eq!(late, serde_json::json!({"status": "late", "late_shops": 1, "clock_change": null}));
    let _ = service.get("/healthz").await.is(200);
    let seen = figures(&service).await;
    assert!(figure(&seen, "wixsync_task_waiting_seconds{shop=\"default\"}") >= Some(600.0), "{seen}");
    assert_eq!(figure(&seen, "wixsync_tasks_open{shop=\"default\"}"), Some(1.0));
    // One that waits because the shop is paused waits for a reason.
    let _ = program.run(["pause"]).await.ends(0);
    let _ = service.get("/readyz").await.is(200);
    let seen = figures(&service).await;
    assert_eq!(figure(&seen, "wixsync_task_waiting_seconds{shop=\"default\"}"), Some(0.0));
    let _ = program.run(["resume"]).await.ends(0);
    let _ = service.get("/readyz").await.is(200);
    change_state(&program, &["UPDATE resumed SET at = at - 600000"]).await;
    let _ = service.get("/readyz").await.is(503);

    change_state(&program, &["DROP TRIGGER nobody"]).await;
    assert_eq!(service.poll(&task).await.1.json()["status"], "SUCCESS");
    let _ = service.get("/readyz").await.is(200);
    let seen = figures(&service).await;
    assert_eq!(figure(&seen, "wixsync_task_waiting_seconds{shop=\"default\"}"), Some(0.0));
    assert_eq!(figure(&seen, "wixsync_tasks_open{shop=\"default\"}"), Some(0.0));
}

/// A task behind a run of any length could not begin before that has ended.
async fn a_task_behind_a_long_run_is_not_late() {
    let shop = TestShop::builder().products([("A", 1)]).latency(Duration::from_millis(200)).start().await;
    let warehouse = TestWarehouse::of([("A", 3)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let long = service.start().await;
    while shop.write_requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let _ = service.post("/warehouse/sync-wix/", "{\"dry_run\": true}").await.is(200);
    // The one that waits cannot take the shop from the one that has it.
    let no_next = "CREATE TRIGGER nobody BEFORE UPDATE OF run_id ON lease WHEN NEW.run_id <> OLD.run_id
                   BEGIN SELECT raise(ABORT, 'nobody begins'); END";
    change_state(&program, &[no_next, TEN_MINUTES_AGO]).await;
    let waiting = "wixsync_task_waiting_seconds{shop=\"default\"}";
    let _ = service.get("/readyz").await.is(200);
    assert_eq!(figure(&figures(&service).await, waiting), Some(0.0));
    assert_eq!(service.poll(&long).await.1.json()["status"], "SUCCESS");
    // The end of the run is written before its shop is given back.
    let options = SqliteConnectOptions::new().filename(program.path("state.db"));
    let mut state = options.connect().await.expect("the state opens");
    while sqlx::query_scalar("SELECT held FROM lease").fetch_one(&mut state).await.ok() != Some(false) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let seen = figures(&service).await;
    assert!(figure(&seen, waiting) < Some(60.0), "{seen}");
    let ready = service.get("/readyz").await.is(200).json();
    assert_eq!(ready, serde_json::json!({"status": "ready", "late_shops": 0, "clock_change": null}));
    // No worker has taken it although the shop was free all the time: now it is late.
    change_state(&program, &["UPDATE lease SET expires_at = expires_at - 600000, held = 0"]).await;
    let _ = service.get("/readyz").await.is(503);
}

/// A new process reports what the state database holds, whichever process wrote it. What a process counts itself
/// starts at zero.
async fn what_the_state_database_tells_is_right_after_a_restart() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    assert_eq!(run(&service).await, "SUCCESS/converged");
    let before = figures(&service).await;
    let converged =
        "wixsync_runs_total{shop=\"default\",kind=\"sync\",outcome=\"converged\",started_by=\"api\"}";
    let raises = calls_to(raising());
    assert_eq!((figure(&before, converged), figure(&before, &raises)), (Some(1.0), Some(1.0)), "{before}");
    let of_shop = |name: &str| format!("wixsync_{name}{{shop=\"default\"}}");
    let taken = figure(&before, &of_shop("window_requests"));
    assert!(taken > Some(0.0), "{before}");
    let _ = program.run(["sync"]).await.ends(0);
    let _ = program.run(["pause"]).await.ends(0);
    assert_eq!(service.running.stop().await, Some(0));
    change_state(
        &program,
        &[
            "UPDATE run SET finished_at = finished_at - 7200000",
            "UPDATE shop_figures SET last_good_at = last_good_at - 7200000",
            "INSERT INTO slot (shop, at, run_id, missed) VALUES ('default', 0, 'x', 5)",
            "UPDATE request SET held_until = held_until + 600000",
        ],
    )
    .await;

    let service = serve(&program).await;
    let task = service.post("/api/v1/plans", "").await.is(202).json()["task_id"].clone();
    let _ = service.poll(task.as_str().expect("a task")).await;
    let after = figures(&service).await;
    for (name, value) in [("slots_missed", 5.0), ("shop_paused", 1.0), ("tasks_open", 0.0)] {
        assert_eq!(figure(&after, &of_shop(name)), Some(value), "{name}: {after}");
    }
    assert!(figure(&after, &of_shop("window_requests")) >= taken, "{after}");
    assert!(figure(&after, &of_shop("last_good_run_age_seconds")) >= Some(7_200.0), "{after}");
    assert_eq!((figure(&after, converged), figure(&after, &raises)), (Some(1.0), None), "{after}");
    let by_hand = converged.replace("api", "command_line");
    assert_eq!(figure(&after, &by_hand), Some(1.0), "{after}");
    let plans = "wixsync_runs_total{shop=\"default\",kind=\"plan\",outcome=\"planned\",started_by=\"api\"}";
    assert_eq!(figure(&after, plans), Some(1.0), "{after}");
}

/// The next process reports what a dead process had sent, also before a worker continues its run.
async fn a_dead_run_s_intents_are_told_by_the_next_process() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let slow = FaultKind::Hang { duration: Duration::from_mins(5), timing: FaultTiming::BeforeApply };
    shop.break_with(shop.raising(), slow, 1);
    let _ = service.start().await;
    while shop.write_requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    service.running.kill().await;
    change_state(&program, &[NOBODY_BEGINS]).await;
    let service = serve(&program).await;
    let seen = figures(&service).await;
    assert_eq!(figure(&seen, "wixsync_intents{shop=\"default\",state=\"sent\"}"), Some(1.0), "{seen}");
    assert_eq!(figure(&seen, "wixsync_intents{shop=\"default\",state=\"acked\"}"), Some(0.0), "{seen}");
    assert_eq!(figure(&seen, "wixsync_tasks_open{shop=\"default\"}"), Some(1.0), "{seen}");
}

/// A process that keeps writing to a file that no other process can open loses every task that it accepts.
#[tokio::test(flavor = "multi_thread")]
async fn a_state_database_that_was_moved_away_accepts_nothing() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    change_state(&program, &[NOBODY_BEGINS]).await;
    let waits = service.start().await;
    let _ = service.get("/readyz").await.is(200);

    let (file, away) = (program.path("state.db"), program.path("away.db"));
    std::fs::rename(&file, &away).expect("it is moved");
    service.post("/api/v1/runs", "{\"skus\": [\"A\"]}").await.refuses(503, "state_failed");
    assert!(!file.exists(), "no other one was made");
    // Another file at its place is not it either.
    std::fs::copy(&away, &file).expect("it is copied");
    service.post("/api/v1/runs", "{\"skus\": [\"A\"]}").await.refuses(503, "state_failed");
    let _ = service.get("/healthz").await.is(200);
    let ready = service.get("/readyz").await.is(503).json();
    assert_eq!(ready["status"], "state_failed");

    std::fs::rename(&away, &file).expect("it is moved back");
    let _ = service.get("/readyz").await.is(200);
    change_state(&program, &["DROP TRIGGER nobody"]).await;
    assert_eq!(service.poll(&waits).await.1.json()["status"], "SUCCESS");
    shop.assert_written_at_most_once();
    let log = service.running.stop_and_collect().await.ends(0).stderr;
    assert!(log.contains("state.db was deleted, moved or replaced while it was in use"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_makes_the_service_not_ready_until_it_has_room() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse)).with_limited_disk();
    let service = serve(&program).await;
    let _ = service.get("/api/v1/runs").await.is(200);
    let size = std::fs::metadata(program.path("state.db-wal")).expect("a write-ahead log").len();
    service.running.fill_disk(size);
    service.post("/warehouse/sync-wix/", "").await.refuses(503, "state_failed");
    let ready = service.get("/readyz").await.is(503).json();
    assert_eq!(ready["status"], "state_failed");
    let _ = service.get("/api/v1/runs").await.is(200);
    shop.assert_not_written();

    service.running.free_disk();
    let _ = service.get("/readyz").await.is(200);
    assert_eq!(run(&service).await, "SUCCESS/converged");
    assert_eq!(service.running.stop().await, Some(0));
}

/// Requests that look into shops have their own few places: a crowd of them leaves a run its share of Wix's window,
/// and other clients their answers.
#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_of_explanations_holds_nobody_else_up() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_HTTP_TIMEOUT", "5m");
    let service = Arc::new(serve(&program).await);
    let never = FaultKind::Hang { duration: Duration::from_hours(1), timing: FaultTiming::BeforeApply };
    shop.break_with(Endpoint::CatalogVersion, never, 5);
    let mut crowd = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let service = Arc::clone(&service);
        crowd.spawn(async move { service.get("/api/v1/skus/A/explanation").await });
    }
    while shop.requests().len() < 4 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    for _ in 0..10 {
        let _ = service.get("/readyz").await.is(200);
        let _ = service.get("/api/v1/runs").await.is(200);
        let _ = service.get("/metrics").await.is(200);
    }
    assert_eq!(shop.requests().len(), 4, "requests to Wix");
    // The fifth hangs a run, which had its turn all the same.
    let _ = service.start().await;
    while shop.requests().len() < 5 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    crowd.shutdown().await;
}
