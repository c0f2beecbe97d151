//! The `Warehouse` port over a MySQL or MariaDB database.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::SkipReason;
use rust_decimal::Decimal;
use sqlx::mysql::{MySql, MySqlConnectOptions, MySqlDatabaseError, MySqlRow};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, MySqlConnection, Row, TypeInfo, ValueRef};
use sync::ports::{Warehouse, WarehouseError, WarehouseErrorClass, WarehouseRead};

use crate::address::ServerAddress;
use crate::reading::{Engine, Reader, answered, not_a_text};
use crate::row::decimal_of_text;
use crate::server::{ServerSettings, connecting, of_server, silence};

/// One snapshot for the whole read, and no write, whatever the merchant's query calls.
const BEGIN: &str = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

/// The `Warehouse` port over a MySQL or MariaDB database. Each read makes its own connection.
pub(crate) struct MysqlWarehouse {
    settings: ServerSettings,
}

impl MysqlWarehouse {
    /// Creates the port without connecting.
    pub(crate) fn new(settings: ServerSettings) -> Self {
        Self { settings }
    }

    async fn snapshot(&self) -> Result<WarehouseRead, WarehouseError> {
        let ServerSettings { address, source, warehouses, statement_timeout } = &self.settings;
        let mut connection = connect(address, *statement_timeout).await?;
        let silence = Some(silence(*statement_timeout));
        let sql = "SELECT VERSION()";
        let version: String =
            answered::<MySql, _>(silence, sqlx::query_scalar(sql).fetch_one(&mut connection)).await?;
        // Under a weaker level of isolation the snapshot would be each statement's own.
        let isolation = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ".to_owned();
        for setting in [isolation, limit(&version, *statement_timeout)] {
            let set = sqlx::raw_sql(AssertSqlSafe(setting)).execute(&mut connection);
            answered::<MySql, _>(silence, set).await?;
        }
        let mut snapshot = answered::<MySql, _>(silence, connection.begin_with(BEGIN)).await?;
        let rows = Reader { source, warehouses, silence }.rows::<MySql>(&mut snapshot).await?;
        answered::<MySql, _>(silence, snapshot.rollback()).await?;
        answered::<MySql, _>(silence, connection.close()).await?;
        Ok(WarehouseRead { rows, warehouses: warehouses.clone() })
    }
}

/// The statement that limits how long a SELECT may take: MariaDB counts seconds, MySQL milliseconds.
fn limit(version: &str, length: Duration) -> String {
    if version.contains("MariaDB") {
        format!("SET SESSION max_statement_time = {}", length.as_secs_f64())
    } else {
        format!("SET SESSION max_execution_time = {}", length.as_millis())
    }
}

/// Connects, within the time that a silent server is waited for.
pub(crate) async fn connect(
    address: &ServerAddress,
    statement_timeout: Duration,
) -> Result<MySqlConnection, WarehouseError> {
    let options = address.whole().parse::<MySqlConnectOptions>().map_err(|error| connecting(&error))?;
    let options = options.disable_statement_logging();
    answered::<MySql, _>(Some(silence(statement_timeout)), options.connect()).await
}

#[async_trait]
impl Warehouse for MysqlWarehouse {
    async fn read(&self) -> Result<WarehouseRead, WarehouseError> {
        self.snapshot().await.map_err(|error| of_server(&self.settings.address, &error))
    }
}

impl Engine for MySql {
    fn text(row: &MySqlRow, column: usize) -> Result<Arc<str>, WarehouseError> {
        match value(row, column)? {
            Value::Null => Ok(Arc::from("")),
            Value::Text(text) => Ok(Arc::from(text)),
            Value::Whole(number) => Ok(Arc::from(number.to_string())),
            Value::Float(_) | Value::Other => {
                let column = row.columns().get(column);
                let name = column.map_or("", |column| column.name());
                Err(not_a_text(name, column.map_or("", |column| column.type_info().name())))
            }
        }
    }

