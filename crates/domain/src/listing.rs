//! One sellable unit of a shop, as it was read, and what is remembered of a shop between runs.

pub mod drift;
mod item;
pub mod map;
pub mod reading;
mod revision;

pub use item::ItemLevel;
pub use revision::Revision;

use crate::{InventoryItemId, Level, ListingKey, Sku};

/// A listing: product, variant and location, its SKU, whether Wix counts it, and the level it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Which one.
    pub key: ListingKey,
    /// The inventory item that carries its level; [`InventoryItemId::missing`] where it has none.
    pub inventory_item: InventoryItemId,
    /// Its own SKU; `None` where the shop has none for it.
    pub sku: Option<Sku>,
    /// Whether Wix counts its stock; where not, it must not be written.
    pub tracked: bool,
    /// The level read; `None` where Wix showed none.
    pub level: Option<Level>,
    /// The revision of the inventory item when it was read; `None` where the catalog has none.
    pub revision: Option<Revision>,
}
