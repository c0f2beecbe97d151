//! What a write may be based on.

use domain::RunKind;

use crate::world::{Inner, Pid};

impl Inner {
    pub(super) fn check_reads(&mut self, pid: Pid) {
        let watch = &self.oracle.watches[pid];
        let last_good = self.oracle.last_good[watch.install];
        let from_warehouse = watch.kind != Some(RunKind::Set);
        if let Some(failed) = watch.failed_read.clone() {
            return self.violate("I5", format_args!("p{pid}: a write after a read that failed: {failed}"));
        }
        if watch.held || watch.writes_nothing {
            return self.violate(
                "I11",
                format_args!("p{pid}: a write of a run that was held, or is to write nothing"),
            );
        }
        if from_warehouse
            && !matches!((watch.shop_read, watch.snapshot), (Some(shop), Some(stock)) if shop < stock)
        {
            let (shop, stock) = (watch.shop_read, watch.snapshot);
            return self
                .violate("I13", format_args!("p{pid}: shop read at {shop:?}, warehouse at {stock:?}"));
        }
        if watch.kind == Some(RunKind::Sync) {
            let skus = watch.snapshot_skus.unwrap_or(0);
            if skus == 0 || last_good.is_some_and(|before| skus * 2 < before) {
                self.violate("I11", format_args!("p{pid}: a write from {skus} SKUs, {last_good:?} before"));
            }
        }
    }
}
