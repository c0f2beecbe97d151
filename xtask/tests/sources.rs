//! Checks rules about the text of the source files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A text that must not occur in certain files.
struct Rule {
    text: &'static str,
    /// Whether the rule covers a file, given its path below `crates`.
    covers: fn(&str) -> bool,
    /// What to do about it.
    hint: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        text: "env::var",
        covers: |file| is_in_src(file) && !file.starts_with("wixsync/") && file != "testkit/src/database.rs",
        hint: "only wixsync reads the environment; take the value as an argument",
    },
    Rule {
        text: "sqlx",
        covers: names_no_database,
        hint: "only `state` and `warehouse` know databases; ask for a `Store` or a `Warehouse`",
    },
    Rule {
        text: "Sqlite",
        covers: names_no_database,
        hint: "only `state` and `warehouse` know databases; ask for a `Store` or a `Warehouse`",
    },
    Rule {
        text: "Postgres",
        covers: names_no_database,
        hint: "only `state` and `warehouse` know databases; ask for a `Store` or a `Warehouse`",
    },
    Rule {
        text: "MySql",
        covers: names_no_database,
        hint: "only `state` and `warehouse` know databases; ask for a `Store` or a `Warehouse`",
    },
    Rule {
        text: "sqlite::",
        covers: names_no_database,
        hint: "only `state` and `warehouse` know databases; ask for a `Store` or a `Warehouse`",
    },
    Rule {
        text: "v1::",
        covers: names_no_catalog,
        hint: "only `shops` and `wix` know catalogs; ask for a `Shop` and its `ShopTerms`",
    },
    Rule {
        text: "V1Shop",
        covers: names_no_catalog,
        hint: "only `shops` and `wix` know catalogs; ask for a `Shop` and its `ShopTerms`",
    },
    Rule {
        text: "CatalogVersion",
        covers: names_no_catalog,
        hint: "only `shops` and `wix` know catalogs; ask for a `Shop` and its `ShopTerms`",
    },
    Rule { text: "#[ignore", covers: |_| true, hint: "a test runs or it is removed" },
    Rule { text: "todo!(", covers: |_| true, hint: "finish it, or leave out what calls it" },
    Rule { text: "unimplemented!(", covers: |_| true, hint: "finish it, or leave out what calls it" },
];

/// Whether `file` is `CRATE/src/…`.
fn is_in_src(file: &str) -> bool {
    file.split('/').nth(1) == Some("src")
}

/// Crates that keep or read a database, each behind one function that chooses it.
const OF_DATABASES: &[&str] = &["state/", "warehouse/"];

/// Files that write the merchant's database of a demonstration or of a test.
const SAMPLE_WAREHOUSES: &[&str] =
    &["wixsync/src/commands/demo/sample.rs", "testkit/src/warehouse.rs", "testkit/src/database.rs"];

/// The one file of `state` and the one of `warehouse` that choose the database.
const CHOICES: &[&str] = &["state/src/open.rs", "warehouse/src/open.rs"];

/// Whether `file` must work with any database. Tests of the whole program look into the files that it wrote.
fn names_no_database(file: &str) -> bool {
    is_in_src(file)
        && !OF_DATABASES.iter().any(|room| file.starts_with(room))
        && !SAMPLE_WAREHOUSES.contains(&file)
}

/// Crates that speak a catalog's language: the client, the adapters, the emulator, and the fixtures that set it up.
const OF_CATALOGS: &[&str] = &["wix/", "shops/", "wix-emulator/", "testkit/"];

/// The one file of `shops` that chooses the catalog.
const CATALOG_CHOICE: &str = "shops/src/site.rs";

/// Whether `file` must work with any catalog.
fn names_no_catalog(file: &str) -> bool {
    is_in_src(file) && !OF_CATALOGS.iter().any(|room| file.starts_with(room))
}

/// One sentence per line of `text` that breaks a rule.
fn violations(file: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for rule in RULES.iter().filter(|rule| (rule.covers)(file)) {
        for (number, _) in text.lines().enumerate().filter(|(_, line)| line.contains(rule.text)) {
            wrong.push(format!("crates/{file}:{}: `{}`: {}", number + 1, rule.text, rule.hint));
        }
    }
    wrong
}

