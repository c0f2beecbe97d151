//! One process: the ports that `sync::execute` is given, each of which yields before it does anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use domain::plan::Facts;
use domain::settle::Reading;
use domain::skip::Skip;
use domain::{Batch, Level, LineState, Listing, ProductId, RunId, RunSummary, ShopName, Sku, UnixMillis};
use sync::Observer;
use sync::observer::Event;
use sync::ports::{
    Acquired, Clock, Fence, Journal, Leases, LevelsRead, LineRecord, LineUpdate, NewRun, PlanRecord, Queued,
    RecentWrite, RunFilter, RunRecord, Runs, SendGate, Sending, Shop, ShopError, ShopErrorClass, StateError,
    Warehouse, WarehouseError, WarehouseErrorClass, WarehouseRead, WriteReply,
};

use crate::profile::{Broken, Fault};
use crate::world::{Inner, Installed, Pid, Point, TIMEOUT_MS, World};

/// Listings on a page.
const PAGE: usize = 4;

pub(crate) struct Process {
    pub(crate) world: World,
    pub(crate) pid: Pid,
    pub(crate) install: usize,
    pub(crate) installed: Arc<Installed>,
    pub(crate) run: RunId,
    pub(crate) requests: AtomicU64,
    pub(crate) broken: Option<Broken>,
}

impl Process {
    fn is(&self, broken: Broken) -> bool {
        self.broken == Some(broken)
    }

    fn is_open(&self) -> bool {
        self.is(Broken::OpenFence) || self.is(Broken::OpenFenceUnseen)
    }

    fn note(&self, text: std::fmt::Arguments<'_>) {
        let pid = self.pid;
        self.world.lock().note(format_args!("p{pid} {text}"));
    }

    async fn pause(&self, point: Point) {
        self.world.pause(self.pid, point).await;
    }

    async fn linger(&self, point: Point, fault: Fault, most_ms: i64) {
        let due = {
            let mut world = self.world.lock();
            let extra = if world.strikes(fault) { world.dice.between(500, most_ms) } else { 0 };
            world.now + extra
        };
        self.world.wait(self.pid, point, due).await;
    }

    /// One transaction: lost when the process dies before it, kept when it dies after it.
    async fn commit<T>(
        &self,
        what: &'static str,
        transaction: impl Future<Output = Result<T, StateError>>,
    ) -> Result<T, StateError> {
        self.pause(Point::Commit).await;
        let unheard = {
            let mut world = self.world.lock();
            let full = *self.installed.full_until.lock().expect("never poisoned");
            if world.faulty && world.now < full {
                world.note(format_args!("p{} {what}: disk full", self.pid));
                return Err(StateError::failed("disk full"));
            }
            world.strikes(Fault::CommitUnheard)
        };
        let result = transaction.await;
        let outcome = match &result {
            Ok(_) if unheard => "committed, not heard",
            Ok(_) => "committed",
            Err(StateError::Fenced) => "fenced",
            Err(StateError::Failed(_)) => "refused",
        };
        self.note(format_args!("{what}: {outcome}"));
        self.pause(Point::Committed).await;
        if unheard { Err(StateError::failed("connection lost")) } else { result }
    }

    async fn query<T>(&self, query: impl Future<Output = Result<T, StateError>>) -> Result<T, StateError> {
        self.pause(Point::Query).await;
        query.await
    }

    /// The fence that the state is shown.
    fn shown(&self, fence: &Fence) -> Fence {
        let current = self.installed.state.lease(&fence.shop).filter(|_| self.is_open());
        Fence { shop: fence.shop.clone(), token: current.map_or(fence.token, |row| row.token) }
    }

    fn read_failure(world: &mut Inner, fault: Fault) -> Option<ShopError> {
        if world.key_is_revoked() {
            return Some(ShopError::new(ShopErrorClass::Unauthorised, "403"));
        }
        let classes = [
            ShopErrorClass::Unreachable,
            ShopErrorClass::NoAnswer,
            ShopErrorClass::ServerError,
            ShopErrorClass::Throttled,
            ShopErrorClass::Malformed,
        ];
        world.strikes(fault).then(|| ShopError::new(world.dice.pick(&classes), "a read failed"))
    }

