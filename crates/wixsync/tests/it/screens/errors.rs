//! Errors that a user meets first. One page for each language holds them as a terminal shows them.
//!
//! One catalog: each ends before anything differs.

use testkit::{CANARY, Program, TestWarehouse};

use super::shown::{LANGS, assert_shown, both, plain, steady};
use crate::support::{between, program, world};

/// What is wrong in each case, and the words that meet it.
struct Case<'a> {
    title: &'static str,
    words: &'a [&'a str],
    program: &'a dyn Fn() -> Program,
    code: i32,
}

/// Every case in every language; the words are the same without a terminal and without colours.
async fn show(name: &str, cases: &[Case<'_>]) {
    for lang in LANGS {
        let mut pages = Vec::new();
        for Case { title, words, program, code } in cases {
            let program = || program().set("WIXSYNC_LANG", lang);
            let [unwatched, bare, seen] = [
                program().run(*words).await,
                program().set("NO_COLOR", "1").run_at_terminal(*words).await,
                program().run_at_terminal(*words).await,
            ]
            .map(|finished| steady(&both(&finished.ends(*code))));
            assert!(seen.contains('\u{1b}') && !bare.contains('\u{1b}'), "{bare}");
            assert_eq!(plain(&seen), bare, "colours say nothing that words do not");
            assert_eq!(unwatched, bare, "no terminal is needed to read it");
            let heading = format!("# {title}\n$ wixsync {}\n", words.join(" "));
            pages.push(format!("{heading}{seen}\n"));
        }
        assert_shown(&format!("{name}_{lang}"), &pages.join("\n"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_shop_or_a_warehouse_does_not_give() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let without_tables = TestWarehouse::custom("CREATE TABLE people (id, name)").await;
    let whole = || between(&shop, &warehouse).set("WIXSYNC_LOG", "off");
    show(
        "errors_of_sync",
        &[
            Case {
                title: "a wrong key",
                words: &["sync"],
                program: &|| whole().set("WIX_API_KEY", format!("wrong-{CANARY}")),
                code: 5,
            },
            Case {
                title: "a wrong site",
                words: &["sync"],
                program: &|| whole().set("WIX_SITE_ID", "5e000000-0000-4000-8000-00000000dead"),
                code: 5,
            },
            Case {
                title: "no table",
                words: &["sync"],
                program: &|| whole().warehouse(&without_tables),
                code: 5,
            },
            Case {
                title: "no warehouse database",
                words: &["sync"],
                program: &|| whole().set("WIXSYNC_WAREHOUSE_URL", "sqlite:///no/such/file"),
                code: 5,
            },
        ],
    )
    .await;
    shop.assert_not_written();
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_are_missing_or_wrong() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let whole = || between(&shop, &warehouse);
    show(
        "errors_of_settings",
        &[
            Case { title: "no settings at all", words: &["sync"], program: &program, code: 2 },
            Case { title: "no key", words: &["sync"], program: &|| whole().unset("WIX_API_KEY"), code: 2 },
            Case { title: "no site", words: &["sync"], program: &|| whole().unset("WIX_SITE_ID"), code: 2 },
            Case {
                title: "no warehouse",
                words: &["sync"],
                program: &|| whole().unset("WIXSYNC_WAREHOUSE_URL"),
                code: 2,
            },
            Case {
                title: "a value that is none",
                words: &["sync"],
                program: &|| whole().set("WIXSYNC_SETTLE", "soon"),
                code: 2,
            },
            Case {
                title: "a file with a mistake",
                words: &["sync"],
                program: &|| whole().toml("[warehous]\nurl = 1\n"),
                code: 2,
            },
        ],
    )
    .await;
    shop.assert_not_written();
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_are_not_understood() {
    let words: [(&str, &[&str]); 9] = [
        ("an unknown option", &["sync", "--dry"]),
        ("an unknown option like no other", &["sync", "--frobnicate"]),
        ("an unknown command", &["snyc"]),
        ("an unknown command below another", &["config", "shwo"]),
        ("no command below another", &["config"]),
        ("no argument", &["apply"]),
        ("a value that is none", &["runs", "--limit", "0"]),
        ("a value that is none of the possible", &["sync", "--lang", "de"]),
        ("two that exclude each other", &["import", "--merge", "--replace", "list.csv"]),
    ];
    let cases = words.map(|(title, words)| Case { title, words, program: &program, code: 2 });
    show("errors_of_usage", &cases).await;
}
