//! Errors have codes, hints and pages, and stand in the user's language: those of the command line itself too.
//!
//! One catalog: the rest are about words, settings and databases.

use serde_json::Value;
use testkit::emulator::FaultKind;

use crate::support::{between, on_every_catalog, program, world};

on_every_catalog! {
    a_failed_run_tells_its_code,
}

/// Wrong words, the code that they get, and what the message names of them.
const WRONG_WORDS: &[(&[&str], &str, &str)] = &[
    (&["sync", "--frobnicate"], "WX1001", "--frobnicate"),
    (&["frobnicate"], "WX1002", "frobnicate"),
    (&["config"], "WX1003", "show"),
    (&["apply"], "WX1004", "wixsync apply"),
    (&["completions", "cmd"], "WX1005", "powershell"),
    (&["set", "A=100000"], "WX1006", "99999"),
    (&["set", "=1"], "WX1006", "=1"),
    (&["runs", "--limit", "0"], "WX1006", "10000"),
    (&["products", "A", "--batch-size", "101"], "WX1006", "100"),
    (&["emulator", "--listen", "8099"], "WX1006", "127.0.0.1:8099"),
    (&["apply", ""], "WX1006", "wixsync apply"),
    (&["runs", "--limit"], "WX1007", "--limit"),
    (&["--lang", "de", "sync"], "WX1005", "--lang"),
    (&["set", "A=1", "A=2"], "WX1020", "A"),
    (&["error", "WX9999"], "WX1021", "WX9999"),
];

/// Words that clap says in English of its own accord.
const ENGLISH: &[&str] = &[
    "Usage",
    "Options",
    "Commands",
    "Arguments",
    "OPTIONS",
    "COMMAND",
    "default",
    "possible",
    "Print",
    "error:",
    "tip:",
    "For more",
    "required",
    "unexpected",
    "unrecognized",
    "invalid",
    "provided",
    "value",
];

