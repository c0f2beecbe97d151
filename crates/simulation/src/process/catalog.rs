//! The catalog for which a process works: the one that the shop had when it asked.

use std::sync::atomic::Ordering;

use domain::UnixMillis;
use sync::ports::{ShopError, ShopErrorClass};

use super::Process;
use crate::profile::{CatalogKind, Defect, Fault};
use crate::state::SimState;

/// How old the answer may be at the first write to a catalog that takes deltas, in milliseconds.
pub(crate) const FRESH_MS: i64 = 5_000;

impl Process {
    /// The catalog that it works for. It asks the shop once.
    pub(super) fn catalog(&self, sim: &mut SimState) -> CatalogKind {
        if let Some((catalog, _)) = self.catalog.get() {
            return *catalog;
        }
        sim.observations.watch(self.pid).catalog_asked_at = sim.now;
        let never_asked = self.has(Defect::NeverAskCatalog);
        let catalog = if never_asked { sim.profile.catalog } else { sim.catalog };
        self.catalog.get_or_init(|| (catalog, sim.now)).0
    }

    /// The error of a read, if it fails. A catalog with revisions refuses every call once the shop has another one; one
    /// that takes deltas goes on answering reads.
    pub(super) fn read_failure(&self, sim: &mut SimState, fault: Fault) -> Option<ShopError> {
        if sim.key_is_revoked() {
            return Some(ShopError::new(ShopErrorClass::Forbidden, "403"));
        }
        if self.catalog(sim) == CatalogKind::Revisions && sim.catalog != CatalogKind::Revisions {
            return Some(moved());
        }
        let classes = [
            ShopErrorClass::Unreachable,
            ShopErrorClass::NoAnswer,
            ShopErrorClass::ServerError,
            ShopErrorClass::Throttled,
            ShopErrorClass::Malformed,
        ];
        sim.injects(fault).then(|| ShopError::new(sim.rng.pick(&classes), "a read failed"))
    }

    /// The moment whose state a read shows: now, or earlier if the read lags behind. No catalog shows what another one
    /// was, and one that the shop had before may show for ever what it was when the shop moved.
    pub(super) fn seen_at(&self, sim: &mut SimState, fault: Fault) -> UnixMillis {
        let lag = if sim.injects(fault) { sim.rng.between(0, sim.profile.lag_ms) } else { 0 };
        let seen_at = sim.now - lag;
        if self.catalog(sim) == sim.catalog {
            seen_at.max(sim.moved_at)
        } else if sim.profile.quirks.old_reads_freeze {
            seen_at.min(sim.moved_at)
        } else {
            seen_at
        }
    }

    /// Before the first write to a catalog that takes deltas: an error if the shop has another one by now.
    pub(super) fn still_has_catalog(&self) -> Result<(), ShopError> {
        let mut sim = self.sim.lock();
        let own = self.catalog(&mut sim);
        let asked_at = self.catalog.get().map_or(sim.now, |(_, at)| *at);
        let fresh = sim.now - asked_at < FRESH_MS;
        if own == CatalogKind::Revisions || self.rechecked.swap(true, Ordering::Relaxed) || fresh {
            return Ok(());
        }
        if self.has(Defect::AskCatalogOnce) {
            return Ok(());
        }
        sim.observations.watch(self.pid).catalog_asked_at = sim.now;
        if own == sim.catalog { Ok(()) } else { Err(moved()) }
    }

    /// Tells the oracle how old the answer is on which the first write of the process rests.
    pub(super) fn note_catalog_age(&self) {
        let mut sim = self.sim.lock();
        let now = sim.now;
        let watch = sim.observations.watch(self.pid);
        let asked_at = watch.catalog_asked_at;
        watch.catalog_age_ms.get_or_insert(now - asked_at);
    }
}

fn moved() -> ShopError {
    ShopError::new(ShopErrorClass::CatalogChanged, "428")
}
