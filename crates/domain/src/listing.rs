//! One sellable unit of a shop, as it was read.

pub mod drift;
pub mod map;
pub mod reading;

use crate::{InventoryItemId, Level, ListingKey, Sku};

/// A listing: product and variant, its SKU, whether Wix counts it, and the level it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Which one.
    pub key: ListingKey,
    /// The inventory item that carries its level.
    pub inventory_item: InventoryItemId,
    /// Its own SKU; `None` where the shop has none for it.
    pub sku: Option<Sku>,
    /// Whether Wix counts its stock; where not, it must not be written.
    pub tracked: bool,
    /// The level read; `None` where Wix showed none.
    pub level: Option<Level>,
}
