//! A change: one listing, the level it shows and the level it is to show.

use serde::{Deserialize, Serialize};

use crate::listing::Revision;
use crate::{Delta, InventoryItemId, Level, ListingKey, Sku, Target};

/// One listing that is to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// By which SKU warehouse and shop were matched.
    pub sku: Sku,
    /// The listing.
    pub key: ListingKey,
    /// The inventory item that carries its level.
    pub inventory_item: InventoryItemId,
    /// The level read before planning (q0).
    pub level: Level,
    /// The level to reach (T).
    pub target: Target,
    /// The revision read with that level; `None` where the catalog has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// T − q0; of a change that goes out again: the same as before, a lowering capped at the level.
    pub delta: Delta,
}
