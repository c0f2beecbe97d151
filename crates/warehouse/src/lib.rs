//! The Warehouse port over the merchant's own SQL database, which only ever reads; and the import of stock lists,
//! the one thing that writes.

pub mod import;
pub mod inspect;
mod open;
mod row;
mod sqlite;

pub use open::{BadUrl, WarehouseUrl, begin_import, catalog, open};
pub use sqlite::{Settings, SqliteWarehouse};

/// Where the rows come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Source {
    /// The tables `product(sku, …)` and `stock(sku, warehouse, quantity)`.
    #[default]
    Tables,
    /// A SELECT that gives `sku`, `quantity` and perhaps `warehouse`.
    Query(String),
}