    fn fail_read<T>(&self, error: ShopError) -> Result<T, ShopError> {
        let mut world = self.world.lock();
        world.note(format_args!("p{} read fails: {error}", self.pid));
        world.oracle.watch(self.pid).failed_read = Some(error.to_string());
        Err(error)
    }
}

#[async_trait]
impl Shop for Process {
    async fn read_all(&self, _: &dyn Observer) -> Result<Vec<Listing>, ShopError> {
        let count = self.world.lock().floor.shelves.len();
        let mut listings = Vec::with_capacity(count);
        self.world.lock().oracle.watch(self.pid).read_at.clear();
        for first in (0..count).step_by(PAGE) {
            self.linger(Point::ShopPage, Fault::SlowRead, 15_000).await;
            self.requests.fetch_add(1, Ordering::Relaxed);
            let failure = {
                let mut world = self.world.lock();
                let failure = Self::read_failure(&mut world, Fault::ReadFails);
                if failure.is_none() {
                    for at in first..count.min(first + PAGE) {
                        let seen_at = lagging(&mut world, Fault::StaleRead);
                        let place = &world.floor.shelves[at];
                        let shown = place.shown(seen_at);
                        if shown.exists {
                            listings.push(shown.listing(&place.key));
                        }
                        let known = world.floor.ledger.len();
                        let watch = world.oracle.watch(self.pid);
                        watch.read_at.insert(at, known);
                        watch.seen_at.insert(at, seen_at);
                    }
                }
                failure
            };
            if let Some(error) = failure {
                return self.fail_read(error);
            }
        }
        let incomplete = self.world.lock().strikes(Fault::ReadIncomplete);
        if incomplete {
            let error = ShopError::new(ShopErrorClass::Incomplete, "rows are missing");
            let failed = self.fail_read(error);
            if !self.is(Broken::HideIncomplete) {
                return failed;
            }
            listings.truncate(listings.len().div_ceil(2));
        }
        {
            let mut world = self.world.lock();
            let levels: Vec<_> = listings.iter().map(|l| l.level.map(Level::units)).collect();
            world.note(format_args!("p{} shop read: {levels:?}", self.pid));
            let step = world.step;
            world.oracle.watch(self.pid).shop_read = Some(step);
        }
        self.pause(Point::ShopRead).await;
        Ok(listings)
    }

    async fn find(&self, skus: &[Sku], _: usize) -> Result<Vec<Listing>, ShopError> {
        let all = self.read_all(&sync::observer::Silent).await?;
        Ok(all.into_iter().filter(|one| one.sku.as_ref().is_some_and(|sku| skus.contains(sku))).collect())
    }

    async fn levels(&self, products: &[ProductId]) -> Result<LevelsRead, ShopError> {
        self.linger(Point::Levels, Fault::SlowRead, 15_000).await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let result = {
            let mut world = self.world.lock();
            match Self::read_failure(&mut world, Fault::LevelsFail) {
                Some(error) => Err(error),
                None => Ok(read_levels(&mut world, self.pid, products)),
            }
        };
        match result {
            Ok(levels) => {
                self.pause(Point::LevelsRead).await;
                Ok(levels)
            }
            Err(error) => self.fail_read(error),
        }
    }

