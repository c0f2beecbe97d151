//! What `doctor` tells of inventory, of the request window, and of the service and its tasks.
//!
//! One catalog: V3 tells SKUs and levels by one endpoint, so no key may read only one of them; the rest are about the
//! window, the service and its tasks.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use testkit::emulator::{Endpoint, FaultKind, FaultTiming};
use testkit::{CANARY, Program, TestShop};
use tokio::net::TcpListener;

use super::{assert_check, check, doctor};
use crate::serve::change_state;
use crate::service::{serve, served};
use crate::support::{between, on_every_catalog, world};

on_every_catalog! {
    a_dry_run_goes_through_the_queue_where_no_service_runs,
}

/// Serves `routes` on a free port; where.
async fn listen(routes: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

/// A shop that takes 30 seconds to answer, so that a process that asks it is still waiting when it is killed.
fn slow() -> FaultKind {
    FaultKind::Hang { duration: Duration::from_secs(30), timing: FaultTiming::BeforeApply }
}

/// Starts a task whose shop is slow and kills the service over it; gives the task. The shop is well again then.
async fn killed_over_a_task(program: &Program, shop: &TestShop, path: &str, body: &str) -> String {
    shop.break_with(Endpoint::CatalogVersion, slow(), 1);
    let service = serve(program).await;
    let task = service.post(path, body).await.json();
    service.running.kill().await;
    shop.live().clear_faults();
    task["task_id"].as_str().expect("a task").to_owned()
}

/// A key that may read products and not inventory would let a run write and not read back.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_may_not_read_inventory_is_told() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    assert_check(&doctor(&program, 0).await, "levels", "ok", None);
    shop.break_with(Endpoint::QueryInventory, FaultKind::Status { code: 403, body: None }, u32::MAX);
    let told = doctor(&program, 5).await;
    assert_check(&told, "levels", "failed", Some("WX3013"));
    assert_check(&told, "matching", "ok", None);
    shop.assert_not_written();
    let empty = TestShop::builder().start().await;
    let told = doctor(&between(&empty, &warehouse), 3).await;
    assert_check(&told, "levels", "not_checked", None);
    assert!(
        check(&told, "levels")["text"]
            .as_str()
            .is_some_and(|text| text.contains("the shop has no product yet"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_wix_has_closed_is_told() {
    let (shop, warehouse) = world(&[("A", 10, 10)]).await;
    let program = between(&shop, &warehouse).toml("pause_after_429 = \"1500ms\"");
    shop.break_with(Endpoint::CatalogVersion, FaultKind::Status { code: 429, body: None }, 10);
    assert_check(&doctor(&program, 5).await, "key", "failed", Some("WX3006"));
    shop.live().clear_faults();
    assert_check(&doctor(&program, 3).await, "window", "warning", Some("WX3110"));
    assert_check(&doctor(&program, 0).await, "window", "ok", None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_is_asked_where_it_would_listen() {
    let (shop, warehouse) = world(&[("A", 10, 10)]).await;
    let at = |address: &str| between(&shop, &warehouse).set("WIXSYNC_LISTEN", address);
    let told = doctor(&at("127.0.0.1:0"), 0).await;
    assert_eq!(
        told["not_checked"],
        json!([]),
        "a port that is not known is not asked, and nothing is missed"
    );
    let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = free.local_addr().expect("an address").to_string();
    drop(free);
    let told = doctor(&at(&address), 0).await;
    assert_eq!(check(&told, "service")["found"], 0, "no service listens, which is fine");

    let stranger = listen(Router::new().fallback(async || "hello")).await;
    assert_check(&doctor(&at(&stranger), 3).await, "service", "warning", Some("WX7106"));
    let late = Router::new().route("/healthz", get(async || "ok"));
    let late =
        listen(late.fallback(async || (StatusCode::SERVICE_UNAVAILABLE, "{\"status\":\"late\"}"))).await;
    assert_check(&doctor(&at(&late), 3).await, "service", "warning", Some("WX7105"));

    let serving = served(between(&shop, &warehouse));
    let service = serve(&serving).await;
    let address = service.url.strip_prefix("http://").expect("an address").to_owned();
    let told = doctor(&serving.set("WIXSYNC_LISTEN", address), 0).await;
    assert_eq!(check(&told, "service")["found"], 1);
    assert_eq!(service.running.stop().await, Some(0));
}

/// Its service was killed, and no other process has taken its place.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_without_a_worker_is_told() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = served(between(&shop, &warehouse));
    let _ = killed_over_a_task(&program, &shop, "/warehouse/sync-wix/", "").await;
    let told = doctor(&program, 3).await;
    assert_check(&told, "tasks", "ok", None);
    assert_eq!(check(&told, "tasks")["found"], 1, "five minutes may pass: {told:#}");
    change_state(
        &program,
        &["UPDATE lease SET expires_at = 0", "UPDATE run SET created_at = created_at - 400000"],
    )
    .await;
    assert_check(&doctor(&program, 3).await, "tasks", "warning", Some("WX7104"));
    let _ = program.run(["pause"]).await.ends(0);
    let told = doctor(&program, 3).await;
    assert_check(&told, "tasks", "ok", None);
    assert_check(&told, "rehearsal", "warning", Some("WX7115"));
    shop.assert_not_written();
}

/// The guide's last two checks, with a service of the check-up's own.
async fn a_dry_run_goes_through_the_queue_where_no_service_runs() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 3, 4)]).await;
    let program = between(&shop, &warehouse);
    let told = doctor(&program, 0).await;
    assert_check(&told, "rehearsal", "ok", None);
    assert_check(&told, "api", "ok", None);
    let api = check(&told, "api");
    assert!(api["found"].as_u64() >= Some(10), "{api:#}");
    assert_eq!(api["found"], api["of"]);
    shop.assert_not_written();
    let runs = program.run(["runs", "--started-by", "doctor", "--json"]).await.ends(0).json();
    let runs = runs["runs"].as_array().expect("a list of runs");
    assert_eq!(runs.len(), 1, "{runs:#?}");
    let due = json!([true, "SUCCESS", "sync"]);
    assert_eq!(json!([runs[0]["dry_run"], runs[0]["status"], runs[0]["kind"]]), due);
    let tokens = program.run(["token", "list", "--json"]).await.ends(0).json();
    assert_eq!(tokens["tokens"], json!([]), "the token of a rehearsal is gone with it");
}

/// A check-up must not start a task that writes.
#[tokio::test(flavor = "multi_thread")]
async fn a_check_up_leaves_waiting_tasks_alone() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = served(between(&shop, &warehouse));
    let _ = killed_over_a_task(&program, &shop, "/warehouse/sync-wix/", "").await;
    change_state(&program, &["UPDATE lease SET expires_at = 0"]).await;
    let told = doctor(&program, 3).await;
    assert_check(&told, "rehearsal", "warning", Some("WX7115"));
    let rehearsal = check(&told, "rehearsal");
    assert_eq!(json!([rehearsal["found"], rehearsal["of"]]), json!([0, 1]), "{rehearsal:#}");
    assert!(rehearsal["hint"].as_str().is_some_and(|hint| hint.contains("wixsync runs")), "{rehearsal:#}");
    assert_check(&told, "api", "ok", None);
    shop.assert_not_written();
}

