//! Whole runs over a shop under test: a store in memory, and a warehouse that is a list.

use async_trait::async_trait;
use domain::stock::{StockRow, StockRows, Warehouses};
use domain::{Policy, RunId, RunSummary, Scope, ShopName, WriteBatch};
use memory::MemoryStore;
use sync::observer::Silent;
use sync::ports::{Warehouse, WarehouseError, WarehouseRead};
use sync::{Budget, Ended, Ports, RunRequest, RunSettings, Work};
use tokio_util::sync::CancellationToken;

use super::Fixture;

/// A store and a warehouse with this stock.
pub(super) struct Worker {
    store: MemoryStore,
    stock: StockList,
}

struct StockList(Vec<(String, i64)>);

#[async_trait]
impl Warehouse for StockList {
    async fn read(&self) -> Result<WarehouseRead, WarehouseError> {
        let row = |(name, units): &(String, i64)| StockRow {
            sku: name.as_str().into(),
            warehouse: None,
            quantity: Ok((*units).into()),
        };
        let rows = StockRows::Query(self.0.iter().map(row).collect());
        Ok(WarehouseRead { rows, warehouses: Warehouses::default() })
    }
}

impl Worker {
    pub(super) fn new(stock: &[(&str, i64)]) -> Self {
        let stock = stock.iter().map(|(sku, units)| ((*sku).to_owned(), *units)).collect();
        Self { store: MemoryStore::new(), stock: StockList(stock) }
    }

    /// Executes one run to its end.
    pub(super) async fn run(&self, shop: &impl Fixture) -> RunSummary {
        let clock = shop.clock();
        let cancellation = CancellationToken::new();
        let ports = Ports {
            shop: shop.shop(),
            warehouse: &self.stock,
            store: &self.store,
            clock: &*clock,
            observer: &Silent,
            stop: &cancellation,
        };
        let request = RunRequest {
            id: RunId::new("run"),
            shop: ShopName::new("default"),
            work: Work::Sync { dry_run: false },
            scope: Scope::All,
            policy: Policy::default(),
        };
        let settings = RunSettings {
            write_batch: WriteBatch::MAX,
            settle_ms: shop.settle_ms(),
            budget: Budget::default(),
            state: "memory".to_owned(),
        };
        match sync::execute(&ports, &request, &settings).await.unwrap() {
            Ended::Ran(summary) => *summary,
            other => panic!("{other:?}"),
        }
    }
}
