//! Settings: what is missing, what is wrong, where a value comes from, and what is never shown.
//!
//! One catalog: settings know no catalog, but for the headers of requests.

use serde_json::Value;
use testkit::{CANARY, Finished, TestShop, TestWarehouse};

use crate::support::{assert_levels, between, on_every_catalog, program, sync, world};

on_every_catalog! {
    the_account_id_is_not_sent_on_site_calls_and_the_key_goes_raw,
}

/// Bad configuration: told on both streams, and not a request leaves.
fn refused(finished: Finished, name: &str) {
    let finished = finished.ends(2).says(name);
    let told = finished.json();
    assert_eq!(told["status"], "error", "{told:#}");
    assert!(told["message"].as_str().is_some_and(|message| message.contains(name)), "{name}: {told:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_missing_setting_is_named() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    for name in ["WIX_API_KEY", "WIX_SITE_ID"] {
        let program = between(&shop, &warehouse).unset(name);
        for words in [vec!["sync", "--json"], vec!["plan", "--json"], vec!["products", "A", "--json"]] {
            refused(program.run(words).await, name);
        }
    }
    let program = between(&shop, &warehouse).unset("WIXSYNC_WAREHOUSE_URL");
    let _ = program.run(["sync", "--json"]).await.ends(2).says("WIXSYNC_WAREHOUSE_URL");
    let program = between(&shop, &warehouse).set("WIX_API_KEY", "");
    refused(program.run(["sync", "--json"]).await, "WIX_API_KEY");
    assert_eq!(shop.live().total_requests(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_configured_names_all_that_is_missing() {
    let _ = program().run(["sync"]).await.ends(2).says("WIX_API_KEY").says("WIX_SITE_ID");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_file_the_hint_says_so() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let lacking = [("WIX_SITE_ID", "WX1201"), ("WIXSYNC_WAREHOUSE_URL", "WX2001")];
    for (lang, none) in [("en", "There is no wixsync.toml"), ("ru", "Файла wixsync.toml нет")] {
        for (name, code) in lacking {
            let program = between(&shop, &warehouse).unset(name).set("WIXSYNC_LANG", lang);
            let told = program.run(["sync", "--json"]).await.ends(2).json();
            let hint = told["hint"].as_str().expect("a hint");
            assert_eq!(told["error_code"], code, "{told:#}");
            assert!(hint.contains(none) && hint.contains("`wixsync init`"), "{hint}");
        }
    }
    let program = between(&shop, &warehouse).unset("WIX_SITE_ID").toml("sold_out = 'zero'\n");
    let told = program.run(["sync", "--json"]).await.ends(2).json();
    let hint = told["hint"].as_str().expect("a hint");
    assert!(hint.contains("[[shop]]") && !hint.contains("There is no wixsync.toml"), "{hint}");
}

#[tokio::test(flavor = "multi_thread")]
async fn examples_are_called_examples_and_lists_are_whole() {
    let lists = [("WIXSYNC_LANG", "de"), ("WIXSYNC_LOG_FORMAT", "xml"), ("WIXSYNC_WRITE_BATCH", "301")];
    let examples = [
        ("WIXSYNC_RATE_LIMIT", "3"),
        ("WIXSYNC_TIME_ZONE", "Moscow"),
        ("WIXSYNC_SCHEDULE", "often"),
        ("WIXSYNC_SETTLE", "later"),
        ("WIXSYNC_HTTP_TIMEOUT", "soon"),
        ("WIXSYNC_LISTEN", "here"),
    ];
    for (cases, english, russian) in
        [(&lists[..], "; possible: ", "; возможно: "), (&examples[..], "; for example: ", "; например: ")]
    {
        for (name, value) in cases {
            let program = program().unset("WIXSYNC_LANG").set(name, *value);
            let _ = program.run(["sync"]).await.ends(2).says("[WX1107]").says(english);
            let _ = program.set("LC_ALL", "ru_RU.UTF-8").run(["sync"]).await.ends(2).says(russian);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_address_has_its_own_hint_and_the_name_it_was_set_by() {
    let cases = [
        ("WIX_BASE_URL", "emulator", "эмулятора"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "сборщика"),
        ("WIXSYNC_DEAD_MAN_URL", "monitoring service", "сервиса мониторинга"),
    ];
    for (name, english, russian) in cases {
        for (lang, words) in [("en", english), ("ru", russian)] {
            let program = program().set(name, "foo").set("WIXSYNC_LANG", "en");
            let told = program.run(["--lang", lang, "sync", "--json"]).await.ends(2).json();
            let hint = told["hint"].as_str().expect("a hint");
            assert_eq!(told["error_code"], "WX1206", "{told:#}");
            assert!(told["message"].as_str().is_some_and(|text| text.starts_with(name)), "{told:#}");
            let others = cases.iter().flat_map(|(_, en, ru)| [*en, *ru]).filter(|other| *other != words);
            let wrong: Vec<_> = others.filter(|other| hint.contains(other)).collect();
            assert!(hint.contains(words) && wrong.is_empty(), "{wrong:?}: {hint}");
        }
    }
    let told = program().toml("dead_man_url = 'foo'\n").run(["sync", "--json"]).await.ends(2).json();
    assert!(told["message"].as_str().is_some_and(|text| text.starts_with("dead_man_url")), "{told:#}");
    let program = program().file("address", "foo\n");
    let file = program.path("address");
    let told = program.set("WIXSYNC_DEAD_MAN_URL_FILE", file).run(["sync", "--json"]).await.ends(2).json();
    assert!(
        told["message"].as_str().is_some_and(|text| text.starts_with("WIXSYNC_DEAD_MAN_URL_FILE")),
        "{told:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bad_value_of_the_environment_is_named() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let bad_url = format!("oracle://u:{CANARY}@host/db");
    let bad_file = format!("{CANARY}.db");
    let bad_base = format!("http://user:{CANARY}@127.0.0.1:1/");
    let bad_key = format!("{CANARY} with spaces");
    let cases = [
        ("WIXSYNC_RATE_LIMIT", "many"),
        ("WIXSYNC_RATE_LIMIT", "0/60s"),
        ("WIXSYNC_RATE_LIMIT", "200/0s"),
        ("WIXSYNC_HTTP_TIMEOUT", "soon"),
        ("WIXSYNC_HTTP_TIMEOUT", "0s"),
        ("WIXSYNC_HTTP_TIMEOUT", "-1s"),
        ("WIXSYNC_SETTLE", "later"),
        ("WIXSYNC_SETTLE", "-1s"),
        ("WIXSYNC_WRITE_BATCH", "0"),
        ("WIXSYNC_WRITE_BATCH", "301"),
        ("WIXSYNC_WRITE_BATCH", "ten"),
        ("WIXSYNC_LOG_FORMAT", "xml"),
        ("WIXSYNC_LANG", "de"),
        ("WIXSYNC_WAREHOUSE_URL", &bad_url),
        ("WIXSYNC_WAREHOUSE_URL", &bad_file),
        ("WIXSYNC_WAREHOUSE_URL", "sqlite::memory:"),
        ("WIXSYNC_STATE_URL", &bad_url),
        ("WIXSYNC_STATE_URL", &bad_file),
        ("WIX_BASE_URL", "ftp://127.0.0.1/"),
        ("WIX_BASE_URL", "not an address"),
        ("WIX_BASE_URL", &bad_base),
        ("WIX_API_KEY", &bad_key),
        ("WIX_SITE_ID", "a b"),
    ];
    for (name, value) in cases {
        let program = between(&shop, &warehouse).set(name, value);
        refused(program.run(["sync", "--json"]).await, name);
    }
    assert_eq!(shop.live().total_requests(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_level_that_there_is_not_is_named() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    for value in ["loud", "wixsync=loud"] {
        let program = between(&shop, &warehouse).set("WIXSYNC_LOG", value);
        refused(program.run(["sync", "--json"]).await, "WIXSYNC_LOG");
    }
    assert_eq!(shop.live().total_requests(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bad_value_of_the_file_is_named() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let cases = [
        ("sold_out", "sold_out = 'maybe'"),
        ("pause_after_429", "pause_after_429 = 'never'"),
        ("rate_limit", "rate_limit = 'many'"),
        ("rate_limit", "rate_limit = 200"),
        ("write_batch", "write_batch = 0"),
        ("write_batch", "write_batch = 1.5"),
        ("log", "log = 5"),
        ("warehouses", "[warehouse]\nwarehouses = []"),
        ("warehouses", "[warehouse]\nwarehouses = 'north'"),
        ("query", "[warehouse]\nquery = ' '"),
        ("name", "[[shop]]\nsite_id = 'x'"),
        ("base_url", "[[shop]]\nname = 's'\nbase_url = 'ftp://x'"),
    ];
    for (name, toml) in cases {
        let program = between(&shop, &warehouse).toml(&format!("{toml}\n"));
        refused(program.run(["sync", "--json"]).await, name);
    }
    assert_eq!(shop.live().total_requests(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_keys_of_the_file_are_named() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    for toml in
        ["soldout = 'zero'", "[warehouse]\nsoldout = 1", "[[shop]]\nname = 's'\nsoldout = 1", "[soldout]"]
    {
        let program = between(&shop, &warehouse).toml(&format!("{toml}\n"));
        let _ = program.run(["sync", "--json"]).await.ends(2).says("soldout").says("wixsync.toml").json();
    }
    assert_eq!(shop.live().total_requests(), 0);
}

/// What a parser quotes may hold the key; `Program` searches all that is said for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_does_not_show_its_secrets() {
    let tomls = [
        format!("[[shop]]\nname = 's'\napi_key = {CANARY}\n"),
        format!("[[shop]]\nname = 's'\napi_key = '{CANARY}\n"),
        format!("[[shop]]\nname = 's'\napi_key = ['{CANARY}']\n"),
        format!("[[shop]]\nname = 's'\napi_key = '{CANARY}'\napi_key = '{CANARY}'\n"),
        format!("[warehouse]\nurl = ['postgres://u:{CANARY}@h/db']\n"),
        format!("[warehouse]\nurl = postgres://u:{CANARY}@h/db\n"),
        format!("state_url = 'postgres://u:{CANARY}@h/db'\n"),
        format!("state_url = '{CANARY}'\n"),
    ];
    let mut bad = Vec::new();
    for toml in tomls {
        for words in [vec!["sync", "--json"], vec!["config", "show"]] {
            let program = program().unset("WIXSYNC_STATE_URL").toml(&toml);
            let run = tokio::spawn(async move { drop(program.run(words).await.ends(2)) });
            if run.await.is_err() && bad.last() != Some(&toml) {
                bad.push(toml.clone());
            }
        }
    }
    assert!(bad.is_empty(), "the key is shown, or the file is taken: {bad:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_may_come_from_a_file() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).unset("WIX_API_KEY").unset("WIXSYNC_WAREHOUSE_URL");
    let program = program.file("key", format!("{CANARY}\r\n")).file("url", warehouse.url() + "\n");
    let (key, url) = (program.path("key"), program.path("url"));
    let program = program.set("WIX_API_KEY_FILE", key).set("WIXSYNC_WAREHOUSE_URL_FILE", url);
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15)]);
    let shown = program.run(["config", "show", "--json"]).await.ends(0).json();
    assert_eq!(setting(&shown, "shop.default.api_key").1, "WIX_API_KEY_FILE");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_set_twice_or_in_a_missing_file_is_named() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).file("key", CANARY);
    let key = program.path("key");
    let program = program.set("WIX_API_KEY_FILE", key);
    refused(program.run(["sync", "--json"]).await, "WIX_API_KEY_FILE");
    let program = program.unset("WIX_API_KEY").set("WIX_API_KEY_FILE", "/no/such/file");
    refused(program.run(["sync", "--json"]).await, "WIX_API_KEY_FILE");
    let toml = format!("[[shop]]\nname = 's'\napi_key = '{CANARY}'\napi_key_file = 'key'\n");
    let program = crate::support::program().warehouse(&warehouse).toml(&toml);
    refused(program.run(["sync", "--json"]).await, "api_key_file");
    assert_eq!(shop.live().total_requests(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_s_empty_file_counts_as_not_set() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).unset("WIX_API_KEY").file("key", "\n");
    let key = program.path("key");
    refused(program.set("WIX_API_KEY_FILE", key).run(["sync", "--json"]).await, "WIX_API_KEY");
    assert_eq!(shop.live().total_requests(), 0);
}

/// Value and origin of a setting.
fn setting(shown: &Value, name: &str) -> (String, String) {
    let rows = shown["settings"].as_array().expect("settings");
    let row = rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("no {name} in {shown:#}"));
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    (text("value"), text("origin"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_later_layer_wins_and_is_named() {
    let toml = format!(
        "settle = '7s'\nhttp_timeout = '8s'\nwrite_batch = 50\nlang = 'ru'\n\
         [[shop]]\nname = 'default'\napi_key = '{CANARY}'\nsite_id = 'site'\nbase_url = 'http://127.0.0.1:9'\n\
         [[shop]]\nname = 'other'\napi_key = '{CANARY}'\n"
    );
    let program = program()
        .unset("WIXSYNC_HTTP_TIMEOUT")
        .set("WIX_BASE_URL", "http://127.0.0.1:1")
        .set("WIX_ACCOUNT_ID", "account")
        .toml(&toml);
    let file = program.path("wixsync.toml").display().to_string();
    let shown = program.run(["config", "show", "--json", "--lang", "ru"]).await.ends(0).json();
    assert_eq!(shown["file"], file);
    let due = [
        ("rate_limit", "200/60s", "default"),
        ("sold_out", "zero", "default"),
        ("http_timeout", "8s", &file),
        ("write_batch", "50", &file),
        ("settle", "200ms", "WIXSYNC_SETTLE"),
        ("lang", "ru", "--lang"),
        ("shop.default.api_key", "********", &file),
        ("shop.default.site_id", "site", &file),
        ("shop.default.account_id", "account", "WIX_ACCOUNT_ID"),
        ("shop.default.base_url", "http://127.0.0.1:1/", "WIX_BASE_URL"),
        ("shop.other.api_key", "********", &file),
        ("shop.other.base_url", "https://www.wixapis.com/", "default"),
    ];
    for (name, value, origin) in due {
        assert_eq!(setting(&shown, name), (value.to_owned(), origin.to_owned()), "{name}");
    }
    let _ = program.run(["config", "show"]).await.ends(0).says("********").says("WIXSYNC_SETTLE");
    let shown = program.run(["config", "show", "--json"]).await.ends(0).json();
    assert_eq!(setting(&shown, "lang"), ("en".to_owned(), "WIXSYNC_LANG".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_file_is_read_and_a_missing_one_is_told() {
    let program = program().file("conf/other.toml", "settle = '7s'\n").unset("WIXSYNC_SETTLE");
    let shown = program.run(["config", "show", "--json", "--config", "conf/other.toml"]).await.ends(0).json();
    assert_eq!(setting(&shown, "settle").0, "7s");
    let beside = format!("sqlite://{}", program.path("conf/warehouse.db").display());
    assert_eq!(setting(&shown, "warehouse.url").0, beside);
    refused(program.run(["config", "show", "--json", "--config", "none.toml"]).await, "none.toml");
}

async fn the_account_id_is_not_sent_on_site_calls_and_the_key_goes_raw() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).set("WIX_ACCOUNT_ID", "0000-account");
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn state_without_a_setting_lies_in_the_user_s_state_folder() {
    let shop = TestShop::of([("A", 10)]).await;
    let warehouse = TestWarehouse::of([("A", 15)]).await;
    let program = between(&shop, &warehouse).unset("WIXSYNC_STATE_URL");
    let report = sync(&program, 0).await;
    let due = program.home().join(".local/state/wixsync/state.db");
    assert!(due.is_file());
    assert_eq!(report["state"], format!("sqlite://{}", due.display()));
    assert!(!program.path("state.db").exists());
}

/// To leave it out would be to take another state database by chance.
#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_is_no_text_is_named_and_not_left_out() {
    use std::os::unix::ffi::OsStringExt;
    let value = std::ffi::OsString::from_vec(b"sqlite:///tmp/x\xff.db".to_vec());
    let program = program().set("WIXSYNC_STATE_URL", value);
    let _ = program.run(["runs"]).await.ends(2).says("error[WX1115]: WIXSYNC_STATE_URL is not valid UTF-8");
}

/// Notepad and PowerShell write a byte order mark, or UTF-16.
#[tokio::test(flavor = "multi_thread")]
async fn files_from_windows_are_read() {
    let (shop, warehouse) = world(&[("A", 10, 10)]).await;
    let utf_16 = |text: &str| {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        [0xFF, 0xFE].into_iter().chain(units).collect::<Vec<u8>>()
    };
    let line = format!("{CANARY}\r\n");
    for key in [format!("\u{feff}{line}").into_bytes(), utf_16(&line)] {
        let program = between(&shop, &warehouse).unset("WIX_API_KEY").file("key", key);
        let key = program.path("key");
        let _ = program.set("WIX_API_KEY_FILE", key).run(["plan"]).await.ends(0);
    }
    let toml = "sold_out = 'ignore'\r\n";
    for content in [format!("\u{feff}{toml}").into_bytes(), utf_16(toml)] {
        let program = between(&shop, &warehouse).file("wixsync.toml", content);
        let shown = program.run(["config", "show", "--json"]).await.ends(0).json();
        assert_eq!(setting(&shown, "sold_out").0, "ignore");
    }
    let program = between(&shop, &warehouse).unset("WIX_API_KEY").file("key", b"\xff\xfea");
    let key = program.path("key");
    let told = program.set("WIX_API_KEY_FILE", key).run(["plan"]).await.ends(2);
    let _ = told.says("WX1109").says("neither UTF-8 nor UTF-16");
}
