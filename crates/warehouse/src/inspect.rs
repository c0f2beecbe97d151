//! What tables a database has: for proposing where the stock comes from.

mod sqlite;

use async_trait::async_trait;
use sync::ports::WarehouseError;

pub use sqlite::SqliteCatalog;

/// A database whose tables can be looked at. Nothing is written.
#[async_trait]
pub trait Catalog: Send + Sync {
    /// Its tables and views, without the database's own, in order of their names.
    ///
    /// # Errors
    ///
    /// The database cannot be opened or read.
    async fn tables(&self) -> Result<Vec<Table>, WarehouseError>;

    /// A name as it stands in a query, whatever characters it holds.
    fn quoted(&self, name: &str) -> String;
}

/// A table or a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// How many rows it has.
    pub rows: u64,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether it identifies a row alone.
    pub is_key: bool,
    /// The table and column that it points to, where the database says so.
    pub points_to: Option<(String, String)>,
}

impl Table {
    /// The column of this name, whatever the case of its letters.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}
