//! Imports into a SQLite file in one transaction.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use serde_json::{Value, json};
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqlSafeStr, SqliteConnection};
use sync::ports::{WarehouseError, WarehouseErrorClass};

use super::changes::{self, Changes};
use super::stored::{Stored, StoredRow};
use super::{Details, ImportError, ImportRow, Kept, ReplaceScope};
use crate::reading::{Engine, is_null};
use crate::sqlite::{failure, not_opened};

/// The tables that are created if they are missing. A NUMERIC column stores up to 15 digits exactly.
const SCHEMA: &str = "
    CREATE TABLE product (sku TEXT NOT NULL PRIMARY KEY, name TEXT, brand TEXT, price NUMERIC, description TEXT);
    CREATE TABLE stock (sku TEXT NOT NULL, warehouse TEXT NOT NULL, quantity NUMERIC NOT NULL,
                        PRIMARY KEY (sku, warehouse));";

const TABLES: &[(&str, &[&str])] = &[("product", &["sku"]), ("stock", &["sku", "warehouse", "quantity"])];

/// The number of rows per statement.
const ROWS_PER_STATEMENT: usize = 2_000;

/// An import in progress. The current content of the database is loaded; nothing is changed yet.
pub struct Import {
    connection: SqliteConnection,
    file: PathBuf,
    stored: Stored,
    /// The indexes in [`Details::COLUMNS`] of the columns that the product table has.
    described: Vec<usize>,
    /// Whether this import created the file.
    created_file: bool,
    dry_run: bool,
}

impl Import {
    /// Opens the database and loads its content. Creates the file and the tables if they are missing, except in a dry
    /// run. Waits for `busy_timeout` while another program has locked it.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be used, or if its tables are not `product(sku, …)` and
    /// `stock(sku, warehouse, quantity)`.
    pub async fn begin(file: &Path, dry_run: bool, busy_timeout: Duration) -> Result<Self, ImportError> {
        let created_file = !file.exists();
        let options = match (created_file, dry_run) {
            (true, true) => SqliteConnectOptions::new().in_memory(true),
            _ => SqliteConnectOptions::new().filename(file).create_if_missing(!dry_run).read_only(dry_run),
        };
        // Without this, sqlx would log a warning for every slow read of a large table.
        let options = options.busy_timeout(busy_timeout);
        let connection = options.disable_statement_logging().connect().await;
        let connection = connection.map_err(|error| not_opened(file, &error))?;
        let (stored, described) = (Stored::default(), Vec::new());
        let mut import = Self { connection, file: file.to_owned(), stored, described, created_file, dry_run };
        match import.start().await {
            Ok(()) => Ok(import),
            Err(error) => Err(import.roll_back(error).await),
        }
    }

    async fn start(&mut self) -> Result<(), ImportError> {
        let begin = if self.dry_run { "BEGIN" } else { "BEGIN IMMEDIATE" };
        self.run(begin).await?;
        let missing = self.missing_tables().await?;
        if missing.len() == TABLES.len() {
            // A dry run creates tables only in a database in memory.
            if self.dry_run {
                return Ok(());
            }
            self.run(SCHEMA).await?;
        } else if let Some(table) = missing.first() {
            let missing = format!("no such table: {table}");
            return Err(WarehouseError::new(WarehouseErrorClass::Schema, missing).into());
        }
        self.described = self.check_columns().await?;
        self.stored = self.read().await?;
        Ok(())
    }

