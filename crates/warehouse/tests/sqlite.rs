//! The warehouse port over real SQLite files.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use domain::SkipReason;
use domain::stock::{StockRow, StockRows, Warehouses};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use sync::ports::{Warehouse, WarehouseErrorClass, WarehouseRead};
use warehouse::{Settings, Source, SqliteWarehouse};

async fn database(folder: &Path, sql: &'static str) -> PathBuf {
    let file = folder.join("warehouse.db");
    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut db = options.connect().await.unwrap();
    sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    file
}

fn open(file: PathBuf, source: Source) -> SqliteWarehouse {
    SqliteWarehouse::new(Settings {
        file,
        source,
        warehouses: Warehouses::All,
        busy_timeout: warehouse::BUSY_TIMEOUT,
    })
}

async fn read_query(sql: &'static str, query: &str) -> Result<WarehouseRead, WarehouseErrorClass> {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path(), sql).await;
    open(file, Source::Query(query.to_owned())).read().await.map_err(|error| error.class)
}

fn row(sku: &str, warehouse: Option<&str>, quantity: Result<&str, SkipReason>) -> StockRow {
    StockRow {
        sku: sku.into(),
        warehouse: warehouse.map(Into::into),
        quantity: quantity.map(|text| text.parse().unwrap()),
    }
}

#[tokio::test]
async fn the_default_schema_is_read_value_by_value() {
    let folder = tempfile::tempdir().unwrap();
    let sql = "CREATE TABLE product (sku PRIMARY KEY, name TEXT);
        CREATE TABLE stock (sku, warehouse, quantity);
        INSERT INTO product VALUES ('A', 'x'), (7, 'a whole number'), ('07', 'text'), (NULL, 'none');
        INSERT INTO stock VALUES ('A', 'M', 1), ('A', 'M', 0.1), ('A', NULL, '2.50'), (7, 3, NULL),
            ('07', 'M', 'many'), ('a', 'M', 1e300);";
    let file = database(folder.path(), sql).await;
    let read = open(file, Source::Tables).read().await.unwrap();
    let StockRows::Tables { products, stock } = read.rows else { panic!("not tables") };
    // The database may return rows in any order.
    let products: HashSet<&str> = products.iter().map(AsRef::as_ref).collect();
    assert_eq!(products, HashSet::from(["A", "7", "07", ""]));
    assert_eq!(
        stock,
        [
            row("A", Some("M"), Ok("1")),
            row("A", Some("M"), Ok("0.1")),
            row("A", None, Ok("2.50")),
            row("7", Some("3"), Err(SkipReason::QuantityUnknown)),
            row("07", Some("M"), Err(SkipReason::QuantityNotANumber)),
            row("a", Some("M"), Err(SkipReason::QuantityOutOfRange)),
        ]
    );
}

#[tokio::test]
async fn a_query_needs_its_columns_also_when_it_gives_no_row() {
    let sql = "CREATE TABLE t (article TEXT, n INTEGER);";
    let empty = read_query(sql, "SELECT article AS SKU, n AS Quantity, 1 AS other FROM t").await.unwrap();
    assert_eq!(empty.rows, StockRows::Query(Vec::new()));
    let missing = read_query(sql, "SELECT article AS sku FROM t").await;
    assert_eq!(missing.unwrap_err(), WarehouseErrorClass::Schema);
    let missing = read_query(sql, "SELECT n AS quantity FROM t").await;
    assert_eq!(missing.unwrap_err(), WarehouseErrorClass::Schema);
}

#[tokio::test]
async fn failures_are_of_a_class() {
    let sql = "CREATE TABLE t (a BLOB); INSERT INTO t VALUES (x'ff');";
    for (query, class) in [
        ("SELECT sku FROM nowhere", WarehouseErrorClass::Schema),
        ("SELECT absent AS sku FROM t", WarehouseErrorClass::Schema),
        ("SELEKT sku FROM t", WarehouseErrorClass::Query),
        ("SELECT 1 AS sku, 2 AS quantity; SELECT 3, 4", WarehouseErrorClass::Query),
        ("COMMIT; SELECT 1 AS sku, 2 AS quantity", WarehouseErrorClass::Query),
        ("SELECT a AS sku, 1 AS quantity FROM t", WarehouseErrorClass::Value),
        ("SELECT 1.5 AS sku, 1 AS quantity", WarehouseErrorClass::Value),
    ] {
        assert_eq!(read_query(sql, query).await.unwrap_err(), class, "{query}");
    }
    let folder = tempfile::tempdir().unwrap();
    let missing = open(folder.path().join("none.db"), Source::Tables).read().await.unwrap_err();
    assert_eq!(missing.class, WarehouseErrorClass::Missing);
    let file = folder.path().join("text.db");
    std::fs::write(&file, "this is no database, however long it may be, and it goes on".repeat(100)).unwrap();
    let wrong = open(file, Source::Tables).read().await.unwrap_err();
    assert_eq!(wrong.class, WarehouseErrorClass::Unreachable);
}

