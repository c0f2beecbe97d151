//! No write may start while another one may still land.

use domain::{Batch, RunId};

use crate::check::Check;
use crate::state::SimState;
use crate::yield_point::Pid;

impl SimState {
    pub(super) fn check_in_flight(&mut self, pid: Pid, install: usize, run: &RunId, batch: &Batch) {
        let mut found = None;
        for request in self.shop.requests.iter().filter(|one| one.install == install) {
            let same_run = request.run == *run;
            let may_land = request.land_at.is_some();
            let same_listing =
                || request.lines.iter().any(|a| batch.lines.iter().any(|b| a.change.key == b.change.key));
            let awaited =
                request.awaited && request.pid != pid && self.observations.watches[request.pid].is_active;
            if awaited || (may_land && !same_run && !self.has_ended(install, &request.run)) {
                found = Some((Check::TwoRunsWrite, request.id));
            } else if may_land && (same_run || same_listing()) {
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
}
