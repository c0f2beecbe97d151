//! The tables of a SQLite file.

use std::path::PathBuf;

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, SqlSafeStr, Sqlite, SqliteConnection};
use sync::ports::WarehouseError;

use super::{Catalog, Column, Table, counted};
use crate::sqlite::{BUSY_TIMEOUT, connect, failure};

/// A SQLite file that is opened read-only for each listing.
#[derive(Debug, Clone)]
pub struct SqliteCatalog {
    file: PathBuf,
}

impl SqliteCatalog {
    /// Creates the catalog without opening the file.
    #[must_use]
    pub fn new(file: PathBuf) -> Self {
        Self { file }
    }
}

#[async_trait]
impl Catalog for SqliteCatalog {
    async fn tables(&self) -> Result<Vec<Table>, WarehouseError> {
        let mut connection = connect(&self.file, BUSY_TIMEOUT).await?;
        let sql = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')
                   AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
        let names = sqlx::query_scalar(sql).fetch_all(&mut connection).await;
        let names: Vec<String> = names.map_err(|error| failure(&error))?;
        let mut tables = Vec::with_capacity(names.len());
        for name in names {
            let columns = columns(&mut connection, &name).await?;
            let quoted = self.quoted(&name);
            tables.push(counted::<Sqlite>(&mut connection, None, &quoted, name, columns).await?);
        }
        Ok(tables)
    }

    async fn texts(&self, table: &str, column: &str, most: u32) -> Result<Vec<String>, WarehouseError> {
        let mut connection = connect(&self.file, BUSY_TIMEOUT).await?;
        let columns = columns(&mut connection, table).await?;
        if !columns.iter().any(|one| one.name.eq_ignore_ascii_case(column)) {
            return Ok(Vec::new());
        }
        let (table, column) = (self.quoted(table), self.quoted(column));
        let sql =
            format!("SELECT DISTINCT {column} FROM {table} WHERE typeof({column}) = 'text' LIMIT {most}");
        // Both names are quoted.
        let texts = sqlx::query_scalar(AssertSqlSafe(sql).into_sql_str()).fetch_all(&mut connection).await;
        texts.map_err(|error| failure(&error))
    }

    fn quoted(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

async fn columns(connection: &mut SqliteConnection, table: &str) -> Result<Vec<Column>, WarehouseError> {
    let sql = "SELECT name, pk FROM pragma_table_info(?)";
    let found = sqlx::query_as(sql).bind(table).fetch_all(&mut *connection).await;
    let found: Vec<(String, i64)> = found.map_err(|error| failure(&error))?;
    // Columns that alone form a unique index.
    let sql = "SELECT min(i.name) FROM pragma_index_list(?) AS l, pragma_index_info(l.name) AS i
               WHERE l.\"unique\" GROUP BY l.name HAVING count(*) = 1";
    let unique = sqlx::query_scalar(sql).bind(table).fetch_all(&mut *connection).await;
    let unique: Vec<Option<String>> = unique.map_err(|error| failure(&error))?;
    // A foreign key without a column name references the other table's primary key.
    let sql = "SELECT f.\"from\", f.\"table\", coalesce(f.\"to\", (SELECT name FROM pragma_table_info(f.\"table\") WHERE pk = 1))
               FROM pragma_foreign_key_list(?) AS f";
    let foreign = sqlx::query_as(sql).bind(table).fetch_all(&mut *connection).await;
    let foreign: Vec<(String, String, Option<String>)> = foreign.map_err(|error| failure(&error))?;
    let keys = found.iter().filter(|(_, place)| *place > 0).count();
    let column = |(name, place): (String, i64)| {
        let points_to = foreign.iter().find(|(from, ..)| *from == name);
        Column {
            is_key: (place > 0 && keys == 1) || unique.iter().flatten().any(|unique| *unique == name),
            points_to: points_to.and_then(|(_, table, column)| Some((table.clone(), column.clone()?))),
            name,
        }
    };
    Ok(found.into_iter().map(column).collect())
}
