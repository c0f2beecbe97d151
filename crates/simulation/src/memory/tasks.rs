//! Tasks, slots, pauses.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::{LineState, Outcome, RunId, ShopName, TaskStatus, UnixMillis};
use sync::ports::{Accepted, Fence, NewTask, Pauses, Progress, RunRecord, Slot, Slots, StateError, Tasks};

use super::{MemoryState, RunRow, Tables};

/// One run works on a shop, one waits.
const OPEN: usize = 2;

#[async_trait]
impl Tasks for MemoryState {
    async fn accept(
        &self,
        task: &NewTask,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Accepted, StateError> {
        let mut tables = self.tables();
        if let Some(key) = &task.key
            && let Some((fingerprint, run, _)) = tables.keys.get(&key.key)
            && let Some(row) = tables.find(run)
        {
            let same = *fingerprint == key.fingerprint;
            let joined = Accepted::Joined(Box::new(row.record.clone()));
            return Ok(if same { joined } else { Accepted::KeyReused });
        }
        let shop = &task.run.shop;
        if let Some(since) = tables.pauses.get(shop).filter(|_| !task.run.dry_run()) {
            return Ok(Accepted::Paused(*since));
        }
        if task.slot.is_some_and(|slot| tables.slots.contains_key(&(shop.clone(), slot.at))) {
            return Ok(Accepted::SlotTaken);
        }
        let open = tables.open_of(shop, alive);
        let same = open.iter().find(|other| other.run.durable && other.run.asks_the_same(&task.run));
        let answer = match (same, open.last()) {
            (Some(same), _) => Accepted::Joined(Box::new(same.clone())),
            (None, Some(last)) if open.len() >= OPEN => return Ok(Accepted::Full(Box::new(last.clone()))),
            (None, _) => {
                tables.runs.push(RunRow::new(&task.run, TaskStatus::Pending));
                Accepted::New
            }
        };
        let id = if let Accepted::Joined(same) = &answer { same.run.id.clone() } else { task.run.id.clone() };
        if let Some(slot) = task.slot {
            tables.slots.insert((shop.clone(), slot.at), slot);
        }
        if let Some(key) = &task.key {
            tables.keys.insert(key.key.clone(), (key.fingerprint.clone(), id, now));
        }
        Ok(answer)
    }

    async fn open_tasks(&self) -> Result<Vec<RunRecord>, StateError> {
        let tables = self.tables();
        let open = tables.runs.iter().map(|row| &row.record);
        let mut open: Vec<RunRecord> =
            open.filter(|record| record.run.durable && !record.status.is_ready()).cloned().collect();
        open.sort_by(|a, b| (a.run.created_at, &a.run.id).cmp(&(b.run.created_at, &b.run.id)));
        Ok(open)
    }

    async fn take_over(&self, id: &RunId, fence: &Fence, most: u32) -> Result<RunRecord, StateError> {
        let mut tables = self.tables();
        tables.check(fence)?;
        let record = under_way(&mut tables, id)?;
        record.status = TaskStatus::Retry;
        record.deaths += 1;
        record.attempt += u32::from(record.deaths < most);
        Ok(record.clone())
    }

    async fn hand_back(&self, id: &RunId, fence: &Fence) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.check(fence)?;
        let record = under_way(&mut tables, id)?;
        record.attempt += u32::from(record.status == TaskStatus::Started);
        record.status = TaskStatus::Pending;
        Ok(())
    }

    async fn cancel(&self, id: &RunId, _: UnixMillis) -> Result<Option<RunRecord>, StateError> {
        let mut tables = self.tables();
        let Ok(row) = tables.row(id) else { return Ok(None) };
        let record = &mut row.record;
        if record.run.durable && record.status == TaskStatus::Pending {
            record.status = Outcome::Interrupted.task_status();
        }
        record.cancel_asked |= !record.status.is_ready();
        Ok(Some(record.clone()))
    }

    async fn progress(&self, id: &RunId) -> Result<Progress, StateError> {
        let lines = self.lines_of(id);
        let count = |counts: fn(LineState) -> bool| {
            u64::try_from(lines.iter().filter(|line| counts(line.state)).count()).unwrap_or(u64::MAX)
        };
        Ok(Progress {
            lines: count(|state| state != LineState::Retried),
            waiting: count(|state| state == LineState::Planned),
        })
    }

    async fn prune(&self, before: UnixMillis, at_most: u32) -> Result<u64, StateError> {
        let mut tables = self.tables();
        let good: Vec<RunId> = tables.last_good_runs();
        let old = |row: &&mut RunRow| {
            let ended = row.record.summary.as_ref().map(|summary| summary.finished_at);
            ended.is_some_and(|at| at < before) && !good.contains(&row.record.run.id)
        };
        let Some(row) = tables.runs.iter_mut().find(old) else { return Ok(0) };
        let most = usize::try_from(at_most).unwrap_or(usize::MAX);
        let mut gone = 0;
        for lines in row.earlier.iter_mut().chain([&mut row.lines]) {
            let some = lines.len().min(most - gone);
            lines.drain(..some);
            gone += some;
        }
        let some = row.skips.len().min(most - gone);
        row.skips.drain(..some);
        gone += some;
        if gone < most {
            let id = row.record.run.id.clone();
            tables.runs.retain(|row| row.record.run.id != id);
            gone += 1;
        }
        Ok(u64::try_from(gone).unwrap_or(u64::MAX))
    }
}

fn under_way<'t>(tables: &'t mut Tables, id: &RunId) -> Result<&'t mut RunRecord, StateError> {
    let record = &mut tables.row(id)?.record;
    if record.run.durable && matches!(record.status, TaskStatus::Started | TaskStatus::Retry) {
        Ok(record)
    } else {
        Err(StateError::failed(format_args!("run {id} is not under way")))
    }
}

impl Tables {
    /// Open runs of a shop: those under way first, then those that wait.
    fn open_of(&self, shop: &ShopName, alive: &RangeInclusive<UnixMillis>) -> Vec<RunRecord> {
        let counts = |row: &&RunRow| {
            let record = &row.record;
            let holds =
                self.leases.get(shop).is_some_and(|lease| lease.holder.as_ref() == Some(&record.run.id));
            let lives = record.run.durable || holds || row.is_waited_for(alive);
            record.run.shop == *shop && !record.status.is_ready() && lives
        };
        let mut open: Vec<RunRecord> =
            self.runs.iter().filter(counts).map(|row| row.record.clone()).collect();
        open.sort_by_key(|record| (record.status == TaskStatus::Pending, record.run.created_at));
        open
    }
}

#[async_trait]
impl Pauses for MemoryState {
    async fn pause(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        self.tables().pauses.entry(shop.clone()).or_insert(now);
        Ok(())
    }

    async fn resume(&self, shop: &ShopName, _: UnixMillis) -> Result<(), StateError> {
        self.tables().pauses.remove(shop);
        Ok(())
    }

    async fn paused_since(&self, shop: &ShopName) -> Result<Option<UnixMillis>, StateError> {
        Ok(self.tables().pauses.get(shop).copied())
    }
}

#[async_trait]
impl Slots for MemoryState {
    async fn last_slot(&self, shop: &ShopName, now: UnixMillis) -> Result<UnixMillis, StateError> {
        let mut tables = self.tables();
        let since = *tables.schedules.entry(shop.clone()).or_insert(now);
        let of_shop = tables.slots.iter().filter(|((of, _), _)| of == shop);
        let filled = of_shop.map(|(_, Slot { at, .. })| *at).max();
        Ok(filled.map_or(since, |at| at.max(since)))
    }
}
