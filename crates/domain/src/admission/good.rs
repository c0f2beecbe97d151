//! What a good run is.

use crate::run::{Outcome, RunKind};

/// A run that ended, as far as that decides whether it was good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedRun {
    /// What it did.
    pub kind: RunKind,
    /// Whether it looked at some SKUs only.
    pub filtered: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// How many SKUs the warehouse knew.
    pub warehouse_skus: u64,
}

impl EndedRun {
    /// Whether it brought the whole shop to the warehouse's stock, all in all.
    #[must_use]
    pub fn went_well(&self) -> bool {
        !self.filtered
            && matches!(self.kind, RunKind::Sync | RunKind::Apply)
            && matches!(self.outcome, Outcome::Converged | Outcome::Partial)
    }

    /// Whether the guard compares later runs with it: it went well, and the warehouse knew any SKU at all.
    #[must_use]
    pub fn is_yardstick(&self) -> bool {
        self.went_well() && self.warehouse_skus > 0
    }
}
