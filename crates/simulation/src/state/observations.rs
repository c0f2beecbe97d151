//! What the oracle has seen so far.

use std::collections::{BTreeMap, BTreeSet};

use domain::{ListingKey, RunId, UnixMillis};

use super::ProcessWatch;
use crate::yield_point::Pid;

/// A run that waits for its turn.
#[derive(Debug)]
pub(crate) struct Waiter {
    pub(crate) install: usize,
    pub(crate) run: RunId,
    /// When its process last said that it waits, in simulated time.
    pub(crate) heard_at: UnixMillis,
    /// How far the clock of that process is ahead of simulated time.
    pub(crate) clock_ms: i64,
}

/// A good run over the whole shop.
#[derive(Debug)]
pub(crate) struct GoodRun {
    pub(crate) finished_at: UnixMillis,
    pub(crate) skus: u64,
    pub(crate) matches: u64,
    /// Whether a user let it through.
    pub(crate) applied: bool,
}

/// What the oracle has seen so far.
#[derive(Debug, Default)]
pub(crate) struct Observations {
    pub(crate) watches: Vec<ProcessWatch>,
    pub(crate) received: BTreeSet<(usize, RunId, u32)>,
    /// The first line of each chain of resends in which a line took effect.
    pub(crate) landed: BTreeSet<(usize, RunId, u32)>,
    /// The good runs of each installation, in the order in which they ended.
    pub(crate) good_runs: [Vec<GoodRun>; 2],
    /// Whether a run of each installation must have seen another writer, and no plan was let through since.
    pub(crate) another_writer: [bool; 2],
    /// The step at which each run got its end.
    pub(crate) ended: BTreeMap<(usize, RunId), u64>,
    /// Listings whose last line the shop acknowledged and left out, and when that line was sent.
    pub(crate) left_out: BTreeMap<(usize, ListingKey), UnixMillis>,
    /// The runs that wait or waited, in the order in which they came.
    pub(crate) waiters: Vec<Waiter>,
    /// The step of the last request that each task of the first installation is to answer.
    pub(crate) joined: BTreeMap<RunId, u64>,
    /// Lines that were sent again although they had been applied, which I2 permits where a sale or an edit hid that.
    pub(crate) exceptions: u64,
}

impl Observations {
    pub(crate) fn add(&mut self, watch: ProcessWatch) -> Pid {
        self.watches.push(watch);
        self.watches.len() - 1
    }

    pub(crate) fn watch(&mut self, pid: Pid) -> &mut ProcessWatch {
        &mut self.watches[pid]
    }

    /// The most SKUs and the most matches of the good runs of an installation that count at `now`: those of a week since
    /// a user let a plan through, and the last one.
    pub(crate) fn largest(&self, install: usize, now: UnixMillis) -> Option<(u64, u64)> {
        let runs = &self.good_runs[install];
        let since = runs.iter().rposition(|run| run.applied).unwrap_or(0);
        let counted = runs[since..].iter().enumerate().filter(|(at, run)| {
            let last = since + at + 1 == runs.len();
            last || (now - 6 * 24 * 3_600_000..=now).contains(&run.finished_at)
        });
        counted.map(|(_, run)| (run.skus, run.matches)).reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)))
    }
}
