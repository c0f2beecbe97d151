//! What the database holds before an import.

use std::collections::HashMap;
use std::sync::Arc;

use domain::SkipReason;
use rust_decimal::Decimal;

use super::{Kept, ReplaceScope};

/// The current content of the database.
#[derive(Debug, Default)]
pub(super) struct Stored {
    /// The row id of each product by SKU.
    pub(super) products: HashMap<Arc<str>, i64>,
    pub(super) stock: Vec<StoredRow>,
}

/// One row of the stock table.
#[derive(Debug)]
pub(super) struct StoredRow {
    /// Its row id.
    pub(super) id: i64,
    /// Empty if the row has no SKU. The import does not touch such a row.
    pub(super) sku: Arc<str>,
    pub(super) warehouse: Option<Arc<str>>,
    pub(super) quantity: Result<Decimal, SkipReason>,
}

impl StoredRow {
    /// Whether the database has units here, or may have.
    pub(super) fn has_units(&self) -> bool {
        self.quantity.map_or(true, |quantity| quantity > Decimal::ZERO)
    }

    /// Whether the row is deleted if the list does not have it.
    pub(super) fn is_missed(&self, kept: &Kept, scope: &ReplaceScope) -> bool {
        let place = self.warehouse.as_deref();
        !self.sku.is_empty() && scope.covers(place) && !kept.holds(&self.sku, place)
    }
}
