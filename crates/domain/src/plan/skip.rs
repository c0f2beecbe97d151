//! Why a SKU is left alone.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::code::coded;

coded! {
    /// Why a run writes nothing for a SKU.
    SkipReason {
        /// The warehouse row has no SKU.
        SkuEmpty = "sku_empty",
        /// The SKU is longer than Wix can store, so no listing can carry it.
        SkuTooLong = "sku_too_long",
        /// Stock rows for a SKU that the product table does not list.
        NoProductRow = "no_product_row",
        /// Several rows of a custom query stand for one SKU (or one SKU and warehouse).
        DuplicateRow = "duplicate_row",
        /// The warehouse says NULL: the stock is unknown, and unknown is never zero.
        QuantityUnknown = "quantity_unknown",
        /// The warehouse holds something that is no number.
        QuantityNotANumber = "quantity_not_a_number",
        /// The sum of the rows is beyond what an exact decimal holds.
        QuantityOutOfRange = "quantity_out_of_range",
        /// No listing of the shop has this SKU.
        NotInWix = "not_in_wix",
        /// The warehouse does not know this SKU of the shop.
        NotInWarehouse = "not_in_warehouse",
        /// A user has named this SKU, and neither the warehouse nor the shop knows it.
        UnknownSku = "unknown_sku",
        /// The SKU stands on several listings, so none of them is surely meant.
        DuplicateSku = "duplicate_sku",
        /// A user has put this SKU on hold.
        Held = "held",
        /// Wix does not count this listing's stock.
        Untracked = "untracked",
        /// Wix tracks the listing but showed no level that can be read.
        LevelUnknown = "level_unknown",
        /// Sold out, and the policy leaves sold-out goods as they are.
        SoldOutIgnored = "sold_out_ignored",
    }
}

/// One SKU that is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    /// The SKU's text; empty only for [`SkipReason::SkuEmpty`].
    pub sku: Arc<str>,
    /// Why.
    pub reason: SkipReason,
}
