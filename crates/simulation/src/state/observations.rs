//! What the oracle has seen so far.

use std::collections::{BTreeMap, BTreeSet};

use domain::{RunId, UnixMillis};

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

/// What the oracle has seen so far.
#[derive(Debug, Default)]
pub(crate) struct Observations {
    pub(crate) watches: Vec<ProcessWatch>,
    pub(crate) received: BTreeSet<(usize, RunId, u32)>,
    /// The first line of each chain of resends of which a line took effect.
    pub(crate) landed: BTreeSet<(usize, RunId, u32)>,
    pub(crate) last_good: [Option<u64>; 2],
    /// The step at which each run got its end.
    pub(crate) ended: BTreeMap<(usize, RunId), u64>,
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
}