    async fn write(&self, batch: &Batch, gate: &dyn SendGate) -> WriteReply {
        self.pause(Point::Window).await;
        self.world.lock().check_batch(self.pid, batch);
        if self.is(Broken::AckNothing) {
            return match gate.commit().await {
                Ok(_) => WriteReply::Acked,
                Err(error) => WriteReply::NotCommitted(error),
            };
        }
        if self.world.lock().strikes(Fault::GaveUpBeforeGate) {
            return WriteReply::NotSent(ShopError::new(ShopErrorClass::Unreachable, "no connection"));
        }
        let send_before = match gate.commit().await {
            Ok(moment) => moment,
            Err(error) => return WriteReply::NotCommitted(error),
        };
        self.linger(Point::BeforeBytes, Fault::SlowToLeave, 6_000).await;
        let received = {
            let mut world = self.world.lock();
            if world.strikes(Fault::ConnectionRefused) {
                Err(ShopError::new(ShopErrorClass::Unreachable, "connection refused"))
            } else if world.now >= send_before && !self.is(Broken::IgnoreDeadline) {
                Err(ShopError::new(ShopErrorClass::TooLate, "the moment has passed"))
            } else {
                self.requests.fetch_add(1, Ordering::Relaxed);
                gate.left(world.now);
                world.check_received(self.pid, batch);
                let sent = world.receive(self.pid, self.install, &self.run, &batch.lines);
                if self.is(Broken::SendTwice) {
                    world.check_received(self.pid, batch);
                    world.receive(self.pid, self.install, &self.run, &batch.lines);
                }
                Ok(sent)
            }
        };
        let (id, reply_at) = match received {
            Ok(sent) => sent,
            Err(error) => {
                self.note(format_args!("not sent: {error}"));
                let reply = WriteReply::NotSent(error);
                self.count_reply(&reply);
                return reply;
            }
        };
        self.world.wait(self.pid, Point::OnItsWay, reply_at).await;
        let reply = self.world.lock().answer(id);
        self.count_reply(&reply);
        self.note(format_args!("request {id}: {reply:?}"));
        self.pause(Point::Answer).await;
        reply
    }

    fn request_timeout_ms(&self) -> i64 {
        TIMEOUT_MS
    }

    fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

/// The moment whose state a read shows: now, or as much earlier as a read may lag.
fn lagging(world: &mut Inner, fault: Fault) -> UnixMillis {
    let lag = if world.strikes(fault) { world.dice.between(0, world.profile.lag_ms) } else { 0 };
    world.now - lag
}

fn read_levels(world: &mut Inner, pid: Pid, products: &[ProductId]) -> LevelsRead {
    let mut read = LevelsRead::new();
    let mut told = Vec::new();
    for at in 0..world.floor.shelves.len() {
        if !products.contains(&world.floor.shelves[at].key.product) {
            continue;
        }
        let seen_at = lagging(world, Fault::StaleLevels);
        let place = &world.floor.shelves[at];
        let shown = place.shown(seen_at);
        if let Some(level) = Level::new(shown.level).filter(|_| shown.exists && shown.tracked) {
            told.push((at, shown.level));
            let stamp = Some(shown.stamp.to_string().into());
            let changed_at = Some(shown.stamp);
            read.insert(place.key.clone(), Reading { level, stamp, changed_at });
        }
    }
    world.note(format_args!("p{pid} levels read: {told:?}"));
    read
}

#[async_trait]
impl Warehouse for Process {
    async fn read(&self) -> Result<WarehouseRead, WarehouseError> {
        self.pause(Point::Warehouse).await;
        let read = {
            let mut world = self.world.lock();
            let (step, now) = (world.step, world.now);
            if world.strikes(Fault::WarehouseFails) {
                world.oracle.watch(self.pid).failed_read = Some("warehouse".to_owned());
                Err(WarehouseError::new(WarehouseErrorClass::Unreachable, "no database"))
            } else {
                let empty = world.strikes(Fault::WarehouseEmpty);
                let mut read = world.depot.snapshot(now);
                if empty {
                    read.rows = domain::stock::StockRows::Query(Vec::new());
                }
                let skus = if empty { 0 } else { world.depot.skus(now) };
                let old = self.is(Broken::OldSnapshot);
                let watch = world.oracle.watch(self.pid);
                watch.snapshot = Some(if old { watch.began } else { step });
                watch.snapshot_skus = Some(skus);
                world.note(format_args!("p{} warehouse snapshot: {skus} SKUs", self.pid));
                Ok(read)
            }
        };
        self.linger(Point::WarehouseRead, Fault::SlowWarehouse, 15_000).await;
        read
    }
}

#[async_trait]
impl Clock for Process {
    fn now(&self) -> UnixMillis {
        self.world.lock().now
    }