/// All Rust files under `crates`: path relative to it, with `/` as separator, and text.
fn sources() -> anyhow::Result<Vec<(String, String)>> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut found = Vec::new();
    let mut folders = vec![crates.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path: PathBuf = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let parts = path.strip_prefix(&crates)?.iter().map(|part| part.to_string_lossy());
                let file = parts.collect::<Vec<_>>().join("/");
                found.push((file, fs::read_to_string(&path)?));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[test]
fn the_sources_keep_the_rules() {
    let sources = sources().unwrap();
    let wrong: Vec<String> = sources.iter().flat_map(|(file, text)| violations(file, text)).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// What starts a shop in an end-to-end test.
const SHOPS: &[&str] = &["TestShop", "world(", "between("];

/// Whether a file of end-to-end tests has tests that need a reason: of one catalog, and with a shop.
fn is_silent(text: &str) -> bool {
    let has_single = text.contains("#[tokio::test");
    let starts_shop = SHOPS.iter().any(|shop| text.contains(shop));
    has_single && starts_shop && !text.lines().any(|line| line.starts_with("//! One catalog: "))
}

/// An end-to-end test of a shop runs on every catalog (`on_every_catalog!`), or its file says why one is enough.
#[test]
fn end_to_end_tests_of_one_catalog_say_why() {
    let sources = sources().unwrap();
    let tests = sources.iter().filter(|(file, _)| file.starts_with("wixsync/tests/it/"));
    // The helpers hold the macro itself.
    let tests = tests.filter(|(file, _)| !file.ends_with("/support.rs"));
    let silent: Vec<&String> = tests.filter(|(_, text)| is_silent(text)).map(|(file, _)| file).collect();
    assert!(silent.is_empty(), "give the reason in a line `//! One catalog: …`: {silent:#?}");
    assert!(is_silent("//! Tests.\n#[tokio::test] async fn a() { world(&[]) }"));
}

/// The names in `text` that look like our environment variables.
fn variables(text: &str) -> BTreeSet<&str> {
    let names = text.split(|letter: char| !(letter.is_ascii_uppercase() || letter == '_'));
    names.filter(|name| name.strip_prefix("WIXSYNC_").is_some_and(|rest| !rest.is_empty())).collect()
}

/// All files that users read: messages, pages, the example configuration, packaging.
fn read_by_users() -> anyhow::Result<Vec<(PathBuf, String)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> =
        ["crates/messages/locales", "docs", "packaging", "README.md", "README.ru.md", "wixsync.example.toml"]
            .map(|name| root.join(name))
            .into();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                open.push(entry?.path());
            }
        } else {
            found.push((path.clone(), fs::read_to_string(&path)?));
        }
    }
    Ok(found)
}

/// Pages must not mention an environment variable that the program does not read.
#[test]
fn users_are_told_of_no_variable_that_is_not_read() {
    let sources = sources().unwrap();
    let own = sources.iter().filter(|(file, _)| file.starts_with("wixsync/src/"));
    let known: BTreeSet<&str> = own.flat_map(|(_, text)| variables(text)).collect();
    let pages = read_by_users().unwrap();
    let named = |name: &str| pages.iter().any(|(_, text)| variables(text).contains(name));
    assert!(named("WIXSYNC_STATE_URL") && named("WIXSYNC_LANG"), "the pages were not read");
    for (page, text) in &pages {
        let unknown: Vec<&str> = variables(text)
            .into_iter()
            .filter(|name| !known.contains(name.strip_suffix("_FILE").unwrap_or(name)))
            .collect();
        assert!(unknown.is_empty(), "{} names {unknown:?}", page.display());
    }
}

#[test]
fn the_sources_are_read() {
    let sources = sources().unwrap();
    for file in ["domain/src/lib.rs", "wix/src/lib.rs", "wixsync/src/main.rs"] {
        let text = sources.iter().find(|(path, _)| path == file).map(|(_, text)| text.as_str());
        assert!(text.is_some_and(|text| !text.is_empty()), "{file} was not read");
    }
}

