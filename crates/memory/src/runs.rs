//! Runs, their starts and their ends.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::admission::attempt::{self, RunEnd};
use domain::admission::good::BaselineSearch;
use domain::admission::queue::{self, Place};
use domain::plan::guard::Baseline;
use domain::write::another_writer::AnotherWriter;
use domain::{RunId, RunSummary, ShopName, StartedBy, UnixMillis};
use sync::ports::{Fence, NewRun, Queued, RunFilter, RunRecord, Runs, StateError};

use crate::MemoryStore;
use crate::tables::RunRow;

#[async_trait]
impl Runs for MemoryStore {
    async fn queue(
        &self,
        run: &NewRun,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Queued, StateError> {
        let mut tables = self.tables();
        let open = tables.open_runs(&run.shop);
        match queue::place(&run.id, &open, alive) {
            Err(other) => return Ok(Queued::AnotherWaits(Box::new(other.record.clone()))),
            Ok(Place::Kept) => {}
            Ok(Place::Last) => {
                tables.insert(run);
                let last = tables.last_arrival() + 1;
                tables.row(&run.id)?.arrival = last;
            }
        }
        let row = tables.row(&run.id)?;
        if !row.record.status.is_ready() {
            row.waited_at = Some(now);
        }
        Ok(Queued::Waiting)
    }

    async fn withdraw(&self, id: &RunId, now: UnixMillis) -> Result<(), StateError> {
        let mut tables = self.tables();
        if tables.find(id).is_some_and(|row| attempt::may_withdraw(&row.record)) {
            tables.end_run(&RunEnd::interrupted(id, now))?;
        }
        Ok(())
    }

    async fn start(&self, run: &NewRun, fence: &Fence, at: UnixMillis) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.pass(fence)?;
        tables.insert(run);
        let row = tables.step(&run.id, attempt::start)?;
        row.record.started_at = Some(at);
        row.waited_at = None;
        if row.line_attempt != row.record.attempt {
            let lines = std::mem::take(&mut row.lines);
            row.earlier.push((row.line_attempt, lines));
            row.skips.clear();
            row.planned = false;
            row.line_attempt = row.record.attempt;
        }
        Ok(())
    }

    async fn begin_snapshot(&self, id: &RunId, fence: &Fence) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.pass(fence)?;
        let record = &mut tables.row(id)?.record;
        record.snapshot_of = Some(record.attempt);
        Ok(())
    }

    async fn finish(&self, summary: &RunSummary, fence: &Fence) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.pass(fence)?;
        tables.end_run(&RunEnd::of(summary))
    }

    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError> {
        Ok(self.tables().find(id).map(|row| row.record.clone()))
    }

    async fn numbered(&self, number: u64) -> Result<Option<RunRecord>, StateError> {
        let tables = self.tables();
        Ok(tables.runs.iter().find(|row| row.record.number == number).map(|row| row.record.clone()))
    }

    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError> {
        let tables = self.tables();
        let asked_for = |row: &&RunRow| {
            let RunRecord { run, status, .. } = &row.record;
            let outcome = row.end.as_ref().map(|end| end.outcome);
            filter.shop.as_ref().is_none_or(|shop| run.shop == *shop)
                && filter.kind.is_none_or(|kind| run.kind() == kind)
                && filter.status.is_none_or(|wanted| *status == wanted)
                && filter.outcome.is_none_or(|wanted| outcome == Some(wanted))
                && filter.started_by.is_none_or(|wanted| run.starter.by == wanted)
                && (!filter.but_check_ups || run.starter.by != StartedBy::Doctor)
                && filter.after.is_none_or(|number| row.record.number < number)
        };
        Ok(newest_first(tables.runs.iter().filter(asked_for), filter.limit))
    }

    async fn beginning_with(&self, prefix: &str, limit: u32) -> Result<Vec<RunRecord>, StateError> {
        let tables = self.tables();
        let found = tables.runs.iter().filter(|row| row.record.run.id.as_str().starts_with(prefix));
        Ok(newest_first(found, limit))
    }

    async fn abandoned(
        &self,
        shop: &ShopName,
        but: &RunId,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Vec<RunRecord>, StateError> {
        let open = self.tables().open_runs(shop).into_iter();
        let left = open.filter(|run| run.record.run.id != *but && run.is_abandoned(alive));
        let mut records: Vec<RunRecord> = left.map(|run| run.record).collect();
        records.sort_by_key(|record| record.number);
        Ok(records)
    }

    async fn baseline(&self, shop: &ShopName, now: UnixMillis) -> Result<Option<Baseline>, StateError> {
        let tables = self.tables();
        let of_shop = tables.runs.iter().filter(|row| row.record.run.shop == *shop);
        let mut ended: Vec<_> = of_shop.filter_map(RunRow::ended).collect();
        ended.sort_by_key(|(_, end)| std::cmp::Reverse(end.number));
        let mut search = BaselineSearch::new(now);
        for (run, _) in &ended {
            search.see(run);
        }
        Ok(search.found())
    }

    async fn another_writer(&self, shop: &ShopName) -> Result<Option<AnotherWriter>, StateError> {
        let tables = self.tables();
        let of_shop = tables.runs.iter().filter(|row| row.record.run.shop == *shop);
        let ended = of_shop.filter_map(|row| Some((row.end.as_ref()?.number, row.record.summary.as_ref()?)));
        let deciding = ended.filter(|(_, summary)| RunEnd::of(summary).decides_on_another_writer());
        Ok(deciding.max_by_key(|(number, _)| *number).and_then(|(_, summary)| summary.another_writer))
    }
}

fn newest_first<'r>(rows: impl Iterator<Item = &'r RunRow>, limit: u32) -> Vec<RunRecord> {
    let mut records: Vec<RunRecord> = rows.map(|row| row.record.clone()).collect();
    records.sort_by_key(|record| std::cmp::Reverse(record.number));
    records.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    records
}
