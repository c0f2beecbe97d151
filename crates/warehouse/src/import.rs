//! Imports a stock list into the tables `product` and `stock`, completely or not at all.
//!
//! Rows are compared byte for byte in Rust, never by the database's collation. Before the commit the written rows
//! are read back and compared, so that a numeric column type or a trigger cannot change a SKU unnoticed.

mod changes;
mod slipped;
mod sqlite;
mod stored;

use std::collections::HashMap;
use std::sync::Arc;

use domain::Sku;
use rust_decimal::Decimal;
use sync::ports::WarehouseError;

pub use changes::{Change, Changes, PartialList};
pub use sqlite::Import;

/// The quantity of one SKU in one warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// The SKU.
    pub sku: Sku,
    /// The warehouse.
    pub warehouse: Arc<str>,
    /// The quantity in units, with at most 15 significant digits, so that a column of any type stores it exactly.
    pub quantity: Decimal,
    /// Descriptive fields. `None` keeps the value that the product table has.
    pub details: Details,
}

/// Descriptive fields of a product. No decision depends on them.
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

/// Rows whose quantity the list does not know, so that the database keeps what it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    places: HashMap<Sku, Vec<Arc<str>>>,
}

impl Kept {
    /// The rows of these SKUs and warehouses.
    #[must_use]
    pub fn of(rows: impl IntoIterator<Item = (Sku, Arc<str>)>) -> Self {
        let mut places: HashMap<Sku, Vec<Arc<str>>> = HashMap::new();
        for (sku, warehouse) in rows {
            places.entry(sku).or_default().push(warehouse);
        }
        Self { places }
    }

    fn holds(&self, sku: &str, warehouse: Option<&str>) -> bool {
        let places = self.places.get(sku).map(Vec::as_slice).unwrap_or_default();
        places.iter().any(|place| warehouse == Some(&**place))
    }

    fn skus(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(Sku::as_str)
    }
}

/// Which stock rows of the database are deleted if the list does not contain them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplaceScope {
    /// No rows: the list is only a part of the stock.
    Nothing,
    /// The rows of one warehouse: the list is its complete stock.
    Warehouse(Arc<str>),
    /// All rows: the list is the complete stock.
    Everything,
}

impl ReplaceScope {
    fn covers(&self, warehouse: Option<&str>) -> bool {
        match self {
            Self::Nothing => false,
            Self::Warehouse(name) => warehouse == Some(&**name),
            Self::Everything => true,
        }
    }
}

/// Why an import failed. The database is unchanged in this case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The database cannot be opened, read or written.
    #[error("{0}")]
    Database(#[from] WarehouseError),
    /// `product` or `stock` is a view or a table without row ids, so single rows cannot be written.
    #[error("{name} is not an ordinary table")]
    NotATable {
        /// The name of the table.
        name: &'static str,
    },
    /// The database is on a server. Its own programs fill it.
    #[error("{address} is on a server")]
    OnServer {
        /// The address of the warehouse.
        address: String,
    },
    /// A table lacks required columns.
    #[error("table {table} has no column {missing}")]
    MissingColumns {
        /// The name of the table.
        table: &'static str,
        /// The missing columns.
        missing: String,
    },
    /// The database stored a row differently from how it was written.
    #[error("the database stores {found} for SKU {sku}")]
    NotKept {
        /// The SKU of the row.
        sku: Sku,
        /// What the database stored instead.
        found: String,
    },
}
