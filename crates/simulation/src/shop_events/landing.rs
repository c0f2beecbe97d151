//! How a write changes levels when it lands.

use domain::quantity::CEILING;
use domain::{Delta, Line, RunId, UnixMillis};
use sync::ports::{ShopError, ShopErrorClass};

use crate::profile::{BadEntry, CatalogKind, Defect, Fault, OldCatalog, OutOfRange, Untracked};
use crate::shop::{Cause, refused};
use crate::state::SimState;

impl SimState {
    /// When the next request lands, of one installation or of any.
    pub(crate) fn next_landing(&self, of_install: Option<usize>) -> Option<UnixMillis> {
        let of =
            self.shop.requests.iter().filter(|one| of_install.is_none_or(|install| one.install == install));
        of.filter_map(|request| request.land_at).min()
    }

    /// Lands every request whose moment has come.
    pub(crate) fn land_due(&mut self) {
        let mut due: Vec<(UnixMillis, u64)> = self
            .shop
            .requests
            .iter()
            .filter_map(|request| Some((request.land_at.filter(|at| *at <= self.now)?, request.id)))
            .collect();
        due.sort_unstable();
        for (_, id) in due {
            self.land(id);
        }
    }

    fn land(&mut self, id: u64) {
        let request = self.shop.request(id);
        request.land_at = None;
        let (install, run, lines) = (request.install, request.run.clone(), request.lines.clone());
        let (part, left_out) = (request.part, request.left_out);
        let catalog = catalog_of(&lines);
        if catalog != self.catalog {
            return self.land_in_old(id, catalog);
        }
        if catalog == CatalogKind::Revisions {
            return self.swap_all(id, install, &run, &lines, part);
        }
        let bad: Vec<Option<ShopError>> = lines.iter().map(|line| self.objection(line)).collect();
        let first_bad = bad.iter().position(Option::is_some);
        let applies = |at: usize| {
            at < part
                && left_out != Some(at)
                && bad[at].is_none()
                && match (first_bad, self.profile.quirks.bad_entry) {
                    (None, _) | (_, BadEntry::AllOthers) => true,
                    (Some(_), BadEntry::NothingApplied) => false,
                    (Some(first), BadEntry::UpToIt) => at < first,
                }
        };
        let good: Vec<&Line> =
            lines.iter().enumerate().filter(|(at, _)| applies(*at)).map(|(_, l)| l).collect();
        for line in good {
            self.apply(install, &run, line, id);
        }
        if let Some(first) = first_bad {
            self.shop.request(id).refusal.clone_from(&bad[first]);
        }
    }

    /// Lands a request for a catalog that the shop had before.
    fn land_in_old(&mut self, id: u64, catalog: CatalogKind) {
        let swallows =
            catalog == CatalogKind::Deltas && self.profile.quirks.old_catalog == OldCatalog::Swallows;
        let request = self.shop.request(id);
        if swallows {
            request.swallowed = true;
        } else {
            request.refusal = Some(refused(ShopErrorClass::CatalogChanged, "428"));
        }
    }

    /// Why the shop refuses a line, or `None` if it accepts it.
    pub(super) fn objection(&mut self, line: &Line) -> Option<ShopError> {
        let quirks = self.profile.quirks;
        let Some(at) = self.shop.index_of(&line.change.key).filter(|at| self.shop.listings[*at].exists)
        else {
            return Some(refused(ShopErrorClass::NotFound, "404"));
        };
        if self.faults_enabled && self.shop.poison == Some(at) {
            self.injected[Fault::Poison as usize] += 1;
            return Some(refused(ShopErrorClass::Refused, "400 poison"));
        }
        let listing = &self.shop.listings[at];
        if self.catalog == CatalogKind::Revisions {
            let refuses = !listing.tracked && quirks.untracked == Untracked::Refused;
            return refuses.then(|| refused(ShopErrorClass::Refused, "400 untracked"));
        }
        if !listing.tracked {
            let refuses = quirks.untracked == Untracked::Refused;
            return refuses.then(|| refused(ShopErrorClass::Refused, "400 untracked"));
        }
        let after = listing.level + line.change.delta.units();
        let out = if line.change.delta.raises() { after > i64::from(CEILING) } else { after < 0 };
        (out && quirks.out_of_range == OutOfRange::Refused)
            .then(|| refused(ShopErrorClass::Refused, "400 out of range"))
    }

    fn apply(&mut self, install: usize, run: &RunId, line: &Line, request: u64) {
        let Some(at) = self.shop.index_of(&line.change.key) else { return };
        let before = self.shop.listings[at].level;
        let after =
            if self.shop.listings[at].tracked { self.level_after(before, line.change.delta) } else { before };
        let cause = Cause::Write { install, run: run.clone(), seq: line.seq, request };
        self.move_level(at, after, cause);
        self.check_landed(install, run, line, at, before, after);
    }

    fn level_after(&self, before: i64, delta: Delta) -> i64 {
        let extra = i64::from(self.profile.defect == Some(Defect::OffByOne));
        let after = before + delta.units() + extra;
        match (self.profile.quirks.out_of_range, delta.raises()) {
            (OutOfRange::Taken, _) => after,
            (_, true) => after.min(i64::from(CEILING).max(before)),
            (_, false) => after.max(before.min(0)),
        }
    }
}

/// The catalog that lines were planned for.
fn catalog_of(lines: &[Line]) -> CatalogKind {
    let with_revisions = lines.iter().any(|line| line.change.revision.is_some());
    if with_revisions { CatalogKind::Revisions } else { CatalogKind::Deltas }
}