/// A rehearsal for one shop is none for another, whose waiting plan writes nothing either.
#[tokio::test(flavor = "multi_thread")]
async fn a_check_up_of_one_shop_leaves_the_tasks_of_another_alone() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let (other, _) = world(&[("A", 10, 15)]).await;
    let of = |name: &str, shop: &TestShop| {
        format!(
            "[[shop]]\nname = \"{name}\"\nbase_url = \"{}\"\nsite_id = \"{}\"\napi_key = \"{}\"\n",
            shop.base_url(),
            shop.site_id(),
            CANARY
        )
    };
    let shops = of("north", &shop) + &of("south", &other);
    let program = served(crate::support::program().warehouse(&warehouse).toml(&shops));
    let run = killed_over_a_task(&program, &other, "/api/v1/plans", r#"{"shop":"south"}"#).await;
    change_state(&program, &["UPDATE lease SET expires_at = 0"]).await;
    let before = program.run(["run", &run, "--json"]).await.json();
    let told = program.run(["doctor", "--shop", "north", "--json"]).await.ends(0).json();
    assert_check(&told, "rehearsal", "ok", None);
    assert_eq!(check(&told, "rehearsal")["found"], 1);
    assert_check(&told, "api", "ok", None);
    assert_eq!(program.run(["run", &run, "--json"]).await.json(), before);
}

