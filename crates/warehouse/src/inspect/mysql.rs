//! The tables of a MySQL or MariaDB database.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Connection, MySql, MySqlConnection};
use sync::ports::WarehouseError;

use super::{Catalog, Column, Table, counted};
use crate::address::ServerAddress;
use crate::mysql::connect;
use crate::open::STATEMENT_TIMEOUT;
use crate::reading::answered;
use crate::server::{of_server, silence};

/// How long to wait for each answer.
const SILENCE: Option<Duration> = Some(silence(STATEMENT_TIMEOUT));

const TABLES: &str = "SELECT CONVERT(table_name USING utf8mb4) FROM information_schema.tables
    WHERE table_schema = DATABASE() ORDER BY table_name";

/// Each column, and whether an index over it alone is unique.
const COLUMNS: &str = "SELECT CONVERT(c.column_name USING utf8mb4), EXISTS (
        SELECT 1 FROM information_schema.statistics AS i
        WHERE i.table_schema = c.table_schema AND i.table_name = c.table_name AND i.non_unique = 0
        GROUP BY i.index_name HAVING COUNT(*) = 1 AND MAX(i.column_name) = c.column_name)
    FROM information_schema.columns AS c
    WHERE c.table_schema = DATABASE() AND c.table_name = ? ORDER BY c.ordinal_position";

/// The columns that foreign keys of a table name, each with the column that has the key.
const FOREIGN: &str =
    "SELECT CONVERT(column_name USING utf8mb4), CONVERT(referenced_table_name USING utf8mb4),
        CONVERT(referenced_column_name USING utf8mb4)
    FROM information_schema.key_column_usage
    WHERE table_schema = DATABASE() AND table_name = ? AND referenced_table_schema = DATABASE()
    ORDER BY constraint_name, ordinal_position";

/// A MySQL or MariaDB database that is connected to for each listing.
#[derive(Debug, Clone)]
pub(crate) struct MysqlCatalog {
    address: ServerAddress,
}

impl MysqlCatalog {
    /// Creates the catalog without connecting.
    pub(crate) fn new(address: ServerAddress) -> Self {
        Self { address }
    }

    async fn listed(&self) -> Result<Vec<Table>, WarehouseError> {
        let mut connection = connect(&self.address, STATEMENT_TIMEOUT).await?;
        let asked = sqlx::query_scalar(TABLES).fetch_all(&mut connection);
        let names: Vec<String> = answered::<MySql, _>(SILENCE, asked).await?;
        let mut tables = Vec::with_capacity(names.len());
        for name in names {
            let columns = columns(&mut connection, &name).await?;
            let quoted = self.quoted(&name);
            tables.push(counted::<MySql>(&mut connection, SILENCE, &quoted, name, columns).await?);
        }
        answered::<MySql, _>(SILENCE, connection.close()).await?;
        Ok(tables)
    }

    async fn texts_of(&self, table: &str, column: &str, most: u32) -> Result<Vec<String>, WarehouseError> {
        let mut connection = connect(&self.address, STATEMENT_TIMEOUT).await?;
        let columns = columns(&mut connection, table).await?;
        if !columns.iter().any(|one| one.name.eq_ignore_ascii_case(column)) {
            return Ok(Vec::new());
        }
        let (table, column) = (self.quoted(table), self.quoted(column));
        let sql = format!(
            "SELECT DISTINCT CAST({column} AS CHAR) FROM {table}
             WHERE CAST({column} AS CHAR) NOT REGEXP '^ *[-+]?[0-9.]+ *$' LIMIT {most}"
        );
        // Both names are quoted.
        answered::<MySql, _>(SILENCE, sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut connection)).await
    }
}

#[async_trait]
impl Catalog for MysqlCatalog {
    async fn tables(&self) -> Result<Vec<Table>, WarehouseError> {
        self.listed().await.map_err(|error| of_server(&self.address, &error))
    }

    async fn texts(&self, table: &str, column: &str, most: u32) -> Result<Vec<String>, WarehouseError> {
        self.texts_of(table, column, most).await.map_err(|error| of_server(&self.address, &error))
    }

    fn quoted(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }
}

async fn columns(connection: &mut MySqlConnection, table: &str) -> Result<Vec<Column>, WarehouseError> {
    let asked = sqlx::query_as(COLUMNS).bind(table).fetch_all(&mut *connection);
    let found: Vec<(String, bool)> = answered::<MySql, _>(SILENCE, asked).await?;
    let asked = sqlx::query_as(FOREIGN).bind(table).fetch_all(connection);
    let foreign: Vec<(String, String, String)> = answered::<MySql, _>(SILENCE, asked).await?;
    let column = |(name, is_key): (String, bool)| {
        let named = foreign.iter().find(|(from, ..)| *from == name);
        Column { points_to: named.map(|(_, table, column)| (table.clone(), column.clone())), is_key, name }
    };
    Ok(found.into_iter().map(column).collect())
}
