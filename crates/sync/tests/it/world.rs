//! A world in memory: one shop, one warehouse, one state, one clock, and a log of every call.

use std::collections::{HashMap, VecDeque};
use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use async_trait::async_trait;
use domain::listing_map::{Item, ListingMap, MapUpdate};
use domain::plan::{Change, Facts};
use domain::run::RunSummary;
use domain::skip::Skip;
use domain::stock::{StockRow, StockRows, Warehouses};
use domain::{
    Batch, InventoryItemId, Level, Line, LineState, Listing, ListingKey, Policy, ProductId, RunId, Scope,
    ShopName, Sku, TaskStatus, UnixMillis, VariantId, WriteBatch,
};
use sync::observer::Silent;
use sync::ports::*;
use sync::{Budget, Ended, Observer, Ports, RunRequest, RunSettings, TaskEnd, Work};
use tokio_util::sync::CancellationToken;

/// What the shop does with the next write.
#[derive(Clone)]
pub(crate) enum Answer {
    Apply,
    ApplyAndLose,
    Lose,
    Refuse(ShopErrorClass),
    NotSent,
    /// The user stops the run while the write waits for its place in the window.
    StoppedBeforeTheGate,
    /// No answer for as long as anybody waits.
    Never,
}

#[derive(Default)]
pub(crate) struct World {
    pub(crate) levels: Mutex<HashMap<String, i64>>,
    pub(crate) stock: Mutex<Vec<(String, i64)>>,
    pub(crate) answers: Mutex<Vec<Answer>>,
    pub(crate) log: Mutex<Vec<String>>,
    pub(crate) runs: Mutex<HashMap<RunId, RunRecord>>,
    pub(crate) lines: Mutex<HashMap<RunId, Vec<LineRecord>>>,
    pub(crate) now: AtomicI64,
    /// Sold right after a write was applied.
    pub(crate) sold_after_write: Mutex<HashMap<String, i64>>,
    pub(crate) stop: CancellationToken,
    pub(crate) stop_after_writes: Mutex<Option<usize>>,
    pub(crate) refuse_state: Mutex<Option<&'static str>>,
    /// Who has the shop, and for how many looks, before it is free.
    pub(crate) held: Mutex<VecDeque<(RunId, u32)>>,
    /// Whether a read of levels is never answered.
    pub(crate) mute: AtomicBool,
    /// Whether a run is cancelled right before it begins.
    pub(crate) cancelled_at_start: AtomicBool,
    /// When each item last changed, where the shop tells.
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

impl World {
    pub(crate) fn new(levels: &[(&str, i64)], stock: &[(&str, i64)]) -> Self {
        let world = Self::default();
        *world.levels.lock().unwrap() = levels.iter().map(|(k, v)| ((*k).to_owned(), *v)).collect();
        *world.stock.lock().unwrap() = stock.iter().map(|(k, v)| ((*k).to_owned(), *v)).collect();
        world
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
        };
        match sync::execute(&ports, &request, &settings(budget, batch)).await? {
            Ended::Ran(summary) => Ok(*summary),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn work_off(&self, task: &NewRun) -> Result<TaskEnd, StateError> {
        sync::work_off(&self.ports(self), task, &settings(Budget::default(), 300)).await
    }

    fn ports<'a>(&'a self, clock: &'a dyn Clock) -> Ports<'a> {
        Ports {
            shop: self,
            warehouse: self,
            runs: self,
            tasks: self,
            pauses: self,
            leases: self,
            journal: self,
            maps: self,
            clock,
            observer: &Silent,
            stop: &self.stop,
        }
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
        let lines = self.lines.lock().unwrap();
        lines[&RunId::new(run)]
            .iter()
            .map(|record| (record.line.change.sku.to_string(), record.state))
            .collect()
    }

    fn note(&self, entry: impl Into<String>) {
        self.log.lock().unwrap().push(entry.into());
    }

    fn state(&self, step: &'static str) -> Result<(), StateError> {
        if *self.refuse_state.lock().unwrap() == Some(step) {
            return Err(StateError::failed("disk full"));
        }
        self.note(step);
        Ok(())
    }

    fn apply(&self, batch: &Batch) {
        let mut levels = self.levels.lock().unwrap();
        for line in &batch.lines {
            let sku = line.change.sku.as_str();
            let sold = self.sold_after_write.lock().unwrap().remove(sku).unwrap_or(0);
            *levels.get_mut(sku).unwrap() += line.change.delta.units() - sold;
        }
    }

    fn listing(name: &str, level: i64) -> Listing {
        Listing {
            key: ListingKey { product: ProductId::new(name), variant: VariantId::unmanaged() },
            inventory_item: InventoryItemId::new(name),
            sku: Some(sku(name)),
            tracked: true,
            level: Level::new(level),
        }
    }
}

fn lost(class: ShopErrorClass) -> ShopError {
    ShopError::new(class, "made up")
}

#[async_trait]
impl Shop for World {
    fn site(&self) -> &'static str {
        "site"
    }

