//! `doctor`: what it looks at, what it finds, and that it writes nothing to the shop.
//!
//! One catalog: the rest end at the key, at the warehouse or at the clock, before anything differs.

mod service;

use serde_json::{Value, json};
use testkit::emulator::{CatalogVersion, FaultKind};
use testkit::{CANARY, Program, TestShop, TestWarehouse};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{between, catalog_name, on_every_catalog, program, sync, told_catalog, world};

on_every_catalog! {
    all_is_well_before_and_after_the_first_run,
    what_is_wrong_with_skus_and_stock_is_found_and_named,
    catalog_and_read_permission_are_told_apart_from_the_key,
    a_plan_that_the_guard_would_hold_and_skus_that_never_match_are_told,
    the_last_run_and_a_pause_are_told,
    levels_that_rise_between_runs_suggest_another_writer,
    a_window_that_is_nearly_full_is_told,
    an_apply_that_comes_too_late_accuses_nobody,
}

/// `doctor --json` that must end with this code.
async fn doctor(program: &Program, code: i32) -> Value {
    program.run(["doctor", "--json"]).await.ends(code).json()
}

/// The one check with this id.
fn check<'a>(told: &'a Value, id: &str) -> &'a Value {
    let checks = told["checks"].as_array().expect("a list of checks");
    let found: Vec<_> = checks.iter().filter(|check| check["id"] == id).collect();
    assert_eq!(found.len(), 1, "{id} in {told:#}");
    found[0]
}

/// Fails unless the check has this status and this code, a text and, with a code, a hint.
fn assert_check(told: &Value, id: &str, status: &str, code: Option<&str>) {
    let found = check(told, id);
    assert_eq!((&found["status"], &found["code"]), (&json!(status), &json!(code)), "{found:#}");
    assert!(found["text"].as_str().is_some_and(|text| text.len() > 5), "{found:#}");
    assert_eq!(found["hint"].is_string(), code.is_some(), "{found:#}");
}

fn statuses(told: &Value) -> Vec<&str> {
    let checks = told["checks"].as_array().expect("a list of checks");
    checks.iter().filter_map(|check| check["status"].as_str()).collect()
}

async fn all_is_well_before_and_after_the_first_run() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 3, 3)]).await;
    let program = between(&shop, &warehouse);
    let told = doctor(&program, 0).await;
    assert_eq!((&told["status"], &told["shop"]), (&json!("ok"), &json!("default")));
    for id in ["write", "other_writers"] {
        assert_check(&told, id, "not_checked", None);
    }
    let well = statuses(&told).iter().filter(|status| **status == "ok").count();
    assert_eq!(well + 2, statuses(&told).len(), "{told:#}");
    assert_eq!(told["not_checked"], json!([]));
    assert!(check(&told, "write")["text"].as_str().expect("a text").contains("first write"));
    assert_eq!(check(&told, "catalog")["catalog"], catalog_name());
    let page = program.run(["doctor"]).await.ends(0).says(&told_catalog());
    let page =
        page.says("  not checked  Whether the key may change inventory").says("Nothing wrong was found");
    assert!(!page.stdout.contains("Everything is fine") && page.stderr.is_empty(), "{page:?}");
    assert_eq!((&check(&told, "matching")["found"], &check(&told, "matching")["of"]), (&json!(2), &json!(2)));
    let settings = told["settings"].as_array().expect("a list of settings");
    assert_eq!(check(&told, "settings")["of"], settings.len(), "each setting is counted");
    let site = settings.iter().find(|row| row["name"] == "shop.default.site_id").expect("the site");
    assert_eq!((&site["value"], &site["origin"]), (&json!(shop.site_id()), &json!("WIX_SITE_ID")));
    shop.assert_not_written();

    let _ = sync(&program, 0).await;
    let writes = shop.write_requests().len();
    let told = doctor(&program, 0).await;
    assert_eq!(told["status"], "ok", "{told:#}");
    assert_eq!(check(&told, "write")["found"], 1);
    assert_eq!(check(&told, "last_run")["run"]["outcome"], "converged");
    assert_eq!(shop.write_requests().len(), writes, "the shop is only read");

    let page = program.run(["doctor"]).await.ends(0);
    let _ = page.says("shop.default.site_id = ").says("(WIX_SITE_ID)").says("Everything is fine");
    let page = program.run(["doctor", "--lang", "ru"]).await.ends(0);
    let _ = page.says("Проверка магазина default").says("Всё в порядке");
}

