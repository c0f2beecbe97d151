//! The questions of `init`, answered at a terminal.
//!
//! One catalog: questions and files are the same.

use testkit::{CANARY, Program, Session, TestShop, TestWarehouse};

use super::shown::{LANGS, assert_shown, both};
use crate::support::{assert_levels, program, sync};

/// The words of the questions.
struct Questions {
    key: &'static str,
    another_key: &'static str,
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
        another_key: "Wix API key (hidden; press Enter to use the one given before)",
        site: "Id of the Wix site",
        database: "Warehouse database, a SQLite file",
        warehouses: "Warehouses to add up (select with space)",
        tables: "Where the stock comes from",
        again: "Enter key and site again?",
        write: "Write ",
    },
    Questions {
        key: "API-ключ Wix (не показывается)",
        another_key: "API-ключ Wix (не показывается; Enter оставит прежний)",
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
        session.types("y\r").await;
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
        session.types("n\r").await;
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

/// Key and site are checked before anything else is asked, and only what was wrong is given again.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_asked_for_again() {
    let [questions, _] = QUESTIONS;
    let (shop, _warehouse) = two_tables().await;
    let program = unconfigured(&shop, "en").may_hold_the_key("wix-api-key");
    let mut session = program.open_session(["init"]);
    session.answers_hidden(questions.key, "wrong").await;
    session.answers(questions.site, shop.site_id()).await;
    session.sees(questions.again).await;
    session.types("y\r").await;
    session.answers_hidden(questions.another_key, CANARY).await;
    // The site is there to be changed, and it is right.
    session.sees(&format!("before): [hidden]\n{}: {}", questions.site, shop.site_id())).await;
    session.types("\r").await;
    session.answers(questions.database, "not-there-yet.db").await;
    session.sees(questions.write).await;
    session.types("y\r").await;
    let seen = session.ends().await.ends(0);
    assert_shown("init_wrong_key_en", &both(&seen));
    assert!(program.path("wixsync.toml").is_file());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_after_a_wrong_key_leaves_nothing_on_disk() {
    let [questions, _] = QUESTIONS;
    let (shop, _warehouse) = two_tables().await;
    let program = unconfigured(&shop, "en");
    let mut session = program.open_session(["init"]);
    session.answers_hidden(questions.key, "wrong").await;
    session.answers(questions.site, shop.site_id()).await;
    session.sees(questions.again).await;
    session.types("n\r").await;
    let _ = session.ends().await.ends(5);
    assert_eq!(program.files(), Vec::<std::path::PathBuf>::new());
}

/// Own names of columns are picked from lists, and a query that fails is there to be changed.
#[tokio::test(flavor = "multi_thread")]
async fn columns_are_picked_and_a_wrong_query_is_asked_for_again() {
    let shop = TestShop::of([("A", 10)]).await;
    let sql = "CREATE TABLE t (what TEXT, many INTEGER); INSERT INTO t VALUES ('A', 12);
        CREATE TABLE zone (sku TEXT, qty INTEGER); INSERT INTO zone VALUES ('A', 3);";
    let warehouse = TestWarehouse::custom(sql).await;
    let program = unconfigured(&shop, "en").set("WIX_API_KEY", CANARY).set("WIX_SITE_ID", shop.site_id());
    let url = warehouse.url();
    let mut session = program.open_session(["init", "--database", &url]);
    // Down to "choose a table and its columns".
    session.answers("Where the stock comes from", "j").await;
    session.answers("The table with the stock", "").await;
    session.answers("The column with the SKU", "").await;
    session.answers("The column with the quantity", "j").await;
    session.answers("The column with the name of the warehouse", "").await;
    session.sees("Write ").await;
    session.types("y\r").await;
    let seen = session.ends().await.ends(0);
    assert_shown("init_columns_en", &both(&seen));
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 12)]);

    let query = "SELECT what AS sku, mny AS quantity FROM t";
    let mut session = program.open_session(["init", "--force", "--database", &url, "--query", query]);
    session.sees("SELECT that returns sku, quantity").await;
    session.sees(query).await;
    // The cursor is at the end of the query: a wrong name goes, the right one comes.
    session.types(&"\u{7f}".repeat(" mny AS quantity FROM t".len())).await;
    session.types(" many AS quantity FROM t\r").await;
    session.sees("Write ").await;
    session.types("y\r").await;
    let _ = session.ends().await.ends(0);
    let toml = std::fs::read_to_string(program.path("wixsync.toml")).expect("a configuration");
    assert!(toml.contains("SELECT what AS sku, many AS quantity FROM t"), "{toml}");
}
