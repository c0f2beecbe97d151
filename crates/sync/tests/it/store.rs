//! The store ports of the fixture: the store in memory, with a log of commits and failures on demand.

use std::ops::RangeInclusive;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use conformance::store::fixtures::{lease, new_run, summary};
use domain::listing::map::{ListingMap, MapUpdate};
use domain::plan::guard::Baseline;
use domain::plan::skip::Skip;
use domain::plan::{Change, Facts};
use domain::run::RunSummary;
use domain::write::another_writer::AnotherWriter;
use domain::{Line, LineState, ListingKey, Outcome, Policy, RunId, Scope, ShopName, UnixMillis};
use sync::ports::*;
use sync::{Work, alive_at};

use crate::fixture::RunFixture;

/// Runs and tasks as another process left them.
impl RunFixture {
    fn new_run(id: &str, work: Work) -> NewRun {
        NewRun { work, policy: Policy::default(), created_at: 0, ..new_run(id, Scope::All) }
    }

    /// Starts another run. `lease_holders` says whether it holds the lease.
    pub(crate) async fn start_other_run(&self, id: &str, work: Work) {
        let run = Self::new_run(id, work);
        let fence = lease(&self.store, &run).await;
        self.store.start(&run, &fence, 0).await.unwrap();
        self.store.release(&fence).await.unwrap();
    }

    /// Records another run whose process waits for the shop, and is not heard of again.
    pub(crate) async fn queue_other_run(&self, id: &str, work: Work) {
        let queued = self.store.queue(&Self::new_run(id, work), 0, &alive_at(0)).await.unwrap();
        assert_eq!(queued, Queued::Waiting);
    }

    /// Accepts a task, which then waits for a worker.
    pub(crate) async fn accept(&self, id: &str) -> NewRun {
        let run = NewRun { durable: true, ..Self::new_run(id, Work::Sync { dry_run: false }) };
        let task = NewTask { run: run.clone(), slot: None, key: None };
        assert_eq!(self.store.accept(&task, 0, &alive_at(0)).await.unwrap(), Accepted::New);
        run
    }

    /// Records an ended run with one line that was sent without a clear answer.
    pub(crate) async fn leave_unresolved(&self, id: &str, change: Change, sending: Sending) {
        let run = Self::new_run(id, Work::Sync { dry_run: false });
        let fence = lease(&self.store, &run).await;
        self.store.start(&run, &fence, 0).await.unwrap();
        let line = LineRecord {
            line: Line { seq: 0, retry_of: None, is_copy: false, change },
            state: LineState::Planned,
            sending: None,
            answered_at: None,
            acked: false,
            level_after: None,
            detail: None,
        };
        self.store.save_plan(&run.id, &fence, &Facts::default(), &[line], &[]).await.unwrap();
        self.store.sent(&run.id, &fence, &[0], sending).await.unwrap();
        let update = LineUpdate { seq: 0, state: LineState::Unresolved, level_after: None, detail: None };
        self.store.update(&run.id, &fence, 0, &[update], &[]).await.unwrap();
        self.store.finish(&summary(id, Outcome::Interrupted, 0, 0), &fence).await.unwrap();
        self.store.release(&fence).await.unwrap();
    }

    /// Logs a commit, or fails if it is to be refused.
    fn log_commit(&self, step: &'static str) -> Result<(), StateError> {
        if *self.refused_commit.lock().unwrap() == Some(step) {
            return Err(StateError::unavailable("disk full"));
        }
        self.note(step);
        Ok(())
    }
}

#[async_trait]
impl Runs for RunFixture {
    async fn queue(
        &self,
        run: &NewRun,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Queued, StateError> {
        self.note(format!("waited for at {now}"));
        self.store.queue(run, now, alive).await
    }

    async fn withdraw(&self, id: &RunId, now: UnixMillis) -> Result<(), StateError> {
        self.store.withdraw(id, now).await
    }

    async fn start(&self, run: &NewRun, fence: &Fence, at: UnixMillis) -> Result<(), StateError> {
        self.log_commit("run created")?;
        if self.cancel_at_start.load(Ordering::SeqCst) {
            self.store.cancel(&run.id, at).await?;
        }
        self.store.start(run, fence, at).await
    }

    async fn begin_snapshot(&self, id: &RunId, fence: &Fence) -> Result<(), StateError> {
        self.store.begin_snapshot(id, fence).await
    }

    async fn finish(&self, summary: &RunSummary, fence: &Fence) -> Result<(), StateError> {
        self.log_commit("run finished")?;
        self.store.finish(summary, fence).await
    }

    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError> {
        self.store.get(id).await
    }

    async fn numbered(&self, number: u64) -> Result<Option<RunRecord>, StateError> {
        self.store.numbered(number).await
    }

    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError> {
        self.store.list(filter).await
    }

    async fn beginning_with(&self, prefix: &str, limit: u32) -> Result<Vec<RunRecord>, StateError> {
        self.store.beginning_with(prefix, limit).await
    }

    /// None: the processes of all earlier runs are alive, whatever the lease in memory says.
    async fn abandoned(
        &self,
        _: &ShopName,
        _: &RunId,
        _: &RangeInclusive<UnixMillis>,
    ) -> Result<Vec<RunRecord>, StateError> {
        Ok(Vec::new())
    }

    async fn baseline(&self, shop: &ShopName, now: UnixMillis) -> Result<Option<Baseline>, StateError> {
        self.store.baseline(shop, now).await
    }

    async fn another_writer(&self, shop: &ShopName) -> Result<Option<AnotherWriter>, StateError> {
        self.store.another_writer(shop).await
    }
}

#[async_trait]
impl Tasks for RunFixture {
    async fn accept(
        &self,
        task: &NewTask,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Accepted, StateError> {
        self.store.accept(task, now, alive).await
    }

    async fn open_tasks(&self) -> Result<Vec<RunRecord>, StateError> {
        self.store.open_tasks().await
    }

    async fn take_over(&self, id: &RunId, fence: &Fence, most: u32) -> Result<RunRecord, StateError> {
        self.store.take_over(id, fence, most).await
    }

    async fn hand_back(&self, id: &RunId, fence: &Fence) -> Result<(), StateError> {
        self.store.hand_back(id, fence).await
    }

    async fn cancel(&self, id: &RunId, now: UnixMillis) -> Result<Option<RunRecord>, StateError> {
        self.store.cancel(id, now).await
    }

    async fn progress(&self, id: &RunId) -> Result<Progress, StateError> {
        self.store.progress(id).await
    }

    async fn prune(&self, before: UnixMillis, at_most: u32) -> Result<u64, StateError> {
        self.store.prune(before, at_most).await
    }
}

#[async_trait]
impl Pauses for RunFixture {
    async fn pause(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        self.store.pause(shop, now).await
    }

