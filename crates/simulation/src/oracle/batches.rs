//! What must hold for a batch that a run hands over.

use std::collections::BTreeSet;

use domain::Batch;

use super::has_revision;
use crate::check::Check;
use crate::state::SimState;
use crate::yield_point::Pid;

impl SimState {
    /// What must hold for a batch that a run hands over.
    pub(crate) fn check_batch(&mut self, pid: Pid, batch: &Batch) {
        let keys: BTreeSet<_> = batch.lines.iter().map(|line| &line.change.key).collect();
        if keys.len() != batch.lines.len() {
            self.report_violation(
                Check::ListingTwiceInBatch,
                format_args!("p{pid}: a listing stands twice in a batch"),
            );
        }
        let mixes = batch.direction().is_none() && !batch.lines.iter().any(has_revision);
        if batch.lines.is_empty() || mixes {
            self.report_violation(
                Check::BatchOfTwoSigns,
                format_args!("p{pid}: a batch is empty, or of two signs where each has a call of its own"),
            );
        }
        if batch.lines.len() > usize::from(self.profile.write_batch) {
            self.report_violation(
                Check::BatchTooLarge,
                format_args!("p{pid}: a batch has {} lines", batch.lines.len()),
            );
        }
    }
}
