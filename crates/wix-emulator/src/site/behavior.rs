//! Switches for what Wix's documentation leaves open.

mod v3;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use v3::{BulkFailures, FailureDetail, NegativeTarget, ReturnedEntity, Sorts, V1Reads, VariantQuery};

/// What a decrement past zero does (Wix: Increment Inventory; refused or clamped, unconfirmed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BelowZero {
    /// The entry is bad: 400.
    #[default]
    Refused,
    /// The level becomes zero.
    ClampedToZero,
}

/// What an increment past 99,999 does (Wix: Increment Inventory; unconfirmed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AboveCeiling {
    /// The entry is bad: 400.
    #[default]
    Refused,
    /// The level becomes 99,999.
    ClampedToCeiling,
}

/// What an increment or decrement of an untracked product does (Wix: Increment Inventory; unconfirmed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Untracked {
    /// The entry is bad: 400.
    #[default]
    Refused,
    /// Nothing happens; the answer does not say so.
    SilentlyIgnored,
}

/// What a batch with a bad entry does to the good ones (Wix: Increment Inventory; unconfirmed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Atomicity {
    /// Nothing is applied; the answer is the bad entry's error.
    #[default]
    AllOrNothing,
    /// The entries before the first bad one are applied; the answer is that one's error.
    UpToFirstBadEntry,
    /// All good entries are applied; the answer is 200 `{}`, without results per item.
    SkipBadEntries,
}

/// What the same variant twice in one call does (Wix: Increment Inventory; unconfirmed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Duplicates {
    /// The call is refused: 400.
    #[default]
    Refused,
    /// Both entries count.
    Applied,
}

/// Which reads may lag behind a write (Wix: Consistency; queries do, get by id is better).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StaleReads {
    /// Only the `query` endpoints lag.
    #[default]
    QueriesOnly,
    /// Get by id and `getVariants` lag too.
    AlsoById,
}

/// Whose `lastUpdated` a change of stock moves (unconfirmed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StockChangeTouches {
    /// The inventory item's.
    #[default]
    ItemOnly,
    /// The inventory item's and the product's.
    ItemAndProduct,
}

/// The order of the rows of a query without a sort (undocumented).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DefaultOrder {
    /// Highest numeric id first, so that a keyset crawl without a sort fails visibly.
    #[default]
    NewestFirst,
    /// Lowest numeric id first.
    OldestFirst,
}

/// What the emulator does where Wix's documentation is silent. The defaults are strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct Behavior {
    /// A decrement past zero.
    pub below_zero: BelowZero,
    /// An increment past 99,999.
    pub above_ceiling: AboveCeiling,
    /// An increment or decrement of an untracked product.
    pub untracked: Untracked,
    /// A batch with a bad entry.
    pub atomicity: Atomicity,
    /// The same variant twice in one call.
    pub duplicates: Duplicates,
    /// Reads show levels (and `lastUpdated`) as they were this long ago. Zero: off.
    #[serde(with = "crate::json::milliseconds", rename = "readStalenessMs")]
    pub read_staleness: Duration,
    /// Which reads lag.
    pub stale_reads: StaleReads,
    /// Whose `lastUpdated` a change of stock moves.
    pub stock_change_touches: StockChangeTouches,
    /// The order of the rows of a query without a sort.
    pub default_order: DefaultOrder,
    /// Whether a 429 carries `Retry-After` (Wix: Rate limits; unconfirmed).
    pub retry_after: bool,
    /// Whether `variants/query` takes `sku` as a filter (Wix: Query Store Variants; unconfirmed).
    pub variants_sku_filter: bool,
    /// Whether filters take `$in` beside `$hasSome` (Wix: Filter and sort; published code uses it, the operator table does not list it).
    pub in_operator: bool,
    /// The longest list of values in a filter (Wix: Filter and sort; unconfirmed).
    pub list_limit: usize,
    /// The highest offset that is served (Wix: Filter and sort; about 10,000).
    pub max_offset: usize,
    /// The largest request body in bytes; above it 413 (Wix: Rate limits; unconfirmed).
    pub body_limit: usize,
    /// How V3 answers when some rows of a bulk update or creation fail (per item, as measured with one row).
    pub bulk_updates: BulkFailures,
    /// How V3 answers when some rows of a bulk increment or decrement fail (unconfirmed).
    pub bulk_deltas: BulkFailures,
    /// Whether a decrement by variant and location stops at zero when the request does not say (the documentation
    /// contradicts itself; by id it does).
    pub restricts_by_variant: bool,
    /// What the query of variants leaves out.
    pub variant_query: VariantQuery,
    /// How long an access token is valid (Wix: OAuth; four hours).
    #[serde(with = "crate::json::milliseconds", rename = "tokenLifetimeMs")]
    pub token_lifetime: Duration,
    /// Whether V3 names the rows of a bulk call that failed.
    pub failure_detail: FailureDetail,
    /// What V3 gives for `returnEntity`.
    pub returned_entity: ReturnedEntity,
    /// Which negative quantities an update in V3 refuses.
    pub negative_target: NegativeTarget,
    /// Whether queries of V3 may be sorted.
    pub sorts: Sorts,
    /// The most inventory items of a page in V3 (Wix: Query Inventory Items; the schema says 1,000, 100 and 200 were seen).
    pub items_page_limit: usize,
    /// How long a cursor of V3 is valid (unconfirmed). Zero: for ever.
    #[serde(with = "crate::json::milliseconds", rename = "cursorLifetimeMs")]
    pub cursor_lifetime: Duration,
    /// Whether V3 gives a cursor after the last row too, so that the last page is empty.
    pub empty_last_page: bool,
    /// How a site with Catalog V3 answers the V1 query of products.
    pub v1_reads: V1Reads,
    /// The status with which endpoints of another catalog refuse (428 by most reports, 400 by one).
    pub wrong_catalog_status: u16,
    /// Whether an edit of a product in V3 is also one of its inventory items, with new revisions and times (unmeasured).
    pub product_edit_touches_items: bool,
}

impl Default for Behavior {
    fn default() -> Self {
        Self {
            below_zero: BelowZero::default(),
            above_ceiling: AboveCeiling::default(),
            untracked: Untracked::default(),
            atomicity: Atomicity::default(),
            duplicates: Duplicates::default(),
            read_staleness: Duration::ZERO,
            stale_reads: StaleReads::default(),
            stock_change_touches: StockChangeTouches::default(),
            default_order: DefaultOrder::default(),
            retry_after: false,
            variants_sku_filter: false,
            in_operator: true,
            list_limit: 100,
            max_offset: 10_000,
            body_limit: 1024 * 1024,
            bulk_updates: BulkFailures::default(),
            bulk_deltas: BulkFailures::default(),
            restricts_by_variant: true,
            variant_query: VariantQuery::default(),
            token_lifetime: Duration::from_hours(4),
            failure_detail: FailureDetail::default(),
            returned_entity: ReturnedEntity::default(),
            negative_target: NegativeTarget::default(),
            sorts: Sorts::default(),
            items_page_limit: 1_000,
            cursor_lifetime: Duration::ZERO,
            empty_last_page: false,
            v1_reads: V1Reads::default(),
            wrong_catalog_status: 428,
            product_edit_touches_items: false,
        }
    }
}