#[tokio::test(flavor = "multi_thread")]
async fn wrong_words_have_codes_in_both_languages() {
    for (words, code, named) in WRONG_WORDS {
        for (lang, error, hint) in [("en", "error", "hint"), ("ru", "ошибка", "подсказка")] {
            let finished = program().set("WIXSYNC_LANG", lang).run(*words).await.ends(2);
            assert_eq!(finished.stdout, "", "{words:?}");
            let lines: Vec<&str> = finished.stderr.lines().collect();
            let begins = |start: &str| lines.iter().any(|line| line.starts_with(start));
            let said = begins(&format!("{error}[{code}]: ")) && begins(&format!("{hint}: "));
            assert!(said && finished.stderr.contains(named), "{words:?} in {lang}:\n{}", finished.stderr);
            assert!(finished.stderr.contains(&format!("`wixsync error {code}`")), "{}", finished.stderr);
            if lang == "ru" {
                let english = ENGLISH.iter().find(|word| finished.stderr.contains(*word));
                assert_eq!(english, None, "{words:?}:\n{}", finished.stderr);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_words_have_codes_in_json() {
    let speaks_json = |words: &[&str]| !["completions", "config"].contains(&words[0]);
    for (words, code, _) in WRONG_WORDS.iter().filter(|(words, ..)| speaks_json(words)) {
        let words = words.iter().copied().chain(["--json"]);
        let words: Vec<&str> = words.collect();
        let told = program().run(&words).await.ends(2).json();
        assert_eq!(told["error_code"], *code, "{words:?}: {told:#}");
        assert!(told["message"].is_string() && told["hint"].is_string(), "{told:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_near_word_is_suggested() {
    for (lang, word) in [("en", "Did you mean"), ("ru", "Возможно")] {
        let program = program().set("WIXSYNC_LANG", lang);
        let _ = program.run(["paln"]).await.ends(2).says(word).says("plan");
        let _ = program.run(["plan", "--jsn"]).await.ends(2).says(word).says("--json");
    }
}

/// A command in a hint works as typed.
#[tokio::test(flavor = "multi_thread")]
async fn the_help_that_a_hint_names_exists() {
    let mut seen = 0;
    for (words, _, _) in WRONG_WORDS {
        for lang in ["en", "ru"] {
            let program = program().set("WIXSYNC_LANG", lang);
            let told = program.run(*words).await.ends(2).stderr;
            let Some(hint) = told.lines().find(|line| line.contains("--help`")) else { continue };
            seen += 1;
            let named = hint.split('`').nth(1).unwrap_or_default();
            let shown = program.run(named.split(' ').skip(1)).await.ends(0);
            let usage = named.trim_end_matches(" --help");
            assert!(shown.stdout.contains(&format!(": {usage} ")), "{named}:\n{}", shown.stdout);
        }
    }
    assert!(seen > 20, "only {seen} hints name a help");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_name_is_quoted_in_the_command_that_frees_it() {
    let program = program().set("WIX_SITE_ID", "site");
    let _ = program.run(["token", "create", "my shop"]).await.ends(0);
    let again = program.run(["token", "create", "my shop"]).await.ends(2);
    let _ = again.says("`wixsync token revoke 'my shop'`");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_of_wrong_words_follows_flag_environment_and_locale() {
    let told = |program: testkit::Program, words: Vec<&'static str>| async move {
        program.run(words).await.ends(2).stderr
    };
    let plain = || program().unset("WIXSYNC_LANG");
    let russian = [
        told(plain().set("LC_ALL", "ru_RU.UTF-8"), vec!["frobnicate"]).await,
        told(plain().set("LANG", "ru_RU.UTF-8"), vec!["frobnicate"]).await,
        told(plain(), vec!["--lang", "ru", "frobnicate"]).await,
        told(plain(), vec!["frobnicate", "--lang=ru"]).await,
        told(plain().set("WIXSYNC_LANG", "ru"), vec!["sync", "--lang", "de"]).await,
    ];
    for text in &russian {
        assert!(text.starts_with("ошибка[WX100"), "{text}");
    }
    let english = told(plain().set("LANG", "ru_RU.UTF-8"), vec!["--lang", "en", "frobnicate"]).await;
    assert!(english.starts_with("error[WX1002]"), "{english}");
}

/// Every command below `words`, as the help of `words` lists them.
async fn commands(words: &[&str], heading: &str) -> Vec<String> {
    let help = program().run(words.iter().chain(&["--help", "--lang", "ru"])).await.ends(0).stdout;
    let listed = help.lines().skip_while(|line| *line != heading).skip(1);
    // A line that goes on is indented further than a name.
    let names = listed.take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
    let names = names.filter(|line| !line.starts_with(' ')).filter_map(|line| line.split_whitespace().next());
    names.map(ToOwned::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn russian_help_has_none_of_clap_s_english() {
    let mut all: Vec<Vec<String>> = vec![vec![]];
    for name in commands(&[], "Команды:").await {
        all.extend(commands(&[&name], "Команды:").await.into_iter().map(|inner| vec![name.clone(), inner]));
        all.push(vec![name]);
    }
    assert!(all.len() > 15, "{all:?}");
    for mut words in all {
        words.extend(["--help".to_owned(), "--lang".to_owned(), "ru".to_owned()]);
        let help = program().run(&words).await.ends(0).stdout;
        let english = ENGLISH.iter().find(|word| help.contains(*word));
        assert_eq!(english, None, "{words:?}:\n{help}");
    }
    for (lang, word) in [("en", "[default: 20]"), ("ru", "[по умолчанию: 20]")] {
        let _ = program().run(["runs", "--help", "--lang", lang]).await.ends(0).says(word);
    }
}

/// `help COMMAND` says what `COMMAND --help` says.
#[tokio::test(flavor = "multi_thread")]
async fn help_of_a_command_is_its_help() {
    for lang in ["en", "ru"] {
        let program = program().set("WIXSYNC_LANG", lang);
        for command in [&[][..], &["sync"], &["config", "show"], &["help"]] {
            let asked = program.run(["help"].iter().chain(command)).await.ends(0);
            let due = program.run(command.iter().chain(&["--help"])).await.ends(0);
            assert_eq!((asked.stdout, asked.stderr), (due.stdout, due.stderr), "{command:?}");
        }
        let _ = program.run(["help", "snyc"]).await.ends(2).says("[WX1002]");
        let _ = program.run(["help", "sync", "now"]).await.ends(2).says("now");
    }
    let _ = program().run(["--lang", "ru", "help", "sync"]).await.ends(0).says("Использование");
}

/// A file that is no TOML says what is most likely wrong with it, and shows nothing of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_toml_says_what_to_do() {
    let cases: [(&[u8], &str, &str); 6] = [
        (b"log = \"info\"\nstate_url = s3cret\n", "WX1117", "quotation marks: name = \"value\""),
        (b"log = \"info\"\nlog = \"s3cret\"\n", "line 2", "Keep only one of the two"),
        (b"state_url = \"C:\\s3cret\"\n", "line 1", "backslash"),
        ("state_url = «s3cret»\n".as_bytes(), "line 1", "straight quotation marks"),
        (b"# \xcf\xf0\xe8\nlog = \"s3cret\"\n", "WX1116", "UTF-8"),
        (b"\xff\xfel\0o\0g", "WX1116", "UTF-8"),
    ];
    for (content, what, hint) in cases {
        let told = program().file("wixsync.toml", content).run(["config", "show"]).await.ends(2);
        let told = told.says(what).says(hint);
        assert!(!told.stderr.contains("s3cret"), "{}", told.stderr);
    }
    let marked = program().file("wixsync.toml", b"\xef\xbb\xbflog = \"warn\"\n");
    let _ = marked.run(["config", "show"]).await.ends(0).says("warn");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_has_its_page_in_both_languages() {
    for (lang, title) in [("en", "Wix does not accept the key"), ("ru", "Wix не принимает ключ")]
    {
        for written in ["WX3003", "wx3003", "3003"] {
            let page = program().run(["error", written, "--lang", lang]).await.ends(0).stdout;
            assert!(page.starts_with(&format!("# WX3003: {title}\n")), "{page}");
            assert!(page.contains("WIX_API_KEY"), "{page}");
        }
        let list = program().run(["error", "--lang", lang]).await.ends(0).stdout;
        assert!(list.lines().any(|line| line.contains("WX3003") && line.contains(title)), "{list}");
    }
    let page = program().run(["error", "WX3003", "--json"]).await.ends(0).json();
    assert_eq!(page["code"], "WX3003");
    let list = program().run(["error", "--json"]).await.ends(0).json();
    assert!(list["codes"].as_array().is_some_and(|codes| codes.len() > 70), "{list:#}");
}

/// A code is told wherever the failure is: on stderr, in JSON, in what is kept of the run; on a stream once.
async fn a_failed_run_tells_its_code() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    shop.break_with(shop.reading(), FaultKind::Status { code: 403, body: None }, u32::MAX);
    for (lang, error) in [("en", "error[WX3013]: "), ("ru", "ошибка[WX3013]: ")] {
        let program = between(&shop, &warehouse).set("WIXSYNC_LANG", lang);
        let finished = program.run(["sync", "--json"]).await.ends(5);
        let report: Value = finished.json();
        assert_eq!(report["error_code"], "WX3013");
        assert!(finished.stderr.lines().any(|line| line.starts_with(error)), "{}", finished.stderr);
        assert_eq!(finished.stderr.matches("WX3013]").count(), 1, "{}", finished.stderr);
        let finished = program.run(["sync"]).await.ends(5);
        let told = format!("{}{}", finished.stdout, finished.stderr);
        assert_eq!(told.matches("WX3013]").count(), 1, "an error is told once: {told}");
        assert!(finished.stderr.lines().any(|line| line.starts_with(error)), "{}", finished.stderr);
        let runs = program.run(["runs", "--json"]).await.ends(0).json();
        let run = runs["runs"][0]["run_id"].as_str().expect("a run");
        assert!(program.run(["run", run]).await.ends(0).stdout.contains(error), "it is kept");
        let finished = program.run(["products", "A", "--json"]).await.ends(5);
        let told: Value = finished.json();
        assert_eq!(
            (told["error_code"].as_str(), told["code"].as_str()),
            (Some("WX3013"), Some("wix_forbidden"))
        );
        assert!(finished.stderr.contains(error), "{}", finished.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_are_wrong_have_codes() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let whole = || between(&shop, &warehouse);
    let cases = [
        (whole().set("WIXSYNC_SETTLE", "x"), "WX1107"),
        (whole().unset("WIX_API_KEY"), "WX1201"),
        (whole().unset("WIXSYNC_WAREHOUSE_URL"), "WX2001"),
        (whole().set("WIXSYNC_WAREHOUSE_URL", "oracle://host/db"), "WX1113"),
        (whole().set("WIXSYNC_WAREHOUSE_URL", "postgres://host"), "WX1119"),
        (whole().set("WIXSYNC_CONFIG", "none.toml"), "WX1102"),
        (whole().toml("soldout = \"zero\""), "WX1104"),
        (whole().toml("[shop]\nname = \"default\""), "WX1118"),
    ];
    for (program, code) in cases {
        let finished = program.run(["sync", "--json"]).await.ends(2);
        assert_eq!(finished.json()["error_code"], code, "{}", finished.stderr);
        assert!(finished.stderr.contains(&format!("error[{code}]: ")), "{}", finished.stderr);
    }
    let broken =
        whole().set("WIXSYNC_STATE_URL", "sqlite:///dev/null/x").run(["sync", "--json"]).await.ends(5);
    assert_eq!(broken.json()["error_code"], "WX4001");
    let slip = whole().set("WIXSYNC_SETLE", "1s").run(["sync"]).await.ends(0);
    assert!(slip.stderr.contains("warning[WX1111]: "), "{}", slip.stderr);
}

/// A database of which only the beginning is there is called damaged, and what may be done about it is said.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_called_damaged() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let _ = program.run(["sync"]).await.ends(0);
    let cut = |name: &str, to: &str, kept: usize| {
        let whole = std::fs::read(program.path(name)).expect("the file is there");
        assert!(whole.len() > kept, "{name} has {} bytes", whole.len());
        std::fs::write(program.path(to), &whole[..kept]).expect("a file can be written");
    };
    cut("state.db", "cut-state.db", 8_192);
    let at = format!("sqlite://{}", program.path("cut-state.db").display());
    let told = between(&shop, &warehouse).set("WIXSYNC_STATE_URL", &at).run(["sync", "--json"]).await.ends(5);
    assert_eq!(told.json()["error_code"], "WX4004", "{}", told.stderr);
    assert!(told.stderr.contains("cut-state.db") || told.stderr.contains("malformed"), "{}", told.stderr);

    let whole = std::fs::read(warehouse.path()).expect("the warehouse is there");
    let file = program.path("cut.db");
    std::fs::write(&file, &whole[..4_096]).expect("a file can be written");
    let at = format!("sqlite://{}", file.display());
    for command in ["plan", "sync"] {
        let told = between(&shop, &warehouse).set("WIXSYNC_WAREHOUSE_URL", &at).run([command]).await.ends(5);
        assert!(told.stderr.contains("error[WX2107]: "), "{command}: {}", told.stderr);
        assert!(!told.stderr.contains("[warehouse] query"), "{command}: {}", told.stderr);
    }
}

/// What holds a plan has a code too.
#[tokio::test(flavor = "multi_thread")]
async fn a_held_plan_tells_its_code() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    warehouse.execute("DELETE FROM stock").await;
    warehouse.execute("DELETE FROM product").await;
    let program = between(&shop, &warehouse);
    assert_eq!(program.run(["sync", "--json"]).await.ends(4).json()["error_code"], "WX5201");
    assert!(program.run(["sync"]).await.ends(4).stdout.contains("[WX5201]"));
}