    async fn resume(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        self.store.resume(shop, now).await
    }

    async fn paused_since(&self, shop: &ShopName) -> Result<Option<UnixMillis>, StateError> {
        self.store.paused_since(shop).await
    }
}

#[async_trait]
impl Leases for RunFixture {
    async fn acquire(
        &self,
        shop: &ShopName,
        run: &RunId,
        until: UnixMillis,
        lapsed: Option<HeldLease>,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Acquired, StateError> {
        if let Some((run, looks)) =
            self.lease_holders.lock().unwrap().front_mut().filter(|holder| holder.1 > 0)
        {
            *looks -= 1;
            let lease = HeldLease { token: 1, expires_at: until };
            return Ok(Acquired::Busy { run: run.clone(), lease });
        }
        self.lease_holders.lock().unwrap().pop_front();
        if !self.lease_holders.lock().unwrap().is_empty() {
            return self.acquire(shop, run, until, lapsed, alive).await;
        }
        // Time jumps here without a heartbeat in between, so the lease must not expire.
        let granted = self.store.acquire(shop, run, UnixMillis::MAX, lapsed, alive).await?;
        Ok(match granted {
            Acquired::Granted { fence, .. } => Acquired::Granted { fence, expires_at: until },
            busy @ (Acquired::Busy { .. } | Acquired::Behind(_)) => busy,
        })
    }

    async fn renew(&self, fence: &Fence, until: UnixMillis) -> Result<(), StateError> {
        self.store.renew(fence, until).await
    }

    async fn release(&self, fence: &Fence) -> Result<(), StateError> {
        self.store.release(fence).await
    }
}

#[async_trait]
impl Journal for RunFixture {
    async fn save_plan(
        &self,
        run: &RunId,
        fence: &Fence,
        facts: &Facts,
        lines: &[LineRecord],
        skips: &[Skip],
    ) -> Result<Option<u64>, StateError> {
        self.log_commit("plan saved")?;
        self.store.save_plan(run, fence, facts, lines, skips).await
    }

    async fn sent(
        &self,
        run: &RunId,
        fence: &Fence,
        seqs: &[u32],
        sending: Sending,
    ) -> Result<(), StateError> {
        self.log_commit("sent committed")?;
        self.store.sent(run, fence, seqs, sending).await
    }

    async fn update(
        &self,
        run: &RunId,
        fence: &Fence,
        at: UnixMillis,
        updates: &[LineUpdate],
        again: &[LineRecord],
    ) -> Result<(), StateError> {
        self.log_commit("lines updated")?;
        self.store.update(run, fence, at, updates, again).await
    }

    async fn lines(&self, run: &RunId) -> Result<Vec<LineRecord>, StateError> {
        self.store.lines(run).await
    }

    async fn lines_after(
        &self,
        run: &RunId,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Vec<LineRecord>, StateError> {
        self.store.lines_after(run, after, limit).await
    }

    async fn next_seq(&self, run: &RunId) -> Result<u32, StateError> {
        self.store.next_seq(run).await
    }

    async fn skips(&self, run: &RunId) -> Result<Vec<Skip>, StateError> {
        self.store.skips(run).await
    }

    async fn plan(&self, run: &RunId) -> Result<Option<PlanRecord>, StateError> {
        self.store.plan(run).await
    }

    async fn bring_back_writes(&self, fence: &Fence, now: UnixMillis) -> Result<(), StateError> {
        self.store.bring_back_writes(fence, now).await
    }

    async fn recent_writes(
        &self,
        shop: &ShopName,
        since: UnixMillis,
    ) -> Result<Vec<RecentWrite>, StateError> {
        self.store.recent_writes(shop, since).await
    }

    async fn left_out(&self, shop: &ShopName, since: UnixMillis) -> Result<Vec<ListingKey>, StateError> {
        self.store.left_out(shop, since).await
    }
}

#[async_trait]
impl ListingMaps for RunFixture {
    async fn load_map(&self, shop: &ShopName) -> Result<Option<ListingMap>, StateError> {
        self.store.load_map(shop).await
    }

    async fn replace_map(&self, fence: &Fence, map: &ListingMap) -> Result<(), StateError> {
        self.store.replace_map(fence, map).await
    }

    async fn update_map(&self, fence: &Fence, update: &MapUpdate) -> Result<(), StateError> {
        self.store.update_map(fence, update).await
    }

    async fn forget_map(&self, fence: &Fence) -> Result<(), StateError> {
        self.store.forget_map(fence).await
    }
}
