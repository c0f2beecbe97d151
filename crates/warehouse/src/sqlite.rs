//! The `Warehouse` port over a SQLite file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::SkipReason;
use domain::stock::Warehouses;
use rust_decimal::Decimal;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteRow};
use sqlx::{Column, ConnectOptions, Connection, Row, SqliteConnection, TypeInfo, ValueRef};
use sync::ports::{Warehouse, WarehouseError, WarehouseErrorClass, WarehouseRead};

use crate::Source;
use crate::reading::{Engine, Reader, not_a_text};
use crate::row::{decimal_of_float, decimal_of_text};

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

    async fn snapshot(&self) -> Result<WarehouseRead, WarehouseError> {
        let Settings { file, source, warehouses, busy_timeout } = &self.settings;
        let mut connection = connect(file, *busy_timeout).await?;
        // In SQLite, a read transaction sees one snapshot from its first SELECT on.
        let mut snapshot = connection.begin().await.map_err(|error| failure(&error))?;
        let rows = Reader { source, warehouses, silence: None }.rows::<Sqlite>(&mut snapshot).await?;
        snapshot.rollback().await.map_err(|error| failure(&error))?;
        connection.close().await.map_err(|error| failure(&error))?;
        Ok(WarehouseRead { rows, warehouses: warehouses.clone() })
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

impl Engine for Sqlite {
    fn text(row: &SqliteRow, column: usize) -> Result<Arc<str>, WarehouseError> {
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
            other => Err(not_a_text(row.columns().get(column).map_or("", |column| column.name()), other)),
        }
    }

    fn quantity(row: &SqliteRow, column: usize) -> Result<Result<Decimal, SkipReason>, WarehouseError> {
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

    fn failure(error: &sqlx::Error) -> WarehouseError {
        failure(error)
    }
}

/// The error of a failed query.
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
