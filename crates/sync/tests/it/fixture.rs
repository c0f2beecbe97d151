//! A fixture to drive runs with: a shop, a warehouse and a clock in memory, and a log of every call. Its store ports
//! are in `store.rs`.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use async_trait::async_trait;
use domain::listing::ItemLevel;
use domain::listing::reading::{ReadCosts, WayCost};
use domain::run::RunSummary;
use domain::stock::{StockRow, StockRows, Warehouses};
use domain::write::batch::BatchTerms;
use domain::write::settle::Settling;
use domain::{
    Batch, InventoryItemId, Level, LineState, Listing, ListingKey, Policy, ProductId, RunId, Scope, ShopName,
    Sku, Starter, UnixMillis, VariantId, WriteBatch,
};
use memory::MemoryStore;
use sync::observer::Silent;
use sync::ports::*;
use sync::{Budget, Ended, Observer, Ports, RunRequest, RunSettings, TaskEnd, Work};
use tokio_util::sync::CancellationToken;

/// What the shop does with the next write.
#[derive(Clone)]
pub(crate) enum Answer {
    Apply,
    /// Wix answers with a success and leaves out the entry of this SKU.
    LeaveOut(&'static str),
    ApplyAndLose,
    Lose,
    Refuse(ShopErrorClass),
    NotSent,
    /// The user stops the run while the write waits for its place in the request window.
    StoppedBeforeTheGate,
    /// No answer ever comes.
    Never,
}

#[derive(Default)]
pub(crate) struct RunFixture {
    pub(crate) levels: Mutex<HashMap<String, i64>>,
    pub(crate) stock: Mutex<Vec<(String, i64)>>,
    pub(crate) answers: Mutex<Vec<Answer>>,
    pub(crate) log: Mutex<Vec<String>>,
    pub(crate) store: MemoryStore,
    pub(crate) now: AtomicI64,
    /// Units that are sold right after a write was applied, by SKU.
    pub(crate) sold_after_write: Mutex<HashMap<String, i64>>,
    pub(crate) stop: CancellationToken,
    pub(crate) stop_after_writes: Mutex<Option<usize>>,
    pub(crate) refused_commit: Mutex<Option<&'static str>>,
    /// The runs that hold the lease before it is free, each with the number of tries to take it.
    pub(crate) lease_holders: Mutex<VecDeque<(RunId, u32)>>,
    /// Whether a read of levels is never answered.
    pub(crate) levels_hang: AtomicBool,
    /// Whether a run is cancelled right before it begins.
    pub(crate) cancel_at_start: AtomicBool,
    /// When each item last changed, if the shop reports it.
    pub(crate) changed_at: Mutex<HashMap<String, i64>>,
}

fn settings(budget: Budget, batch: u16) -> RunSettings {
    RunSettings {
        write_batch: WriteBatch::new(batch).unwrap(),
        settle_ms: 10_000,
        budget,
        state: "memory".to_owned(),
    }
}

fn sku(text: &str) -> Sku {
    Sku::parse(text).unwrap()
}

impl RunFixture {
    pub(crate) fn new(levels: &[(&str, i64)], stock: &[(&str, i64)]) -> Self {
        let fixture = Self::default();
        *fixture.levels.lock().unwrap() = levels.iter().map(|(k, v)| ((*k).to_owned(), *v)).collect();
        *fixture.stock.lock().unwrap() = stock.iter().map(|(k, v)| ((*k).to_owned(), *v)).collect();
        fixture
    }

    pub(crate) fn answering(self, answers: &[Answer]) -> Self {
        *self.answers.lock().unwrap() = answers.to_vec();
        self
    }

    pub(crate) async fn run(&self, id: &str, work: Work, batch: u16) -> Result<RunSummary, StateError> {
        self.run_within(Budget::default(), self, id, work, batch).await
    }

