//! The import into a SQLite file: one transaction.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::TryStreamExt;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqlSafeStr, SqliteConnection};
use sync::ports::{WarehouseError, WarehouseErrorClass};

use super::changes::{self, Changes, Stored, StoredRow};
use super::{Details, ImportError, ImportRow, Reach};
use crate::sqlite::{failure, is_null, quantity, text};

/// The tables, where there are none. Any number of digits up to 15 stays exact in a NUMERIC column.
const SCHEMA: &str = "
    CREATE TABLE product (sku TEXT NOT NULL PRIMARY KEY, name TEXT, brand TEXT, price NUMERIC, description TEXT);
    CREATE TABLE stock (sku TEXT NOT NULL, warehouse TEXT NOT NULL, quantity NUMERIC NOT NULL,
                        PRIMARY KEY (sku, warehouse));";

const TABLES: &[(&str, &[&str])] = &[("product", &["sku"]), ("stock", &["sku", "warehouse", "quantity"])];

/// So many rows go to the database at a time.
const PORTION: usize = 2_000;

/// An import that has begun: what the database holds is known, and nothing is changed yet.
pub struct Import {
    connection: SqliteConnection,
    file: PathBuf,
    stored: Stored,
    /// Which columns of [`Details`] the product table has.
    described: Vec<usize>,
    /// Whether the file was made for this import.
    made: bool,
    dry_run: bool,
}

impl Import {
    /// Opens the database and reads what it holds. File and tables are made where they are missing, but not for a
    /// dry run. Another program's transaction is waited for, for five seconds.
    ///
    /// # Errors
    ///
    /// The database cannot be used, or its tables are not `product(sku, …)` and `stock(sku, warehouse, quantity)`.
    pub async fn begin(file: &Path, dry_run: bool) -> Result<Self, ImportError> {
        let made = !file.exists();
        let options = match (made, dry_run) {
            (true, true) => SqliteConnectOptions::new().in_memory(true),
            _ => SqliteConnectOptions::new().filename(file).create_if_missing(!dry_run).read_only(dry_run),
        };
        // Reading a large table takes its time, and is no fault worth a line in the log.
        let connection = options.disable_statement_logging().connect().await.map_err(|error| {
            let detail = format!("{}: {error}", file.display());
            WarehouseError::new(WarehouseErrorClass::Unreachable, detail)
        })?;
        let (stored, described) = (Stored::default(), Vec::new());
        let mut import = Self { connection, file: file.to_owned(), stored, described, made, dry_run };
        match import.start().await {
            Ok(()) => Ok(import),
            Err(error) => Err(import.give_up(error).await),
        }
    }