/// A check-up that is stopped leaves neither a token nor a task behind.
#[tokio::test(flavor = "multi_thread")]
async fn a_check_up_that_is_stopped_leaves_nothing_behind() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    // The check-up itself asks once; the rehearsal's dry run hangs.
    shop.break_later(Endpoint::CatalogVersion, 1, slow(), 1);
    let running = program.spawn(["doctor"]);
    while shop.live().request_count(Endpoint::CatalogVersion) < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(running.stop().await, Some(130));
    let tokens = program.run(["token", "list", "--json"]).await.ends(0).json();
    assert_eq!(tokens["tokens"], json!([]));
    let runs = program.run(["runs", "--started-by", "doctor", "--json"]).await.ends(0).json();
    assert_eq!(runs["runs"][0]["ready"], true, "{runs:#}");
}

/// Kills a check-up over its dry run.
async fn killed_over_its_dry_run(program: &Program, shop: &TestShop) {
    let before = shop.live().request_count(Endpoint::CatalogVersion);
    shop.break_later(Endpoint::CatalogVersion, 1, slow(), 1);
    let running = program.spawn(["doctor"]);
    while shop.live().request_count(Endpoint::CatalogVersion) < before + 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    running.kill().await;
    shop.live().clear_faults();
}

/// What a check-up that was killed leaves is over in seconds, and the next check-up, or service, takes it away.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_check_up_leaves_is_taken_away() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = served(between(&shop, &warehouse));
    killed_over_its_dry_run(&program, &shop).await;
    let tokens = program.run(["token", "list", "--json"]).await.ends(0).json();
    let life = |field: &str| {
        let moment = tokens["tokens"][0][field].as_str().expect("a moment");
        moment.parse::<jiff::Timestamp>().expect("a moment")
    };
    let life = life("expires_at").duration_since(life("created_at"));
    assert!(life.as_secs() < 60, "its token lives {life:?}: {tokens:#}");

    // The moment that follows: the token has expired, and so has the lease.
    let later = ["UPDATE lease SET expires_at = 0", "UPDATE token SET expires_at = created_at"];
    change_state(&program, &later).await;
    let told = doctor(&program, 0).await;
    assert_check(&told, "rehearsal", "ok", None);
    assert_left_over_is_gone(&program, 1).await;

    killed_over_its_dry_run(&program, &shop).await;
    change_state(&program, &later).await;
    // One that has not begun.
    change_state(&program, &["UPDATE run SET status = 'PENDING', started_at = NULL WHERE outcome IS NULL"])
        .await;
    let requests = shop.live().request_count(Endpoint::CatalogVersion);
    let service = serve(&program).await;
    assert_eq!(service.running.stop().await, Some(0));
    assert_left_over_is_gone(&program, 0).await;
    assert_eq!(shop.live().request_count(Endpoint::CatalogVersion), requests, "no worker has taken it");
    shop.assert_not_written();
}

/// No token of a check-up, and of its dry runs the one before the newest `after` was revoked.
async fn assert_left_over_is_gone(program: &Program, after: usize) {
    let runs = program.run(["runs", "--started-by", "doctor", "--json"]).await.ends(0).json();
    assert_eq!(runs["runs"][after]["status"], "REVOKED", "{runs:#}");
    let tokens = program.run(["token", "list", "--json"]).await.ends(0).json();
    assert!(!tokens.to_string().contains("doctor-"), "{tokens:#}");
}