    async fn sleep_until(&self, moment: UnixMillis) {
        // The budget of a run, hours away, is none of the waits that matter.
        let soon = moment - self.now() < 3_600_000;
        let moment = if soon && self.is(Broken::NoWaiting) { self.now() } else { moment };
        self.world.wait(self.pid, Point::Sleep, moment).await;
    }
}

impl Observer for Process {
    fn event(&self, event: &Event<'_>) {
        let mut world = self.world.lock();
        match event {
            Event::Held { trips } => {
                world.note(format_args!("p{} held: {trips:?}", self.pid));
                world.oracle.watch(self.pid).held = true;
            }
            Event::Prepared { sku, from, to, .. } => {
                world.note(format_args!("p{} planned {sku}: {from} → {to}", self.pid));
            }
            Event::Settling { until } => {
                let left = until - world.now;
                world.note(format_args!("p{} settles for {left} ms", self.pid));
            }
            Event::Finished { summary } => {
                let (outcome, failure) = (summary.outcome, &summary.failure);
                world.note(format_args!("p{} finished: {outcome} {failure:?}", self.pid));
            }
            _ => {}
        }
    }
}

#[async_trait]
impl Runs for Process {
    async fn queue(
        &self,
        run: &NewRun,
        now: UnixMillis,
        alive_since: UnixMillis,
    ) -> Result<Queued, StateError> {
        self.commit("queue", self.installed.state.queue(run, now, alive_since)).await
    }

    async fn withdraw(&self, id: &RunId, now: UnixMillis) -> Result<(), StateError> {
        self.commit("withdraw", self.installed.state.withdraw(id, now)).await
    }

    async fn start(&self, run: &NewRun, fence: &Fence, at: UnixMillis) -> Result<(), StateError> {
        let fence = self.shown(fence);
        self.commit("start", self.installed.state.start(run, &fence, at)).await
    }

    async fn finish(&self, summary: &RunSummary, fence: &Fence) -> Result<(), StateError> {
        let mut summary = summary.clone();
        summary.counters.planned += u64::from(self.is(Broken::Miscount));
        let fence = self.shown(fence);
        let done = async {
            self.installed.state.finish(&summary, &fence).await?;
            self.world.lock().check_finished(self.pid, &summary);
            Ok(())
        };
        self.commit("finish", done).await
    }

    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError> {
        self.query(self.installed.state.get(id)).await
    }

    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError> {
        self.query(self.installed.state.list(filter)).await
    }

    async fn abandoned(
        &self,
        shop: &ShopName,
        but: &RunId,
        alive_since: UnixMillis,
    ) -> Result<Vec<RunRecord>, StateError> {
        let found = self.query(self.installed.state.abandoned(shop, but, alive_since)).await?;
        Ok(if self.is(Broken::HideAbandoned) { Vec::new() } else { found })
    }

    async fn last_good_warehouse_skus(&self, shop: &ShopName) -> Result<Option<u64>, StateError> {
        let found = self.query(self.installed.state.last_good_warehouse_skus(shop)).await?;
        Ok(found.filter(|_| !self.is(Broken::ForgetLastGood)))
    }
}

#[async_trait]
impl Leases for Process {
    async fn acquire(
        &self,
        shop: &ShopName,
        run: &RunId,
        now: UnixMillis,
        until: UnixMillis,
    ) -> Result<Acquired, StateError> {
        let seen = if self.is_open() { UnixMillis::MAX } else { now };
        self.commit("acquire", self.installed.state.acquire(shop, run, seen, until)).await
    }

    async fn renew(&self, fence: &Fence, until: UnixMillis) -> Result<(), StateError> {
        self.commit("renew", self.installed.state.renew(&self.shown(fence), until)).await
    }

