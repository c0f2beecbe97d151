//! What a read that lags behind must not lead to.

use domain::{Batch, Line, RunId};

use super::has_revision;
use crate::check::Check;
use crate::profile::CatalogKind;
use crate::shop::Cause;
use crate::state::SimState;
use crate::yield_point::Pid;

impl SimState {
    /// No line may be planned from a level that is older than one of our own writes.
    pub(super) fn check_stale(&mut self, pid: Pid, install: usize, run: &RunId, batch: &Batch) {
        let seen = &self.observations.watches[pid].seen_at;
        // What is planned for another catalog than the shop has now does nothing.
        let current = |line: &Line| has_revision(line) == (self.catalog == CatalogKind::Revisions);
        if !batch.lines.iter().all(current) {
            return;
        }
        let stale = batch.lines.iter().filter(|line| line.retry_of.is_none()).find_map(|line| {
            let listing = self.shop.index_of(&line.change.key)?;
            let seen_at = seen.get(&listing).copied().unwrap_or_default();
            let hidden = self.shop.ledger.iter().rev().take_while(|entry| entry.at > seen_at).any(|entry| {
                let own = matches!(&entry.cause, Cause::Write { install: by, .. } if *by == install);
                own && entry.listing == listing && entry.before != entry.after
            });
            hidden.then_some((line.seq, self.now - seen_at))
        });
        if let Some((seq, old)) = stale {
            self.report_violation(
                Check::PlannedFromStaleRead,
                format_args!("p{pid}: line {seq} of {run} is planned from a level {old} ms old, older than a write of ours"),
            );
        }
    }
}