    /// The sorted names of the warehouses in the stock table; `None` stands for rows without a warehouse.
    #[must_use]
    pub fn warehouses(&self) -> Vec<Option<Arc<str>>> {
        let names = self.stored.stock.iter().map(|row| row.warehouse.clone());
        names.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// Returns what importing `rows` changes. `rows` must contain each SKU and warehouse only once, and
    /// none that is kept.
    #[must_use]
    pub fn compare(&self, rows: &[ImportRow], kept: &Kept, scope: &ReplaceScope) -> Changes {
        changes::compare(&self.stored, rows, kept, scope)
    }

    /// Writes the changes and commits them. `progress` receives the number of written rows and the total.
    ///
    /// # Errors
    ///
    /// Fails if the database fails or stores a row differently. The database is unchanged in this case.
    pub async fn write(
        mut self,
        rows: &[ImportRow],
        changes: &Changes,
        progress: &mut (dyn FnMut(usize, usize) + Send),
    ) -> Result<(), ImportError> {
        match self.write_all(rows, changes, progress).await {
            Ok(()) => {
                let closed = self.connection.close().await;
                Ok(closed.map_err(|error| failure(&error))?)
            }
            Err(error) => Err(self.roll_back(error).await),
        }
    }

    async fn write_all(
        &mut self,
        rows: &[ImportRow],
        changes: &Changes,
        progress: &mut (dyn FnMut(usize, usize) + Send),
    ) -> Result<(), ImportError> {
        let writes = &changes.writes;
        let mut written = Progress { done: 0, of: writes.len(), report: progress };
        let listed = |at: &usize| rows.get(*at);
        let (insert, describe) = (insert_product(&self.described), describe_product(&self.described));

        let products = writes.new_products.iter().filter_map(listed).map(|row| self.product(row));
        let products: Vec<Value> = products.collect();
        self.write_in_chunks(&insert, products, &mut written).await?;
        if let Some(describe) = describe {
            let described = writes.described.iter().filter_map(|(id, at)| Some((id, listed(at)?)));
            let described = described.map(|(id, row)| prefixed(*id, self.product(row))).collect();
            self.write_in_chunks(&describe, described, &mut written).await?;
        }
        let deleted = writes.deleted.iter().map(|id| json!(id)).collect();
        self.write_in_chunks(DELETE, deleted, &mut written).await?;
        let updated = writes.updated.iter().filter_map(|(id, at)| Some((id, listed(at)?)));
        let updated = updated.map(|(id, row)| json!([id, row.quantity.to_string()])).collect();
        self.write_in_chunks(UPDATE, updated, &mut written).await?;
        let inserted = writes.inserted.iter().filter_map(listed);
        let inserted =
            inserted.map(|row| json!([row.sku, row.warehouse, row.quantity.to_string()])).collect();
        self.write_in_chunks(INSERT, inserted, &mut written).await?;

        self.check_kept(rows, changes).await?;
        Ok(self.run("COMMIT").await?)
    }

    fn product(&self, row: &ImportRow) -> Value {
        let texts = row.details.texts();
        let described = self.described.iter().map(|at| json!(texts.get(*at).copied().flatten()));
        std::iter::once(json!(row.sku)).chain(described).collect()
    }

    async fn write_in_chunks(
        &mut self,
        sql: &str,
        values: Vec<Value>,
        written: &mut Progress<'_>,
    ) -> Result<(), WarehouseError> {
        for chunk in values.chunks(ROWS_PER_STATEMENT) {
            let statement = sqlx::query(AssertSqlSafe(sql).into_sql_str());
            let bound = statement.bind(Value::from(chunk).to_string());
            bound.execute(&mut self.connection).await.map_err(|error| failure(&error))?;
            written.add(chunk.len());
        }
        Ok(())
    }

    /// Reads the written rows back. Every row of the list that is written must exist once, and every SKU must be in the product table.
    async fn check_kept(&mut self, rows: &[ImportRow], changes: &Changes) -> Result<(), ImportError> {
        let kept = self.read().await?;
        let mut found: HashMap<(&str, Option<&str>), Vec<&StoredRow>> = HashMap::with_capacity(rows.len());
        for row in &kept.stock {
            found.entry((&row.sku, row.warehouse.as_deref())).or_default().push(row);
        }
        let written = rows.iter().enumerate().filter(|(at, _)| !changes.left_alone.contains(at));
        for (_, row) in written {
            let sku = row.sku.as_str();
            let kept_as = match found.get(&(sku, Some(&*row.warehouse))).map(Vec::as_slice) {
                Some([one]) if one.quantity == Ok(row.quantity) && kept.products.contains_key(sku) => {
                    continue;
                }
                Some([one]) => {
                    one.quantity.map_or_else(|reason| reason.to_string(), |found| found.to_string())
                }
                Some(several) => format!("{} rows", several.len()),
                None => "no such row".to_owned(),
            };
            return Err(ImportError::NotKept { sku: row.sku.clone(), found: kept_as });
        }
        Ok(())
    }

    async fn missing_tables(&mut self) -> Result<Vec<&'static str>, ImportError> {
        let mut missing = Vec::new();
        for (name, _) in TABLES {
            let sql =
                "SELECT type, sql FROM sqlite_schema WHERE lower(name) = ? AND type IN ('table', 'view')";
            let found = sqlx::query(sql).bind(*name).fetch_optional(&mut self.connection).await;
            let found: Option<SqliteRow> = found.map_err(|error| failure(&error))?;
            let Some(row) = found else {
                missing.push(*name);
                continue;
            };
            let value = |at: usize| row.try_get::<String, _>(at).map_err(|error| failure(&error));
            let without_rowid = value(1)?.to_lowercase().contains("without rowid");
            if value(0)? != "table" || without_rowid {
                return Err(ImportError::NotATable { name });
            }
        }
        Ok(missing)
    }

