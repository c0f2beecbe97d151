//! Notes: SKUs whose target differs from their stock, and why.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::code::coded;
use crate::{Sku, Target};

coded! {
    /// Why a target differs from the stock.
    NoteCode {
        /// The stock is above what Wix can show.
        ClampedToCeiling = "clamped_to_ceiling",
        /// The stock is below zero and counts as zero.
        NegativeStock = "negative_stock",
        /// The stock has a fraction, which was dropped.
        FractionDropped = "fraction_dropped",
    }
}

/// A target that differs from the stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The SKU.
    pub sku: Sku,
    /// Why.
    pub code: NoteCode,
    /// The exact sum of the stock.
    #[serde(with = "rust_decimal::serde::str")]
    pub stock: Decimal,
    /// The resulting target; `None` if the rules leave the listing alone.
    pub target: Option<Target>,
}
