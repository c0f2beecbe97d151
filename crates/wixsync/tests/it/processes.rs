//! `demo` and `emulator`: programs that bring their own shop.

use serde_json::{Value, json};

use crate::support::{catalog_name, on_every_catalog, program, report, told_catalog};
use testkit::{TestWarehouse, catalog};

on_every_catalog! {
    an_emulator_and_a_run_as_two_processes,
    an_emulator_with_faults_is_healed_and_watched_over_http,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_converges_and_leaves_nothing_behind() {
    for catalog in ["v1", "v3"] {
        let program = program().unset("WIXSYNC_STATE_URL");
        let report = report(&program.run(["demo", "--catalog", catalog, "--json"]).await.ends(0));
        assert_eq!(report["outcome"], "converged", "{catalog}");
        assert_eq!((&report["errors"], &report["updated_in_wix"]), (&json!(0), &json!(225)), "{catalog}");
        let local = &report["details"];
        let skus = local["local_products_with_stock"].as_u64().zip(local["sold_out_products"].as_u64());
        assert_eq!(skus.map(|(with, without)| with + without), Some(1_000));
        // Data, not a sentence; for people it is one.
        assert!(report["state"].as_str().is_some_and(|url| url.starts_with("sqlite:///")), "{report:#}");
        assert_eq!(program.files(), Vec::<std::path::PathBuf>::new());
        let left = std::fs::read_dir(program.temporary()).expect("read").count();
        assert_eq!(left, 0, "an empty folder is left in TMPDIR");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_for_people() {
    let finished = program().set("WIXSYNC_LANG", "ru").run(["demo"]).await.ends(0);
    assert!(finished.stderr.contains("Начало синхронизации"), "{}", finished.stderr);
    assert!(!finished.stdout.contains("INFO"), "{}", finished.stdout);
}

async fn an_emulator_and_a_run_as_two_processes() {
    let file = json!({"products": [
        {"sku": "A-1", "name": "Apple", "quantity": 5},
        {"name": "Shirt", "variants": [{"sku": "SHIRT-S", "quantity": 4}, {"sku": "SHIRT-L", "quantity": 1}]},
    ]});
    let host = program().file("shop.json", file.to_string());
    let running = host.start(["emulator", "shop.json", "--catalog", catalog_name(), "--json"]).await;
    let address: Value = serde_json::from_str(&running.first_line).expect("one JSON value");
    let text = |key: &str| address[key].as_str().expect("a text").to_owned();
    let warehouse = TestWarehouse::of([("A-1", 7), ("SHIRT-S", 4), ("SHIRT-L", 0)]).await;
    let program = program()
        .warehouse(&warehouse)
        .set("WIX_BASE_URL", text("base_url"))
        .set("WIX_API_KEY", text("api_key"))
        .set("WIX_SITE_ID", text("site_id"));
    let _ = program.run(["doctor"]).await.ends(0).says(&told_catalog());
    let report = report(&program.run(["sync", "--json"]).await.ends(0));
    assert_eq!(report["updated_in_wix"], 2);
    let shown = program.run(["products", "A-1", "SHIRT-S", "SHIRT-L", "--json"]).await.ends(0).json();
    for (sku, due) in [("A-1", 7), ("SHIRT-S", 4), ("SHIRT-L", 0)] {
        assert_eq!(shown[sku]["current_quantity"], due, "{sku}");
    }
    assert_eq!(running.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_shop_file_is_told() {
    let program = program().file("shop.json", "{\"products\":[{\"sku\":\"A\",\"quantity\":-1}]}");
    let told = program.run(["emulator", "shop.json", "--json"]).await.ends(2).json();
    assert_eq!(told["status"], "error");
    let _ = program.run(["emulator", "shop.json"]).await.ends(2).says("hint: Correct the file");
    let missing = program.run(["emulator", "none.json"]).await.ends(2).says("none.json");
    let _ = missing.says("hint: Check the path");
}

async fn an_emulator_with_faults_is_healed_and_watched_over_http() {
    let shop = json!({"products": [{"sku": "A-1", "quantity": 5}]}).to_string();
    let refused = json!({"kind": {"status": {"code": 401}}, "times": "always"});
    let faults = json!({"faults": [refused], "latencyMs": 1, "catalog": catalog()});
    let host = program().file("shop.json", shop).file("faults.json", faults.to_string());
    let running = host.start(["emulator", "shop.json", "--faults", "faults.json", "--json"]).await;
    let told: Value = serde_json::from_str(&running.first_line).expect("one JSON value");
    let text = |key: &str| told[key].as_str().expect("a text").to_owned();
    let warehouse = TestWarehouse::of([("A-1", 7)]).await;
    let program = program()
        .warehouse(&warehouse)
        .set("WIX_BASE_URL", text("base_url"))
        .set("WIX_API_KEY", text("api_key"))
        .set("WIX_SITE_ID", text("site_id"));
    let _ = program.run(["sync", "--json"]).await.ends(5);
    let http = reqwest::Client::new();
    let control = |method, path: &str| {
        let request = http.request(method, format!("{}/{path}", text("control_url")));
        request.header("Authorization", text("api_key"))
    };
    let healed = control(reqwest::Method::DELETE, "faults").send().await.expect("an answer");
    assert_eq!(healed.status().as_u16(), 200);
    let _ = program.run(["sync", "--json"]).await.ends(0);
    let levels = control(reqwest::Method::GET, "levels").send().await.expect("an answer");
    let levels: Value = levels.json().await.expect("JSON");
    assert_eq!(levels["levels"]["A-1"], json!([7]));
    assert_eq!(running.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_faults_file_is_told_with_its_field() {
    for (text, lang, what) in [
        (r#"{"faults":[],"latency":5}"#, "en", "line 1, column 22: unknown latency; possible: behaviour"),
        (
            r#"{"faults":[],"latency":5}"#,
            "ru",
            "строка 1, столбец 22: неизвестное имя latency; возможно: behaviour",
        ),
        (r#"{"faults":[{"kind":"meteor"}]}"#, "en", "unknown meteor; possible: status"),
        (r#"{"rateLimit":{"requests":1}}"#, "ru", "не хватает windowMs"),
        (r#"{"chaos":{"rates":{"lostReply":1500}}}"#, "en", "lostReply"),
        (
            r#"[{"kind":"dropAfterApply"}]"#,
            "en",
            r#"with the faults, like this: {"faults":[{"kind":"dropAfterApply"}]}"#,
        ),
        (
            r#"[{"kind":"dropAfterApply"}]"#,
            "ru",
            r#"со сбоями, например: {"faults":[{"kind":"dropAfterApply"}]}"#,
        ),
        ("nothing", "ru", "это не JSON"),
        ("", "en", "invalid JSON"),
    ] {
        let program = program().file("chaos.json", text);
        let finished = program.run(["emulator", "--faults", "chaos.json", "--lang", lang]).await.ends(2);
        let _ = finished.says("chaos.json").says(what);
    }
    let program = program().file("list.json", r#"[{"sku":"A-1"}]"#);
    let _ =
        program.run(["emulator", "list.json"]).await.ends(2).says(r#"like this: {"products":[{"sku":"A-1""#);
    let _ = program.run(["emulator", "--faults", "none.json"]).await.ends(2).says("none.json");
}