    async fn start(&mut self) -> Result<(), ImportError> {
        let begin = if self.dry_run { "BEGIN" } else { "BEGIN IMMEDIATE" };
        self.run(begin).await?;
        let missing = self.missing_tables().await?;
        if missing.len() == TABLES.len() {
            // What a dry run makes is in its own memory, or not made at all.
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

    /// The warehouses in the stock table, in order; `None` for rows that do not say.
    #[must_use]
    pub fn warehouses(&self) -> Vec<Option<Arc<str>>> {
        let names = self.stored.stock.iter().map(|row| row.warehouse.clone());
        names.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// What importing `rows` changes. They hold one row for each SKU and warehouse.
    #[must_use]
    pub fn compare(&self, rows: &[ImportRow], reach: &Reach) -> Changes {
        changes::compare(&self.stored, rows, reach)
    }

    /// Writes the changes and keeps them. `progress` hears how many rows of how many are written.
    ///
    /// # Errors
    ///
    /// The database fails, or makes something else of a row. Nothing is kept then.
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
            Err(error) => Err(self.give_up(error).await),
        }
    }

    async fn write_all(
        &mut self,
        rows: &[ImportRow],
        changes: &Changes,
        progress: &mut (dyn FnMut(usize, usize) + Send),
    ) -> Result<(), ImportError> {
        let writes = &changes.writes;
        let mut written = Progress { done: 0, of: writes.len(), told: progress };
        let listed = |at: &usize| rows.get(*at);
        let (insert, describe) = (insert_product(&self.described), describe_product(&self.described));

        let products = writes.new_products.iter().filter_map(listed).map(|row| self.product(row));
        let products: Vec<Value> = products.collect();
        self.portions(&insert, products, &mut written).await?;
        if let Some(describe) = describe {
            let described = writes.described.iter().filter_map(|(id, at)| Some((id, listed(at)?)));
            let described = described.map(|(id, row)| prefixed(*id, self.product(row))).collect();
            self.portions(&describe, described, &mut written).await?;
        }
        let deleted = writes.deleted.iter().map(|id| json!(id)).collect();
        self.portions(DELETE, deleted, &mut written).await?;
        let updated = writes.updated.iter().filter_map(|(id, at)| Some((id, listed(at)?)));
        let updated = updated.map(|(id, row)| json!([id, row.quantity.to_string()])).collect();
        self.portions(UPDATE, updated, &mut written).await?;
        let inserted = writes.inserted.iter().filter_map(listed);
        let inserted =
            inserted.map(|row| json!([row.sku, row.warehouse, row.quantity.to_string()])).collect();
        self.portions(INSERT, inserted, &mut written).await?;

        self.check_kept(rows).await?;
        Ok(self.run("COMMIT").await?)
    }

    fn product(&self, row: &ImportRow) -> Value {
        let texts = row.details.texts();
        let described = self.described.iter().map(|at| json!(texts.get(*at).copied().flatten()));
        std::iter::once(json!(row.sku)).chain(described).collect()
    }

    async fn portions(
        &mut self,
        sql: &str,
        values: Vec<Value>,
        written: &mut Progress<'_>,
    ) -> Result<(), WarehouseError> {
        for portion in values.chunks(PORTION) {
            let statement = sqlx::query(AssertSqlSafe(sql).into_sql_str());
            let bound = statement.bind(Value::from(portion).to_string());
            bound.execute(&mut self.connection).await.map_err(|error| failure(&error))?;
            written.more(portion.len());
        }
        Ok(())
    }

    /// Reads back what was written: every row of the list once, and every SKU among the products.
    async fn check_kept(&mut self, rows: &[ImportRow]) -> Result<(), ImportError> {
        let kept = self.read().await?;
        let mut found: HashMap<(&str, Option<&str>), Vec<&StoredRow>> = HashMap::with_capacity(rows.len());
        for row in &kept.stock {
            found.entry((&row.sku, row.warehouse.as_deref())).or_default().push(row);
        }
        for row in rows {
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

    /// Which columns of [`Details`] the product table has.
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
            stored.products.insert(text(&row, 1)?, id(&row)?);
        }
        drop(products);
        let sql = "SELECT _rowid_, sku, warehouse, quantity FROM stock";
        let mut stock = sqlx::query(sql).fetch(&mut self.connection);
        let mut names: HashMap<Arc<str>, Arc<str>> = HashMap::new();
        while let Some(row) = stock.try_next().await.map_err(|error| failure(&error))? {
            let warehouse = if is_null(&row, 2)? {
                None
            } else {
                let name = text(&row, 2)?;
                Some(Arc::clone(names.entry(Arc::clone(&name)).or_insert(name)))
            };
            let (id, sku, quantity) = (id(&row)?, text(&row, 1)?, quantity(&row, 3)?);
            stored.stock.push(StoredRow { id, sku, warehouse, quantity });
        }
        Ok(stored)
    }

    async fn run(&mut self, sql: &'static str) -> Result<(), WarehouseError> {
        sqlx::raw_sql(sql).execute(&mut self.connection).await.map_err(|error| failure(&error))?;
        Ok(())
    }

    /// Takes everything back; a file that was made for this import goes again.
    async fn give_up(self, error: ImportError) -> ImportError {
        // An open transaction ends with its connection. What fails here changes nothing about the error.
        let _ = self.connection.close().await;
        let is_empty = std::fs::metadata(&self.file).is_ok_and(|file| file.len() == 0);
        if self.made && !self.dry_run && is_empty {
            let _ = std::fs::remove_file(&self.file);
        }
        error
    }
}

struct Progress<'a> {
    done: usize,
    of: usize,
    told: &'a mut (dyn FnMut(usize, usize) + Send),
}

impl Progress<'_> {
    fn more(&mut self, rows: usize) {
        self.done += rows;
        (self.told)(self.done, self.of);
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

/// What the list does not say stays as it is.
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