    pub(crate) async fn run_within(
        &self,
        budget: Budget,
        clock: &dyn Clock,
        id: &str,
        work: Work,
        batch: u16,
    ) -> Result<RunSummary, StateError> {
        let ports = self.ports(clock);
        let request = RunRequest {
            id: RunId::new(id),
            shop: ShopName::new("default"),
            work,
            scope: Scope::All,
            policy: Policy::default(),
            starter: Starter::COMMAND_LINE,
        };
        match sync::execute(&ports, &request, &settings(budget, batch)).await? {
            Ended::Ran(summary) => Ok(*summary),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn execute_task(&self, task: &NewRun) -> Result<TaskEnd, StateError> {
        sync::execute_task(&self.ports(self), task, &settings(Budget::default(), 300)).await
    }

    fn ports<'a>(&'a self, clock: &'a dyn Clock) -> Ports<'a> {
        Ports { shop: self, warehouse: self, store: self, clock, observer: &Silent, stop: &self.stop }
    }

    pub(crate) async fn sync(&self, batch: u16) -> RunSummary {
        self.run("r1", Work::Sync { dry_run: false }, batch).await.unwrap()
    }

    pub(crate) fn level(&self, sku: &str) -> i64 {
        self.levels.lock().unwrap()[sku]
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn count(&self, prefix: &str) -> usize {
        self.log().iter().filter(|entry| entry.starts_with(prefix)).count()
    }

    pub(crate) fn states(&self, run: &str) -> HashMap<String, LineState> {
        let lines = self.store.lines_of(&RunId::new(run));
        lines.iter().map(|record| (record.line.change.sku.to_string(), record.state)).collect()
    }

    pub(crate) fn note(&self, entry: impl Into<String>) {
        self.log.lock().unwrap().push(entry.into());
    }

    fn apply(&self, batch: &Batch, but: Option<&str>) {
        let mut levels = self.levels.lock().unwrap();
        for line in batch.lines.iter().filter(|line| Some(line.change.sku.as_str()) != but) {
            let sku = line.change.sku.as_str();
            let sold = self.sold_after_write.lock().unwrap().remove(sku).unwrap_or(0);
            *levels.get_mut(sku).unwrap() += line.change.delta.units() - sold;
        }
    }

    fn listing(name: &str, level: i64) -> Listing {
        Listing {
            key: ListingKey::new(ProductId::new(name), VariantId::whole_product()),
            inventory_item: InventoryItemId::new(name),
            sku: Some(sku(name)),
            tracked: true,
            level: Level::new(level),
            revision: None,
        }
    }
}

fn shop_error(class: ShopErrorClass) -> ShopError {
    ShopError::new(class, "made up")
}

#[async_trait]
impl Shop for RunFixture {
    fn site(&self) -> &'static str {
        "site"
    }

    async fn connect(&self) -> Result<ShopTerms, ShopError> {
        let way = WayCost { fixed: 1, page: 100, per_page: 1, at_once: 1 };
        Ok(ShopTerms {
            catalog: "made up",
            reading: ReadCosts { crawl: way, known_ids: way, changes: None, sku_list: way },
            batches: BatchTerms { most: 300, one_direction: true },
            settling: Settling::Evidence,
        })
    }

    async fn read_all(&self, _: &dyn Observer) -> Result<Catalog, ShopError> {
        self.note("shop read");
        let levels = self.levels.lock().unwrap();
        let listings: Vec<Listing> = levels.iter().map(|(name, level)| Self::listing(name, *level)).collect();
        let products = u64::try_from(listings.len()).unwrap();
        Ok(Catalog { listings, products, as_of: None })
    }

    async fn changed_since(&self, _: UnixMillis, _: u64) -> Result<Changes, ShopError> {
        Ok(Changes::NotOffered)
    }

    async fn find(&self, _: &[Sku], _: usize) -> Result<Option<Vec<Listing>>, ShopError> {
        Ok(None)
    }

    async fn levels(&self, products: &[ProductId]) -> Result<Vec<ItemLevel>, ShopError> {
        self.note(format!("levels read at {}", self.now()));
        if self.levels_hang.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        let levels = self.levels.lock().unwrap();
        let item = |p: &ProductId| ItemLevel {
            key: ListingKey::new(p.clone(), VariantId::whole_product()),
            inventory_item: InventoryItemId::new(p.as_str()),
            tracked: true,
            level: Level::new(levels[p.as_str()]),
            revision: None,
            stamp: None,
            changed_at: self.changed_at.lock().unwrap().get(p.as_str()).copied(),
        };
        Ok(products.iter().map(item).collect())
    }

    async fn write(&self, batch: &Batch, gate: &dyn SendGate) -> WriteReply {
        if matches!(self.answers.lock().unwrap().first(), Some(Answer::StoppedBeforeTheGate)) {
            self.stop.cancel();
            std::future::pending::<()>().await;
        }
        if let Err(error) = gate.commit().await {
            return WriteReply::NotCommitted(error);
        }
        gate.left(self.now());
        let deltas: Vec<String> =
            batch.lines.iter().map(|line| format!("{}{}", line.change.sku, line.change.delta)).collect();
        self.note(format!("write {}", deltas.join(" ")));
        if *self.stop_after_writes.lock().unwrap() == Some(self.count("write")) {
            self.stop.cancel();
        }
        let answer = {
            let mut answers = self.answers.lock().unwrap();
            if answers.is_empty() { Answer::Apply } else { answers.remove(0) }
        };
        let lines = batch.lines.len();
        match answer {
            Answer::Apply => {
                self.apply(batch, None);
                WriteReply::applied(lines)
            }
            Answer::LeaveOut(sku) => {
                self.apply(batch, Some(sku));
                WriteReply::applied(lines)
            }
            Answer::ApplyAndLose => {
                self.apply(batch, None);
                WriteReply::unclear(lines, shop_error(ShopErrorClass::NoAnswer))
            }
            Answer::Lose => WriteReply::unclear(lines, shop_error(ShopErrorClass::NoAnswer)),
            Answer::Refuse(class) => WriteReply::refused(lines, shop_error(class)),
            Answer::NotSent => WriteReply::NotSent(shop_error(ShopErrorClass::Unreachable)),
            Answer::StoppedBeforeTheGate | Answer::Never => std::future::pending().await,
        }
    }

    fn request_timeout_ms(&self) -> i64 {
        30_000
    }

    fn requests(&self) -> u64 {
        0
    }

    fn server_time(&self) -> Option<UnixMillis> {
        None
    }
}

#[async_trait]
impl Warehouse for RunFixture {
    async fn read(&self) -> Result<WarehouseRead, WarehouseError> {
        self.note("warehouse read");
        let rows = self.stock.lock().unwrap();
        let rows = rows.iter().map(|(name, units)| StockRow {
            sku: name.as_str().into(),
            warehouse: None,
            quantity: Ok((*units).into()),
        });
        Ok(WarehouseRead { rows: StockRows::Query(rows.collect()), warehouses: Warehouses::All })
    }
}

#[async_trait]
impl Clock for RunFixture {
    fn now(&self) -> UnixMillis {
        self.now.load(Ordering::Relaxed)
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        self.note(format!("slept until {moment}"));
        self.now.fetch_max(moment, Ordering::Relaxed);
    }
}
