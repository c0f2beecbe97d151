//! What the warehouses on a database server have in common.

use std::time::Duration;

use domain::stock::Warehouses;
use sync::ports::{WarehouseError, WarehouseErrorClass};

use crate::Source;
use crate::address::ServerAddress;

/// How much longer a silent server is waited for than its own limit, which it tells by itself.
const GRACE: Duration = Duration::from_secs(5);

/// The settings of a warehouse on a database server.
#[derive(Debug, Clone)]
pub(crate) struct ServerSettings {
    pub(crate) address: ServerAddress,
    pub(crate) source: Source,
    pub(crate) warehouses: Warehouses,
    /// How long the server may work on one statement.
    pub(crate) statement_timeout: Duration,
}

/// How long to wait for the next word of a server with this limit. It ends a read over a network that has failed.
pub(crate) const fn silence(statement_timeout: Duration) -> Duration {
    statement_timeout.saturating_add(GRACE)
}

/// The error of a connection, or of an answer that makes no sense.
pub(crate) fn connecting(error: &sqlx::Error) -> WarehouseError {
    let class = match error {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => WarehouseErrorClass::Value,
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Configuration(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::Database(_) => WarehouseErrorClass::Unreachable,
        _ => WarehouseErrorClass::Query,
    };
    WarehouseError::new(class, error.to_string())
}

/// The error with the server's address, and without its password.
pub(crate) fn of_server(address: &ServerAddress, error: &WarehouseError) -> WarehouseError {
    WarehouseError::new(error.class, format!("{address}: {}", address.masked(&error.detail)))
}
