//! The report: the keys of the guide's JSON, and further ones.

use serde::{Deserialize, Serialize};

use crate::plan::guard::TripCode;
use crate::plan::skip::{Skip, SkipReason};
use crate::stock::UnmatchedWarehouse;
use crate::stock::near_miss::{Misspelled, NearMiss};
use crate::{LineState, Outcome, ReadChoice, RunId, ShopName, Sku};

/// How many entries a list of the report has at most. The state database keeps the rest.
pub const LISTED: usize = 1_000;
/// How many SKUs that nearly match a report names. They stay the same from run to run, and each run keeps its report.
pub const NEAR_MISSES_LISTED: usize = 10;

/// How the lines of a run ended. `planned` is the sum of all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Counters {
    /// Lines in the plan.
    pub planned: u64,
    /// Read back at q0 + d.
    pub verified: u64,
    /// Acknowledged, read back lower.
    pub moved_since: u64,
    /// Right after an unknown outcome.
    pub converged: u64,
    /// Refused by Wix.
    pub rejected: u64,
    /// It is not known whether Wix applied them.
    pub suspect: u64,
    /// Sent, not known to be right.
    pub unresolved: u64,
    /// Never sent.
    pub not_sent: u64,
    /// No longer held when the plan was applied.
    pub skipped_in_apply: u64,
}

impl Counters {
    /// Counts lines by the state in which they end if their run ends now. A change that was sent several times is
    /// counted once, as its last line.
    #[must_use]
    pub fn tally(states: impl IntoIterator<Item = LineState>) -> Self {
        let mut c = Self::default();
        for state in states.into_iter().filter(|state| *state != LineState::Retried) {
            c.planned += 1;
            let slot = match state.at_end() {
                LineState::Verified => &mut c.verified,
                LineState::MovedSince => &mut c.moved_since,
                LineState::Converged => &mut c.converged,
                LineState::Rejected => &mut c.rejected,
                LineState::Suspect => &mut c.suspect,
                LineState::NotSent => &mut c.not_sent,
                LineState::SkippedInApply => &mut c.skipped_in_apply,
                LineState::Unresolved
                | LineState::Planned
                | LineState::Sent
                | LineState::Acked
                | LineState::Unknown
                | LineState::NotApplied
                | LineState::Retried => &mut c.unresolved,
            };
            *slot += 1;
        }
        c
    }

    /// Lines whose change is in the shop.
    #[must_use]
    pub fn executed(&self) -> u64 {
        self.verified + self.moved_since + self.converged
    }

    /// Lines that went wrong.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.rejected + self.suspect + self.unresolved
    }

    /// I8: whether every planned line is counted exactly once.
    #[must_use]
    pub fn add_up(&self) -> bool {
        self.planned == self.executed() + self.errors() + self.not_sent + self.skipped_in_apply
    }
}

/// A line that went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineError {
    /// Whose.
    pub sku: Sku,
    /// `rejected`, `suspect` or `unresolved`.
    pub state: LineState,
    /// More about it: Wix's own reason, or what failed.
    pub detail: String,
}

/// Did the run come to its end?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ReportStatus {
    /// It did, also with errors on items.
    Success,
    /// It could not.
    Error,
}

/// `details` of the guide's JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Details {
    /// Local products whose sum is above zero.
    pub local_products_with_stock: u64,
    /// All local SKUs that matched.
    pub wix_products_found: u64,
    /// Lines planned, also those to zero.
    pub updates_prepared: u64,
    /// Lines whose change is in the shop.
    pub updates_executed: u64,
    /// Local products whose sum is zero or below.
    pub sold_out_products: u64,
    /// Products and variants of the shop that carry no SKU.
    pub wix_products_without_sku: u64,
    /// Sold-out products that the run put back on sale; of a plan, those that it would put back. Customers who asked
    /// for a mail may get one from Wix.
    pub back_on_sale: u64,
}

/// A coded entry of a list, with its sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReportEntry {
    /// Whose.
    pub sku: Sku,
    /// What programs read.
    pub code: String,
    /// What a person reads.
    pub reason: String,
}

/// A SKU left alone, with the reason's code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReportSkip {
    /// Whose; empty where the warehouse has a row without SKU.
    pub sku: String,
    /// Why.
    pub reason: SkipReason,
}

