//! An inventory item as it was read.

use std::sync::Arc;

use super::Revision;
use crate::{InventoryItemId, Level, ListingKey, UnixMillis};

/// The level of one variant at one location, read from the inventory endpoint.
///
/// A catalog may keep several of them in one inventory item (one for each variant of a product); they share its id
/// and what it says of its last change then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemLevel {
    /// Product, variant and location.
    pub key: ListingKey,
    /// The inventory item that carries it.
    pub inventory_item: InventoryItemId,
    /// Whether Wix counts its stock.
    pub tracked: bool,
    /// The level; `None` where Wix showed none.
    pub level: Option<Level>,
    /// The item's revision; `None` where the catalog has none.
    pub revision: Option<Revision>,
    /// Wix's own mark of the item's last change, where the read gives one.
    pub stamp: Option<Arc<str>>,
    /// The latest moment, by our clock, at which that change can have happened, where the read gives one.
    pub changed_at: Option<UnixMillis>,
}
