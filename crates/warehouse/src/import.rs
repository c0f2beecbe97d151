//! A stock list becomes the content of the tables `product` and `stock`, all of it or nothing.
//!
//! Rows are compared here, byte for byte, and never by the database's collation. What was written is read back
//! before it is kept: a column that makes numbers of SKUs, or a trigger, must not change them unseen.

mod changes;
mod sqlite;

use std::sync::Arc;

use domain::Sku;
use rust_decimal::Decimal;
use sync::ports::WarehouseError;

pub use changes::{Change, Changes, PartOfAll};
pub use sqlite::Import;

/// The units of one SKU in one warehouse, as a list has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// The SKU.
    pub sku: Sku,
    /// The warehouse.
    pub warehouse: Arc<str>,
    /// The units: at most 15 significant digits, so that a database keeps them exactly whatever its column's type.
    pub quantity: Decimal,
    /// What else is known of the goods; `None` leaves alone what the product table has.
    pub details: Details,
}

/// What describes goods. Nothing is decided by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the column of its name in the product table")]
pub struct Details {
    pub name: Option<Box<str>>,
    pub brand: Option<Box<str>>,
    pub price: Option<Box<str>>,
    pub description: Option<Box<str>>,
}

impl Details {
    /// The columns, in the order of [`Details::texts`].
    pub(crate) const COLUMNS: [&'static str; 4] = ["name", "brand", "price", "description"];

    pub(crate) fn texts(&self) -> [Option<&str>; 4] {
        [&self.name, &self.brand, &self.price, &self.description].map(|text| text.as_deref())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.texts().iter().all(Option::is_none)
    }
}

/// Which stock rows of the database go when the list does not have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// None: the list is a part of the stock.
    Nothing,
    /// Those of one warehouse: the list is all of its stock.
    Warehouse(Arc<str>),
    /// All: the list is the whole stock.
    Everything,
}

impl Reach {
    fn covers(&self, warehouse: Option<&str>) -> bool {
        match self {
            Self::Nothing => false,
            Self::Warehouse(name) => warehouse == Some(&**name),
            Self::Everything => true,
        }
    }
}

/// Why a list is not imported. Nothing of it is kept then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The database cannot be opened, read or written.
    #[error("{0}")]
    Database(#[from] WarehouseError),
    /// `product` or `stock` is something that rows cannot be written to one by one: a view, or a table without
    /// row numbers.
    #[error("{name} is no ordinary table")]
    NotATable {
        /// Which.
        name: &'static str,
    },
    /// The table lacks columns.
    #[error("table {table} has no column {missing}")]
    MissingColumns {
        /// Which table.
        table: &'static str,
        /// The columns.
        missing: String,
    },
    /// The database has made something else of a row.
    #[error("the database keeps {found} for SKU {sku}")]
    NotKept {
        /// The SKU of the row.
        sku: Sku,
        /// What was read back.
        found: String,
    },
}
