//! The merchant's database in a fresh SQLite file.

use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};
use tempfile::TempDir;

const SCHEMA: &str = "
    CREATE TABLE product (sku TEXT PRIMARY KEY, name TEXT, brand TEXT, price NUMERIC, description TEXT);
    CREATE TABLE stock (sku TEXT NOT NULL, warehouse TEXT NOT NULL, quantity);
";

/// A warehouse database that is deleted with its fixture.
#[derive(Debug)]
pub struct TestWarehouse {
    folder: TempDir,
}

impl TestWarehouse {
    /// Creates the default tables without rows.
    pub async fn new() -> Self {
        Self::custom(SCHEMA).await
    }

    /// Creates the default tables with the quantity of each SKU in the warehouse `main`.
    pub async fn of<'a>(stock: impl IntoIterator<Item = (&'a str, i64)>) -> Self {
        let warehouse = Self::new().await;
        warehouse.add("main", stock).await;
        warehouse
    }

    /// Creates tables with custom SQL.
    pub async fn custom(sql: &str) -> Self {
        let warehouse = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        warehouse.execute(sql).await;
        warehouse
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("warehouse.db")
    }

    /// Its URL for `WIXSYNC_WAREHOUSE_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        sqlite_url(&self.path())
    }

    /// Executes SQL statements.
    pub async fn execute(&self, sql: &str) {
        let mut connection = self.connect().await;
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        connection.close().await.expect("the database closes");
    }

    /// The stock rows sorted by SKU and warehouse, each as the texts of SKU, warehouse and quantity.
    pub async fn rows(&self) -> Vec<(String, String, String)> {
        let mut connection = self.connect().await;
        let sql = "SELECT CAST(sku AS TEXT), coalesce(warehouse, ''), CAST(quantity AS TEXT)
                   FROM stock ORDER BY 1, 2, 3";
        let rows = sqlx::query_as(sql).fetch_all(&mut connection).await.expect("the stock is read");
        connection.close().await.expect("the database closes");
        rows
    }

    /// Adds stock rows of one warehouse, and missing products.
    pub async fn add<'a>(&self, warehouse: &str, stock: impl IntoIterator<Item = (&'a str, i64)>) {
        let rows: Vec<(&str, i64)> = stock.into_iter().collect();
        let rows = serde_json::to_string(&rows).expect("rows have a JSON form");
        let mut connection = self.connect().await;
        let mut all = connection.begin().await.expect("a transaction");
        sqlx::query(
            "INSERT OR IGNORE INTO product (sku, name)
             SELECT json_extract(value, '$[0]'), 'Product' FROM json_each(?1)",
        )
        .bind(&rows)
        .execute(&mut *all)
        .await
        .expect("products are inserted");
        sqlx::query(
            "INSERT INTO stock (sku, warehouse, quantity)
             SELECT json_extract(value, '$[0]'), ?2, json_extract(value, '$[1]') FROM json_each(?1)",
        )
        .bind(&rows)
        .bind(warehouse)
        .execute(&mut *all)
        .await
        .expect("stock is inserted");
        all.commit().await.expect("the rows are kept");
        connection.close().await.expect("the database closes");
    }

    /// Replaces all stock rows of a product by one row.
    pub async fn set(&self, sku: &str, quantity: i64) {
        self.set_all([(sku, quantity)]).await;
    }

    /// Replaces all stock rows of each product by one row.
    pub async fn set_all<'a>(&self, stock: impl IntoIterator<Item = (&'a str, i64)>) {
        let stock: Vec<(&str, i64)> = stock.into_iter().collect();
        let skus: Vec<&str> = stock.iter().map(|(sku, _)| *sku).collect();
        let skus = serde_json::to_string(&skus).expect("SKUs have a JSON form");
        let mut connection = self.connect().await;
        sqlx::query("DELETE FROM stock WHERE sku IN (SELECT value FROM json_each(?))")
            .bind(skus)
            .execute(&mut connection)
            .await
            .expect("old rows are deleted");
        connection.close().await.expect("the database closes");
        self.add("main", stock).await;
    }

    async fn connect(&self) -> SqliteConnection {
        SqliteConnectOptions::new()
            .filename(self.path())
            .create_if_missing(true)
            .connect()
            .await
            .expect("the warehouse opens")
    }
}

/// The URL of a SQLite file.
#[must_use]
pub fn sqlite_url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}
