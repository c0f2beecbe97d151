//! Adapters for the merchant's own SQL database.
//!
//! - [`WarehouseUrl`] names a database; [`open()`] gives the `Warehouse` port over it. It only reads, in one snapshot.
//! - [`catalog`] lists tables and columns, so that `wixsync init` can propose a configuration. It only reads.
//! - [`begin_import`] starts an [`import`] of a stock list. It is the only part that writes.
//! - [`Source`]: the tables `product` and `stock`, or a query of the merchant's.
//!
//! Start with `open.rs`, the only place that knows which databases a warehouse may be. `reading.rs` reads the rows the
//! same way from each of them; `sqlite.rs`, `postgres.rs` and `mysql.rs` hold what differs: how to connect, what a
//! snapshot is, types and errors. Values of any column type become numbers in `row.rs`, exactly.

mod address;
pub mod import;
pub mod inspect;
mod mysql;
mod open;
mod postgres;
mod reading;
mod row;
mod server;
mod sqlite;

pub use open::{Patience, STATEMENT_TIMEOUT, WarehouseUrl, begin_import, catalog, open};
pub use sqlite::{BUSY_TIMEOUT, Settings, SqliteWarehouse};

/// Where the stock rows come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Source {
    /// The tables `product(sku, …)` and `stock(sku, warehouse, quantity)`.
    #[default]
    Tables,
    /// A SELECT that returns `sku`, `quantity` and optionally `warehouse`.
    Query(String),
}
