//! The `Warehouse` port over a PostgreSQL database.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::SkipReason;
use rust_decimal::Decimal;
use sqlx::postgres::{PgColumn, PgConnectOptions, PgRow, PgTypeKind, Postgres};
use sqlx::{Column, ConnectOptions, Connection, PgConnection, Row, TypeInfo};
use sync::ports::{Warehouse, WarehouseError, WarehouseErrorClass, WarehouseRead};

use crate::address::ServerAddress;
use crate::reading::{Engine, Reader, answered, not_a_text};
use crate::row::decimal_of_text;
use crate::server::{ServerSettings, connecting, of_server, silence};

/// One snapshot for the whole read, and no write, whatever the merchant's query calls.
const BEGIN: &str = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The `Warehouse` port over a PostgreSQL database. Each read makes its own connection.
pub(crate) struct PostgresWarehouse {
    settings: ServerSettings,
}

impl PostgresWarehouse {
    /// Creates the port without connecting.
    pub(crate) fn new(settings: ServerSettings) -> Self {
        Self { settings }
    }

    async fn snapshot(&self) -> Result<WarehouseRead, WarehouseError> {
        let ServerSettings { address, source, warehouses, statement_timeout } = &self.settings;
        let mut connection = connect(address, *statement_timeout).await?;
        let silence = Some(silence(*statement_timeout));
        let mut snapshot = answered::<Postgres, _>(silence, connection.begin_with(BEGIN)).await?;
        let limit = format!("SET LOCAL statement_timeout = {}", statement_timeout.as_millis());
        let limiting = sqlx::raw_sql(sqlx::AssertSqlSafe(limit)).execute(&mut *snapshot);
        answered::<Postgres, _>(silence, limiting).await?;
        let rows = Reader { source, warehouses, silence }.rows::<Postgres>(&mut snapshot).await?;
        answered::<Postgres, _>(silence, snapshot.rollback()).await?;
        answered::<Postgres, _>(silence, connection.close()).await?;
        Ok(WarehouseRead { rows, warehouses: warehouses.clone() })
    }
}

/// Connects, within the time that a silent server is waited for.
pub(crate) async fn connect(
    address: &ServerAddress,
    statement_timeout: Duration,
) -> Result<PgConnection, WarehouseError> {
    let options = address.whole().parse::<PgConnectOptions>().map_err(|error| connecting(&error))?;
    let options = options.application_name("wixsync").disable_statement_logging();
    answered::<Postgres, _>(Some(silence(statement_timeout)), options.connect()).await
}

#[async_trait]
impl Warehouse for PostgresWarehouse {
    async fn read(&self) -> Result<WarehouseRead, WarehouseError> {
        self.snapshot().await.map_err(|error| of_server(&self.settings.address, &error))
    }
}

impl Engine for Postgres {
    /// The server writes every number as a text: exactly, of whatever type it is, and without the padding of CHAR.
    fn readable(select: &str, columns: &[PgColumn]) -> Result<String, WarehouseError> {
        let mut read = Vec::with_capacity(columns.len());
        for column in columns {
            let name = column.name();
            read.push(match name.to_lowercase().as_str() {
                "sku" | "warehouse" if !holds_texts(column) => {
                    return Err(not_a_text(name, column.type_info().name()));
                }
                "sku" | "warehouse" | "quantity" => format!("source.\"{}\"::text", name.replace('"', "\"\"")),
                _ => "NULL::text".to_owned(),
            });
        }
        Ok(format!("SELECT {} FROM ({select}) AS source", read.join(", ")))
    }

    fn text(row: &PgRow, column: usize) -> Result<Arc<str>, WarehouseError> {
        let text: Option<&str> = row.try_get_unchecked(column).map_err(|error| failure(&error))?;
        Ok(Arc::from(text.unwrap_or_default()))
    }

    fn quantity(row: &PgRow, column: usize) -> Result<Result<Decimal, SkipReason>, WarehouseError> {
        let text: Option<&str> = row.try_get_unchecked(column).map_err(|error| failure(&error))?;
        Ok(text.map_or(Err(SkipReason::QuantityUnknown), decimal_of_text))
    }

    fn failure(error: &sqlx::Error) -> WarehouseError {
        failure(error)
    }
}

/// Whether the column is of a type that SKUs and names are kept in: texts, whole numbers, and what a merchant's own
/// types make of them.
fn holds_texts(column: &PgColumn) -> bool {
    let kind = column.type_info();
    let simple =
        ["TEXT", "VARCHAR", "CHAR", "\"CHAR\"", "NAME", "CITEXT", "UUID", "INT2", "INT4", "INT8", "NUMERIC"];
    match kind.kind() {
        PgTypeKind::Enum(_) | PgTypeKind::Domain(_) => true,
        _ => simple.iter().any(|name| kind.name().eq_ignore_ascii_case(name)),
    }
}

/// The error of a failed query. PostgreSQL's codes: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
pub(crate) fn failure(error: &sqlx::Error) -> WarehouseError {
    let Some(said) = error.as_database_error() else { return connecting(error) };
    let code = said.code().unwrap_or_default();
    let class = match &*code {
        "42P01" | "42703" | "3F000" => WarehouseErrorClass::Schema,
        "42501" => WarehouseErrorClass::Denied,
        "57014" => WarehouseErrorClass::Timeout,
        "55P03" => WarehouseErrorClass::Locked,
        // Credentials, a database that is not there, too many connections, a server that starts or stops.
        code if ["28", "3D", "53", "57", "08"].iter().any(|kind| code.starts_with(kind)) => {
            WarehouseErrorClass::Unreachable
        }
        "XX001" | "XX002" => WarehouseErrorClass::Damaged,
        _ => WarehouseErrorClass::Query,
    };
    WarehouseError::new(class, said.message())
}
