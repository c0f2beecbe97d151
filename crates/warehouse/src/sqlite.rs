//! The `Warehouse` port over a SQLite file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::SkipReason;
use domain::stock::{StockRow, StockRows, Warehouses};
use futures::TryStreamExt;
use rust_decimal::Decimal;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{
    AssertSqlSafe, Column, ConnectOptions, Connection, Executor, Row, SqlSafeStr, SqliteConnection,
    Statement, TypeInfo, ValueRef,
};
use sync::ports::{Warehouse, WarehouseError, WarehouseErrorClass, WarehouseRead};

use crate::Source;
use crate::row::{decimal_of_float, decimal_of_text};

const PRODUCTS: &str = "SELECT sku FROM product";
const STOCK: &str = "SELECT sku, warehouse, quantity FROM stock";

/// How long to wait for another program that has locked the database, where no setting says.
pub const BUSY_TIMEOUT: Duration = Duration::from_mins(1);

/// The settings of a SQLite warehouse.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The database file.
    pub file: PathBuf,
    /// Where the stock rows come from.
    pub source: Source,
    /// Which warehouses are added up.
    pub warehouses: Warehouses,
    /// How long a read waits for another program that has locked the database.
    pub busy_timeout: Duration,
}

/// The `Warehouse` port over a SQLite file. Each read opens the file read-only.
pub struct SqliteWarehouse {
    settings: Settings,
}

impl SqliteWarehouse {
    /// Creates the port without opening the file.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    async fn rows(&self, connection: &mut SqliteConnection) -> Result<StockRows, WarehouseError> {
        match &self.settings.source {
            Source::Tables => {
                let products = read_rows(connection, PRODUCTS, &["sku"], |row, at| text(row, at.sku)).await?;
                let stock = read_stock(connection, STOCK, &["sku", "warehouse", "quantity"]).await?;
                Ok(StockRows::Tables { products, stock })
            }
            Source::Query(query) => {
                let needed: &[&str] = match self.settings.warehouses {
                    Warehouses::All => &["sku", "quantity"],
                    Warehouses::Chosen(_) => &["sku", "quantity", "warehouse"],
                };
                Ok(StockRows::Query(read_stock(connection, &as_one_select(query), needed).await?))
            }
        }
    }
}

/// Opens the file read-only. Waits for `busy_timeout` while another program has locked it.
pub(crate) async fn connect(file: &Path, busy_timeout: Duration) -> Result<SqliteConnection, WarehouseError> {
    if !file.is_file() {
        return Err(WarehouseError::new(WarehouseErrorClass::Missing, file.display().to_string()));
    }
    let options = SqliteConnectOptions::new().filename(file).read_only(true).create_if_missing(false);
    let options = options.busy_timeout(busy_timeout);
    // Without this, sqlx would log a warning for every slow read of a large table.
    options.disable_statement_logging().connect().await.map_err(|error| not_opened(file, &error))
}

/// The error of opening the file, which it names.
pub(crate) fn not_opened(file: &Path, error: &sqlx::Error) -> WarehouseError {
    let class = state_of_file(error).unwrap_or(WarehouseErrorClass::Unreachable);
    WarehouseError::new(class, format!("{}: {error}", file.display()))
}

/// SQLite's code for a file whose content does not add up.
const SQLITE_CORRUPT: i32 = 11;
/// SQLite's codes for a file that has to be brought back to its last whole state, which only a writer may do.
const SQLITE_READONLY_RECOVERY: i32 = 264;
const SQLITE_READONLY_ROLLBACK: i32 = 776;

/// What SQLite's code says of the file itself. The low byte of the code is the kind; the rest is more about it.
fn state_of_file(error: &sqlx::Error) -> Option<WarehouseErrorClass> {
    match error.as_database_error()?.code()?.parse::<i32>().ok()? {
        SQLITE_READONLY_RECOVERY | SQLITE_READONLY_ROLLBACK => Some(WarehouseErrorClass::Unfinished),
        code if code & 0xff == SQLITE_CORRUPT => Some(WarehouseErrorClass::Damaged),
        _ => None,
    }
}

#[async_trait]
impl Warehouse for SqliteWarehouse {
    async fn read(&self) -> Result<WarehouseRead, WarehouseError> {
        self.snapshot().await.map_err(|error| {
            // Errors of opening the file already name it.
            let file = self.settings.file.display().to_string();
            if error.detail.starts_with(&file) {
                error
            } else {
                WarehouseError::new(error.class, format!("{file}: {}", error.detail))
            }
        })
    }
}

impl SqliteWarehouse {
    async fn snapshot(&self) -> Result<WarehouseRead, WarehouseError> {
        let mut connection = connect(&self.settings.file, self.settings.busy_timeout).await?;
        // In SQLite, a read transaction sees one snapshot from its first SELECT on.
        let mut snapshot = connection.begin().await.map_err(|error| failure(&error))?;
        let rows = self.rows(&mut snapshot).await?;
        snapshot.rollback().await.map_err(|error| failure(&error))?;
        connection.close().await.map_err(|error| failure(&error))?;
        Ok(WarehouseRead { rows, warehouses: self.settings.warehouses.clone() })
    }
}

/// Wraps the merchant's query as a subquery, so that it can only be a single SELECT: a second statement or a write
/// is a syntax error. The line break ends a trailing comment.
fn as_one_select(query: &str) -> String {
    let query = query.trim_end_matches(|c: char| c.is_whitespace() || c == ';');
    format!("SELECT * FROM ({query}\n)")
}

