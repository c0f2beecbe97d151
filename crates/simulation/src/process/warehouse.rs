//! The handle of the warehouse.

use async_trait::async_trait;
use domain::stock::StockRows;
use sync::ports::{Warehouse, WarehouseError, WarehouseErrorClass, WarehouseRead};

use super::Process;
use crate::profile::{Broken, Fault};
use crate::yield_point::Point;

#[async_trait]
impl Warehouse for Process {
    async fn read(&self) -> Result<WarehouseRead, WarehouseError> {
        self.pause(Point::Warehouse).await;
        let read = self.snapshot();
        self.linger(Point::WarehouseRead, Fault::SlowWarehouse, 15_000).await;
        read
    }
}

impl Process {
    fn snapshot(&self) -> Result<WarehouseRead, WarehouseError> {
        let mut world = self.world.lock();
        let (step, now) = (world.step, world.now);
        if world.strikes(Fault::WarehouseFails) {
            world.oracle.watch(self.pid).failed_read = Some("warehouse".to_owned());
            return Err(WarehouseError::new(WarehouseErrorClass::Unreachable, "no database"));
        }
        let empty = world.strikes(Fault::WarehouseEmpty);
        let mut read = world.depot.snapshot(now);
        if empty && !self.is(Broken::AnswerFromMemory) {
            read.rows = StockRows::Query(Vec::new());
        }
        let skus = if empty { 0 } else { world.depot.skus(now) };
        let old = self.is(Broken::OldSnapshot);
        let watch = world.oracle.watch(self.pid);
        watch.snapshot = Some(if old { watch.began } else { step });
        watch.snapshot_skus = Some(skus);
        world.note(format_args!("p{} warehouse snapshot: {skus} SKUs", self.pid));
        Ok(read)
    }
}