    /// Checks the required columns. Returns the indexes in [`Details::COLUMNS`] that the product table has.
    async fn check_columns(&mut self) -> Result<Vec<usize>, ImportError> {
        let mut products = Vec::new();
        for (table, needed) in TABLES {
            let sql = "SELECT lower(name) FROM pragma_table_info(?)";
            let names = sqlx::query_scalar(sql).bind(*table).fetch_all(&mut self.connection).await;
            let names: Vec<String> = names.map_err(|error| failure(&error))?;
            let missing: Vec<&str> =
                needed.iter().copied().filter(|name| !names.iter().any(|found| found == name)).collect();
            if !missing.is_empty() {
                return Err(ImportError::MissingColumns { table, missing: missing.join(", ") });
            }
            if *table == "product" {
                products = names;
            }
        }
        let columns = Details::COLUMNS.iter().enumerate();
        let there = columns.filter(|(_, column)| products.iter().any(|name| name == *column));
        Ok(there.map(|(at, _)| at).collect())
    }

    async fn read(&mut self) -> Result<Stored, WarehouseError> {
        let mut stored = Stored::default();
        let mut products = sqlx::query("SELECT _rowid_, sku FROM product").fetch(&mut self.connection);
        while let Some(row) = products.try_next().await.map_err(|error| failure(&error))? {
            stored.products.insert(Sqlite::text(&row, 1)?, id(&row)?);
        }
        drop(products);
        let sql = "SELECT _rowid_, sku, warehouse, quantity FROM stock";
        let mut stock = sqlx::query(sql).fetch(&mut self.connection);
        let mut names: HashMap<Arc<str>, Arc<str>> = HashMap::new();
        while let Some(row) = stock.try_next().await.map_err(|error| failure(&error))? {
            let warehouse = if is_null::<Sqlite>(&row, 2)? {
                None
            } else {
                let name = Sqlite::text(&row, 2)?;
                Some(Arc::clone(names.entry(Arc::clone(&name)).or_insert(name)))
            };
            let (id, sku, quantity) = (id(&row)?, Sqlite::text(&row, 1)?, Sqlite::quantity(&row, 3)?);
            stored.stock.push(StoredRow { id, sku, warehouse, quantity });
        }
        Ok(stored)
    }

    async fn run(&mut self, sql: &'static str) -> Result<(), WarehouseError> {
        sqlx::raw_sql(sql).execute(&mut self.connection).await.map_err(|error| failure(&error))?;
        Ok(())
    }

    /// Rolls back, and deletes the file if this import created it.
    async fn roll_back(self, error: ImportError) -> ImportError {
        // Closing the connection rolls back its transaction. A failure here does not matter: the caller gets the
        // first error.
        let _ = self.connection.close().await;
        let is_empty = std::fs::metadata(&self.file).is_ok_and(|file| file.len() == 0);
        if self.created_file && !self.dry_run && is_empty {
            let _ = std::fs::remove_file(&self.file);
        }
        error
    }
}

struct Progress<'a> {
    done: usize,
    of: usize,
    report: &'a mut (dyn FnMut(usize, usize) + Send),
}

impl Progress<'_> {
    fn add(&mut self, rows: usize) {
        self.done += rows;
        (self.report)(self.done, self.of);
    }
}

const DELETE: &str = "DELETE FROM stock WHERE _rowid_ IN (SELECT value FROM json_each(?))";

const UPDATE: &str = "UPDATE stock SET quantity = CAST(new.value ->> 1 AS NUMERIC) FROM json_each(?) AS new
    WHERE stock._rowid_ = new.value ->> 0";

const INSERT: &str = "INSERT INTO stock (sku, warehouse, quantity)
    SELECT value ->> 0, value ->> 1, CAST(value ->> 2 AS NUMERIC) FROM json_each(?)";

fn insert_product(described: &[usize]) -> String {
    let columns: Vec<&str> = described.iter().filter_map(|at| Details::COLUMNS.get(*at).copied()).collect();
    let values: Vec<String> = (0..=columns.len()).map(|at| format!("value ->> {at}")).collect();
    let columns: Vec<&str> = std::iter::once("sku").chain(columns).collect();
    format!("INSERT INTO product ({}) SELECT {} FROM json_each(?)", columns.join(", "), values.join(", "))
}

/// Updates descriptive columns. Values that the list does not have stay unchanged.
fn describe_product(described: &[usize]) -> Option<String> {
    let columns = described.iter().filter_map(|at| Details::COLUMNS.get(*at)).zip(2..);
    let set: Vec<String> =
        columns.map(|(column, at)| format!("{column} = coalesce(new.value ->> {at}, {column})")).collect();
    let set = (!set.is_empty()).then(|| set.join(", "))?;
    Some(format!("UPDATE product SET {set} FROM json_each(?) AS new WHERE product._rowid_ = new.value ->> 0"))
}

fn prefixed(id: i64, product: Value) -> Value {
    let mut values = vec![json!(id)];
    if let Value::Array(product) = product {
        values.extend(product);
    }
    Value::from(values)
}

fn id(row: &SqliteRow) -> Result<i64, WarehouseError> {
    row.try_get(0).map_err(|error| failure(&error))
}
