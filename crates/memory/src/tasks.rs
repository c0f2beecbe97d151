//! Tasks: their acceptance, attempts and deletion.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::admission::attempt::{self, Cancel, RunEnd};
use domain::admission::lease::LIFE_MS;
use domain::admission::queue::{self, AdmissionFacts};
use domain::{LineState, RunId, UnixMillis};
use sync::ports::{Accepted, Fence, NewTask, Progress, RunRecord, StateError, Tasks};

use crate::MemoryStore;
use crate::tables::{KeyRow, RunRow, Tables};

#[async_trait]
impl Tasks for MemoryStore {
    async fn accept(
        &self,
        task: &NewTask,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Accepted, StateError> {
        let mut tables = self.tables();
        let admission = queue::admit(task, &tables.situation(task), alive);
        let id = match &admission.answer {
            Accepted::New => {
                tables.insert(&task.run);
                &task.run.id
            }
            Accepted::Joined(same) => &same.run.id,
            _ => return Ok(admission.answer),
        };
        if admission.records_slot_and_key {
            if let Some(slot) = task.slot {
                tables.slots.insert((task.run.shop.clone(), slot.at), slot.missed);
            }
            if let Some(key) = &task.key {
                let (fingerprint, run) = (key.fingerprint.clone(), id.clone());
                tables.keys.insert(key.key.clone(), KeyRow { fingerprint, run, used_at: now });
            }
        }
        Ok(admission.answer)
    }

    async fn open_tasks(&self) -> Result<Vec<RunRecord>, StateError> {
        let tables = self.tables();
        let is_open = |row: &&RunRow| row.record.run.durable && !row.record.status.is_ready();
        let mut open: Vec<&RunRow> = tables.runs.iter().filter(is_open).collect();
        open.sort_by_key(|row| row.arrival);
        Ok(open.into_iter().map(|row| row.record.clone()).collect())
    }

    async fn take_over(&self, id: &RunId, fence: &Fence, most: u32) -> Result<RunRecord, StateError> {
        let mut tables = self.tables();
        tables.pass(fence)?;
        let row = tables.step(id, |record| attempt::take_over(record, most))?;
        Ok(row.record.clone())
    }

    async fn hand_back(&self, id: &RunId, fence: &Fence) -> Result<(), StateError> {
        let mut tables = self.tables();
        let heartbeat = tables.pass(fence)?.expires_at - LIFE_MS;
        tables.step(id, attempt::hand_back)?.waited_at = Some(heartbeat);
        Ok(())
    }

    async fn cancel(&self, id: &RunId, now: UnixMillis) -> Result<Option<RunRecord>, StateError> {
        let mut tables = self.tables();
        let Some(row) = tables.find(id) else { return Ok(None) };
        match attempt::cancel(&row.record) {
            Cancel::AlreadyEnded => {}
            Cancel::EndNow => tables.end_run(&RunEnd::interrupted(id, now))?,
            Cancel::AskToEnd => tables.row(id)?.record.cancel_asked = true,
        }
        Ok(tables.find(id).map(|row| row.record.clone()))
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
        let mut left = usize::try_from(at_most).unwrap_or(usize::MAX);
        let most = left;
        if let Some(run) = tables.oldest_to_prune(before) {
            left -= tables.prune_run(&run, left)?;
        }
        left -= tables.prune_slots(before, left);
        left -= tables.prune_keys(before, left);
        Ok(u64::try_from(most - left).unwrap_or(u64::MAX))
    }
}

impl Tables {
    /// What decides about a request for a task.
    fn situation(&self, task: &NewTask) -> AdmissionFacts {
        let shop = &task.run.shop;
        let key = task.key.as_ref().and_then(|key| self.keys.get(&key.key));
        let used = key.and_then(|key| Some((key.fingerprint.clone(), self.find(&key.run)?.record.clone())));
        AdmissionFacts {
            key_used: used,
            paused_since: self.pauses.get(shop).copied(),
            slot_filled: task.slot.is_some_and(|slot| self.slots.contains_key(&(shop.clone(), slot.at))),
            open: self.open_runs(shop),
        }
    }

    /// The oldest run that ended before `before`, except those that the guard compares with.
    fn oldest_to_prune(&self, before: UnixMillis) -> Option<RunId> {
        let is_kept = |row: &RunRow| {
            let kept = self.last_good(&row.record.run.shop);
            kept.is_some_and(|(kept, _)| kept.record.run.id == row.record.run.id)
        };
        let ended = self.runs.iter().filter_map(|row| Some((row.end.as_ref()?.finished_at, row)));
        let old = ended.filter(|(finished_at, row)| *finished_at < before && !is_kept(row));
        old.min_by_key(|(finished_at, _)| *finished_at).map(|(_, row)| row.record.run.id.clone())
    }

    /// Deletes at most `most` rows of a run: first its lines, then its own row. Returns how many were deleted.
    fn prune_run(&mut self, id: &RunId, most: usize) -> Result<usize, StateError> {
        let row = self.row(id)?;
        let mut gone = 0;
        for lines in row.earlier.iter_mut().map(|(_, lines)| lines).chain([&mut row.lines]) {
            let some = lines.len().min(most - gone);
            lines.drain(..some);
            gone += some;
        }
        let some = row.skips.len().min(most - gone);
        row.skips.drain(..some);
        gone += some;
        if gone < most {
            self.runs.retain(|row| row.record.run.id != *id);
            gone += 1;
        }
        Ok(gone)
    }

    /// Deletes slots before `before`, except the last slot of each shop.
    fn prune_slots(&mut self, before: UnixMillis, most: usize) -> usize {
        let is_last = |shop, at| !self.slots.keys().any(|(other, later)| other == shop && *later > at);
        let old = self.slots.keys().filter(|(shop, at)| *at < before && !is_last(shop, *at));
        let gone: Vec<_> = old.take(most).cloned().collect();
        for slot in &gone {
            self.slots.remove(slot);
        }
        gone.len()
    }

    fn prune_keys(&mut self, before: UnixMillis, most: usize) -> usize {
        let old = self.keys.iter().filter(|(_, key)| key.used_at < before);
        let gone: Vec<String> = old.take(most).map(|(key, _)| key.clone()).collect();
        for key in &gone {
            self.keys.remove(key);
        }
        gone.len()
    }
}
