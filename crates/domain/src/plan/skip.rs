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
        /// A custom query gives several rows for one SKU, or for one SKU and warehouse.
        DuplicateRow = "duplicate_row",
        /// The quantity is NULL: the stock is unknown, and unknown is never zero.
        QuantityUnknown = "quantity_unknown",
        /// The quantity is not a number.
        QuantityNotANumber = "quantity_not_a_number",
        /// The sum of the rows exceeds the range of an exact decimal.
        QuantityOutOfRange = "quantity_out_of_range",
        /// No listing of the shop has this SKU.
        NotInWix = "not_in_wix",
        /// The shop has this SKU, but the warehouse does not list it.
        NotInWarehouse = "not_in_warehouse",
        /// A user named this SKU, but neither the warehouse nor the shop has it.
        UnknownSku = "unknown_sku",
        /// Several listings carry the SKU, so it is not clear which one is meant.
        DuplicateSku = "duplicate_sku",
        /// A user has put this SKU on hold.
        Held = "held",
        /// Wix does not track this listing's stock.
        Untracked = "untracked",
        /// Wix does not count this listing's units: it is in stock or not, as the merchant says.
        TrackedByStatus = "tracked_by_status",
        /// The listing has no inventory item, so Wix keeps no level for it.
        NoInventoryItem = "no_inventory_item",
        /// The listing has no inventory item, and Wix did not make the one that it was to get.
        ItemNotMade = "item_not_made",
        /// Wix tracks the listing, but the read gave no usable level.
        LevelUnknown = "level_unknown",
        /// The SKU seems to be sold out, but one that no listing carries is spelled almost so and may hold its units.
        NearMiss = "near_miss",
        /// The SKU is sold out, and the policy leaves sold-out goods alone.
        SoldOutIgnored = "sold_out_ignored",
    }
}

/// One SKU that is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Skip {
    /// The SKU's text; empty only for [`SkipReason::SkuEmpty`].
    pub sku: Arc<str>,
    /// Why.
    pub reason: SkipReason,
}
