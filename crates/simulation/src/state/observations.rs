//! What the oracle has seen so far.

use std::collections::{BTreeMap, BTreeSet};

use domain::RunId;

use super::ProcessWatch;
use crate::yield_point::Pid;

/// What the oracle remembers.
#[derive(Debug, Default)]
pub(crate) struct Observations {
    pub(crate) watches: Vec<ProcessWatch>,
    pub(crate) received: BTreeSet<(usize, RunId, u32)>,
    /// The first line of each chain of resends that reached its listing.
    pub(crate) landed: BTreeSet<(usize, RunId, u32)>,
    pub(crate) last_good: [Option<u64>; 2],
    /// The step at which each run got its end.
    pub(crate) ended: BTreeMap<(usize, RunId), u64>,
    /// Resends of what was applied, behind a sale or an edit that hid it: what I2 admits.
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