/// A file of which only the beginning was copied is called damaged, wherever a read meets its end.
#[tokio::test]
async fn a_file_that_was_copied_in_part_is_called_damaged() {
    let mut sql = String::from("CREATE TABLE t (sku TEXT, quantity INTEGER);");
    for nth in 0..600 {
        write!(sql, "INSERT INTO t VALUES ('{nth:0100}', 1);").unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let whole = std::fs::read(database(folder.path(), sql.leak()).await).unwrap();
    for kept in [3_000, 4_096, 10_000, 40_000] {
        assert!(kept < whole.len());
        let file = folder.path().join(format!("{kept}.db"));
        std::fs::write(&file, &whole[..kept]).unwrap();
        let query = Source::Query("SELECT sku, quantity FROM t".to_owned());
        let error = open(file, query).read().await.unwrap_err();
        assert_eq!(error.class, WarehouseErrorClass::Damaged, "{kept}: {error}");
        assert!(error.detail.contains(&format!("{kept}.db")), "{error}");
    }
}

#[tokio::test]
async fn nothing_is_ever_written() {
    let sql = "CREATE TABLE t (sku TEXT, quantity INTEGER); INSERT INTO t VALUES ('a', 1);";
    for query in [
        "DELETE FROM t RETURNING sku, quantity",
        "UPDATE t SET quantity = 9 RETURNING sku, quantity",
        "INSERT INTO t VALUES ('b', 2) RETURNING sku, quantity",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = database(folder.path(), sql).await;
        let before = std::fs::read(&file).unwrap();
        let error = open(file.clone(), Source::Query(query.to_owned())).read().await.unwrap_err();
        assert_eq!(error.class, WarehouseErrorClass::Query, "{query}");
        assert_eq!(std::fs::read(&file).unwrap(), before, "{query}");
    }
    // A single SELECT may end with a semicolon or a comment.
    for query in ["SELECT sku, quantity FROM t;", "SELECT sku, quantity FROM t -- all of them\n ; "] {
        assert_eq!(
            read_query(sql, query).await.unwrap().rows,
            StockRows::Query(vec![row("a", None, Ok("1"))])
        );
    }
}

#[tokio::test]
async fn chosen_warehouses_need_the_column() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path(), "CREATE TABLE t (sku TEXT, quantity INTEGER);").await;
    let settings = Settings {
        file,
        source: Source::Query("SELECT sku, quantity FROM t".to_owned()),
        warehouses: Warehouses::Chosen(HashSet::from(["M".into()])),
        busy_timeout: warehouse::BUSY_TIMEOUT,
    };
    let error = SqliteWarehouse::new(settings).read().await.unwrap_err();
    assert_eq!(error.class, WarehouseErrorClass::Schema);
}

/// Both tables are read from one snapshot, even if another program commits between the two SELECTs.
#[tokio::test]
async fn a_read_is_one_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let sql = "PRAGMA journal_mode = WAL;
        CREATE TABLE product (sku TEXT PRIMARY KEY); CREATE TABLE stock (sku, warehouse, quantity);
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
            INSERT INTO product SELECT 'sku-' || i FROM n;";
    let file = database(folder.path(), sql).await;
    let mut writer = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    let warehouse = open(file, Source::Tables);
    for round in 0..20u32 {
        let commit = async {
            let sql = format!(
                "BEGIN; INSERT INTO product VALUES ('new-{round}'); INSERT INTO stock VALUES ('new-{round}', 'M', 1); COMMIT;"
            );
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut writer).await.unwrap();
        };
        let (read, ()) = tokio::join!(warehouse.read(), commit);
        let StockRows::Tables { products, stock } = read.unwrap().rows else { panic!("not tables") };
        let listed: HashSet<_> = products.iter().filter(|sku| sku.starts_with("new")).collect();
        let stocked: HashSet<_> = stock.iter().map(|row| &row.sku).collect();
        assert_eq!(listed, stocked);
    }
}
