//! Adapters for the merchant's own SQL database.
//!
//! - [`open`](fn@open) gives the `Warehouse` port over the database of a URL. It only reads.
//! - [`inspect`] lists tables and columns, so that `wixsync init` can propose a configuration. It only reads.
//! - [`import`] writes a stock list into the database. It is the only part that writes.

pub mod import;
pub mod inspect;
mod open;
mod row;
mod sqlite;

pub use open::{BadUrl, WarehouseUrl, begin_import, catalog, open};
pub use sqlite::{Settings, SqliteWarehouse};

/// Where the stock rows come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Source {
    /// The tables `product(sku, …)` and `stock(sku, warehouse, quantity)`.
    #[default]
    Tables,
    /// A SELECT that returns `sku`, `quantity` and optionally `warehouse`.
    Query(String),
}
