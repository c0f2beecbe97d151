//! Whole runs over a shop under test: a store in memory, and a warehouse that is a list.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use domain::stock::{StockRow, StockRows, Warehouses};
use domain::{Policy, RunId, RunSummary, Scope, ShopName, Starter, WriteBatch};
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

/// A warehouse that is a list of SKUs with their stock.
pub(crate) struct StockList(Vec<(String, i64)>);

impl StockList {
    pub(crate) fn new(stock: &[(&str, i64)]) -> Self {
        Self(stock.iter().map(|(sku, units)| ((*sku).to_owned(), *units)).collect())
    }
}

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
        Self { store: MemoryStore::new(), stock: StockList::new(stock), runs: AtomicU32::new(0) }
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
        self.run_until(port, clock, settle_ms, &CancellationToken::new()).await
    }

    /// The same, until it is stopped.
    pub async fn run_until(
        &self,
        port: &dyn Shop,
        clock: &dyn Clock,
        settle_ms: i64,
        stop: &CancellationToken,
    ) -> RunSummary {
        let id = Self::run_id(self.runs.fetch_add(1, Ordering::Relaxed) + 1);
        let warehouse = &self.stock;
        let ports = Ports { shop: port, warehouse, store: &self.store, clock, observer: &Silent, stop };
        run_over(&ports, id, settle_ms).await
    }
}

/// One run of a shop over these ports.
pub(crate) async fn run_over(ports: &Ports<'_>, id: RunId, settle_ms: i64) -> RunSummary {
    let request = RunRequest {
        id,
        shop: ShopName::new("default"),
        work: Work::Sync { dry_run: false },
        scope: Scope::All,
        policy: Policy::default(),
        starter: Starter::COMMAND_LINE,
    };
    let settings = RunSettings {
        write_batch: WriteBatch::UNLIMITED,
        settle_ms,
        budget: Budget::default(),
        state: "memory".to_owned(),
    };
    match sync::execute(ports, &request, &settings).await.unwrap() {
        Ended::Ran(summary) => *summary,
        other => panic!("{other:?}"),
    }
}
