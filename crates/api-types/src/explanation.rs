//! Why a SKU has its level.

use domain::plan::NoteCode;
use domain::stock::near_miss::Difference;
use domain::{
    Delta, InventoryItemId, Level, LineState, Outcome, ProductId, RunId, RunKind, ShopName, SkipReason, Sku,
    Target, VariantId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::UtcTime;

/// Why a SKU has its level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// The SKU.
    pub sku: Sku,
    /// The shop.
    pub shop: ShopName,
    /// What the warehouse says now.
    pub warehouse: WarehouseSide,
    /// What the shop says now.
    pub wix: ShopSide,
    /// What is spelled almost like the SKU, on the sides that do not have it.
    pub nearly_the_same: NearlyTheSame,
    /// What a run would do now.
    pub next: NextChange,
    /// The last runs that looked at the SKU, the newest first.
    pub history: Vec<SkuRun>,
    /// The last runs before those of `history` that sent a change of the SKU, the newest first.
    pub earlier_changes: Vec<SkuRun>,
}

/// What is spelled almost like a SKU. Runs match SKUs exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NearlyTheSame {
    /// SKUs of the warehouse.
    pub warehouse: Vec<Spelling>,
    /// SKUs of the shop, as far as earlier runs have seen them.
    pub wix: Vec<Spelling>,
}

/// Another spelling of a SKU.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Spelling {
    /// As it is spelled.
    pub sku: Sku,
    /// How the two differ.
    pub differences: Vec<Difference>,
}

/// The stock of a SKU, or why it could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum WarehouseSide {
    /// It could be read.
    Stock(Stock),
    /// It could not.
    Failure(SideFailure),
}

/// The listings of a SKU, or why they could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ShopSide {
    /// They could be read.
    Listings {
        /// The listings that carry the SKU.
        listings: Vec<Listing>,
    },
    /// They could not.
    Failure(SideFailure),
}

/// Why a side could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SideFailure {
    /// A sentence, in the language of the request.
    pub error: String,
    /// The code that programs read.
    pub code: String,
}

/// The stock of a SKU, and what the rules make of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stock {
    /// Its rows in the warehouse database.
    pub rows: Vec<StockRow>,
    /// Their exact sum, as a decimal number.
    #[schema(required)]
    pub sum: Option<String>,
    /// Why there is no sum.
    #[schema(required)]
    pub problem: Option<SkipReason>,
    /// The level that the listing should have.
    #[schema(required)]
    pub target: Option<Target>,
    /// Why the target differs from the sum.
    #[schema(required)]
    pub note: Option<NoteCode>,
}

/// One row of the stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StockRow {
    /// The warehouse; `null` where the query names none.
    #[schema(required)]
    pub warehouse: Option<String>,
    /// The units, as a decimal number.
    #[schema(required)]
    pub quantity: Option<String>,
    /// Why the units are not known.
    #[schema(required)]
    pub problem: Option<SkipReason>,
    /// Whether the row's warehouse is one of those that are summed.
    pub counted: bool,
}

/// A listing of the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Listing {
    /// The product.
    pub product_id: ProductId,
    /// The variant that carries the SKU.
    pub variant_id: VariantId,
    /// The inventory item.
    pub inventory_item_id: InventoryItemId,
    /// Whether Wix counts its stock.
    pub tracked: bool,
    /// The level that Wix shows.
    #[schema(required)]
    pub level: Option<Level>,
}

/// What a run would do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NextChange {
    /// What it would do.
    pub action: NextAction,
    /// The difference that it would write.
    #[schema(required)]
    pub delta: Option<Delta>,
    /// Why it would leave the SKU alone.
    #[schema(required)]
    pub reason: Option<SkipReason>,
    /// A sentence, in the language of the request.
    pub text: String,
}

/// What a run would do with a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NextAction {
    /// It is not known, since one side could not be read.
    Unknown,
    /// Nothing: the level is right.
    None,
    /// Leave the SKU alone, for `reason`.
    LeftAlone,
    /// Write `delta`.
    Change,
}

/// What one run did with the SKU.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SkuRun {
    /// The run.
    pub run_id: RunId,
    /// What it did.
    pub kind: RunKind,
    /// Whether it wrote nothing.
    pub dry_run: bool,
    /// When it was asked for.
    pub created_at: UtcTime,
    /// How it ended; `null` before it has.
    #[schema(required)]
    pub outcome: Option<Outcome>,
    /// Whether this run or one before it recorded anything of the SKU. Where none did, it did not know the SKU, or the
    /// shop showed the target.
    pub recorded: bool,
    /// Why it left the SKU alone.
    #[schema(required)]
    pub left_alone: Option<SkipReason>,
    /// Its lines for the SKU.
    pub lines: Vec<SkuLine>,
    /// The level that it read minus the one that the run before it had read last, in units.
    #[schema(required)]
    pub since_the_run_before: Option<i64>,
    /// What it did, in sentences in the language of the request.
    pub text: Vec<String>,
}

/// A line of a run, as far as it concerns one SKU.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SkuLine {
    /// The level that the run read.
    pub level: Level,
    /// The level to reach.
    pub target: Target,
    /// `target` minus `level`.
    pub delta: Delta,
    /// How far the line has come.
    pub state: LineState,
    /// The level read back.
    #[schema(required)]
    pub level_after: Option<Level>,
    /// What is known beyond the state.
    #[schema(required)]
    pub detail: Option<String>,
    /// How many units fewer than it had written the run read back.
    #[schema(required)]
    pub sold_meanwhile: Option<u64>,
}