#[test]
fn the_environment_is_for_the_program_alone() {
    let reads = "fn key() {\n    std::env::var(\"KEY\");\n}\n";
    assert_eq!(
        violations("wix/src/client.rs", reads),
        [
            "crates/wix/src/client.rs:2: `env::var`: only wixsync reads the environment; take the value as an argument"
        ]
    );
    assert_eq!(violations("wix/src/a/b.rs", "use std::env;\nenv::var_os(\"KEY\")").len(), 1);
    assert_eq!(violations("wixsync/src/environment.rs", reads), Vec::<String>::new());
    assert_eq!(violations("wix/tests/client.rs", reads), Vec::<String>::new());
}

#[test]
fn nothing_is_skipped_or_left_for_later() {
    for text in ["#[ignore]", "#[ignore = \"slow\"]", "todo!()", "unimplemented!(\"later\")"] {
        for file in ["domain/src/lib.rs", "wixsync/src/main.rs", "wixsync/tests/sync.rs"] {
            assert_eq!(violations(file, text).len(), 1, "{text} in {file}");
        }
    }
}

#[test]
fn no_file_names_a_database_but_those_that_are_about_it() {
    for text in ["use sqlx::Row;", "state: Arc<SqliteStore>", "crate::sqlite::open()"] {
        for file in ["wixsync/src/wiring.rs", "server/src/service.rs", "sync/src/run.rs", "memory/src/lib.rs"]
        {
            assert_eq!(violations(file, text).len(), 1, "{text} in {file}");
        }
        for file in
            ["state/src/sqlite/runs.rs", "warehouse/src/import/sqlite.rs", "wixsync/tests/it/slots.rs"]
        {
            assert_eq!(violations(file, text), Vec::<String>::new(), "{text} in {file}");
        }
    }
}

/// Beside the files of one database only its choice names it: another database is another folder and one more line.
#[test]
fn one_file_of_each_room_chooses_the_database() {
    let sources = sources().unwrap();
    let names = |text: &str| {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        code.lines().any(|line| line.contains("Sqlite") && !line.contains("pub use"))
    };
    for room in OF_DATABASES {
        let own = format!("{room}src/");
        let outside = sources.iter().filter(|(file, _)| file.starts_with(&own) && !file.contains("sqlite"));
        let naming = outside.filter(|(_, text)| names(text));
        let naming: Vec<&str> = naming.map(|(file, _)| file.as_str()).collect();
        assert!(naming.iter().all(|file| CHOICES.contains(file)), "{naming:?}");
        assert!(naming.iter().any(|file| file.starts_with(room)), "the choice of {room} was not read");
    }
}

#[test]
fn no_file_names_a_catalog_but_those_that_are_about_it() {
    for text in ["use wix::v1::PAGE;", "shop: V1Shop", "match version { CatalogVersion::V1 => () }"] {
        for file in
            ["sync/src/run.rs", "domain/src/plan.rs", "server/src/service.rs", "wixsync/src/wiring.rs"]
        {
            assert!(!violations(file, text).is_empty(), "{text} in {file}");
        }
        for file in ["shops/src/v1.rs", "wix/src/version.rs", "wixsync/tests/it/access.rs"] {
            assert_eq!(violations(file, text), Vec::<String>::new(), "{text} in {file}");
        }
    }
}

/// Beside the files of one catalog only the choice names it: another catalog is another module and one more arm.
#[test]
fn one_file_chooses_the_catalog() {
    let sources = sources().unwrap();
    let of_shops = sources.iter().filter(|(file, _)| file.starts_with("shops/src/"));
    let outside = of_shops.filter(|(file, _)| !file.starts_with("shops/src/v1"));
    let naming = outside.filter(|(_, text)| text.contains("V1Shop") || text.contains("CatalogVersion"));
    let naming: Vec<&str> = naming.map(|(file, _)| file.as_str()).collect();
    assert_eq!(naming, [CATALOG_CHOICE]);
}
