//! The questions of `init`, answered at a terminal.

use testkit::{CANARY, Program, Session, TestShop, TestWarehouse};

use super::shown::{LANGS, assert_shown, both};
use crate::support::{assert_levels, program, sync};

/// The words of the questions.
struct Questions {
    key: &'static str,
    site: &'static str,
    database: &'static str,
    warehouses: &'static str,
    tables: &'static str,
    again: &'static str,
    write: &'static str,
}

const QUESTIONS: [Questions; 2] = [
    Questions {
        key: "Wix API key (hidden)",
        site: "Id of the Wix site",
        database: "Warehouse database, a SQLite file",
        warehouses: "Warehouses to add up (select with space)",
        tables: "Where the stock comes from",
        again: "Enter key and site again?",
        write: "Write ",
    },
    Questions {
        key: "API-ключ Wix (не показывается)",
        site: "Идентификатор сайта Wix",
        database: "База склада, файл SQLite",
        warehouses: "Какие склады учитывать (выбор пробелом)",
        tables: "Откуда берутся остатки",
        again: "Ввести ключ и сайт ещё раз?",
        write: "Записать ",
    },
];

/// The program with nothing said beforehand: its state database would lie beside the configuration.
fn unconfigured(shop: &TestShop, lang: &str) -> Program {
    program().unset("WIXSYNC_STATE_URL").set("WIX_BASE_URL", shop.base_url()).set("WIXSYNC_LANG", lang)
}

/// Goods in one table, units of two warehouses in another.
async fn two_tables() -> (TestShop, TestWarehouse) {
    let shop = TestShop::of([("A-1", 10), ("A-2", 5), ("A-3", 5)]).await;
    let sql = "CREATE TABLE goods (id INTEGER PRIMARY KEY, sku TEXT UNIQUE, name TEXT);
        CREATE TABLE rest (good_id INTEGER REFERENCES goods(id), warehouse TEXT, quantity NUMERIC);
        INSERT INTO goods VALUES (1, 'A-1', 'Tea'), (2, 'A-2', 'Coffee'), (3, 'A-3', 'Juice');
        INSERT INTO rest VALUES (1, 'South', 6), (1, 'North', 3), (2, 'North', 7);";
    (shop, TestWarehouse::custom(sql).await)
}

/// Answers up to the question whether the file is to be written, taking what is proposed.
async fn accept(session: &mut Session<'_>, questions: &Questions, shop: &TestShop, database: &str) {
    session.answers_hidden(questions.key, CANARY).await;
    session.answers(questions.site, shop.site_id()).await;
    session.answers(questions.database, database).await;
    session.answers(questions.tables, "").await;
    session.answers(questions.warehouses, "").await;
    session.sees(questions.write).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_what_is_proposed_ends_with_a_file_that_works() {
    for (lang, questions) in LANGS.into_iter().zip(QUESTIONS) {
        let (shop, warehouse) = two_tables().await;
        let program = unconfigured(&shop, lang).may_hold_the_key("wix-api-key");
        let mut session = program.open_session(["init"]);
        accept(&mut session, &questions, &shop, &warehouse.path().display().to_string()).await;
        session.types("y").await;
        let seen = session.ends().await.ends(0);
        assert_shown(&format!("init_{lang}"), &both(&seen));

        let toml = std::fs::read_to_string(program.path("wixsync.toml")).expect("a configuration");
        assert!(toml.contains("\napi_key_file = \"wix-api-key\"\n"), "{toml}");
        assert!(program.path("state.db").is_file(), "the requests made are kept for Wix's limit");
        let _ = program.run(["config", "check"]).await.ends(0);
        let _ = sync(&program, 0).await;
        assert_levels(&shop, [("A-1", 9), ("A-2", 7), ("A-3", 0)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_at_the_end_leaves_nothing_on_disk() {
    for (lang, questions) in LANGS.into_iter().zip(QUESTIONS) {
        let (shop, warehouse) = two_tables().await;
        let program = unconfigured(&shop, lang);
        let mut session = program.open_session(["init"]);
        accept(&mut session, &questions, &shop, &warehouse.path().display().to_string()).await;
        session.types("n").await;
        let seen = session.ends().await.ends(130);
        assert_shown(&format!("init_no_{lang}"), &both(&seen));
        assert_eq!(program.files(), Vec::<std::path::PathBuf>::new());
        shop.assert_not_written();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_at_the_last_question_leaves_nothing_on_disk() {
    let [questions, _] = QUESTIONS;
    let (shop, warehouse) = two_tables().await;
    let program = unconfigured(&shop, "en");
    let mut session = program.open_session(["init"]);
    accept(&mut session, &questions, &shop, &warehouse.path().display().to_string()).await;
    session.types("\u{3}").await;
    let seen = session.ends().await;
    assert_ne!(seen.code, Some(0), "{}", seen.stdout);
    assert_eq!(program.files(), Vec::<std::path::PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_asked_for_again() {
    let [questions, _] = QUESTIONS;
    let (shop, warehouse) = two_tables().await;
    let program = unconfigured(&shop, "en");
    let mut session = program.open_session(["init"]);
    session.answers_hidden(questions.key, "wrong").await;
    session.answers(questions.site, shop.site_id()).await;
    session.answers(questions.database, &warehouse.path().display().to_string()).await;
    session.answers(questions.tables, "").await;
    session.answers(questions.warehouses, "").await;
    session.sees(questions.again).await;
    session.types("n").await;
    let seen = session.ends().await.ends(5);
    assert_shown("init_wrong_key_en", &both(&seen));
    assert_eq!(program.files(), Vec::<std::path::PathBuf>::new());
}