async fn what_is_wrong_with_skus_and_stock_is_found_and_named() {
    let long = "L".repeat(41);
    let shop = TestShop::builder()
        .products([("ok-1", 5), ("ok-2", 5), ("ok-3", 5), ("ABC-1", 5), ("7", 5), ("tail", 5), ("neg", 5)])
        .products([("frac", 5), ("null", 5), ("lot", 5)])
        .product("twice", 1)
        .product("twice", 2)
        .untracked("free")
        .start()
        .await;
    let goods =
        ["ok-1", "OK-2", "ok-3", "АВС-1", "007", "tail ", "neg", "frac", "null", "lot", "twice", "free"];
    let warehouse = TestWarehouse::of(goods.map(|sku| (sku, 5))).await;
    warehouse.add("main", [(long.as_str(), 5)]).await;
    warehouse.execute("INSERT INTO stock VALUES ('ghost', 'main', 1)").await;
    warehouse.execute("UPDATE stock SET quantity = -2 WHERE sku = 'neg'").await;
    warehouse.execute("UPDATE stock SET quantity = 2.5 WHERE sku = 'frac'").await;
    warehouse.execute("UPDATE stock SET quantity = NULL WHERE sku = 'null'").await;
    warehouse.execute("UPDATE stock SET quantity = 100000 WHERE sku = 'lot'").await;
    let program = between(&shop, &warehouse);
    let told = doctor(&program, 3).await;
    assert_eq!(told["status"], "warning");
    for (id, code, examples) in [
        ("duplicate_skus", "WX3104", json!(["twice"])),
        ("untracked", "WX3105", json!(["free"])),
        ("too_long", "WX2209", json!([long])),
        ("no_product_row", "WX2203", json!(["ghost"])),
        ("unreadable_stock", "WX2205", json!(["null"])),
        ("negative_stock", "WX2206", json!(["neg"])),
        ("fractional_stock", "WX2207", json!(["frac"])),
        ("above_ceiling", "WX2208", json!(["lot"])),
    ] {
        assert_check(&told, id, "warning", Some(code));
        assert_eq!(
            (&check(&told, id)["examples"], &check(&told, id)["found"]),
            (&examples, &json!(1)),
            "{id}"
        );
    }
    assert_check(&told, "near_misses", "warning", Some("WX3103"));
    let near = |warehouse: &str, shop: &str, differences: &[&str]| json!({"warehouse": warehouse, "shop": shop, "differences": differences});
    assert_eq!(
        check(&told, "near_misses")["examples"],
        json!([
            near("007", "7", &["leading_zeros"]),
            near("OK-2", "ok-2", &["case"]),
            near("tail ", "tail", &["spaces"]),
            near("АВС-1", "ABC-1", &["lookalikes"]),
        ])
    );
    shop.assert_not_written();

    let page = program.run(["doctor", "--lang", "ru"]).await.ends(3);
    let page = page.says("[WX3103]").says("на складе 007, в Wix 7 (нули в начале)");
    let _ = page.says("русские буквы").says("Исправьте одно из двух написаний").says("wixsync error");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_refused_does_not_keep_the_warehouse_from_being_looked_at() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    warehouse.execute("UPDATE stock SET quantity = -2").await;
    let program = between(&shop, &warehouse).set("WIX_API_KEY", format!("wrong-{CANARY}"));
    let told = doctor(&program, 5).await;
    assert_eq!(told["status"], "failed");
    assert_check(&told, "key", "failed", Some("WX3003"));
    assert_check(&told, "warehouse", "ok", None);
    assert_check(&told, "negative_stock", "warning", Some("WX2206"));
    assert_check(&told, "clock", "ok", None);
    let due = [
        "catalog",
        "read",
        "levels",
        "matching",
        "near_misses",
        "duplicate_skus",
        "untracked",
        "no_level",
        "guard",
        "rehearsal",
        "api",
    ];
    assert_eq!(told["not_checked"], json!(due));
    let _ = program
        .run(["doctor"])
        .await
        .ends(5)
        .says("WX3003")
        .says("not checked")
        .says("catalog version, permission to read products");
}

