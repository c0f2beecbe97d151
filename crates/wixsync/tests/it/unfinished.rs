//! Databases whose writer was killed in the middle of a change: half of it is in the file, and the journal beside it
//! tells how to undo that half.
//!
//! One catalog: the databases know none.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection};

use crate::support::{assert_levels, between, sync, world};

/// More pages than the writer's cache holds, so that a part of the change reaches the file before its end.
const CHANGE: &str = "CREATE TABLE unfinished AS
    WITH RECURSIVE line(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM line WHERE n < 500)
    SELECT n, randomblob(1000) AS filler FROM line";

/// Leaves the file as a process leaves it that is killed while it writes.
async fn leave_unfinished(file: &Path, application_id: &'static str) {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Delete).pragma("cache_size", "2");
    let options = options.pragma("application_id", application_id);
    let mut db = options.connect().await.expect("the database opens");
    let mut change = db.begin().await.expect("a transaction");
    sqlx::raw_sql(CHANGE).execute(&mut *change).await.expect("a change");
    let journal = PathBuf::from(format!("{}-journal", file.display()));
    let half =
        [file, &journal].map(|part| (part.to_owned(), std::fs::read(part).expect("a part of the database")));
    change.rollback().await.expect("the change is undone");
    db.close().await.expect("the database closes");
    for (part, bytes) in half {
        std::fs::write(part, bytes).expect("the half is put back");
    }
    let read_only = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut db = read_only.connect().await.expect("the database opens");
    let refused = sqlx::query("SELECT * FROM sqlite_master").fetch_all(&mut db).await;
    let said = refused.expect_err("only a writer can undo the half").into_database_error();
    let code = said.as_ref().and_then(|said| said.code());
    assert_eq!(code.as_deref(), Some("776"), "SQLITE_READONLY_ROLLBACK");
    db.close().await.expect("the database closes");
}

/// I1: killed while it made the state database, wixsync makes it at the next start.
#[tokio::test(flavor = "multi_thread")]
async fn a_state_database_that_was_never_finished_is_made() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    leave_unfinished(&program.path("state.db"), "1465405273").await;
    let list = program.path("list.csv");
    std::fs::write(&list, "sku,quantity\nA,7\n").expect("a list can be written");
    let (list, state) = (list.display().to_string(), testkit::sqlite_url(&program.path("state.db")));
    let into_state = between(&shop, &warehouse).set("WIXSYNC_WAREHOUSE_URL", &state);
    let into_state = into_state.set("WIXSYNC_STATE_URL", "sqlite://another.db");
    let _ = into_state.run(["import", &list]).await.ends(2).says("error[WX6011]");
    let report = sync(&program, 0).await;
    assert_eq!(report["outcome"], "converged");
    assert_levels(&shop, [("A", 15)]);
}

/// A warehouse is never written, not even to undo what another program left. What is told to the user does.
#[tokio::test(flavor = "multi_thread")]
async fn a_warehouse_with_an_unfinished_change_is_told() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    leave_unfinished(&warehouse.path(), "0").await;
    let before = std::fs::read(warehouse.path()).expect("the warehouse");
    let program = between(&shop, &warehouse);
    let told = program.run(["sync"]).await.ends(5).says("error[WX2111]").says("PRAGMA schema_version");
    assert!(told.stderr.contains("warehouse.db"), "{}", told.stderr);
    let list = program.path("list.csv");
    std::fs::write(&list, "sku,quantity\nA,7\n").expect("a list can be written");
    let list = list.display().to_string();
    let _ = program.run(["import", "--dry-run", &list]).await.ends(5).says("error[WX2111]");
    assert_eq!(std::fs::read(warehouse.path()).expect("the warehouse"), before);
    shop.assert_not_written();

    warehouse.execute("PRAGMA schema_version").await;
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15)]);
}