    fn page(&self) -> u64 {
        100
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

    async fn items(&self, products: &[ProductId]) -> Result<Vec<Item>, ShopError> {
        self.note(format!("levels read at {}", self.now()));
        if self.mute.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        let levels = self.levels.lock().unwrap();
        let item = |p: &ProductId| Item {
            product: p.clone(),
            id: InventoryItemId::new(p.as_str()),
            tracked: true,
            stamp: None,
            changed_at: self.changed_at.lock().unwrap().get(p.as_str()).copied(),
            levels: vec![(VariantId::unmanaged(), Level::new(levels[p.as_str()]))],
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
        match answer {
            Answer::Apply => {
                self.apply(batch);
                WriteReply::Acked
            }
            Answer::ApplyAndLose => {
                self.apply(batch);
                WriteReply::Unclean(lost(ShopErrorClass::NoAnswer))
            }
            Answer::Lose => WriteReply::Unclean(lost(ShopErrorClass::NoAnswer)),
            Answer::Refuse(class) => WriteReply::Refused(lost(class)),
            Answer::NotSent => WriteReply::NotSent(lost(ShopErrorClass::Unreachable)),
            Answer::StoppedBeforeTheGate | Answer::Never => std::future::pending().await,
        }
    }

    fn request_timeout_ms(&self) -> i64 {
        30_000
    }

    fn requests(&self) -> u64 {
        0
    }
}

#[async_trait]
impl Warehouse for World {
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
impl Runs for World {
    async fn queue(
        &self,
        _: &NewRun,
        now: UnixMillis,
        _: &RangeInclusive<UnixMillis>,
    ) -> Result<Queued, StateError> {
        self.note(format!("waited for at {now}"));
        Ok(Queued::Waiting)
    }

    async fn withdraw(&self, _: &RunId, _: UnixMillis) -> Result<(), StateError> {
        Ok(())
    }

    async fn start(&self, run: &NewRun, _: &Fence, at: UnixMillis) -> Result<(), StateError> {
        self.state("run created")?;
        if self.cancelled_at_start.load(Ordering::SeqCst) {
            self.runs.lock().unwrap().get_mut(&run.id).unwrap().status = TaskStatus::Revoked;
            return Err(StateError::failed("it is not waiting any more"));
        }
        let record = RunRecord {
            run: run.clone(),
            status: TaskStatus::Started,
            attempt: 1,
            deaths: 0,
            cancel_asked: false,
            started_at: Some(at),
            facts: None,
            summary: None,
        };
        self.runs.lock().unwrap().insert(run.id.clone(), record);
        Ok(())
    }

    async fn finish(&self, summary: &RunSummary, _: &Fence) -> Result<(), StateError> {
        self.state("run finished")?;
        let mut runs = self.runs.lock().unwrap();
        let record = runs.get_mut(&summary.run_id).unwrap();
        record.status = summary.outcome.task_status();
        record.summary = Some(summary.clone());
        Ok(())
    }

    async fn abandoned(
        &self,
        _: &ShopName,
        _: &RunId,
        _: &RangeInclusive<UnixMillis>,
    ) -> Result<Vec<RunRecord>, StateError> {
        Ok(Vec::new())
    }

    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError> {
        Ok(self.runs.lock().unwrap().get(id).cloned())
    }

    async fn list(&self, _: &RunFilter) -> Result<Vec<RunRecord>, StateError> {
        Ok(self.runs.lock().unwrap().values().cloned().collect())
    }

    async fn last_good_warehouse_skus(&self, _: &ShopName) -> Result<Option<u64>, StateError> {
        Ok(None)
    }
}

#[async_trait]
impl Leases for World {
    async fn acquire(
        &self,
        shop: &ShopName,
        _: &RunId,
        until: UnixMillis,
        _: Option<HeldLease>,
    ) -> Result<Acquired, StateError> {
        let mut held = self.held.lock().unwrap();
        if let Some((run, looks)) = held.front_mut() {
            let busy = Acquired::Busy { run: run.clone(), lease: HeldLease { token: 1, expires_at: until } };
            *looks -= 1;
            if *looks == 0 {
                held.pop_front();
            }
            return Ok(busy);
        }
        Ok(Acquired::Granted { fence: Fence { shop: shop.clone(), token: 1 }, expires_at: until })
    }

    async fn renew(&self, _: &Fence, _: UnixMillis) -> Result<(), StateError> {
        Ok(())
    }

    async fn release(&self, _: &Fence) -> Result<(), StateError> {
        Ok(())
    }
}

#[async_trait]
impl Journal for World {
    async fn save_plan(
        &self,
        run: &RunId,
        _: &Fence,
        _: &Facts,
        lines: &[LineRecord],
        _: &[Skip],
    ) -> Result<(), StateError> {
        self.state("plan saved")?;
        self.lines.lock().unwrap().insert(run.clone(), lines.to_vec());
        Ok(())
    }

    async fn sent(&self, run: &RunId, _: &Fence, seqs: &[u32], sending: Sending) -> Result<(), StateError> {
        self.state("sent committed")?;
        let mut lines = self.lines.lock().unwrap();
        for record in lines.get_mut(run).unwrap().iter_mut().filter(|r| seqs.contains(&r.line.seq)) {
            record.state = LineState::Sent;
            record.sending = Some(sending);
        }
        Ok(())
    }

    async fn update(
        &self,
        run: &RunId,
        _: &Fence,
        at: UnixMillis,
        updates: &[LineUpdate],
        again: &[LineRecord],
    ) -> Result<(), StateError> {
        self.state("lines updated")?;
        let mut lines = self.lines.lock().unwrap();
        let lines = lines.entry(run.clone()).or_default();
        for update in updates {
            let record = &mut lines[usize::try_from(update.seq).unwrap()];
            if record.state == LineState::Sent {
                record.answered_at = Some(at);
            }
            record.acked |= update.state == LineState::Acked;
            record.state = update.state;
            record.level_after = update.level_after;
        }
        lines.extend(again.iter().cloned());
        Ok(())
    }

    async fn recent_writes(&self, _: &ShopName, since: UnixMillis) -> Result<Vec<RecentWrite>, StateError> {
        let lines = self.lines.lock().unwrap();
        let recent = lines.values().flatten().filter_map(|record| {
            let sending = record.sending?;
            let LineRecord { state, answered_at, acked, .. } = *record;
            let may_land = sending.send_before + sending.timeout_ms > since;
            let key = record.line.change.key.clone();
            let recent = may_land || answered_at.is_some_and(|at| at > since);
            recent.then_some(RecentWrite { key, state, sending, answered_at, acked })
        });
        Ok(recent.collect())
    }

    async fn lines(&self, run: &RunId) -> Result<Vec<LineRecord>, StateError> {
        Ok(self.lines.lock().unwrap().get(run).cloned().unwrap_or_default())
    }

    async fn lines_after(&self, run: &RunId, _: Option<u32>, _: u32) -> Result<Vec<LineRecord>, StateError> {
        self.lines(run).await
    }

    async fn next_seq(&self, _: &RunId) -> Result<u32, StateError> {
        Ok(0)
    }

    async fn skips(&self, _: &RunId) -> Result<Vec<Skip>, StateError> {
        Ok(Vec::new())
    }

    async fn plan(&self, run: &RunId) -> Result<Option<PlanRecord>, StateError> {
        let Some(record) = self.get(run).await? else { return Ok(None) };
        let lines: Vec<Line> = self.lines(run).await?.into_iter().map(|record| record.line).collect();
        let changes: Vec<Change> = lines.into_iter().map(|line| line.change).collect();
        Ok(Some(PlanRecord { run: record, changes }))
    }
}

#[async_trait]
impl ListingMaps for World {
    async fn load_map(&self, _: &ShopName) -> Result<Option<ListingMap>, StateError> {
        Ok(None)
    }

    async fn replace_map(&self, _: &Fence, _: &ListingMap) -> Result<(), StateError> {
        Ok(())
    }

    async fn update_map(&self, _: &Fence, _: &MapUpdate) -> Result<(), StateError> {
        Ok(())
    }

    async fn forget_map(&self, _: &Fence) -> Result<(), StateError> {
        Ok(())
    }
}

#[async_trait]
impl Clock for World {
    fn now(&self) -> UnixMillis {
        self.now.load(Ordering::Relaxed)
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        self.note(format!("slept until {moment}"));
        self.now.fetch_max(moment, Ordering::Relaxed);
    }
}
