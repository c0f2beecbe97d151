//! Whole runs over a shop under test: a store in memory, and a warehouse that is a list.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use domain::stock::{StockRow, StockRows, Warehouses};
use domain::{Policy, RunId, RunSummary, Scope, ShopName, WriteBatch};
use memory::MemoryStore;
use sync::observer::Silent;
use sync::ports::{Clock, Shop, Warehouse, WarehouseError, WarehouseRead};
use sync::{Budget, Ended, Ports, RunRequest, RunSettings, Work};
use tokio_util::sync::CancellationToken;

use super::Fixture;

/// A process that runs: its store, and a warehouse with this stock.
pub struct Worker {
    store: MemoryStore,
    stock: StockList,
    runs: AtomicU32,
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
    /// One that has not run yet.
    #[must_use]
    pub fn new(stock: &[(&str, i64)]) -> Self {
        let stock = stock.iter().map(|(sku, units)| ((*sku).to_owned(), *units)).collect();
        Self { store: MemoryStore::new(), stock: StockList(stock), runs: AtomicU32::new(0) }
    }

    /// What its runs recorded.
    #[must_use]
    pub fn store(&self) -> &MemoryStore {
        &self.store
    }

    /// The id of its run of this number, from 1.
    #[must_use]
    pub fn run_id(number: u32) -> RunId {
        RunId::new(&format!("run-{number}"))
    }

    /// One run to its end.
    pub async fn run(&self, fixture: &impl Fixture) -> RunSummary {
        self.run_on(fixture.shop(), &*fixture.clock(), fixture.settle_ms()).await
    }

    /// One run over a shop that is no fixture.
    pub async fn run_on(&self, port: &dyn Shop, clock: &dyn Clock, settle_ms: i64) -> RunSummary {
        let stop = CancellationToken::new();
        let ports = Ports {
            shop: port,
            warehouse: &self.stock,
            store: &self.store,
            clock,
            observer: &Silent,
            stop: &stop,
        };
        let request = RunRequest {
            id: Self::run_id(self.runs.fetch_add(1, Ordering::Relaxed) + 1),
            shop: ShopName::new("default"),
            work: Work::Sync { dry_run: false },
            scope: Scope::All,
            policy: Policy::default(),
        };
        let settings = RunSettings {
            write_batch: WriteBatch::MAX,
            settle_ms,
            budget: Budget::default(),
            state: "memory".to_owned(),
        };
        match sync::execute(&ports, &request, &settings).await.unwrap() {
            Ended::Ran(summary) => *summary,
            other => panic!("{other:?}"),
        }
    }
}