/// A dry run may take longer than its token lives.
#[tokio::test(flavor = "multi_thread")]
async fn the_token_of_a_check_up_is_renewed_while_it_works() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_HTTP_TIMEOUT", "1m");
    shop.break_later(Endpoint::CatalogVersion, 1, slow(), 1);
    let running = program.spawn(["doctor"]);
    while shop.live().request_count(Endpoint::CatalogVersion) < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let end = async || {
        let tokens = program.run(["token", "list", "--json"]).await.ends(0).json();
        tokens["tokens"][0]["expires_at"].as_str().expect("an end").to_owned()
    };
    let first = end().await;
    while end().await <= first {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(running.stop().await, Some(130));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_that_runs_is_rehearsed_with() {
    let (shop, warehouse) = world(&[("A", 10, 10)]).await;
    let serving = served(between(&shop, &warehouse));
    let service = serve(&serving).await;
    let address = service.url.strip_prefix("http://").expect("an address").to_owned();
    let other = between(&shop, &warehouse).set("WIXSYNC_LISTEN", &address);
    let told = doctor(&other, 3).await;
    assert_check(&told, "service", "warning", Some("WX7107"));
    assert_eq!(told["not_checked"], json!(["rehearsal", "api"]));

    let told = doctor(&serving.set("WIXSYNC_LISTEN", &address), 0).await;
    assert_check(&told, "rehearsal", "ok", None);
    assert_check(&told, "api", "ok", None);
    assert_eq!(service.running.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_refuses_tasks_and_routes_is_told() {
    let (shop, warehouse) = world(&[("A", 10, 10)]).await;
    let program = between(&shop, &warehouse);
    let state = program.path("state.db");
    // It proves that it reads the state database, which is the only way to be shown a token.
    let healthz = async move |headers: axum::http::HeaderMap| {
        let challenge = headers.get("wixsync-challenge").map(|text| text.to_str().expect("text").to_owned());
        let port = headers["host"].to_str().expect("text").rsplit(':').next().unwrap_or_default().to_owned();
        let proof = match challenge {
            Some(challenge) => proof(&state, &challenge, &port).await,
            None => String::new(),
        };
        ([("wixsync-proof", proof)], "ok")
    };
    let routes = Router::new().route("/healthz", get(healthz)).route("/readyz", get(async || "ready"));
    let broken = listen(routes.fallback(async || (StatusCode::BAD_GATEWAY, "no"))).await;
    let told = doctor(&program.set("WIXSYNC_LISTEN", &broken), 5).await;
    assert_check(&told, "service", "ok", None);
    assert_check(&told, "rehearsal", "failed", Some("WX7109"));
    assert_eq!(check(&told, "rehearsal")["examples"], json!(["502: no"]));
    assert_check(&told, "api", "failed", Some("WX7110"));
    let wrong = check(&told, "api")["examples"].to_string();
    assert!(wrong.contains("GET /api/v1/runs: 502") && !wrong.contains("/healthz"), "{wrong}");
}

/// What the service at `port` answers to a challenge.
async fn proof(state: &std::path::Path, challenge: &str, port: &str) -> String {
    let (name, random) = challenge.split_once(' ').expect("two words");
    let mut db = SqliteConnectOptions::new().filename(state).connect().await.expect("the state database");
    let hash: String = sqlx::query_scalar("SELECT hash FROM token WHERE hash LIKE ?1 || '%'")
        .bind(name)
        .fetch_one(&mut db)
        .await
        .expect("the token");
    db.close().await.expect("it closes");
    hex::encode(Sha256::digest(format!("wixsync proof\n{hash}\n{port}\n{random}")))
}

/// A program that listens where the service should and answers as it does, but for the state database.
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_at_the_service_s_address_gets_no_token() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let (seen, mut heads) = tokio::sync::mpsc::unbounded_channel();
    let note = move |headers: axum::http::HeaderMap| {
        let _ = seen.send(headers);
        async { "ok" }
    };
    let stranger = listen(Router::new().fallback(note)).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_LISTEN", stranger);
    assert_check(&doctor(&program, 3).await, "service", "warning", Some("WX7107"));
    let mut asked = 0;
    while let Ok(headers) = heads.try_recv() {
        assert!(!headers.contains_key("authorization"), "{headers:?}");
        asked += usize::from(headers.contains_key("wixsync-challenge"));
    }
    assert!(asked > 0, "it was asked for a proof");
}
