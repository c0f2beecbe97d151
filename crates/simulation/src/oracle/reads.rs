//! Which reads a write may be based on.

use domain::RunKind;

use crate::check::Check;
use crate::state::SimState;
use crate::yield_point::Pid;

impl SimState {
    pub(super) fn check_reads(&mut self, pid: Pid) {
        let watch = &self.observations.watches[pid];
        let (held, writes_nothing) = (watch.held, watch.writes_nothing);
        let (shop, stock) = (watch.shop_read, watch.snapshot);
        let (kind, failed) = (watch.kind, watch.failed_read.clone());
        if let Some(failed) = failed {
            self.report_violation(
                Check::WriteAfterFailedRead,
                format_args!("p{pid}: a write after a read that failed: {failed}"),
            );
        }
        if held {
            self.report_violation(
                Check::HeldPlanWrites,
                format_args!("p{pid}: a write of a run that was held"),
            );
        }
        if writes_nothing {
            let text = format_args!("p{pid}: a write of a run that is to write nothing");
            self.report_violation(Check::DryRunWrites, text);
        }
        let in_order = matches!((shop, stock), (Some(shop), Some(stock)) if shop < stock);
        if kind != Some(RunKind::Set) && !in_order {
            let text = format_args!("p{pid}: shop read at {shop:?}, warehouse at {stock:?}");
            self.report_violation(Check::SnapshotTooOld, text);
        }
        if kind == Some(RunKind::Sync) {
            if self.observations.another_writer[self.observations.watches[pid].install] {
                let text = format_args!("p{pid}: a write, and another installation writes too");
                self.report_violation(Check::WriteBesideAnotherWriter, text);
            }
            self.check_size(pid);
        }
    }

    /// The limits of the guard that hold for a plan of any size. A user may apply a held plan; a sync may not.
    fn check_size(&mut self, pid: Pid) {
        let watch = &self.observations.watches[pid];
        let (skus, install) = (watch.snapshot_skus.unwrap_or(0), watch.install);
        let plan = watch.run.as_ref().and_then(|run| self.installations[install].store.facts(run));
        let matches = plan.map_or(0, |facts| facts.comparable);
        // The guard judged after the process began, and no good run can have ended since.
        let before = self.observations.largest(install, watch.began_at + watch.clock_ms);
        if skus == 0 {
            self.report_violation(
                Check::WriteFromEmptyWarehouse,
                format_args!("p{pid}: a write from no SKU at all"),
            );
        }
        if before.is_some_and(|(_, before)| matches * 2 < before) {
            let text = format_args!("p{pid}: a write with {matches} matches, {before:?} before");
            self.report_violation(Check::WriteFromFewMatches, text);
        }
        if before.is_some_and(|(before, _)| skus * 2 < before) {
            let text = format_args!("p{pid}: a write from {skus} SKUs, {before:?} before");
            self.report_violation(Check::WriteFromShrunkenWarehouse, text);
        }
    }
}
