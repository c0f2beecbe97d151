//! A state database in memory: the reference for what the ports of the state promise.
//!
//! Every method is one transaction: it happens as a whole or not at all, and never waits.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::plan::Facts;
use domain::skip::Skip;
use domain::{LineState, Outcome, RunId, RunKind, RunSummary, ShopName, TaskStatus, UnixMillis};
use sync::ports::{
    Acquired, Fence, Journal, Leases, LineRecord, LineUpdate, NewRun, PlanRecord, Queued, RecentWrite,
    RunFilter, RunRecord, Runs, Sending, StateError,
};

/// Runs, leases and journal in memory.
#[derive(Debug, Default)]
pub struct MemoryState {
    tables: Mutex<Tables>,
}

/// The lease of a shop as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRow {
    /// The number of the newest lease.
    pub token: u64,
    /// Who holds it; `None` once it was given back.
    pub holder: Option<RunId>,
    /// Until when.
    pub until: UnixMillis,
}

#[derive(Debug, Default)]
struct Tables {
    runs: Vec<RunRow>,
    leases: BTreeMap<ShopName, LeaseRow>,
}

#[derive(Debug)]
struct RunRow {
    record: RunRecord,
    waited_at: Option<UnixMillis>,
    lines: Vec<LineRecord>,
    skips: Vec<Skip>,
    planned: bool,
}

impl RunRow {
    fn new(run: &NewRun, status: TaskStatus) -> Self {
        let record =
            RunRecord { run: run.clone(), status, attempt: 1, started_at: None, facts: None, summary: None };
        Self { record, waited_at: None, lines: Vec::new(), skips: Vec::new(), planned: false }
    }

    /// A PENDING run that somebody has waited for since `alive_since`.
    fn is_waited_for(&self, alive_since: UnixMillis) -> bool {
        self.record.status == TaskStatus::Pending && self.waited_at.is_some_and(|at| at >= alive_since)
    }

    fn line(&mut self, seq: u32) -> Result<&mut LineRecord, StateError> {
        let missing = || StateError::failed(format_args!("no line {seq}"));
        self.lines.iter_mut().find(|record| record.line.seq == seq).ok_or_else(missing)
    }
}

impl Tables {
    fn row(&mut self, id: &RunId) -> Result<&mut RunRow, StateError> {
        let missing = || StateError::failed(format_args!("no run {id}"));
        self.runs.iter_mut().find(|row| row.record.run.id == *id).ok_or_else(missing)
    }

    fn find(&self, id: &RunId) -> Option<&RunRow> {
        self.runs.iter().find(|row| row.record.run.id == *id)
    }

    /// Whether the lease is still the one under `fence`: not given back, and taken by nobody else. Time alone
    /// does not end it.
    fn check(&self, fence: &Fence) -> Result<&LeaseRow, StateError> {
        let lease = self.leases.get(&fence.shop);
        lease.filter(|row| row.token == fence.token && row.holder.is_some()).ok_or(StateError::Fenced)
    }
}

impl MemoryState {
    /// An empty database.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The lease of `shop` as it stands, once there has been one.
    #[must_use]
    pub fn lease(&self, shop: &ShopName) -> Option<LeaseRow> {
        self.tables().leases.get(shop).cloned()
    }

    /// Every run, oldest first, with the moment at which it was last waited for.
    #[must_use]
    pub fn all_runs(&self) -> Vec<(RunRecord, Option<UnixMillis>)> {
        self.tables().runs.iter().map(|row| (row.record.clone(), row.waited_at)).collect()
    }

    /// Looks at one line without a copy of the others.
    #[must_use]
    pub fn line(&self, run: &RunId, seq: u32) -> Option<LineRecord> {
        let tables = self.tables();
        tables.find(run)?.lines.iter().find(|record| record.line.seq == seq).cloned()
    }

