//! Runs by number and as `last`, who started them, and their changes as CSV.
//!
//! One catalog: the rest are about names in the API and in lists.

use serde_json::{Value, json};
use testkit::Program;
use testkit::emulator::FaultKind;

use crate::service::{serve, served, token};
use crate::support::{between, on_every_catalog, program, sync, world};

on_every_catalog! {
    a_run_is_named_by_its_number_or_as_the_last_one,
    changes_of_a_run_are_printed_as_csv,
    quantities_that_a_user_set_do_not_make_a_shop_up_to_date,
    the_status_tells_how_a_shop_stands,
}

fn numbers(runs: &Value) -> Vec<(u64, &str)> {
    let runs = runs["runs"].as_array().expect("runs");
    runs.iter()
        .map(|run| (run["number"].as_u64().expect("a number"), run["kind"].as_str().expect("a kind")))
        .collect()
}

async fn listed(program: &Program, words: &[&str]) -> Value {
    program.run([&["runs", "--json"], words].concat()).await.ends(0).json()
}

async fn a_run_is_named_by_its_number_or_as_the_last_one() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 2, 2)]).await;
    let program = between(&shop, &warehouse);
    let _ = program.run(["run", "last"]).await.ends(2).says("WX5006");
    let plan = program.run(["plan", "--json"]).await.ends(0).json();
    let applied = program.run(["apply", "last", "--json"]).await.ends(0).json();
    assert_eq!((shop.level("A"), &applied["outcome"]), (15, &json!("converged")));
    assert_eq!(numbers(&listed(&program, &[]).await), [(2, "apply"), (1, "plan")]);
    for (name, id) in [("1", &plan["run_id"]), ("2", &applied["run_id"]), ("last", &applied["run_id"])] {
        assert_eq!(&program.run(["run", name, "--json"]).await.ends(0).json()["run_id"], id, "{name}");
    }
    for name in ["3", "0", "01"] {
        let _ = program.run(["run", name]).await.ends(2).says("in the state database");
    }
    let _ = program.run(["apply", "1"]).await.ends(0).says("Run 3 (");
    let table = program.run(["runs"]).await.ends(0).stdout;
    let columns: Vec<&str> = table.lines().nth(1).expect("a run").split_whitespace().collect();
    assert_eq!((columns[0], columns.last()), ("3", Some(&"line")), "started by the command line:\n{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_takes_numbers_and_last_wherever_it_takes_a_run() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = served(between(&shop, &warehouse));
    let plan = program.run(["plan", "--json"]).await.ends(0).json();
    let service = serve(&program).await;
    let id = plan["run_id"].as_str().expect("an id").to_owned();
    for name in ["1", "last", &id] {
        assert_eq!(
            service.get(&format!("/api/v1/runs/{name}")).await.is(200).json()["run_id"],
            *id,
            "{name}"
        );
        let lines = service.get(&format!("/api/v1/runs/{name}/lines")).await.is(200).json();
        assert_eq!(lines["lines"][0]["sku"], "A");
        assert_eq!(service.status(name).await.is(200).json()["task_id"], *id);
        service.post(&format!("/api/v1/runs/{name}/cancel"), "").await.refuses(409, "run_is_over");
    }
    service.get("/api/v1/runs/7").await.refuses(404, "no_such_run");
    let started = service.post("/api/v1/plans/1/apply", "").await.is(202).json();
    let task = started["task_id"].as_str().expect("a task").to_owned();
    let (_, end) = service.poll(&task).await;
    assert_eq!((end.json()["status"].as_str(), shop.level("A")), (Some("SUCCESS"), 15));
    assert_eq!(service.running.stop().await, Some(0));
}

/// Runs tell who started them; the dry runs of `doctor` do not stand among those of the user, nor are they counted.
#[tokio::test(flavor = "multi_thread")]
async fn runs_tell_who_started_them() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = served(between(&shop, &warehouse));
    let _ = sync(&program, 0).await;
    let _ = program.run(["doctor"]).await.ends(0);
    let service = serve(&program).await;
    let backend = token(&program, "shop backend", "run").await;
    let bearer = format!("Bearer {backend}");
    let headers = [("authorization", bearer.as_str())];
    let asked = service.ask(reqwest::Method::POST, "/api/v1/runs", &headers, r#"{"dry_run": true}"#).await;
    let task = asked.is(202).json()["task_id"].as_str().expect("a task").to_owned();
    let _ = service.poll(&task).await;

    let by = |runs: &Value| -> Vec<Value> {
        let runs = runs["runs"].as_array().expect("runs");
        runs.iter().map(|run| json!([run["started_by"], run["token_name"]])).collect()
    };
    let (command_line, api) = (json!(["command_line", null]), json!(["api", "shop backend"]));
    let doctor = json!(["doctor", null]);
    assert_eq!(by(&listed(&program, &[]).await), [api.clone(), command_line.clone()]);
    assert_eq!(by(&listed(&program, &["--started-by", "doctor"]).await), std::slice::from_ref(&doctor));
    let all = service.get("/api/v1/runs").await.is(200).json();
    assert_eq!(by(&all), [api.clone(), doctor, command_line]);
    let some = service.get("/api/v1/runs?started_by=api").await.is(200).json();
    assert_eq!(by(&some), [api]);
    assert_eq!(program.run(["run", "last", "--json"]).await.ends(0).json()["started_by"], "api");
    let figures = service.get("/metrics").await.is(200).text;
    let counted: Vec<&str> = figures.lines().filter(|line| line.starts_with("wixsync_runs_total{")).collect();
    let of = |by: &str| counted.iter().filter(|line| line.contains(&format!("started_by=\"{by}\""))).count();
    assert_eq!([of("command_line"), of("api"), of("doctor")], [1, 1, 0], "{counted:?}");
    assert_eq!(service.running.stop().await, Some(0));
}

