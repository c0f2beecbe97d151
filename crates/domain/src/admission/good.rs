//! Which runs count as good.

use crate::run::{Outcome, RunKind};

/// A run that ended: the facts that decide whether it was good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedRun {
    /// What it did.
    pub kind: RunKind,
    /// Whether it was limited to some SKUs.
    pub filtered: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// How many SKUs the warehouse listed.
    pub warehouse_skus: u64,
}

impl EndedRun {
    /// Whether it brought the whole shop to the warehouse's stock, apart from single lines.
    #[must_use]
    pub fn went_well(&self) -> bool {
        !self.filtered
            && matches!(self.kind, RunKind::Sync | RunKind::Apply)
            && matches!(self.outcome, Outcome::Converged | Outcome::Partial)
    }

    /// Whether it went well and left nothing open, not even a single line.
    #[must_use]
    pub fn has_converged(&self) -> bool {
        self.went_well() && self.outcome == Outcome::Converged
    }

    /// Whether the guard compares later runs with it: it went well, and the warehouse listed at least one SKU.
    #[must_use]
    pub fn is_baseline(&self) -> bool {
        self.went_well() && self.warehouse_skus > 0
    }
}
