//! What the service tells its operator: at its start, and in its log.
//!
//! One catalog: the rest are about the start, the address and the zone.

use jiff::Timestamp;
use serde_json::Value;
use testkit::Program;

use crate::service::{serve, served};
use crate::support::{between, on_every_catalog, world};

on_every_catalog! {
    a_service_s_log_lines_tell_time_shop_and_run,
    a_warning_tells_its_run,
}

/// Starts it in text mode and stops it; what it said on stdout.
async fn startup_text(program: &Program) -> String {
    program.start(["serve"]).await.stop_and_collect().await.ends(0).stdout
}

/// The moment after `before` in a text, up to the line's end.
fn moment(text: &str, before: &str) -> Timestamp {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before:?} is not in {text}")).1;
    let at = rest.lines().next().expect("a line");
    jiff::fmt::strtime::parse("%Y-%m-%d %H:%M:%S %:z", at)
        .and_then(|parsed| parsed.to_timestamp())
        .unwrap_or_else(|error| panic!("{at:?}: {error}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_tells_at_its_start_what_it_serves() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_LANG", "en");
    let state = format!("  State database: sqlite://{}\n", program.path("state.db").display());
    let text = startup_text(&program).await;
    assert!(text.starts_with("wixsync is running at http://127.0.0.1:"), "{text}");
    let docs = "  API documentation: http://127.0.0.1:";
    assert!(!text.contains("Other machines can reach the service"), "{text}");
    for line in [docs, state.as_str(), "  Shop default: no scheduled runs", "  `wixsync doctor` checks"] {
        assert!(text.contains(line), "{line:?} is not in {text}");
    }
    let program = program.set("WIXSYNC_SCHEDULE", "0 0 1 1 *").set("WIXSYNC_TIME_ZONE", "UTC");
    let next = moment(&startup_text(&program).await, "Shop default: next run ");
    // The shop has its own place within a minute of the schedule's moment.
    assert!(next.to_string().contains("-01-01T00:00:"), "{next}");
    let _ = program.run(["pause"]).await.ends(0);
    let text = startup_text(&program).await;
    assert!(text.contains("Shop default: paused since "), "{text}");
    let text = startup_text(&program.set("WIXSYNC_LANG", "ru").set("WIXSYNC_LISTEN", "0.0.0.0:0")).await;
    for words in [
        "Служба доступна с других машин",
        "Описание API: ",
        "База состояния: ",
        "Магазин default: приостановлен с ",
        "`wixsync doctor`",
    ] {
        assert!(text.contains(words), "{words:?} is not in {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_tells_programs_the_same() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_SCHEDULE", "0 0 1 1 *");
    let program = program.set("WIXSYNC_TIME_ZONE", "UTC");
    let start = async || {
        let told: Value = program.start(["serve", "--json"]).await.stop_and_collect().await.ends(0).json();
        told
    };
    let told = start().await;
    assert_eq!(told["state"], format!("sqlite://{}", program.path("state.db").display()));
    let next = told["shops"][0]["next_run"].as_str().expect("a moment");
    assert!(next.contains("-01-01T00:00:"), "{next}");
    assert_eq!(
        (&told["shops"][0]["shop"], &told["shops"][0]["paused_since"]),
        (&"default".into(), &Value::Null)
    );
    let _ = program.run(["pause"]).await.ends(0);
    let told = start().await;
    assert_eq!(told["shops"][0]["next_run"], Value::Null, "{told:#}");
    assert!(told["shops"][0]["paused_since"].is_string(), "{told:#}");
}

/// Lines of several shops and runs stand side by side, and are read long after.
async fn a_service_s_log_lines_tell_time_shop_and_run() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_LANG", "en");
    let program = program.set("WIXSYNC_TIME_ZONE", "Asia/Kathmandu");
    let service = serve(&program).await;
    let task = service.start().await;
    let _ = service.poll(&task).await;
    let log = service.running.stop_and_collect().await.ends(0).stderr;
    let inside = format!(" INFO: [shop=default run_id={task}] ");
    for words in ["Starting to synchronize", "Making 1 update in Wix", "Synchronization finished"] {
        let line = log.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {log}"));
        assert!(line.contains(&format!("{inside}{words}")), "{line}");
    }
    assert!(!log.is_empty());
    for line in log.lines() {
        let time = line.split(' ').next().unwrap_or_default();
        assert!(time.len() == 25 && time.ends_with("+05:45"), "{line}");
        let _: Timestamp = time.parse().unwrap_or_else(|error| panic!("{error}: {line}"));
    }
}

/// Also where the log is for warnings alone.
async fn a_warning_tells_its_run() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let forbidden = testkit::emulator::FaultKind::Status { code: 403, body: None };
    shop.break_with(shop.reading(), forbidden, u32::MAX);
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_LOG", "warn");
    let service = serve(&program).await;
    let task = service.start().await;
    let _ = service.poll(&task).await;
    let log = service.running.stop_and_collect().await.ends(0).stderr;
    let inside = format!("[shop=default run_id={task}] ");
    assert!(!log.is_empty() && log.lines().all(|line| line.contains(&inside)), "{log}");
}