    async fn release(&self, fence: &Fence) -> Result<(), StateError> {
        self.commit("release", self.installed.state.release(fence)).await
    }
}

#[async_trait]
impl Journal for Process {
    async fn save_plan(
        &self,
        run: &RunId,
        fence: &Fence,
        facts: &Facts,
        lines: &[LineRecord],
        skips: &[Skip],
    ) -> Result<(), StateError> {
        let fence = self.shown(fence);
        self.commit("save plan", self.installed.state.save_plan(run, &fence, facts, lines, skips)).await
    }

    async fn sent(
        &self,
        run: &RunId,
        fence: &Fence,
        seqs: &[u32],
        sending: Sending,
    ) -> Result<(), StateError> {
        let committed = async {
            if !self.is(Broken::ForgetSent) {
                let result = self.installed.state.sent(run, fence, seqs, sending).await;
                if self.is_open() && result == Err(StateError::Fenced) {
                    self.force_sent(run, fence, seqs, sending).await?;
                } else {
                    result?;
                }
            }
            self.world.lock().oracle.watch(self.pid).sent_token = Some(fence.token);
            Ok(())
        };
        self.commit("sent", committed).await
    }

    async fn update(
        &self,
        run: &RunId,
        fence: &Fence,
        at: UnixMillis,
        updates: &[LineUpdate],
        again: &[LineRecord],
    ) -> Result<(), StateError> {
        let fence = self.shown(fence);
        let committed = async {
            let before: Vec<Option<LineState>> =
                updates.iter().map(|one| Some(self.installed.state.line(run, one.seq)?.state)).collect();
            self.installed.state.update(run, &fence, at, updates, again).await?;
            let mut world = self.world.lock();
            for (from, update) in before.iter().zip(updates) {
                world.check_step(self.pid, run, *from, update);
            }
            world.check_again(self.pid, self.install, run, again);
            Ok(())
        };
        self.commit("update", committed).await
    }

    async fn lines(&self, run: &RunId) -> Result<Vec<LineRecord>, StateError> {
        self.query(self.installed.state.lines(run)).await
    }

    async fn skips(&self, run: &RunId) -> Result<Vec<Skip>, StateError> {
        self.query(self.installed.state.skips(run)).await
    }

    async fn plan(&self, run: &RunId) -> Result<Option<PlanRecord>, StateError> {
        self.query(self.installed.state.plan(run)).await
    }

    async fn recent_writes(
        &self,
        shop: &ShopName,
        since: UnixMillis,
    ) -> Result<Vec<RecentWrite>, StateError> {
        let found = self.query(self.installed.state.recent_writes(shop, since)).await?;
        Ok(if self.is(Broken::HideRecent) { Vec::new() } else { found })
    }
}

impl Process {
    fn count_reply(&self, reply: &WriteReply) {
        let mut world = self.world.lock();
        let watch = world.oracle.watch(self.pid);
        let unclear = matches!(reply, WriteReply::NotSent(_) | WriteReply::Unclean(_));
        watch.unclear_in_a_row = if unclear { watch.unclear_in_a_row + 1 } else { 0 };
    }

    /// What a journal without a fence would do.
    async fn force_sent(
        &self,
        run: &RunId,
        fence: &Fence,
        seqs: &[u32],
        sending: Sending,
    ) -> Result<(), StateError> {
        let update =
            |seq: &u32| LineUpdate { seq: *seq, state: LineState::Sent, level_after: None, detail: None };
        let updates: Vec<LineUpdate> = seqs.iter().map(update).collect();
        self.installed.state.update(run, &self.shown(fence), sending.sent_at, &updates, &[]).await
    }

    /// The ports of this process, for a run that ends with `stop`.
    pub(crate) fn ports<'a>(&'a self, stop: &'a tokio_util::sync::CancellationToken) -> sync::Ports<'a> {
        sync::Ports {
            shop: self,
            warehouse: self,
            runs: self,
            leases: self,
            journal: self,
            clock: self,
            observer: self,
            stop,
        }
    }
}
