//! Runs, their beginnings and their ends.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::{Outcome, RunId, RunKind, RunSummary, ShopName, TaskStatus, UnixMillis};
use sync::ports::{Fence, NewRun, Queued, RunFilter, RunRecord, Runs, StateError};

use super::{MemoryState, RunRow, Tables};

#[async_trait]
impl Runs for MemoryState {
    async fn queue(
        &self,
        run: &NewRun,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Queued, StateError> {
        let mut tables = self.tables();
        let another = |row: &&RunRow| {
            row.record.run.shop == run.shop && row.record.run.id != run.id && row.is_waited_for(alive)
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
        if !matches!(row.record.status, TaskStatus::Pending | TaskStatus::Retry) {
            return Err(StateError::failed(format_args!("run {} has begun already", run.id)));
        }
        if row.record.attempt > 1 {
            let lines = std::mem::take(&mut row.lines);
            row.earlier.push(lines);
            row.skips.clear();
            row.planned = false;
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
        tables.ended.push(summary.run_id.clone());
        Ok(())
    }

    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError> {
        Ok(self.tables().find(id).map(|row| row.record.clone()))
    }

    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError> {
        let tables = self.tables();
        let asked_for = |row: &&RunRow| {
            let RunRecord { run, status, summary, .. } = &row.record;
            let outcome = summary.as_ref().map(|summary| summary.outcome);
            filter.shop.as_ref().is_none_or(|shop| run.shop == *shop)
                && filter.kind.is_none_or(|kind| run.kind() == kind)
                && filter.status.is_none_or(|wanted| *status == wanted)
                && filter.outcome.is_none_or(|wanted| outcome == Some(wanted))
                && filter.after.as_ref().is_none_or(|(at, id)| (run.created_at, &run.id) < (*at, id))
        };
        let mut records: Vec<RunRecord> =
            tables.runs.iter().filter(asked_for).map(|row| row.record.clone()).collect();
        records.sort_by(|a, b| (b.run.created_at, &b.run.id).cmp(&(a.run.created_at, &a.run.id)));
        records.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
        Ok(records)
    }

    async fn abandoned(
        &self,
        shop: &ShopName,
        but: &RunId,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Vec<RunRecord>, StateError> {
        let tables = self.tables();
        let left = |row: &&RunRow| {
            let open = !row.record.status.is_ready();
            row.record.run.shop == *shop && row.record.run.id != *but && open && !row.is_waited_for(alive)
        };
        Ok(tables.runs.iter().filter(left).map(|row| row.record.clone()).collect())
    }

    async fn last_good_warehouse_skus(&self, shop: &ShopName) -> Result<Option<u64>, StateError> {
        Ok(self.tables().last_good(shop).map(|summary| summary.facts.warehouse_skus))
    }
}

impl Tables {
    /// The end of the last good whole run of a shop.
    fn last_good(&self, shop: &ShopName) -> Option<&RunSummary> {
        let ended = self.ended.iter().rev().filter_map(|id| self.find(id)).filter(|row| {
            let run = &row.record.run;
            run.shop == *shop
                && !run.scope.is_filtered()
                && matches!(run.kind(), RunKind::Sync | RunKind::Apply)
        });
        let mut good = ended.filter_map(|row| row.record.summary.as_ref()).filter(|summary| {
            matches!(summary.outcome, Outcome::Converged | Outcome::Partial)
                && summary.facts.warehouse_skus > 0
        });
        good.next()
    }

    /// The last good whole run of each shop.
    pub(super) fn last_good_runs(&self) -> Vec<RunId> {
        let shops: BTreeSet<&ShopName> = self.runs.iter().map(|row| &row.record.run.shop).collect();
        shops.into_iter().filter_map(|shop| Some(self.last_good(shop)?.run_id.clone())).collect()
    }
}