/// The first token can be copied whole, `--listen` wins over the settings, and a stop is told.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_and_a_stop_are_told() {
    for (lang, made, stops, stopped) in [
        ("en", "The first token", "INFO: Stopping.", "INFO: Stopped"),
        ("ru", "Первый токен", "INFO: Остановка.", "INFO: Остановлено"),
    ] {
        let (shop, warehouse) = world(&[("A", 1, 1)]).await;
        let program = served(between(&shop, &warehouse)).set("WIXSYNC_LISTEN", "192.0.2.1:1");
        let program = program.set("WIXSYNC_LANG", lang);
        let running = program.start(["serve", "--listen", "127.0.0.1:0"]).await;
        assert!(running.first_line.contains("http://127.0.0.1:"), "{}", running.first_line);
        let told = running.stop_and_collect().await.ends(0).stderr;
        let lines: Vec<&str> = told.lines().collect();
        let at = lines.iter().position(|line| line.starts_with(made)).unwrap_or_else(|| panic!("{told}"));
        let token = lines[at + 1];
        assert!(token.starts_with("wxs_") && !token.contains(' '), "{told}");
        let place = |says: &str| lines.iter().position(|line| line.contains(says));
        assert!(place(stops).is_some() && place(stops) < place(stopped), "{told}");
    }
}

/// `/` says where to go, to a browser and to a program, without a token.
#[tokio::test(flavor = "multi_thread")]
async fn the_root_says_where_to_go() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let ask = async |accept: &str, lang: &str| {
        let headers = [("authorization", ""), ("accept", accept), ("accept-language", lang)];
        service.ask(reqwest::Method::GET, "/", &headers, "").await.is(200)
    };
    let told = ask("", "").await.json();
    for key in ["docs", "openapi", "health", "ready"] {
        let _ = service.get(told[key].as_str().expect("a path")).await.is(200);
    }
    let page = ask("text/html,*/*;q=0.8", "en").await.text;
    assert!(page.contains("<a href=\"/docs/\">") && page.contains("wixsync is running"), "{page}");
    let page = ask("text/html", "").await.text;
    assert!(page.contains("<html lang=\"ru\">") && page.contains("wixsync работает"), "{page}");
    assert_eq!(service.running.stop().await, Some(0));
}

/// What a service cannot work with is told when it starts, and not only by the first run.
#[tokio::test(flavor = "multi_thread")]
async fn serve_tells_that_the_warehouse_is_missing() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_LANG", "en");
    assert!(!startup_text(&program).await.contains("There is no warehouse"));
    let text = startup_text(&program.set("WIXSYNC_WAREHOUSE_URL", "sqlite:///no/such/file")).await;
    assert!(text.contains("  There is no warehouse database at sqlite:///no/such/file; runs fail"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_told_in_both_languages() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let taken = other.local_addr().expect("an address").to_string();
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_LISTEN", &taken);
    for (lang, words) in [("en", "the port is in use"), ("ru", "этот порт занят другой программой")]
    {
        let told = program.run(["serve", "--lang", lang]).await.ends(5);
        let _ = told.says(&taken).says(words).says("WIXSYNC_LISTEN");
    }
}

/// The next run is told in the zone in which the schedule is read, whatever the machine's zone is.
#[tokio::test(flavor = "multi_thread")]
async fn serve_tells_the_next_run_in_the_zone_of_the_schedule() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_LANG", "en").set("TZ", "UTC");
    let program = program.set("WIXSYNC_SCHEDULE", "0 2 * * *").set("WIXSYNC_TIME_ZONE", "Europe/Moscow");
    let text = startup_text(&program).await;
    let next = text.lines().find(|line| line.contains("next run")).expect("a line about the next run");
    assert!(next.contains(" 02:0") && next.ends_with(" +03:00"), "{next}");
}

/// Slots in the API are RFC 3339 in UTC, and no last slot is made up.
#[tokio::test(flavor = "multi_thread")]
async fn the_api_tells_slots_in_utc() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_SCHEDULE", "0 2 1 1 *");
    let program = program.set("WIXSYNC_TIME_ZONE", "Asia/Kathmandu");
    let service = serve(&program).await;
    let told = service.get("/api/v1/shops/default/schedule").await.is(200).json();
    assert_eq!(told["last_slot"], Value::Null, "none was filled yet");
    let next = told["next_slot"].as_str().expect("a moment");
    assert!(next.contains("-12-31T20:1") && next.ends_with('Z'), "{next}");
    assert_eq!(service.running.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zone_of_the_environment_that_does_not_exist_is_told() {
    let (shop, warehouse) = world(&[("A", 1, 1)]).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_LANG", "en");
    let told = program.run(["runs"]).await.ends(0);
    assert!(!told.stderr.contains("TZ"), "{}", told.stderr);
    let told = program.set("TZ", "Mars/Phobos").run(["runs"]).await.ends(0);
    assert!(told.stderr.contains("TZ=Mars/Phobos names no known time zone"), "{}", told.stderr);
}

/// A terminal that is stopped, a pipe without a reader: the log waits in memory, and the service goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_nobody_reads_does_not_hold_up_the_service() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_LOG", "trace");
    let service = crate::service::serve_with_unread_log(&program).await;
    // Each request writes lines; together far more than a pipe holds.
    for _ in 0..400 {
        let _ = service.get("/api/v1/runs").await.is(200);
    }
    let task = service.start().await;
    let (_, end) = service.poll(&task).await;
    assert_eq!(end.json()["result"]["outcome"], "converged", "{}", end.text);
    assert_eq!(service.running.stop().await, Some(0));
}
