//! The tables of a PostgreSQL database.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Postgres};
use sync::ports::WarehouseError;

use super::{Catalog, Column, Table, counted};
use crate::address::ServerAddress;
use crate::open::STATEMENT_TIMEOUT;
use crate::postgres::connect;
use crate::reading::answered;
use crate::server::{of_server, silence};

/// How long to wait for each answer.
const SILENCE: Option<Duration> = Some(silence(STATEMENT_TIMEOUT));

/// What a SELECT may read without naming a schema: tables, partitioned and foreign ones too, and views.
const TABLES: &str = "SELECT c.oid::bigint, c.relname::text FROM pg_class AS c
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND pg_table_is_visible(c.oid)
      AND c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
    ORDER BY c.relname";

/// Each column, whether an index over it alone is unique, and the column that a foreign key over it alone names.
const COLUMNS: &str = "SELECT a.attname::text,
        EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = a.attrelid AND i.indisunique
                AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum),
        other.relname::text, named.attname::text
    FROM pg_attribute AS a
    LEFT JOIN pg_constraint AS f ON f.conrelid = a.attrelid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum]
    LEFT JOIN pg_class AS other ON other.oid = f.confrelid
    LEFT JOIN pg_attribute AS named ON named.attrelid = f.confrelid AND named.attnum = f.confkey[1]
    WHERE a.attrelid = $1::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum";

/// A PostgreSQL database that is connected to for each listing.
#[derive(Debug, Clone)]
pub(crate) struct PostgresCatalog {
    address: ServerAddress,
}

impl PostgresCatalog {
    /// Creates the catalog without connecting.
    pub(crate) fn new(address: ServerAddress) -> Self {
        Self { address }
    }

    async fn listed(&self) -> Result<Vec<Table>, WarehouseError> {
        let mut connection = connect(&self.address, STATEMENT_TIMEOUT).await?;
        let names = names(&mut connection).await?;
        let mut tables = Vec::with_capacity(names.len());
        for (id, name) in names {
            let columns = columns(&mut connection, id).await?;
            let quoted = self.quoted(&name);
            tables.push(counted::<Postgres>(&mut connection, SILENCE, &quoted, name, columns).await?);
        }
        answered::<Postgres, _>(SILENCE, connection.close()).await?;
        Ok(tables)
    }

    async fn texts_of(&self, table: &str, column: &str, most: u32) -> Result<Vec<String>, WarehouseError> {
        let mut connection = connect(&self.address, STATEMENT_TIMEOUT).await?;
        let names = names(&mut connection).await?;
        let Some((id, _)) = names.iter().find(|(_, name)| name == table) else { return Ok(Vec::new()) };
        let columns = columns(&mut connection, *id).await?;
        let Some(found) = columns.iter().find(|one| one.name.eq_ignore_ascii_case(column)) else {
            return Ok(Vec::new());
        };
        let (table, column) = (self.quoted(table), self.quoted(&found.name));
        let sql = format!(
            "SELECT DISTINCT {column}::text FROM {table} WHERE {column}::text !~ '^ *[-+]?[0-9.]+ *$' LIMIT {most}"
        );
        // Both names are quoted.
        answered::<Postgres, _>(SILENCE, sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut connection))
            .await
    }
}

#[async_trait]
impl Catalog for PostgresCatalog {
    async fn tables(&self) -> Result<Vec<Table>, WarehouseError> {
        self.listed().await.map_err(|error| of_server(&self.address, &error))
    }

    async fn texts(&self, table: &str, column: &str, most: u32) -> Result<Vec<String>, WarehouseError> {
        self.texts_of(table, column, most).await.map_err(|error| of_server(&self.address, &error))
    }

    fn quoted(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// The tables, each with its id.
async fn names(connection: &mut PgConnection) -> Result<Vec<(i64, String)>, WarehouseError> {
    answered::<Postgres, _>(SILENCE, sqlx::query_as(TABLES).fetch_all(connection)).await
}

async fn columns(connection: &mut PgConnection, table: i64) -> Result<Vec<Column>, WarehouseError> {
    let asked = sqlx::query_as(COLUMNS).bind(table).fetch_all(connection);
    let found: Vec<(String, bool, Option<String>, Option<String>)> =
        answered::<Postgres, _>(SILENCE, asked).await?;
    let mut columns: Vec<Column> = Vec::with_capacity(found.len());
    for (name, is_key, table, column) in found {
        // A column with two foreign keys is listed twice; the first one tells enough.
        if columns.last().is_none_or(|last| last.name != name) {
            columns.push(Column { name, is_key, points_to: table.zip(column) });
        }
    }
    Ok(columns)
}
