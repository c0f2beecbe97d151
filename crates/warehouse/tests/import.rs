//! Imports into real SQLite files.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::Sku;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};
use warehouse::import::{Details, Import, ImportError, ImportRow, Kept, ReplaceScope};

fn row(sku: &str, warehouse: &str, quantity: &str) -> ImportRow {
    let (sku, warehouse) = (Sku::parse(sku).unwrap(), Arc::from(warehouse));
    ImportRow { sku, warehouse, quantity: quantity.parse().unwrap(), details: Details::default() }
}

async fn open(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).create_if_missing(true).connect().await.unwrap()
}

async fn database(folder: &Path, sql: &'static str) -> PathBuf {
    let file = folder.join("warehouse.db");
    let mut db = open(&file).await;
    sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    file
}

async fn import(file: &Path, rows: &[ImportRow], scope: &ReplaceScope) -> Result<(), ImportError> {
    let import = Import::begin(file, false, warehouse::BUSY_TIMEOUT).await?;
    let changes = import.compare(rows, &Kept::default(), scope);
    import.write(rows, &changes, &mut |_, _| {}).await
}

/// All values of a query, each with its type.
async fn values(file: &Path, sql: &str) -> Vec<String> {
    let mut db = open(file).await;
    let sql = format!("SELECT typeof(v) || ' ' || coalesce(v, '') FROM ({sql})");
    let found = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut db).await.unwrap();
    db.close().await.unwrap();
    found
}

const STOCK: &str =
    "SELECT sku || '/' || warehouse || '/' || quantity AS v FROM stock ORDER BY sku, warehouse";

#[tokio::test]
async fn tables_are_made_and_hold_texts_and_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.db");
    let mut rows = vec![row("007", "M", "12.5"), row("a", "M", "-3"), row("A", "N", "123456789012345")];
    rows[0].details =
        Details { name: Some("Чай".into()), price: Some("10.50".into()), ..Details::default() };
    import(&file, &rows, &ReplaceScope::Everything).await.unwrap();
    assert_eq!(values(&file, STOCK).await, ["text 007/M/12.5", "text A/N/123456789012345", "text a/M/-3"]);
    assert_eq!(
        values(&file, "SELECT quantity AS v FROM stock ORDER BY sku").await,
        ["real 12.5", "integer 123456789012345", "integer -3"]
    );
    assert_eq!(
        values(&file, "SELECT sku || name || price AS v FROM product").await,
        ["text 007Чай10.5", "null ", "null "]
    );
    let again = Import::begin(&file, true, warehouse::BUSY_TIMEOUT).await.unwrap();
    assert_eq!(again.compare(&rows, &Kept::default(), &ReplaceScope::Everything).unchanged, 3);
    assert_eq!(again.warehouses(), [Some(Arc::from("M")), Some(Arc::from("N"))]);
}

#[tokio::test]
async fn what_describes_goods_is_overwritten_only_where_the_list_says_something() {
    let folder = tempfile::tempdir().unwrap();
    let sql = "CREATE TABLE product (sku TEXT, name TEXT, price NUMERIC, shelf TEXT);
        CREATE TABLE stock (sku TEXT, warehouse TEXT, quantity INTEGER);
        INSERT INTO product VALUES ('A', 'old', 5, 'S1'), ('B', 'kept', 6, 'S2');";
    let file = database(folder.path(), sql).await;
    let mut rows = vec![row("A", "M", "1"), row("B", "M", "2"), row("C", "M", "3")];
    rows[0].details =
        Details { name: Some("new".into()), brand: Some("no such column".into()), ..Details::default() };
    rows[1].details = Details { price: Some("7".into()), ..Details::default() };
    rows[2].details = rows[0].details.clone();
    import(&file, &rows, &ReplaceScope::Everything).await.unwrap();
    let shown =
        "SELECT sku || name || coalesce(price, '-') || coalesce(shelf, '-') AS v FROM product ORDER BY sku";
    assert_eq!(values(&file, shown).await, ["text Anew5S1", "text Bkept7S2", "text Cnew--"]);
}

