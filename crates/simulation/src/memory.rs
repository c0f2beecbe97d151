//! A state database in memory: the reference for what the ports of the state promise.
//!
//! Every method is one transaction: it happens as a whole or not at all, and never waits.

mod history;
mod journal;
mod leases;
mod maps;
mod runs;
mod tasks;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::skip::Skip;
use domain::{ListingMap, RunId, ShopName, TaskStatus, UnixMillis};
use sync::ports::{Fence, LineRecord, NewRun, RunRecord, Slot, StateError};

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
    /// Runs in the order in which they ended.
    ended: Vec<RunId>,
    leases: BTreeMap<ShopName, LeaseRow>,
    maps: BTreeMap<ShopName, ListingMap>,
    /// Fingerprint, run, and when it was used.
    keys: BTreeMap<String, (String, RunId, UnixMillis)>,
    slots: BTreeMap<(ShopName, UnixMillis), Slot>,
    schedules: BTreeMap<ShopName, UnixMillis>,
    pauses: BTreeMap<ShopName, UnixMillis>,
}

#[derive(Debug)]
struct RunRow {
    record: RunRecord,
    waited_at: Option<UnixMillis>,
    /// The lines of attempts before the one that counts.
    earlier: Vec<Vec<LineRecord>>,
    lines: Vec<LineRecord>,
    skips: Vec<Skip>,
    planned: bool,
}

impl RunRow {
    fn new(run: &NewRun, status: TaskStatus) -> Self {
        let record = RunRecord {
            run: run.clone(),
            status,
            attempt: 1,
            deaths: 0,
            cancel_asked: false,
            started_at: None,
            facts: None,
            summary: None,
        };
        let (earlier, lines, skips) = (Vec::new(), Vec::new(), Vec::new());
        Self { record, waited_at: None, earlier, lines, skips, planned: false }
    }

    /// A PENDING run that somebody has waited for at a moment that is in `alive`, or that needs nobody to wait.
    fn is_waited_for(&self, alive: &RangeInclusive<UnixMillis>) -> bool {
        let waits = self.record.run.durable || self.waited_at.is_some_and(|at| alive.contains(&at));
        self.record.status == TaskStatus::Pending && waits
    }

    /// The lines of all attempts.
    fn all_lines(&self) -> impl Iterator<Item = &LineRecord> {
        self.earlier.iter().flatten().chain(&self.lines)
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

    /// Looks at one line, of any attempt, without a copy of the others.
    #[must_use]
    pub fn line(&self, run: &RunId, seq: u32) -> Option<LineRecord> {
        let tables = self.tables();
        tables.find(run)?.all_lines().find(|record| record.line.seq == seq).cloned()
    }

    /// A line of a run, of any attempt, that is not in a final state.
    #[must_use]
    pub fn open_line(&self, run: &RunId) -> Option<LineRecord> {
        let tables = self.tables();
        tables.find(run)?.all_lines().find(|record| !record.state.is_final()).cloned()
    }

    /// The lines of a run's attempt, in order of their numbers.
    #[must_use]
    pub fn lines_of(&self, run: &RunId) -> Vec<LineRecord> {
        self.tables().find(run).map(|row| row.lines.clone()).unwrap_or_default()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
