//! No write may start while another one may still land.

use domain::listing::Revision;
use domain::{Batch, Line, RunId};

use super::has_revision;
use crate::check::Check;
use crate::profile::CatalogKind;
use crate::shop::Request;
use crate::state::SimState;
use crate::yield_point::Pid;

impl SimState {
    pub(super) fn check_in_flight(&mut self, pid: Pid, install: usize, run: &RunId, batch: &Batch) {
        let mut found = None;
        for request in self.shop.requests.iter().filter(|one| one.install == install) {
            let same_run = request.run == *run;
            let may_land = request.land_at.is_some() && self.may_take_effect(request);
            // A line under the same revision takes effect once with what is on its way, so it need not wait.
            let settles = batch.lines.iter().all(|line| has_revision(line) && line.retry_of.is_some());
            let same_run = same_run && !settles;
            let own = request.run == *run;
            let same_listing =
                || request.lines.iter().any(|a| batch.lines.iter().any(|b| a.change.key == b.change.key));
            let awaited =
                request.awaited && request.pid != pid && self.observations.watches[request.pid].is_active;
            if awaited || (may_land && !own && !self.has_ended(install, &request.run)) {
                found = Some((Check::TwoRunsWrite, request.id));
            } else if may_land && (same_run || (!settles && same_listing())) {
                found = Some((Check::WriteOverWrite, request.id));
            }
        }
        if let Some((check, request)) = found {
            self.report_violation(
                check,
                format_args!("p{pid}: a write of {run} while request {request} may still land"),
            );
        }
    }

    /// Whether a request that is under way can still change a level: none can that is for another catalog than the shop
    /// has now, and with revisions only a line that names the item's present one.
    fn may_take_effect(&self, request: &Request) -> bool {
        let with_revisions = self.catalog == CatalogKind::Revisions;
        let may_land = |line: &Line| has_revision(line) == with_revisions;
        if !request.lines.iter().all(may_land) {
            return false;
        }
        let current = |line: &Line| {
            let at = self.shop.index_of(&line.change.key);
            let listing = at.map(|at| &self.shop.listings[at]);
            listing.is_some_and(|one| line.change.revision.map(Revision::number) == Some(one.revision))
        };
        !with_revisions || request.lines.iter().any(current)
    }
}
