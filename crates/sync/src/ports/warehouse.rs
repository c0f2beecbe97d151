//! The warehouse port: one snapshot of all rows.

use std::fmt;

use async_trait::async_trait;
use domain::run::{FailedAt, Failure};
use domain::stock::{StockRows, Warehouses};

/// The merchant's database. It is only read.
#[async_trait]
pub trait Warehouse: Send + Sync {
    /// Reads all rows from one snapshot that begins after the call.
    async fn read(&self) -> Result<WarehouseRead, WarehouseError>;
}

/// One read of the warehouse.
#[derive(Debug, Clone)]
pub struct WarehouseRead {
    /// The rows.
    pub rows: StockRows,
    /// The warehouses to sum.
    pub warehouses: Warehouses,
}

/// The kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WarehouseErrorClass {
    /// There is no database at the configured address.
    Missing,
    /// The database cannot be opened.
    Unreachable,
    /// Another program has locked the database for longer than a read waits.
    Locked,
    /// The database is damaged, or was copied only in part.
    Damaged,
    /// Another program stopped in the middle of a change. Undoing what it left takes a writer, and a read is none.
    Unfinished,
    /// The database's user may not read the tables.
    Denied,
    /// The database server did not answer in time.
    Timeout,
    /// The tables or columns are not the expected ones.
    Schema,
    /// The query failed.
    Query,
    /// A value is not a number.
    Value,
    /// No row names any of the chosen warehouses.
    NoSuchWarehouse,
}

impl WarehouseErrorClass {
    /// Every value.
    pub const ALL: &'static [Self] = &[
        Self::Missing,
        Self::Unreachable,
        Self::Locked,
        Self::Damaged,
        Self::Unfinished,
        Self::Denied,
        Self::Timeout,
        Self::Schema,
        Self::Query,
        Self::Value,
        Self::NoSuchWarehouse,
    ];

    /// The code that programs read; it never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "warehouse_missing",
            Self::Unreachable => "warehouse_unreachable",
            Self::Locked => "warehouse_locked",
            Self::Damaged => "warehouse_damaged",
            Self::Unfinished => "warehouse_unfinished",
            Self::Denied => "warehouse_denied",
            Self::Timeout => "warehouse_timeout",
            Self::Schema => "warehouse_schema",
            Self::Query => "warehouse_query",
            Self::Value => "warehouse_value",
            Self::NoSuchWarehouse => "warehouse_unknown_name",
        }
    }
}

/// A failure of the warehouse. Its text is free of secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct WarehouseError {
    /// Its kind.
    pub class: WarehouseErrorClass,
    /// What the database said.
    pub detail: String,
}

impl WarehouseError {
    /// A failure of `class` with this detail.
    #[must_use]
    pub fn new(class: WarehouseErrorClass, detail: impl Into<String>) -> Self {
        Self { class, detail: detail.into() }
    }

    /// No row names any of the chosen warehouses.
    pub(crate) fn no_such(names: String) -> Self {
        Self::new(WarehouseErrorClass::NoSuchWarehouse, names)
    }
}

impl From<WarehouseError> for Failure {
    fn from(error: WarehouseError) -> Self {
        Self { at: FailedAt::Warehouse, code: error.class.code().to_owned(), detail: error.detail }
    }
}

impl fmt::Display for WarehouseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class.code(), self.detail)
    }
}