async fn changes_of_a_run_are_printed_as_csv() {
    let (shop, warehouse) = world(&[("A,\"1\"\n", 10, 15), ("=B", 9, 4), ("C", 1, 1)]).await;
    let program = between(&shop, &warehouse);
    let _ = sync(&program, 0).await;
    let printed = program.run(["run", "last", "--csv"]).await.ends(0).stdout;
    let mut csv = csv::Reader::from_reader(printed.as_bytes());
    let headings = csv.headers().expect("headings").clone();
    assert_eq!(
        headings.iter().take(7).collect::<Vec<_>>(),
        ["sku", "level", "target", "delta", "level_after", "state", "detail"]
    );
    let mut rows: Vec<Vec<String>> =
        csv.records().map(|row| row.expect("a row").iter().take(6).map(str::to_owned).collect()).collect();
    rows.sort();
    let due = [["=B", "9", "4", "-5", "4", "verified"], ["A,\"1\"\n", "10", "15", "5", "15", "verified"]];
    assert_eq!(rows, due);
    let _ = program.run(["run", "last", "--csv", "--json"]).await.ends(2);
}

/// What a user set by hand is not what the warehouse says, so the shop is not called up to date.
async fn quantities_that_a_user_set_do_not_make_a_shop_up_to_date() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let _ = program.run(["set", "A=3"]).await.ends(0);
    for words in [["run", "last"].as_slice(), &["runs"], &["status"]] {
        let told = program.run(words).await.ends(0).says("the quantities are set");
        assert!(!told.stdout.replace("up to date: never", "").contains("up to date"), "{}", told.stdout);
    }
}

/// In a folder without settings there is no shop that could have no problems.
#[tokio::test(flavor = "multi_thread")]
async fn the_status_of_a_shop_that_is_not_set_up_is_refused() {
    let _ = program().run(["status"]).await.ends(2).says("WX1201");
}

async fn the_status_tells_how_a_shop_stands() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_RATE_LIMIT", "200/60s");
    let page = program.run(["status"]).await.ends(0).says("Shop default: no problems");
    let _ =
        page.says("whole shop was up to date: never").says("No runs yet").says("left in this minute: 200");
    let good = sync(&program, 0).await;
    let page = program.run(["status"]).await.ends(0).says("Last run: 1, sync, ");
    let page = page.says(": up to date").says("Next scheduled run, if `wixsync serve` is running: ");
    assert!(!page.stdout.contains("never"), "{}", page.stdout);
    shop.break_with(shop.reading(), FaultKind::Status { code: 403, body: None }, u32::MAX);
    let _ = sync(&program, 5).await;
    let _ = program.run(["pause"]).await.ends(0);
    let page =
        program.run(["status", "--lang", "ru"]).await.ends(0).says("Магазин default: обратите внимание");
    let _ =
        page.says("Возобновит `wixsync resume`").says("Запуск 2: запуск не удался").says("`wixsync run 2`");
    let told = program.run(["status", "--json"]).await.ends(0).json();
    let here = &told["shops"][0];
    let codes: Vec<&Value> =
        here["problems"].as_array().expect("problems").iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["paused", "last_run_not_good"]);
    assert_eq!((&here["last_run"]["number"], &here["next_slot"]), (&json!(2), &json!(null)));
    assert!(here["last_good_at"].is_string() && good["outcome"] == "converged");
    let used = shop.requests().len();
    assert_eq!(here["requests_left"], 200 - u64::try_from(used).expect("few"));
}

/// Nothing is wrong with a shop because of a word that the user mistyped, and every page calls such a run the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_misspelled_sku_alarms_nobody_and_the_right_one_is_named() {
    let (shop, warehouse) = world(&[("TEA-1", 10, 10)]).await;
    let program = between(&shop, &warehouse);
    let run = program.run(["sync", "--sku", "tea-1"]).await.ends(3);
    let _ = run
        .says("neither the warehouse nor the shop has these SKUs")
        .says("Did you mean TEA-1 instead of tea-1");
    for words in [["runs"].as_slice(), &["run", "last"], &["status"]] {
        let _ = program.run(words).await.ends(0).says("neither the warehouse nor the shop has these SKUs");
    }
    let _ = program.run(["status"]).await.ends(0).says("no problems");
    let _ = program.run(["doctor"]).await.ends(0).says("No run has written to the shop yet");
    let report = program.run(["sync", "--json", "--sku", "TEA-1", "tea-01"]).await.ends(3).json();
    let meant = json!([{"sku": "tea-01", "meant": "TEA-1", "differences": ["case", "leading_zeros"]}]);
    assert_eq!((&report["misspelled"], &report["near_misses"]), (&meant, &json!([])));
    let _ = program.run(["status"]).await.ends(0).says("no problems");
    // What failed before stays told.
    shop.break_with(shop.reading(), FaultKind::Status { code: 403, body: None }, u32::MAX);
    let _ = sync(&program, 5).await;
    shop.live().clear_faults();
    let _ = program.run(["sync", "--sku", "tea-1"]).await.ends(3);
    let _ = program.run(["status"]).await.ends(0).says("Run 4: the run failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_database_without_runs_is_named() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let _ = program.run(["runs"]).await.ends(0).says("No runs yet in the state database sqlite://");
    for name in ["last", "7"] {
        let _ = program.run(["run", name]).await.ends(2).says("in the state database sqlite://");
    }
    let _ = sync(&program, 0).await;
    let filtered = program.run(["runs", "--outcome", "failed"]).await.ends(0);
    let _ = filtered.says("No such runs in the state database");
}