/// The indexes of the columns in a row.
#[derive(Clone, Copy)]
struct Columns {
    sku: usize,
    warehouse: Option<usize>,
    quantity: Option<usize>,
}

async fn read_stock(
    connection: &mut SqliteConnection,
    sql: &str,
    needed: &[&str],
) -> Result<Vec<StockRow>, WarehouseError> {
    let mut names: HashMap<Arc<str>, Arc<str>> = HashMap::new();
    read_rows(connection, sql, needed, move |row, at| {
        let warehouse = match at.warehouse {
            Some(column) if !is_null(row, column)? => {
                let name = text(row, column)?;
                Some(Arc::clone(names.entry(Arc::clone(&name)).or_insert(name)))
            }
            _ => None,
        };
        let quantity = at.quantity.map_or(Ok(Err(SkipReason::QuantityUnknown)), |at| quantity(row, at))?;
        Ok(StockRow { sku: text(row, at.sku)?, warehouse, quantity })
    })
    .await
}

async fn read_rows<T>(
    connection: &mut SqliteConnection,
    sql: &str,
    needed: &[&str],
    mut read: impl FnMut(&SqliteRow, Columns) -> Result<T, WarehouseError>,
) -> Result<Vec<T>, WarehouseError> {
    // The merchant writes this query for their own database, which is opened read-only.
    let statement =
        connection.prepare(AssertSqlSafe(sql).into_sql_str()).await.map_err(|error| failure(&error))?;
    let columns = columns(&statement, needed)?;
    let mut stream = statement.query().fetch(connection);
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await.map_err(|error| failure(&error))? {
        rows.push(read(&row, columns)?);
    }
    Ok(rows)
}

fn columns(statement: &sqlx::sqlite::SqliteStatement, needed: &[&str]) -> Result<Columns, WarehouseError> {
    let names: Vec<String> = statement.columns().iter().map(|c| c.name().to_lowercase()).collect();
    let at = |name: &str| names.iter().position(|found| found == name);
    let missing: Vec<&str> = needed.iter().copied().filter(|name| at(name).is_none()).collect();
    match (at("sku"), missing.is_empty()) {
        (Some(sku), true) => Ok(Columns { sku, warehouse: at("warehouse"), quantity: at("quantity") }),
        _ => Err(WarehouseError::new(
            WarehouseErrorClass::Schema,
            format!("no column {}; the columns are {}", missing.join(", "), names.join(", ")),
        )),
    }
}

pub(crate) fn is_null(row: &SqliteRow, column: usize) -> Result<bool, WarehouseError> {
    Ok(row.try_get_raw(column).map_err(|error| failure(&error))?.is_null())
}

/// Reads a text unchanged, a whole number as its digits, and NULL as the empty text.
pub(crate) fn text(row: &SqliteRow, column: usize) -> Result<Arc<str>, WarehouseError> {
    let value = row.try_get_raw(column).map_err(|error| failure(&error))?;
    if value.is_null() {
        return Ok(Arc::from(""));
    }
    let kind = value.type_info().name().to_owned();
    match kind.as_str() {
        "TEXT" => row.try_get::<&str, _>(column).map(Arc::from).map_err(|error| failure(&error)),
        "INTEGER" => {
            let number: i64 = row.try_get_unchecked(column).map_err(|error| failure(&error))?;
            Ok(Arc::from(number.to_string()))
        }
        other => {
            let name = row.columns().get(column).map_or("", |column| column.name());
            let detail = format!("column {name} has a value of type {other}, but must be text");
            Err(WarehouseError::new(WarehouseErrorClass::Value, detail))
        }
    }
}

pub(crate) fn quantity(
    row: &SqliteRow,
    column: usize,
) -> Result<Result<Decimal, SkipReason>, WarehouseError> {
    let value = row.try_get_raw(column).map_err(|error| failure(&error))?;
    if value.is_null() {
        return Ok(Err(SkipReason::QuantityUnknown));
    }
    let kind = value.type_info().name().to_owned();
    Ok(match kind.as_str() {
        "INTEGER" => Ok(Decimal::from(row.try_get_unchecked::<i64, _>(column).map_err(|e| failure(&e))?)),
        "REAL" => decimal_of_float(row.try_get_unchecked::<f64, _>(column).map_err(|e| failure(&e))?),
        "TEXT" => decimal_of_text(row.try_get_unchecked::<&str, _>(column).map_err(|e| failure(&e))?),
        _ => Err(SkipReason::QuantityNotANumber),
    })
}

pub(crate) fn failure(error: &sqlx::Error) -> WarehouseError {
    let detail = match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        other => other.to_string(),
    };
    if let Some(class) = state_of_file(error) {
        return WarehouseError::new(class, detail);
    }
    let class = match detail.as_str() {
        text if text.contains("no such table") || text.contains("no such column") => {
            WarehouseErrorClass::Schema
        }
        text if text.contains("is locked") => WarehouseErrorClass::Locked,
        text if ["not a database", "unable to open", "readonly database"]
            .iter()
            .any(|part| text.contains(part)) =>
        {
            WarehouseErrorClass::Unreachable
        }
        _ => WarehouseErrorClass::Query,
    };
    WarehouseError::new(class, detail)
}
