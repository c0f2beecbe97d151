//! The schedule by the clock of the machine.
//!
//! One catalog: the schedule knows no catalog.

use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use testkit::Program;

use crate::service::{Service, serve, served};
use crate::support::{between, world};

/// An interval that has a slot in about six seconds. Intervals count from 1970, so that one of many that differ by a
/// millisecond has its slot where it is wanted.
fn slot_soon() -> String {
    #[expect(clippy::disallowed_methods, reason = "the schedule runs by this clock")]
    let soon = jiff::Timestamp::now().as_millisecond() + 6_000;
    let interval = (60_000..120_000).find(|ms| soon % ms < 250).expect("one of so many");
    format!("{interval}ms")
}

async fn schedule(service: &Service, what: &str) -> Option<String> {
    let schedule = service.get("/api/v1/shops/default/schedule").await.is(200).json();
    schedule[what].as_str().map(str::to_owned)
}

/// Each slot with its moment, and the moment at which its run was made; and how many runs there are.
async fn filled(program: &Program) -> (Vec<(i64, i64)>, i64) {
    let mut state =
        SqliteConnectOptions::new().filename(program.path("state.db")).connect().await.expect("it opens");
    let slots =
        sqlx::query_as("SELECT at, created_at FROM slot LEFT JOIN run ON run.id = run_id ORDER BY at");
    let slots = slots.fetch_all(&mut state).await.expect("slots");
    let runs = sqlx::query_scalar("SELECT count(*) FROM run").fetch_one(&mut state).await.expect("runs");
    state.close().await.expect("the state closes");
    (slots, runs)
}

/// Two services wait for the same slot; one run comes of it, and not before its moment.
#[tokio::test(flavor = "multi_thread")]
async fn a_slot_has_one_run_at_its_moment() {
    let (shop, warehouse) = world(&[("A", 1, 3)]).await;
    let program =
        served(between(&shop, &warehouse)).toml("jitter = \"0s\"\n").set("WIXSYNC_SCHEDULE", slot_soon());
    let (one, other) = (serve(&program).await, serve(&program).await);
    let slot = schedule(&one, "next_slot").await;
    assert!(slot.is_some());
    while schedule(&other, "last_slot").await != slot || shop.level("A") != 3 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for service in [one, other] {
        assert_eq!(service.running.stop().await, Some(0));
    }
    assert_eq!(program.run(["run", "last", "--json"]).await.ends(0).json()["started_by"], "schedule");
    let (slots, runs) = filled(&program).await;
    assert_eq!(usize::try_from(runs), Ok(slots.len()), "a run a slot: {slots:?}");
    assert!(slots.iter().all(|(at, made)| made >= at), "no run before its slot: {slots:?}");
    assert!(!slots.is_empty());
}

/// Each installation has an offset of its own, which the command reads from the state database.
#[tokio::test(flavor = "multi_thread")]
async fn the_status_names_the_slot_that_the_service_waits_for() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_SCHEDULE", "24h");
    let service = serve(&program).await;
    let moment = |text: Option<&str>| text.expect("a slot").parse::<jiff::Timestamp>().expect("a moment");
    let waits_for = schedule(&service, "next_slot").await;
    let told = program.run(["status", "--json"]).await.ends(0).json();
    assert_eq!(moment(told["shops"][0]["next_slot"].as_str()), moment(waits_for.as_deref()));
    assert_eq!(service.running.stop().await, Some(0));
}
