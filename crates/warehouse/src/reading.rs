//! Reads the stock rows from one snapshot, the same way from every database.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use domain::SkipReason;
use domain::stock::{StockRow, StockRows, Warehouses};
use futures::TryStreamExt;
use rust_decimal::Decimal;
use sqlx::{
    AssertSqlSafe, Column, ColumnIndex, Database, Executor, IntoArguments, Row, SqlSafeStr, Statement,
    ValueRef,
};
use sync::ports::{WarehouseError, WarehouseErrorClass};

use crate::Source;

const PRODUCTS: &str = "SELECT sku FROM product";
const STOCK: &str = "SELECT sku, warehouse, quantity FROM stock";

/// What differs between the databases when rows are read.
pub(crate) trait Engine: Database {
    /// The merchant's query as a subquery, so that it can only be a single SELECT: a second statement or a write is a
    /// syntax error. The line break ends a trailing comment.
    fn as_one_select(query: &str) -> String {
        let query = query.trim_end_matches(|c: char| c.is_whitespace() || c == ';');
        format!("SELECT * FROM ({query}\n) AS merchant")
    }

    /// The SELECT that reads these columns of `select`, in their order, each as a type that the values below are read
    /// from. Fails where a column cannot hold what it is for.
    fn readable(select: &str, _columns: &[Self::Column]) -> Result<String, WarehouseError> {
        Ok(select.to_owned())
    }

    /// Reads a text unchanged, a whole number as its digits, and NULL as the empty text.
    fn text(row: &Self::Row, column: usize) -> Result<Arc<str>, WarehouseError>;

    /// Reads a number exactly, or says why there is none.
    fn quantity(row: &Self::Row, column: usize) -> Result<Result<Decimal, SkipReason>, WarehouseError>;

    /// The error of a failed query.
    fn failure(error: &sqlx::Error) -> WarehouseError;
}

/// What is read, and how long a silent database is waited for.
pub(crate) struct Reader<'a> {
    pub(crate) source: &'a Source,
    pub(crate) warehouses: &'a Warehouses,
    /// For the next row. `None`: the database is a file, which answers or fails.
    pub(crate) silence: Option<Duration>,
}

impl Reader<'_> {
    /// Reads all rows over a connection that is in a transaction with one snapshot.
    pub(crate) async fn rows<E: Engine>(
        &self,
        connection: &mut E::Connection,
    ) -> Result<StockRows, WarehouseError>
    where
        for<'c> &'c mut E::Connection: Executor<'c, Database = E>,
        E::Arguments: IntoArguments<E>,
        usize: ColumnIndex<E::Row>,
    {
        match self.source {
            Source::Tables => {
                let read = |row: &E::Row, at: Columns| E::text(row, at.sku);
                let products = self.read_rows::<E, _>(connection, PRODUCTS, &["sku"], read).await?;
                let needed = ["sku", "warehouse", "quantity"];
                let stock = self.read_rows::<E, _>(connection, STOCK, &needed, stock_row::<E>()).await?;
                Ok(StockRows::Tables { products, stock })
            }
            Source::Query(query) => {
                let needed: &[&str] = match self.warehouses {
                    Warehouses::All => &["sku", "quantity"],
                    Warehouses::Chosen(_) => &["sku", "quantity", "warehouse"],
                };
                let query = E::as_one_select(query);
                Ok(StockRows::Query(
                    self.read_rows::<E, _>(connection, &query, needed, stock_row::<E>()).await?,
                ))
            }
        }
    }

    async fn read_rows<E: Engine, T>(
        &self,
        connection: &mut E::Connection,
        select: &str,
        needed: &[&str],
        mut read: impl FnMut(&E::Row, Columns) -> Result<T, WarehouseError>,
    ) -> Result<Vec<T>, WarehouseError>
    where
        for<'c> &'c mut E::Connection: Executor<'c, Database = E>,
        E::Arguments: IntoArguments<E>,
        usize: ColumnIndex<E::Row>,
    {
        // The merchant writes this query for their own database, which is only read.
        let prepare = connection.prepare(AssertSqlSafe(select).into_sql_str());
        let statement = answered::<E, _>(self.silence, prepare).await?;
        let columns = columns::<E>(statement.columns(), needed)?;
        let readable = AssertSqlSafe(E::readable(select, statement.columns())?);
        let mut stream = sqlx::query(readable).fetch(connection);
        let mut rows = Vec::new();
        while let Some(row) = answered::<E, _>(self.silence, stream.try_next()).await? {
            rows.push(read(&row, columns)?);
        }
        Ok(rows)
    }
}

/// What the database answers, unless it is silent for longer than `silence`.
pub(crate) async fn answered<E: Engine, T>(
    silence: Option<Duration>,
    answer: impl Future<Output = sqlx::Result<T>>,
) -> Result<T, WarehouseError> {
    let Some(longest) = silence else { return answer.await.map_err(|error| E::failure(&error)) };
    let answered = tokio::time::timeout(longest, answer).await;
    let in_time = answered.map_err(|_| {
        let detail = format!("no answer for {} s", longest.as_secs_f64());
        WarehouseError::new(WarehouseErrorClass::Timeout, detail)
    })?;
    in_time.map_err(|error| E::failure(&error))
}

/// Reads a stock row. Warehouses have few names, so that each is kept once.
fn stock_row<E: Engine>() -> impl FnMut(&E::Row, Columns) -> Result<StockRow, WarehouseError>
where
    usize: ColumnIndex<E::Row>,
{
    let mut names: HashMap<Arc<str>, Arc<str>> = HashMap::new();
    move |row, at| {
        let warehouse = match at.warehouse {
            Some(column) if !is_null::<E>(row, column)? => {
                let name = E::text(row, column)?;
                Some(Arc::clone(names.entry(Arc::clone(&name)).or_insert(name)))
            }
            _ => None,
        };
        let quantity = at.quantity.map_or(Ok(Err(SkipReason::QuantityUnknown)), |at| E::quantity(row, at))?;
        Ok(StockRow { sku: E::text(row, at.sku)?, warehouse, quantity })
    }
}

/// The indexes of the columns in a row.
#[derive(Clone, Copy)]
struct Columns {
    sku: usize,
    warehouse: Option<usize>,
    quantity: Option<usize>,
}

fn columns<E: Engine>(found: &[E::Column], needed: &[&str]) -> Result<Columns, WarehouseError> {
    let names: Vec<String> = found.iter().map(|column| column.name().to_lowercase()).collect();
    let at = |name: &str| names.iter().position(|found| found == name);
    let missing: Vec<&str> = needed.iter().copied().filter(|name| at(name).is_none()).collect();
    match (at("sku"), missing.is_empty()) {
        (Some(sku), true) => Ok(Columns { sku, warehouse: at("warehouse"), quantity: at("quantity") }),
        _ => Err(WarehouseError::new(
            WarehouseErrorClass::Schema,
            format!("no column {}; the columns are {}", missing.join(", "), names.join(", ")),
        )),
    }
}

pub(crate) fn is_null<E: Engine>(row: &E::Row, column: usize) -> Result<bool, WarehouseError>
where
    usize: ColumnIndex<E::Row>,
{
    Ok(row.try_get_raw(column).map_err(|error| E::failure(&error))?.is_null())
}

/// The error of a column of texts with a value of another type.
pub(crate) fn not_a_text(name: &str, kind: &str) -> WarehouseError {
    let detail = format!("column {name} has a value of type {kind}, but must be text");
    WarehouseError::new(WarehouseErrorClass::Value, detail)
}