impl From<&Skip> for ReportSkip {
    fn from(skip: &Skip) -> Self {
        Self { sku: skip.sku.as_ref().to_owned(), reason: skip.reason }
    }
}

/// A limit of the guard that the plan exceeds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReportTrip {
    /// Which limit.
    pub code: TripCode,
    /// How many there would be.
    pub found: u64,
    /// Out of how many.
    pub of: u64,
    /// What a person reads.
    pub reason: String,
}

/// The report as JSON: the guide's keys first, in the guide's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Report {
    /// Did the run come to its end?
    pub status: ReportStatus,
    /// One sentence, in the reader's language.
    pub message: String,
    /// Local products whose sum is above zero.
    pub total_products: u64,
    /// Those of them that matched.
    pub found_in_wix: u64,
    /// Lines whose change is in the shop.
    pub updated_in_wix: u64,
    /// Lines that went wrong.
    pub errors: u64,
    /// The guide's details.
    pub details: Details,
    /// Is the shop right?
    pub outcome: Outcome,
    /// The run; the API's `task_id`, and the plan's id for an apply.
    pub run_id: RunId,
    /// The shop.
    pub shop: ShopName,
    /// Whether the run was told to write nothing.
    pub dry_run: bool,
    /// How the lines ended.
    pub counters: Counters,
    /// How many SKUs were left alone.
    pub skipped_total: u64,
    /// How many of them the run before did not leave alone; `null` where no run before was of the whole shop, or this one
    /// is not.
    #[cfg_attr(feature = "schema", schema(required))]
    pub skipped_new: Option<u64>,
    /// The first of them.
    pub skipped: Vec<ReportSkip>,
    /// How many SKUs nearly match: the two sides spell them differently. Runs match SKUs exactly.
    pub near_misses_total: u64,
    /// The first of them.
    pub near_misses: Vec<NearMiss>,
    /// The first SKUs of a filtered run that it left alone, each with one that is spelled almost the same.
    pub misspelled: Vec<Misspelled>,
    /// The warehouses of `[warehouse] warehouses` that no row names: they are misspelled, or have no goods.
    pub unmatched_warehouses: Vec<UnmatchedWarehouse>,
    /// The first lines that went wrong.
    pub errors_list: Vec<ReportEntry>,
    /// The first lines of a plan that an apply left out.
    pub stale: Vec<ReportEntry>,
    /// SKUs whose target differs from their stock.
    pub notes: Vec<ReportEntry>,
    /// What tripped the guard, limit by limit.
    pub guard: Vec<ReportTrip>,
    /// What the run saw that needs a user, such as another program that writes to the shop. The next run is held.
    pub alarms: Vec<ReportTrip>,
    /// What to do now, where the run failed or was held.
    #[cfg_attr(feature = "schema", schema(required))]
    pub hint: Option<String>,
    /// The code of that, such as `WX3003`; `null` where the run neither failed nor was held.
    #[cfg_attr(feature = "schema", schema(required))]
    pub error_code: Option<String>,
    /// Requests that went to Wix.
    pub requests: u64,
    /// How the shop was read, why so, and what that should have cost.
    #[cfg_attr(feature = "schema", schema(required))]
    pub reading: Option<ReadChoice>,
    /// From start to end, in milliseconds.
    pub duration_ms: u64,
    /// How much of that requests waited for the limit and the pace of the shop, in milliseconds.
    pub waited_ms: u64,
    /// The state database, without credentials.
    pub state: String,
}

/// The guide's JSON of `update_inventory_by_sku_list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SetReport {
    /// Did the run come to its end?
    pub status: ReportStatus,
    /// One sentence, in the reader's language.
    pub message: String,
    /// SKUs that were named.
    pub total_sku: u64,
    /// Those of them that matched.
    pub processed: u64,
    /// Lines whose change is in the shop.
    pub updated: u64,
    /// Lines that went wrong.
    pub errors: u64,
    /// The guide's details.
    pub details: SetDetails,
}

/// `details` of the guide's JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SetDetails {
    /// Lines planned.
    pub inventory_updates_created: u64,
    /// Write calls made.
    pub batches_processed: u64,
}
