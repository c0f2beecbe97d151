//! The port of the warehouse.

use async_trait::async_trait;
use domain::stock::StockRows;
use sync::ports::{Warehouse, WarehouseError, WarehouseErrorClass, WarehouseRead};

use super::Process;
use crate::profile::{Defect, Fault};
use crate::yield_point::YieldPoint;

#[async_trait]
impl Warehouse for Process {
    async fn read(&self) -> Result<WarehouseRead, WarehouseError> {
        self.pause(YieldPoint::Warehouse).await;
        let read = self.snapshot();
        self.pause_with_delay(YieldPoint::WarehouseRead, Fault::SlowWarehouse, 15_000).await;
        read
    }
}

impl Process {
    fn snapshot(&self) -> Result<WarehouseRead, WarehouseError> {
        let mut sim = self.sim.lock();
        let (step, now) = (sim.step, sim.now);
        if sim.injects(Fault::WarehouseFails) {
            sim.observations.watch(self.pid).failed_read = Some("warehouse".to_owned());
            return Err(WarehouseError::new(WarehouseErrorClass::Unreachable, "no database"));
        }
        let empty = sim.injects(Fault::WarehouseEmpty);
        let mut read = sim.warehouse.snapshot(now);
        if empty && !self.has(Defect::CachedWarehouse) {
            read.rows = StockRows::Query(Vec::new());
        }
        let skus = if empty { 0 } else { sim.warehouse.skus(now) };
        let old = self.has(Defect::OldSnapshot);
        let watch = sim.observations.watch(self.pid);
        watch.snapshot = Some(if old { watch.began } else { step });
        watch.snapshot_skus = Some(skus);
        sim.note(format_args!("p{} warehouse snapshot: {skus} SKUs", self.pid));
        Ok(read)
    }
}
