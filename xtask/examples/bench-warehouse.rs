//! Writes a SQLite warehouse for `cargo xtask bench`: `bench-warehouse FILE < ROWS`.
//!
//! `ROWS` is a JSON array of `[sku, units in MAIN, units in OUTLET]`. Missing tables are created, the listed SKUs get
//! these units, and all other SKUs stay unchanged.

use std::io::Read;
use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS product (sku TEXT PRIMARY KEY, name TEXT);
    CREATE TABLE IF NOT EXISTS stock (
        sku TEXT NOT NULL, warehouse TEXT NOT NULL, quantity NUMERIC, PRIMARY KEY (sku, warehouse)
    );";

/// Writes a SQLite warehouse from rows on standard input.
#[derive(Parser)]
struct Cli {
    /// The database file; created if it is missing.
    file: PathBuf,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let file = Cli::parse().file;
    let mut rows = String::new();
    std::io::stdin().read_to_string(&mut rows).context("cannot read the rows")?;
    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut database = options.connect().await.with_context(|| format!("cannot open {}", file.display()))?;
    write(&mut database, &rows).await.context("cannot write the rows")?;
    database.close().await.context("cannot close the warehouse")
}

async fn write(database: &mut SqliteConnection, rows: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(TABLES).execute(&mut *database).await?;
    let mut all = database.begin().await?;
    sqlx::query(
        "INSERT OR IGNORE INTO product (sku, name)
         SELECT json_extract(value, '$[0]'), 'Product ' || json_extract(value, '$[0]') FROM json_each(?1)",
    )
    .bind(rows)
    .execute(&mut *all)
    .await?;
    for (warehouse, column) in [("MAIN", "$[1]"), ("OUTLET", "$[2]")] {
        sqlx::query(
            "INSERT OR REPLACE INTO stock (sku, warehouse, quantity)
             SELECT json_extract(value, '$[0]'), ?2, json_extract(value, ?3) FROM json_each(?1)",
        )
        .bind(rows)
        .bind(warehouse)
        .bind(column)
        .execute(&mut *all)
        .await?;
    }
    all.commit().await
}