async fn catalog_and_read_permission_are_told_apart_from_the_key() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    shop.break_with(shop.reading(), FaultKind::Status { code: 403, body: None }, 100);
    let told = doctor(&program, 5).await;
    assert_check(&told, "key", "ok", None);
    assert_check(&told, "catalog", "ok", None);
    assert_check(&told, "read", "failed", Some("WX3013"));
    shop.set_catalog(CatalogVersion::StoresNotInstalled);
    let told = doctor(&program, 5).await;
    assert_check(&told, "key", "ok", None);
    assert_check(&told, "catalog", "failed", Some("WX3011"));
    shop.assert_not_written();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_nobody_answers_for_is_told() {
    let warehouse = TestWarehouse::of([("A", 1)]).await;
    let program = program()
        .warehouse(&warehouse)
        .set("WIX_API_KEY", CANARY)
        .set("WIX_SITE_ID", "5e000000-0000-4000-8000-000000000001")
        .set("WIX_BASE_URL", "http://127.0.0.1:9");
    let told = doctor(&program, 5).await;
    assert_check(&told, "key", "failed", Some("WX3001"));
    assert_check(&told, "warehouse", "ok", None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warehouse_or_a_state_that_fails_does_not_keep_the_shop_from_being_looked_at() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let told =
        doctor(&between(&shop, &warehouse).set("WIXSYNC_WAREHOUSE_URL", "sqlite:///no/such/file"), 5).await;
    assert_check(&told, "warehouse", "failed", Some("WX2106"));
    assert_check(&told, "read", "ok", None);
    assert_check(&told, "last_run", "ok", None);

    let told =
        doctor(&between(&shop, &warehouse).set("WIXSYNC_STATE_URL", "sqlite:///proc/no/state.db"), 5).await;
    assert_check(&told, "state", "failed", Some("WX4001"));
    assert_check(&told, "read", "ok", None);
    assert_check(&told, "matching", "ok", None);
    assert!(told["not_checked"].as_array().expect("a list").contains(&json!("last_run")));

    let told = doctor(&between(&shop, &warehouse).unset("WIX_API_KEY"), 5).await;
    assert_check(&told, "settings", "failed", Some("WX1201"));
    assert_check(&told, "warehouse", "ok", None);
    let page = between(&shop, &warehouse).unset("WIX_API_KEY").run(["doctor"]).await.ends(5);
    let _ = page.says("  not checked  key, clock, catalog version").says("first mend \"settings\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn chosen_warehouses_without_rows_are_told() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let chosen =
        |names: &str| between(&shop, &warehouse).toml(&format!("[warehouse]\nwarehouses = [{names}]\n"));
    let told = doctor(&chosen("\"main\", \"Main \""), 3).await;
    assert_check(&told, "selection", "warning", Some("WX2201"));
    assert_eq!(check(&told, "selection")["examples"], json!(["Main "]));
    let told = doctor(&chosen("\"nowhere\""), 5).await;
    assert_check(&told, "selection", "failed", Some("WX2105"));
    let _ = chosen("\"main\"").run(["doctor"]).await.ends(0).says("All chosen warehouses have rows: 1");
}

async fn a_plan_that_the_guard_would_hold_and_skus_that_never_match_are_told() {
    let shop = TestShop::of([("A", 5)]).await;
    let empty = TestWarehouse::new().await;
    let told = doctor(&between(&shop, &empty), 3).await;
    assert_check(&told, "guard", "warning", Some("WX5201"));
    let other = TestWarehouse::of([("X", 1), ("Y", 1)]).await;
    let told = doctor(&between(&shop, &other), 5).await;
    assert_check(&told, "matching", "failed", Some("WX3101"));
    let few = TestWarehouse::of([("A", 1), ("X", 1), ("Y", 1)]).await;
    let told = doctor(&between(&shop, &few), 3).await;
    assert_check(&told, "matching", "warning", Some("WX3102"));
    assert_eq!((&check(&told, "matching")["found"], &check(&told, "matching")["of"]), (&json!(1), &json!(3)));
    let bare = TestShop::builder().start().await;
    assert_check(&doctor(&between(&bare, &few), 3).await, "matching", "warning", Some("WX3107"));
}

async fn the_last_run_and_a_pause_are_told() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let _ = program.run(["pause"]).await.ends(0);
    assert_check(&doctor(&program, 3).await, "pause", "warning", Some("WX5007"));
    let page = program.run(["doctor"]).await.ends(3).says("Runs write nothing until the shop is resumed");
    assert!(!page.stdout.contains("Runs can work"), "{}", page.stdout);
    let _ = program.run(["resume"]).await.ends(0);
    let _ = program.run(["plan"]).await.ends(0);
    let _ = program.run(["doctor"]).await.ends(0).says("No run has written to the shop yet");
    let broken = program.set("WIXSYNC_WAREHOUSE_URL", "sqlite:///no/such/file");
    let _ = broken.run(["plan"]).await.ends(5);
    let told = doctor(&broken, 5).await;
    let last = &check(&told, "last_run")["run"];
    assert_eq!(last["outcome"], "failed", "a plan that failed is a run too: {told:#}");
    assert!(last["number"].is_u64(), "{last:#}");
    let run = sync(&broken, 5).await;
    let mended = broken.warehouse(&warehouse);
    let told = doctor(&mended, 3).await;
    assert_check(&told, "last_run", "warning", Some("WX5401"));
    let last = &check(&told, "last_run")["run"];
    assert_eq!(
        (&last["run_id"], &last["outcome"], &last["last_good_at"]),
        (&run["run_id"], &json!("failed"), &json!(null))
    );
    let _ = sync(&mended, 0).await;
    assert_check(&doctor(&mended, 0).await, "last_run", "ok", None);
    let good = check(&doctor(&mended, 0).await, "last_run")["run"]["finished_at"].clone();
    // A run that left something open is not called the last good one.
    warehouse.execute("UPDATE stock SET quantity = 11").await;
    shop.break_with(shop.lowering(), FaultKind::Status { code: 400, body: None }, u32::MAX);
    let _ = sync(&mended, 3).await;
    let last = check(&doctor(&mended, 3).await, "last_run")["run"].clone();
    assert_eq!((&last["outcome"], &last["last_good_at"]), (&json!("partial"), &good));
}

async fn levels_that_rise_between_runs_suggest_another_writer() {
    let rows: Vec<(String, i64, i64)> = (0..10).map(|n| (format!("S{n}"), 8, 9)).collect();
    let rows: Vec<(&str, i64, i64)> =
        rows.iter().map(|(sku, level, stock)| (sku.as_str(), *level, *stock)).collect();
    let (shop, warehouse) = world(&rows).await;
    let program = between(&shop, &warehouse);
    let _ = sync(&program, 0).await;
    shop.sell("S0", 3);
    shop.set_level("S1", 12);
    let told = doctor(&program, 0).await;
    assert_eq!(
        (&check(&told, "other_writers")["found"], &check(&told, "other_writers")["of"]),
        (&json!(1), &json!(10))
    );
    for sku in ["S2", "S3"] {
        shop.set_level(sku, 20);
    }
    let told = doctor(&program, 3).await;
    assert_check(&told, "other_writers", "warning", Some("WX5402"));
    assert_eq!(check(&told, "other_writers")["examples"], json!(["S1", "S2", "S3"]));
}

async fn a_window_that_is_nearly_full_is_told() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let _ = sync(&program, 0).await;
    while shop.live().total_requests() < 8 {
        let _ = program.run(["products", "A"]).await.ends(0);
    }
    let taken = shop.live().total_requests();
    let told = doctor(&program, 0).await;
    assert_eq!(
        (&check(&told, "window")["found"], &check(&told, "window")["of"]),
        (&json!(taken), &json!(200))
    );
    let taken = shop.live().total_requests();
    // The check-up itself needs three.
    let tight = program.set("WIXSYNC_RATE_LIMIT", format!("{}/60s", taken + 3));
    assert_check(&doctor(&tight, 3).await, "window", "warning", Some("WX3108"));
}