    fn quantity(row: &MySqlRow, column: usize) -> Result<Result<Decimal, SkipReason>, WarehouseError> {
        Ok(match value(row, column)? {
            Value::Null => Err(SkipReason::QuantityUnknown),
            Value::Text(text) => decimal_of_text(text),
            Value::Whole(number) => Ok(Decimal::from(number)),
            Value::Float(shortest) => decimal_of_text(&shortest),
            Value::Other => Err(SkipReason::QuantityNotANumber),
        })
    }

    fn failure(error: &sqlx::Error) -> WarehouseError {
        failure(error)
    }
}

/// A value, as exact as the database has it.
enum Value<'a> {
    Null,
    /// A text or a DECIMAL, which the server sends as its digits.
    Text(&'a str),
    Whole(i128),
    /// The shortest text of a float.
    Float(String),
    Other,
}

fn value(row: &MySqlRow, column: usize) -> Result<Value<'_>, WarehouseError> {
    let raw = row.try_get_raw(column).map_err(|error| failure(&error))?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let kind = raw.type_info().name().to_owned();
    let unreadable = |error: sqlx::Error| failure(&error);
    Ok(match kind.as_str() {
        "TINYINT UNSIGNED" | "SMALLINT UNSIGNED" | "MEDIUMINT UNSIGNED" | "INT UNSIGNED"
        | "BIGINT UNSIGNED" | "YEAR" => {
            Value::Whole(row.try_get_unchecked::<u64, _>(column).map_err(unreadable)?.into())
        }
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => {
            Value::Whole(row.try_get_unchecked::<i64, _>(column).map_err(unreadable)?.into())
        }
        "FLOAT" => Value::Float(row.try_get_unchecked::<f32, _>(column).map_err(unreadable)?.to_string()),
        "DOUBLE" => Value::Float(row.try_get_unchecked::<f64, _>(column).map_err(unreadable)?.to_string()),
        "DECIMAL" | "CHAR" | "VARCHAR" | "TINYTEXT" | "TEXT" | "MEDIUMTEXT" | "LONGTEXT" | "ENUM" => {
            Value::Text(row.try_get_unchecked(column).map_err(unreadable)?)
        }
        // The driver calls a text so too where its collation compares bytes.
        "BINARY" | "VARBINARY" | "TINYBLOB" | "BLOB" | "MEDIUMBLOB" | "LONGBLOB" => {
            row.try_get_unchecked(column).map_or(Value::Other, Value::Text)
        }
        _ => Value::Other,
    })
}

/// The error of a failed query. The numbers are those of MySQL
/// (<https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>) and MariaDB
/// (<https://mariadb.com/docs/server/reference/error-codes>).
pub(crate) fn failure(error: &sqlx::Error) -> WarehouseError {
    let said = error.as_database_error().and_then(|said| said.try_downcast_ref::<MySqlDatabaseError>());
    let Some(said) = said else { return connecting(error) };
    let class = match said.number() {
        // No such table, no such column, no such view.
        1146 | 1054 | 1356 => WarehouseErrorClass::Schema,
        // A command, a column or a routine that this user may not use.
        1142 | 1143 | 1370 => WarehouseErrorClass::Denied,
        // MySQL's limit, MariaDB's limit, and a statement that an administrator ended.
        3024 | 1969 | 1317 => WarehouseErrorClass::Timeout,
        1205 => WarehouseErrorClass::Locked,
        // Credentials, a database that is not there, too many connections, a server that stops.
        1040 | 1044 | 1045 | 1049 | 1053 | 1129 | 1130 | 1203 | 1226 => WarehouseErrorClass::Unreachable,
        // A table file that does not add up.
        126 | 127 | 1034 | 1194 | 1195 => WarehouseErrorClass::Damaged,
        _ => WarehouseErrorClass::Query,
    };
    WarehouseError::new(class, said.message())
}
