//! Lists the tables of real SQLite files.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use sync::ports::WarehouseErrorClass;
use warehouse::inspect::{Catalog, Column, SqliteCatalog, Table};

fn column(name: &str, is_key: bool, points_to: Option<(&str, &str)>) -> Column {
    let points_to = points_to.map(|(table, column)| (table.to_owned(), column.to_owned()));
    Column { name: name.to_owned(), is_key, points_to }
}

#[tokio::test]
async fn tables_and_views_are_told_with_their_columns_keys_and_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("w.db");
    let mut db = SqliteConnectOptions::new().filename(&file).create_if_missing(true).connect().await.unwrap();
    let sql =
        "CREATE TABLE \"Товары\" (id INTEGER PRIMARY KEY AUTOINCREMENT, \"арт\"\"икул\" TEXT UNIQUE, name);
        CREATE TABLE stock (product_id REFERENCES \"Товары\", place, qty, PRIMARY KEY (product_id, place));
        CREATE VIEW free AS SELECT qty FROM stock;
        INSERT INTO \"Товары\" VALUES (1, 'A', 'x'), (2, 'B', 'y');";
    sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    let catalog = SqliteCatalog::new(file);
    let table = |name: &str, rows, columns| Table { name: name.to_owned(), columns, rows };
    let stock = vec![
        column("product_id", false, Some(("Товары", "id"))),
        column("place", false, None),
        column("qty", false, None),
    ];
    let goods = vec![column("id", true, None), column("арт\"икул", true, None), column("name", false, None)];
    let due = [
        table("free", 0, vec![column("qty", false, None)]),
        table("stock", 0, stock),
        table("Товары", 2, goods),
    ];
    assert_eq!(catalog.tables().await.unwrap(), due);
    assert_eq!(catalog.quoted("арт\"икул"), "\"арт\"\"икул\"");
}

#[tokio::test]
async fn what_is_no_database_is_missing_or_unreachable() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("w.db");
    let missing = SqliteCatalog::new(file.clone()).tables().await.unwrap_err();
    std::fs::write(&file, "a text, and long enough to be looked at as a database file by SQLite").unwrap();
    let text = SqliteCatalog::new(file).tables().await.unwrap_err();
    assert_eq!(missing.class, WarehouseErrorClass::Missing, "{missing}");
    assert_eq!(text.class, WarehouseErrorClass::Unreachable, "{text}");
}