/// A server whose clock stands still, years ago.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_off_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    let server = tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut head = [0; 4_096];
            let _ = stream.read(&mut head).await.expect("a request");
            let body = r#"{"catalogVersion":"V1_CATALOG"}"#;
            let answer = format!(
                "HTTP/1.1 200 OK\r\ndate: Mon, 01 Jan 2024 00:00:00 GMT\r\ncontent-type: application/json\r\n\
                 content-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.expect("the answer is sent");
        }
    });
    let warehouse = TestWarehouse::of([("A", 1)]).await;
    let program = program()
        .warehouse(&warehouse)
        .set("WIX_API_KEY", CANARY)
        .set("WIX_SITE_ID", "5e000000-0000-4000-8000-000000000001")
        .set("WIX_BASE_URL", format!("http://{address}"));
    let told = doctor(&program, 5).await;
    assert_check(&told, "key", "ok", None);
    assert_check(&told, "clock", "warning", Some("WX3109"));
    server.abort();
}

/// What an apply left out was read by the plan, and says nothing of what the apply found.
async fn an_apply_that_comes_too_late_accuses_nobody() {
    let (shop, warehouse) = world(&[("A", 10, 4), ("B", 10, 3), ("C", 10, 2), ("D", 10, 10)]).await;
    let program = between(&shop, &warehouse);
    let plan = program.run(["plan", "--json"]).await.json();
    let _ = sync(&program, 0).await;
    let plan = plan["plan_id"].as_str().expect("an id");
    let _ = program.run(["apply", plan]).await.ends(0);
    let told = doctor(&program, 0).await;
    assert_check(&told, "other_writers", "ok", None);
    assert_eq!(check(&told, "other_writers")["found"], 0);
    let page = program.run(["explain", "A"]).await.ends(0);
    let _ = page.says("planned from 10, target 4").says("read 10, target 4");
}
