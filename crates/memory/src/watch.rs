//! Figures of a shop.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::admission::waiting::{Obstacles, OpenTask, waiting_since};
use domain::moment::SteadyRecord;
use domain::run::report::Counters;
use domain::{LineState, RunId, ShopName, UnixMillis};
use sync::ports::{EarlierAttempt, Figures, StateError, Watch};

use crate::MemoryStore;
use crate::tables::{RunRow, Tables};

#[async_trait]
impl Watch for MemoryStore {
    async fn probe_write(&self, now: UnixMillis) -> Result<(), StateError> {
        self.tables().mark = now;
        Ok(())
    }

    async fn figures(&self, shop: &ShopName, now: UnixMillis) -> Result<Figures, StateError> {
        let tables = self.tables();
        let rows = || tables.runs.iter().filter(|row| row.record.run.shop == *shop);
        let open = || rows().filter(|row| row.end.is_none());
        let went_well = rows().filter_map(RunRow::ended).filter(|(ended, _)| ended.went_well());
        let window = tables.places.values().filter(|(of, until)| of == shop && *until > now);
        let missed =
            tables.slots.iter().filter(|((of, _), _)| of == shop).map(|(_, missed)| u64::from(*missed));
        let ended = tables.ended_runs.iter().filter(|((of, ..), _)| of == shop);
        let converged = rows().filter_map(RunRow::ended).filter(|(ended, _)| ended.has_converged());
        Ok(Figures {
            window_used: count(window.count()),
            window_closed_until: tables.closed_windows.get(shop).copied().filter(|until| *until > now),
            halvings: tables.paces.get(shop).map_or(0, |pace| pace.halvings_at(now)),
            open_lines: by_state(open().flat_map(|row| &row.lines).map(|record| record.state)),
            last_good_at: went_well.max_by_key(|(_, end)| end.number).map(|(_, end)| end.finished_at),
            last_converged_at: converged.max_by_key(|(_, end)| end.number).map(|(_, end)| end.finished_at),
            scheduled_since: tables.schedules.get(shop).map(|(since, _)| *since),
            last_slot: tables.last_slot(shop),
            slots_missed: missed.sum(),
            waiting_since: tables.waiting_since(shop, now),
            open_tasks: count(open().filter(|row| row.record.run.durable).count()),
            latest_moment: tables.latest_moment(shop),
            ended_runs: ended.map(|((_, kind, outcome, by), runs)| (*kind, *outcome, *by, *runs)).collect(),
        })
    }

    async fn is_clock_believed(&self, now: UnixMillis) -> Result<bool, StateError> {
        let tables = self.tables();
        let mut ends: Vec<_> = tables.runs.iter().filter_map(|row| row.end.as_ref()).collect();
        ends.sort_by_key(|end| std::cmp::Reverse(end.number));
        let mut record = SteadyRecord::at(now);
        Ok(ends.iter().find_map(|end| record.add(end.finished_at)).unwrap_or(false))
    }

    async fn earlier_attempts(&self, id: &RunId) -> Result<Vec<EarlierAttempt>, StateError> {
        let tables = self.tables();
        let Some(row) = tables.find(id) else { return Ok(Vec::new()) };
        // An open task already has the number of its next attempt. An ended one has that of the attempt whose lines
        // count.
        let own = if row.end.is_none() { row.record.attempt } else { row.line_attempt };
        let all = row
            .earlier
            .iter()
            .map(|(attempt, lines)| (*attempt, lines))
            .chain([(row.line_attempt, &row.lines)]);
        let earlier = all.filter(|(attempt, lines)| *attempt < own && !lines.is_empty());
        let counted = earlier.map(|(attempt, lines)| EarlierAttempt {
            attempt,
            counters: Counters::tally(lines.iter().map(|record| record.state)),
        });
        Ok(counted.collect())
    }
}

impl Tables {
    fn waiting_since(&self, shop: &ShopName, now: UnixMillis) -> Option<UnixMillis> {
        let of_shop = self.runs.iter().filter(|row| row.record.run.shop == *shop && row.end.is_none());
        let tasks = of_shop.map(|row| &row.record.run).filter(|run| run.durable).map(OpenTask::from);
        let obstacles = Obstacles {
            paused: self.pauses.contains_key(shop),
            resumed_at: self.resumed.get(shop).copied(),
            lease: self.leases.get(shop),
        };
        waiting_since(tasks, obstacles, now)
    }
}

impl Tables {
    /// The latest moment of the last run, the slots and the pause of a shop.
    fn latest_moment(&self, shop: &ShopName) -> Option<UnixMillis> {
        let ended = self.runs.iter().filter(|row| row.record.run.shop == *shop);
        let last = ended.filter_map(|row| row.end.as_ref()).max_by_key(|end| end.number);
        let since = self.schedules.get(shop).map(|(since, _)| *since);
        let paused = self.pauses.get(shop).copied();
        [last.map(|end| end.finished_at), self.last_slot(shop), since, paused].into_iter().flatten().max()
    }

    fn last_slot(&self, shop: &ShopName) -> Option<UnixMillis> {
        self.slots.keys().filter(|(of, _)| of == shop).map(|(_, at)| *at).max()
    }
}

fn by_state(states: impl Iterator<Item = LineState>) -> Vec<(LineState, u64)> {
    let mut counts = BTreeMap::new();
    for state in states {
        *counts.entry(state).or_default() += 1;
    }
    counts.into_iter().collect()
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