#[tokio::test]
async fn a_table_that_would_change_what_is_written_keeps_what_it_has() {
    let cases = [
        ("sku INTEGER", "quantity", "no such row"),
        ("sku TEXT", "quantity CHECK (quantity < 5)", "CHECK constraint failed"),
        ("sku TEXT UNIQUE COLLATE NOCASE", "quantity", "UNIQUE constraint failed"),
    ];
    for (sku, quantity, reason) in cases {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("warehouse.db");
        let mut db = open(&file).await;
        let sql = format!(
            "CREATE TABLE product ({sku}); CREATE TABLE stock ({sku}, warehouse TEXT, {quantity});
             INSERT INTO product VALUES ('1'); INSERT INTO stock VALUES ('1', 'M', 4);"
        );
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut db).await.unwrap();
        db.close().await.unwrap();
        let rows = [row("007", "M", "6"), row("a", "M", "1"), row("A", "M", "2")];
        let error = import(&file, &rows, &ReplaceScope::Everything).await.unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(values(&file, STOCK).await, ["text 1/M/4"], "{sku}");
        assert_eq!(values(&file, "SELECT count(*) AS v FROM product").await, ["integer 1"]);
    }
}

#[tokio::test]
async fn what_cannot_be_written_row_by_row_is_refused() {
    let cases: [(&'static str, &str); 5] = [
        (
            "CREATE TABLE t (sku); CREATE VIEW product AS SELECT * FROM t; CREATE TABLE stock (sku)",
            "product is no",
        ),
        (
            "CREATE TABLE product (sku); CREATE TABLE stock (sku, n)",
            "stock has no column warehouse, quantity",
        ),
        ("CREATE TABLE product (sku)", "no such table: stock"),
        (
            "CREATE TABLE product (sku); CREATE TABLE stock (sku, warehouse, quantity,
             PRIMARY KEY (sku, warehouse)) WITHOUT ROWID",
            "stock is no",
        ),
        (
            "CREATE TABLE product (sku); CREATE TABLE stock (sku, warehouse, quantity); INSERT INTO stock VALUES (x'00', 'M', 1)",
            "column sku",
        ),
    ];
    for (sql, reason) in cases {
        let folder = tempfile::tempdir().unwrap();
        let file = database(folder.path(), sql).await;
        for dry_run in [true, false] {
            let Err(error) = Import::begin(&file, dry_run, warehouse::BUSY_TIMEOUT).await else {
                panic!("{sql}")
            };
            assert!(error.to_string().contains(reason), "{error}");
        }
    }
}

#[tokio::test]
async fn a_dry_run_and_a_failure_leave_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.db");
    let dry = Import::begin(&file, true, warehouse::BUSY_TIMEOUT).await.unwrap();
    assert_eq!(dry.compare(&[row("A", "M", "1")], &Kept::default(), &ReplaceScope::Everything).new, 1);
    assert!(!file.exists());
    let no_folder = folder.path().join("missing").join("new.db");
    assert!(matches!(
        Import::begin(&no_folder, false, warehouse::BUSY_TIMEOUT).await,
        Err(ImportError::Database(_))
    ));
    std::fs::write(&file, "no database at all, but a text").unwrap();
    assert!(matches!(
        Import::begin(&file, false, warehouse::BUSY_TIMEOUT).await,
        Err(ImportError::Database(_))
    ));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "no database at all, but a text");
}

/// A reader sees an import completely or not at all, and a second import waits for the first.
#[tokio::test]
async fn an_import_is_seen_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.db");
    import(&file, &[row("A", "M", "1")], &ReplaceScope::Everything).await.unwrap();
    let first = Import::begin(&file, false, warehouse::BUSY_TIMEOUT).await.unwrap();
    let rows = [row("A", "M", "2"), row("B", "M", "3")];
    let changes = first.compare(&rows, &Kept::default(), &ReplaceScope::Everything);
    assert_eq!(values(&file, STOCK).await, ["text A/M/1"]);
    let second = tokio::spawn({
        let file = file.clone();
        async move { import(&file, &[row("C", "M", "4")], &ReplaceScope::Nothing).await }
    });
    first.write(&rows, &changes, &mut |done, of| assert!(done <= of && of == 3)).await.unwrap();
    second.await.unwrap().unwrap();
    assert_eq!(values(&file, STOCK).await, ["text A/M/2", "text B/M/3", "text C/M/4"]);
}
