//! Changes of levels, and the lines of a run that carry them.

use domain::{Delta, InventoryItemId, Level, LineState, ProductId, Sku, Target, VariantId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A change of one listing's level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// The SKU.
    pub sku: Sku,
    /// The product.
    pub product_id: ProductId,
    /// The variant that carries the SKU.
    pub variant_id: VariantId,
    /// The inventory item whose level changes.
    pub inventory_item_id: InventoryItemId,
    /// The level that the run read, in units.
    pub level: Level,
    /// The level to reach, in units.
    pub target: Target,
    /// `target` minus `level`, in units.
    pub delta: Delta,
}

/// A line of a run: one change, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// Its number in the sending order of the run, from 0.
    pub seq: u32,
    /// The line that this one repeats.
    #[schema(required)]
    pub retry_of: Option<u32>,
    /// How far it has come.
    pub state: LineState,
    /// The number of the call that carried it; `null` while it has not been sent.
    #[schema(required)]
    pub batch: Option<u32>,
    /// The level read back after the call.
    #[schema(required)]
    pub level_after: Option<Level>,
    /// What is known beyond the state, such as the reason Wix gave.
    #[schema(required)]
    pub detail: Option<String>,
}

/// A page of the lines of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinePage {
    /// The lines, in sending order.
    pub lines: Vec<Line>,
    /// The `after` of the next page; `null` on the last one.
    #[schema(required)]
    pub next_after: Option<u32>,
}
