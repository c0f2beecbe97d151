//! Lists the tables of a database, so that `wixsync init` can propose where the stock comes from.

mod mysql;
mod postgres;
mod sqlite;

use std::time::Duration;

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Executor, IntoArguments, Type};
use sync::ports::WarehouseError;

use crate::reading::{Engine, answered};

pub(crate) use mysql::MysqlCatalog;
pub(crate) use postgres::PostgresCatalog;
pub use sqlite::SqliteCatalog;

/// A database whose tables can be listed. Nothing is written.
#[async_trait]
pub trait Catalog: Send + Sync {
    /// All tables and views except the database's internal ones, sorted by name.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be opened or read.
    async fn tables(&self) -> Result<Vec<Table>, WarehouseError>;

    /// Different texts in a column, leaving out numbers; at most `most`. None if there is no such table or column.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be opened or read.
    async fn texts(&self, table: &str, column: &str, most: u32) -> Result<Vec<String>, WarehouseError>;

    /// Quotes a name for use in a query.
    fn quoted(&self, name: &str) -> String;
}

/// A table or a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of the table.
    pub columns: Vec<Column>,
    /// The number of rows.
    pub rows: u64,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether this column alone identifies a row (primary key or unique).
    pub is_key: bool,
    /// The table and column that it references, if the database declares a foreign key.
    pub points_to: Option<(String, String)>,
}

/// The table of this name, with the number of its rows. `quoted` is the name as a query needs it.
async fn counted<E: Engine>(
    connection: &mut E::Connection,
    silence: Option<Duration>,
    quoted: &str,
    name: String,
    columns: Vec<Column>,
) -> Result<Table, WarehouseError>
where
    for<'c> &'c mut E::Connection: Executor<'c, Database = E>,
    E::Arguments: IntoArguments<E>,
    usize: ColumnIndex<E::Row>,
    i64: Type<E> + for<'r> Decode<'r, E>,
{
    // The name comes from the database itself and is quoted.
    let count = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {quoted}")));
    let rows: i64 = answered::<E, _>(silence, count.fetch_one(connection)).await?;
    Ok(Table { name, columns, rows: u64::try_from(rows).unwrap_or(0) })
}

impl Table {
    /// Finds a column by name, ignoring ASCII case.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}
