//! Ports in memory: the store without a database, and a shop with revisions.
//!
//! - [`MemoryStore`] implements every port of the state. Each method is one transaction: it happens as a whole or not
//!   at all, and never waits. The rules are those of `domain::admission`; here is only where the rows lie.
//! - [`RevisionShop`] is a shop whose catalog answers each line and writes by compare-and-swap. It proves that the
//!   shop port fits such a catalog.
//!
//! The simulation runs on [`MemoryStore`], and so do tests of other crates. Start with `tables.rs`, the rows, and
//! `shop.rs`. Both pass the suites of `conformance`.

mod history;
mod journal;
mod leases;
mod maps;
mod pauses;
mod runs;
mod shop;
mod tables;
mod tasks;
mod tokens;
mod watch;
mod windows;

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::admission::lease::LeaseRow;
use domain::plan::Facts;
use domain::{RunId, ShopName, UnixMillis};
use sync::ports::{LineRecord, RunRecord, Store};

pub use self::shop::{RevisionShop, WriteFault};
use self::tables::Tables;

/// A store in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The current lease of `shop`, or `None` if it never had one.
    #[must_use]
    pub fn lease(&self, shop: &ShopName) -> Option<LeaseRow> {
        self.tables().leases.get(shop).cloned()
    }

    /// Every run, oldest first, with the moment at which its process last reported that it waits.
    #[must_use]
    pub fn all_runs(&self) -> Vec<(RunRecord, Option<UnixMillis>)> {
        self.tables().runs.iter().map(|row| (row.record.clone(), row.waited_at)).collect()
    }

    /// The figures of a run's plan; `None` if it has made none.
    #[must_use]
    pub fn facts(&self, run: &RunId) -> Option<Facts> {
        self.tables().find(run)?.record.facts
    }

    /// One line of any attempt, without copying the others.
    #[must_use]
    pub fn line(&self, run: &RunId, seq: u32) -> Option<LineRecord> {
        let tables = self.tables();
        tables.find(run)?.all_lines().find(|record| record.line.seq == seq).cloned()
    }

    /// A line of any attempt of a run that is not in a final state.
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

    /// The lines of all attempts of a run, the earliest attempt first.
    #[must_use]
    pub fn lines_of_attempts(&self, run: &RunId) -> Vec<LineRecord> {
        self.tables().find(run).map(|row| row.all_lines().cloned().collect()).unwrap_or_default()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for MemoryStore {
    fn location(&self) -> String {
        "memory".to_owned()
    }

    async fn close(&self) {}
}