    /// The lines of a run, in order of their numbers.
    #[must_use]
    pub fn lines_of(&self, run: &RunId) -> Vec<LineRecord> {
        self.tables().find(run).map(|row| row.lines.clone()).unwrap_or_default()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Runs for MemoryState {
    async fn queue(
        &self,
        run: &NewRun,
        now: UnixMillis,
        alive_since: UnixMillis,
    ) -> Result<Queued, StateError> {
        let mut tables = self.tables();
        for row in tables.runs.iter_mut().filter(|row| row.record.run.shop == run.shop) {
            // By a clock that has been turned back since.
            row.waited_at = row.waited_at.map(|at| at.min(now));
        }
        let another = |row: &&RunRow| {
            row.record.run.shop == run.shop && row.record.run.id != run.id && row.is_waited_for(alive_since)
        };
        if let Some(other) = tables.runs.iter().find(another) {
            return Ok(Queued::AnotherWaits(Box::new(other.record.clone())));
        }
        if tables.find(&run.id).is_none() {
            tables.runs.push(RunRow::new(run, TaskStatus::Pending));
        }
        let row = tables.row(&run.id)?;
        if row.record.status == TaskStatus::Pending {
            row.waited_at = Some(now);
        }
        Ok(Queued::Waiting)
    }

    async fn withdraw(&self, id: &RunId, _: UnixMillis) -> Result<(), StateError> {
        let mut tables = self.tables();
        if let Ok(row) = tables.row(id)
            && row.record.status == TaskStatus::Pending
        {
            row.record.status = Outcome::Interrupted.task_status();
        }
        Ok(())
    }

    async fn start(&self, run: &NewRun, fence: &Fence, at: UnixMillis) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.check(fence)?;
        if tables.find(&run.id).is_none() {
            tables.runs.push(RunRow::new(run, TaskStatus::Pending));
        }
        let row = tables.row(&run.id)?;
        if row.record.status != TaskStatus::Pending {
            return Err(StateError::failed(format_args!("run {} has begun already", run.id)));
        }
        row.record.status = TaskStatus::Started;
        row.record.started_at = Some(at);
        Ok(())
    }

    async fn finish(&self, summary: &RunSummary, fence: &Fence) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.check(fence)?;
        let row = tables.row(&summary.run_id)?;
        if row.record.status.is_ready() {
            return Err(StateError::failed(format_args!("run {} has an end already", summary.run_id)));
        }
        row.record.status = summary.outcome.task_status();
        row.record.summary = Some(summary.clone());
        Ok(())
    }

    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError> {
        Ok(self.tables().find(id).map(|row| row.record.clone()))
    }

    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError> {
        let tables = self.tables();
        let of_shop = |row: &&RunRow| filter.shop.as_ref().is_none_or(|shop| row.record.run.shop == *shop);
        let mut records: Vec<RunRecord> =
            tables.runs.iter().filter(of_shop).map(|row| row.record.clone()).collect();
        records.sort_by(|a, b| (b.run.created_at, &b.run.id).cmp(&(a.run.created_at, &a.run.id)));
        records.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
        Ok(records)
    }

    async fn abandoned(
        &self,
        shop: &ShopName,
        but: &RunId,
        alive_since: UnixMillis,
    ) -> Result<Vec<RunRecord>, StateError> {
        let tables = self.tables();
        let left = |row: &&RunRow| {
            let open = !row.record.status.is_ready();
            row.record.run.shop == *shop
                && row.record.run.id != *but
                && open
                && !row.is_waited_for(alive_since)
        };
        Ok(tables.runs.iter().filter(left).map(|row| row.record.clone()).collect())
    }

    async fn last_good_warehouse_skus(&self, shop: &ShopName) -> Result<Option<u64>, StateError> {
        let tables = self.tables();
        let good = tables.runs.iter().filter(|row| {
            let run = &row.record.run;
            run.shop == *shop
                && !run.scope.is_filtered()
                && matches!(run.kind, RunKind::Sync | RunKind::Apply)
        });
        let good = good.filter_map(|row| row.record.summary.as_ref()).filter(|summary| {
            matches!(summary.outcome, Outcome::Converged | Outcome::Partial)
                && summary.facts.warehouse_skus > 0
        });
        Ok(good.max_by_key(|summary| summary.finished_at).map(|summary| summary.facts.warehouse_skus))
    }
}

#[async_trait]
impl Leases for MemoryState {
    async fn acquire(
        &self,
        shop: &ShopName,
        run: &RunId,
        now: UnixMillis,
        until: UnixMillis,
    ) -> Result<Acquired, StateError> {
        let mut tables = self.tables();
        let before = tables.leases.get_mut(shop);
        let token = before.as_ref().map_or(0, |row| row.token) + 1;
        if let Some(LeaseRow { holder: Some(holder), until: others, .. }) = before
            && now < *others
        {
            *others = (*others).min(until);
            return Ok(Acquired::Busy { run: holder.clone() });
        }
        tables.leases.insert(shop.clone(), LeaseRow { token, holder: Some(run.clone()), until });
        Ok(Acquired::Granted { fence: Fence { shop: shop.clone(), token }, expires_at: until })
    }

