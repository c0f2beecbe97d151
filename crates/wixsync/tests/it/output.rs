//! What goes to which stream, and in which words.
//!
//! One catalog: the rest are about words and streams.

use testkit::emulator::FaultKind;

use crate::support::{between, on_every_catalog, program, sync, world};

on_every_catalog! {
    the_log_speaks_the_guide_s_words,
    up_to_a_hundred_changes_are_told_one_by_one,
    log_lines_can_be_json,
    a_run_at_a_terminal_is_told_once,
    a_failure_is_told_in_words_with_a_hint,
}

#[tokio::test(flavor = "multi_thread")]
async fn stdout_is_one_json_value_whatever_happens() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let whole = || between(&shop, &warehouse).set("WIXSYNC_LOG", "trace");
    let cases = [
        (whole(), vec!["sync", "--json"]),
        (whole(), vec!["plan", "--json"]),
        (whole(), vec!["apply", "none", "--json"]),
        (whole(), vec!["run", "none", "--json"]),
        (whole(), vec!["runs", "--json"]),
        (whole(), vec!["config", "show", "--json"]),
        (whole(), vec!["set", "A=1", "A=2", "--json"]),
        (whole().unset("WIX_API_KEY"), vec!["sync", "--json"]),
        (whole().unset("WIXSYNC_WAREHOUSE_URL"), vec!["sync", "--json"]),
        (whole().set("WIXSYNC_SETTLE", "x"), vec!["sync", "--json"]),
        (whole().set("WIXSYNC_STATE_URL", "sqlite:///dev/null/x"), vec!["sync", "--json"]),
        (whole().set("WIX_SITE_ID", "other"), vec!["products", "A", "--json"]),
    ];
    for (program, words) in cases {
        let told = program.run(&words).await.json();
        assert!(told.is_object(), "{words:?}: {told:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stdout_is_one_json_value_for_bad_words_too() {
    for words in [
        vec!["sync", "--json", "--frobnicate"],
        vec!["apply", "--json"],
        vec!["set", "--json", "A"],
        vec!["products", "--json", ""],
        vec!["runs", "--json", "--limit", "0"],
    ] {
        let told = program().run(&words).await.ends(2).json();
        assert_eq!(told["status"], "error", "{words:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_words_end_with_2_and_help_with_0() {
    for words in [vec![], vec!["frobnicate"], vec!["sync", "extra"], vec!["config"], vec!["products"]] {
        let finished = program().run(&words).await.ends(2);
        assert_eq!(finished.stdout, "", "{words:?}");
    }
    let help = program().run(["--help"]).await.ends(0).stdout;
    for command in ["demo", "sync", "plan", "apply", "runs", "products", "set", "config", "emulator"] {
        assert!(help.contains(command), "{command}");
    }
    let help = program().run(["--help", "--lang", "ru"]).await.ends(0);
    assert!(help.stdout.contains("Показать"), "{}", help.stdout);
    for (lang, word) in [("en", "random faults"), ("ru", "случайные сбои")] {
        let help = program().run(["emulator", "--help", "--lang", lang]).await.ends(0);
        let _ = help.says("--faults").says(word);
    }
    let _ = program().run(["--version"]).await.ends(0).says("wixsync ");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_for_people_holds_no_log_lines() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let finished = between(&shop, &warehouse).set("WIXSYNC_LOG", "trace").run(["sync"]).await.ends(0);
    for word in ["INFO", "DEBUG", "TRACE", "WARN", "\u{1b}"] {
        assert!(!finished.stdout.contains(word), "{word:?}: {}", finished.stdout);
    }
    assert!(!finished.stderr.contains('\u{1b}'), "no colours where no terminal is: {}", finished.stderr);
    assert!(finished.stdout.contains("state.db"), "the report names the state database: {}", finished.stdout);
    let quiet = between(&shop, &warehouse).set("WIXSYNC_LOG", "off").run(["sync", "--json"]).await.ends(0);
    assert_eq!(quiet.stderr, "");
}

async fn the_log_speaks_the_guide_s_words() {
    let (shop, warehouse) = world(&[("SKU123", 10, 15), ("SKU-9", 10, 4), ("SAME", 3, 3)]).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_LANG", "ru");
    let finished = program.run(["sync", "--json"]).await.ends(0);
    let found = program.run(["products", "SKU123", "--json"]).await.ends(0).json();
    let item = found["SKU123"]["inventory_item_id"].as_str().expect("an id").to_owned();
    let lines: Vec<&str> = finished.stderr.lines().collect();
    let due = [
        "INFO: Начало синхронизации количества товаров с Wix".to_owned(),
        "INFO: Поиск товаров в Wix...".to_owned(),
        "INFO: Получение товаров из локальной базы данных...".to_owned(),
        "INFO: Найдено 3 товара с остатками в локальной базе".to_owned(),
        "INFO: Получен список из 3 SKU для поиска в Wix".to_owned(),
        "INFO: Найдено 3 товара в Wix".to_owned(),
        "INFO: Подготовлено обновление для SKU123: 10 -> 15".to_owned(),
        "INFO: Подготовлено обновление для SKU-9: 10 -> 4".to_owned(),
        "INFO: Выполнение 2 обновлений в Wix...".to_owned(),
        format!("INFO: Обновлён товар {item}: +5 (артикул SKU123)"),
    ];
    for line in &due {
        assert!(lines.contains(&line.as_str()), "{line:?} is missing in\n{}", finished.stderr);
    }
    let last = lines
        .iter()
        .find_map(|line| line.strip_prefix("INFO: Синхронизация завершена: "))
        .unwrap_or_else(|| panic!("no last line in\n{}", finished.stderr));
    let report: serde_json::Value = serde_json::from_str(last).expect("the report as JSON");
    assert_eq!(report["updated_in_wix"], 2);
    assert_eq!(finished.json()["message"], "Синхронизация завершена");
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_in_the_log_have_their_thousands_in_groups() {
    let skus: Vec<String> = (0..1_050).map(|n| format!("S{n}")).collect();
    let shop = testkit::TestShop::of(skus.iter().map(|sku| (sku.as_str(), 5))).await;
    let warehouse = testkit::TestWarehouse::of(skus.iter().map(|sku| (sku.as_str(), 6))).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_LANG", "ru");
    let finished = program.run(["sync", "--json"]).await.ends(0);
    for line in ["INFO: Найдено 1\u{a0}050 товаров в Wix", "INFO: Выполнение 1\u{a0}050 обновлений в Wix..."]
    {
        assert!(finished.stderr.lines().any(|told| told == line), "{line:?}\n{}", finished.stderr);
    }
}

async fn up_to_a_hundred_changes_are_told_one_by_one() {
    for (count, told) in [(100, 100), (101, 0)] {
        let skus: Vec<String> = (0..count).map(|n| format!("S{n}")).collect();
        let shop = testkit::TestShop::of(skus.iter().map(|sku| (sku.as_str(), 5))).await;
        let warehouse = testkit::TestWarehouse::of(skus.iter().map(|sku| (sku.as_str(), 6))).await;
        let finished = between(&shop, &warehouse).run(["sync"]).await.ends(0);
        assert_eq!(shop.written().len(), count);
        let lines = |start: &str| finished.stderr.lines().filter(|line| line.starts_with(start)).count();
        assert_eq!(lines("INFO: Prepared an update for "), told);
        assert_eq!(lines("INFO: Updated product "), told);
    }
}

async fn log_lines_can_be_json() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_LOG_FORMAT", "json");
    let finished = program.run(["sync", "--json"]).await.ends(0);
    assert!(!finished.stderr.is_empty());
    let read = |line| serde_json::from_str(line).expect("each line is JSON");
    let lines: Vec<serde_json::Value> = finished.stderr.lines().map(read).collect();
    let run_id = &finished.json()["run_id"];
    assert!(lines.iter().all(|line| line["run_id"] == *run_id && line["shop"] == "default"), "{lines:#?}");
    let with = |field: &str| lines.iter().filter(|line| line.get(field).is_some()).collect::<Vec<_>>();
    let [prepared, updated] = with("sku")[..] else { panic!("two lines with a SKU: {lines:#?}") };
    assert_eq!((&prepared["sku"], &prepared["from"], &prepared["to"]), (&"A".into(), &10.into(), &15.into()));
    assert_eq!((&updated["sku"], &updated["delta"]), (&"A".into(), &5.into()));
    assert!(
        updated["item"].is_string()
            && updated["message"].as_str().is_some_and(|text| text.ends_with("(SKU A)"))
    );
    let [last] = with("report")[..] else { panic!("one report: {lines:#?}") };
    assert_eq!(
        (&last["report"]["updated_in_wix"], &last["report"]["outcome"]),
        (&1.into(), &"converged".into())
    );
    assert!(lines.iter().all(|line| line["timestamp"].is_string() && line["level"] == "INFO"), "{lines:#?}");
}

/// At a terminal the report stands in the place of the last log line, and the changes in that of a line a SKU.
async fn a_run_at_a_terminal_is_told_once() {
    for (command, ends_with) in [("plan", "Plan ready: {"), ("sync", "Synchronization finished: {")] {
        let (shop, warehouse) = world(&[("A-1", 10, 15)]).await;
        let seen = between(&shop, &warehouse).run_at_terminal([command]).await.ends(0);
        assert!(!seen.stderr.contains("A-1") && !seen.stderr.contains("{\""), "{}", seen.stderr);
        assert!(seen.stdout.contains("Shop default"), "{}", seen.stdout);
        let (shop, warehouse) = world(&[("A-1", 10, 15)]).await;
        let piped = between(&shop, &warehouse).run([command]).await.ends(0);
        assert!(piped.stderr.contains("Prepared an update for A-1"), "{}", piped.stderr);
        assert!(piped.stderr.contains(ends_with), "{}", piped.stderr);
    }
    let (shop, warehouse) = world(&[("A-1", 10, 15)]).await;
    let seen = between(&shop, &warehouse).run_at_terminal(["sync", "--verbose"]).await.ends(0);
    for told in ["DEBUG: Prepared an update for A-1: 10 -> 15", "DEBUG: Updated product "] {
        assert!(seen.stderr.contains(told), "{}", seen.stderr);
    }
    assert!(!seen.stderr.contains("Synchronization finished"), "{}", seen.stderr);
}

/// The options stand before or after the command, of every command.
#[tokio::test(flavor = "multi_thread")]
async fn json_quiet_and_verbose_are_options_of_every_command() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    for words in [
        ["--json", "plan"].as_slice(),
        &["--json", "config", "show"],
        &["--json", "config", "example"],
        &["completions", "bash", "--json"],
        &["--json", "error", "WX1001"],
        &["token", "--json", "list"],
        &["status", "--json"],
    ] {
        let told = program.run(words).await.ends(0).json();
        assert!(told.is_object(), "{words:?}: {told:#}");
    }
    let quiet = program.run(["-q", "plan"]).await.ends(0);
    assert_eq!(quiet.stderr, "");
    assert!(quiet.stdout.contains("Planned changes: 1"), "{}", quiet.stdout);
    let verbose = program.run(["plan", "-v"]).await.ends(0);
    assert!(verbose.stderr.contains("DEBUG: Read the shop "), "{}", verbose.stderr);
    let _ = program.run(["plan", "-q", "-v"]).await.ends(2).says("WX1008");
}

/// The keys whose values are written for people. Every other value of the JSON is data: the same in every language.
const SENTENCES: &[&str] = &["message", "hint", "text", "reason", "title"];

fn without_sentences(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            fields.retain(|key, _| !SENTENCES.contains(&key.as_str()));
            fields.values_mut().for_each(without_sentences);
        }
        serde_json::Value::Array(values) => values.iter_mut().for_each(without_sentences),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_for_programs_are_never_translated() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("HERE", 0, 3), ("NEAR", 1, 1)]).await;
    warehouse.execute("INSERT INTO product (sku) VALUES ('near '), ('LACKS')").await;
    warehouse.execute("UPDATE stock SET quantity = '1.5' WHERE sku = 'HERE'").await;
    let program = between(&shop, &warehouse)
        .file("list", "sku;qty\nA;2\nA;x\n")
        .file("good", "sku;qty\nA;2\nHERE;1\nNEAR;1\n");
    for words in [
        ["plan"].as_slice(),
        &["sync", "--dry-run"],
        &["runs"],
        &["run", "1"],
        &["status"],
        &["explain", "A"],
        &["explain", "LACKS"],
        &["doctor"],
        &["config", "show"],
        &["config", "check"],
        &["import", "list"],
        &["import", "good", "--dry-run"],
        &["products", "A"],
        &["run", "none"],
        &["demo"],
    ] {
        let words: Vec<&str> = words.iter().copied().chain(["--json", "--lang", "ru"]).collect();
        let mut value = program.run(&words).await.json();
        without_sentences(&mut value);
        let all = value.to_string();
        assert!(!all.chars().any(|c| ('а'..='я').contains(&c)), "{words:?}: {all}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sku_with_a_line_break_makes_no_second_log_line() {
    let (shop, warehouse) = world(&[("A\nINFO: forged", 10, 15)]).await;
    let finished = between(&shop, &warehouse).run(["sync"]).await.ends(0);
    assert!(!finished.stderr.lines().any(|line| line == "INFO: forged: 10 -> 15"), "{}", finished.stderr);
    assert!(!finished.stdout.lines().any(|line| line.starts_with("INFO: forged")), "{}", finished.stdout);
}

async fn a_failure_is_told_in_words_with_a_hint() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    shop.break_with(shop.reading(), FaultKind::Status { code: 403, body: None }, u32::MAX);
    let program = between(&shop, &warehouse);
    let finished = program.run(["sync"]).await.ends(5);
    assert!(finished.stdout.contains("Shop default: the run failed"), "{}", finished.stdout);
    assert!(finished.stderr.contains("hint: "), "{}", finished.stderr);
    assert!(!finished.stderr.contains("ERROR: "), "{}", finished.stderr);
    shop.live().clear_faults();
    let _ = sync(&program, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_is_no_failure() {
    let program = program();
    let finished = program.run(["config", "show"]).await.ends(0);
    assert!(finished.stdout.contains("rate_limit"));
}

/// The scripts are those of their shells, and know every command.
#[tokio::test(flavor = "multi_thread")]
async fn completions_know_every_command_in_every_shell() {
    for (shell, mark) in [
        ("bash", "complete -F _wixsync"),
        ("zsh", "#compdef wixsync"),
        ("fish", "complete -c wixsync"),
        ("elvish", "edit:completion"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let script = program().run(["completions", shell]).await.ends(0).stdout;
        for word in [mark, "inventory-updates", "dry-run", "explain"] {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
    let _ = program().run(["completions", "cmd"]).await.ends(2);
}

/// A result that could not be printed is no success, least of all a new token.
#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_cannot_be_written_out_is_told() {
    let (shop, warehouse) = world(&[("A", 10, 12)]).await;
    let program = between(&shop, &warehouse);
    for words in [
        &["token", "create", "shop"][..],
        &["sync", "--json"],
        &["runs"],
        &["config", "example"],
        &["completions", "bash"],
    ] {
        let (code, told) = program.run_with_full_stdout(words).await;
        assert_eq!(code, Some(5), "{words:?}: {told}");
        assert!(told.contains("error[WX1022]") && told.contains("os error 28"), "{words:?}: {told}");
    }
    let _ = program.run(["runs"]).await.ends(0).says("up to date");
}