    async fn renew(&self, fence: &Fence, until: UnixMillis) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.check(fence)?;
        if let Some(row) = tables.leases.get_mut(&fence.shop) {
            row.until = until;
        }
        Ok(())
    }

    async fn release(&self, fence: &Fence) -> Result<(), StateError> {
        let mut tables = self.tables();
        if tables.check(fence).is_ok()
            && let Some(row) = tables.leases.get_mut(&fence.shop)
        {
            row.holder = None;
        }
        Ok(())
    }
}

#[async_trait]
impl Journal for MemoryState {
    async fn save_plan(
        &self,
        run: &RunId,
        fence: &Fence,
        facts: &Facts,
        lines: &[LineRecord],
        skips: &[Skip],
    ) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.check(fence)?;
        let row = tables.row(run)?;
        if row.planned {
            return Err(StateError::failed(format_args!("run {run} has a plan already")));
        }
        row.planned = true;
        row.record.facts = Some(*facts);
        row.lines = lines.to_vec();
        row.skips = skips.to_vec();
        Ok(())
    }

    async fn sent(
        &self,
        run: &RunId,
        fence: &Fence,
        seqs: &[u32],
        sending: Sending,
    ) -> Result<(), StateError> {
        let mut tables = self.tables();
        let lease = tables.check(fence)?;
        if lease.holder.as_ref() != Some(run) || sending.sent_at >= lease.until {
            return Err(StateError::Fenced);
        }
        let row = tables.row(run)?;
        for seq in seqs {
            if row.line(*seq)?.state != LineState::Planned {
                return Err(StateError::failed(format_args!("line {seq} is not waiting to be sent")));
            }
        }
        for seq in seqs {
            let record = row.line(*seq)?;
            record.state = LineState::Sent;
            record.sending = Some(sending);
        }
        Ok(())
    }

    async fn update(
        &self,
        run: &RunId,
        fence: &Fence,
        at: UnixMillis,
        updates: &[LineUpdate],
        again: &[LineRecord],
    ) -> Result<(), StateError> {
        if updates.is_empty() && again.is_empty() {
            return Ok(());
        }
        let mut tables = self.tables();
        tables.check(fence)?;
        let row = tables.row(run)?;
        for update in updates {
            row.line(update.seq)?;
        }
        if let Some(taken) = again.iter().find(|new| row.lines.iter().any(|old| old.line.seq == new.line.seq))
        {
            return Err(StateError::failed(format_args!("there is a line {} already", taken.line.seq)));
        }
        for update in updates {
            let record = row.line(update.seq)?;
            if record.state == LineState::Sent {
                record.answered_at = Some(at);
            }
            record.state = update.state;
            record.level_after = update.level_after;
            record.detail.clone_from(&update.detail);
        }
        row.lines.extend(again.iter().cloned());
        Ok(())
    }

    async fn lines(&self, run: &RunId) -> Result<Vec<LineRecord>, StateError> {
        Ok(self.lines_of(run))
    }

    async fn skips(&self, run: &RunId) -> Result<Vec<Skip>, StateError> {
        Ok(self.tables().find(run).map(|row| row.skips.clone()).unwrap_or_default())
    }

    async fn plan(&self, run: &RunId) -> Result<Option<PlanRecord>, StateError> {
        let tables = self.tables();
        let made = tables.find(run).filter(|row| row.planned);
        Ok(made.map(|row| PlanRecord {
            run: row.record.clone(),
            changes: row.lines.iter().map(|record| record.line.change.clone()).collect(),
        }))
    }

    async fn recent_writes(
        &self,
        shop: &ShopName,
        since: UnixMillis,
    ) -> Result<Vec<RecentWrite>, StateError> {
        let tables = self.tables();
        let of_shop = tables.runs.iter().filter(|row| row.record.run.shop == *shop);
        let recent = of_shop.flat_map(|row| &row.lines).filter_map(|record| {
            let sending = record.sending?;
            let recent = sending.send_before + sending.timeout_ms > since
                || record.answered_at.is_some_and(|at| at > since);
            let key = record.line.change.key.clone();
            let (state, answered_at) = (record.state, record.answered_at);
            recent.then_some(RecentWrite { key, state, sending, answered_at })
        });
        Ok(recent.collect())
    }
}
