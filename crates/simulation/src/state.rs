//! The state of one simulation: time, dice, what waits, what is on its way, and the trace.

mod observations;
mod shared;
mod watch;

use std::fmt::Arguments;
use std::sync::{Arc, Mutex};

use domain::UnixMillis;
use memory::MemoryStore;

use crate::check::{Check, Violation};
use crate::constants::BEGIN;
use crate::dice::Dice;
use crate::profile::{Fault, Profile};
use crate::shop::ShopFloor;
use crate::warehouse::Depot;
use crate::yield_point::{Pid, Point};

pub(crate) use observations::Oracle;
pub(crate) use shared::World;
pub(crate) use watch::Watch;

pub(crate) struct Waiting {
    pub(crate) id: u64,
    pub(crate) pid: Pid,
    pub(crate) point: Point,
    pub(crate) due: UnixMillis,
    pub(crate) released: bool,
}

pub(crate) struct Inner {
    pub(crate) profile: Profile,
    pub(crate) dice: Dice,
    pub(crate) now: UnixMillis,
    /// By how much the machine's clock, which processes take at their start, is ahead.
    pub(crate) clock_ms: i64,
    pub(crate) step: u64,
    /// Yield points passed so far.
    pub(crate) yields: u64,
    pub(crate) waiting: Vec<Waiting>,
    next_id: u64,
    /// Whether faults still happen.
    pub(crate) faulty: bool,
    /// Whether buyers still buy.
    pub(crate) buyers: bool,
    pub(crate) fired: [u64; Fault::ALL.len()],
    pub(crate) floor: ShopFloor,
    pub(crate) depot: Depot,
    pub(crate) installations: Vec<Arc<Installed>>,
    pub(crate) oracle: Oracle,
    pub(crate) violation: Option<Violation>,
    trace: Option<Vec<String>>,
}

/// An installation's state beside the moment until which its disk is full.
pub(crate) struct Installed {
    pub(crate) state: MemoryStore,
    pub(crate) full_until: Mutex<UnixMillis>,
}

impl Inner {
    pub(crate) fn new(profile: Profile, traced: bool) -> Self {
        let mut dice = Dice::new(profile.seed);
        let floor = ShopFloor::new(&profile, &mut dice);
        let depot = Depot::new(&floor, &mut dice);
        let installed = || Arc::new(Installed { state: MemoryStore::new(), full_until: Mutex::new(0) });
        Self {
            profile,
            dice,
            now: BEGIN,
            clock_ms: 0,
            step: 0,
            yields: 0,
            waiting: Vec::new(),
            next_id: 0,
            faulty: true,
            buyers: true,
            fired: [0; Fault::ALL.len()],
            floor,
            depot,
            installations: vec![installed(), installed()],
            oracle: Oracle::default(),
            violation: None,
            trace: traced.then(Vec::new),
        }
    }

    /// Whether `fault` happens now; counted where it does.
    pub(crate) fn strikes(&mut self, fault: Fault) -> bool {
        let on = if matches!(fault, Fault::Sale | Fault::SaleStorm) { self.buyers } else { self.faulty };
        let struck = on && self.dice.hits(self.profile.rates.of(fault));
        if struck {
            self.fired[fault as usize] += 1;
        }
        struck
    }

    pub(crate) fn violate(&mut self, check: Check, text: Arguments<'_>) {
        if self.violation.is_none() && !self.profile.unseen.contains(&check) {
            self.note(format_args!("!! {}: {text}", check.rule()));
            self.violation = Some(Violation { check, text: text.to_string(), step: self.step });
        }
    }

    pub(crate) fn note(&mut self, text: Arguments<'_>) {
        let (step, now) = (self.step, self.now - BEGIN);
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{step:>5} {:>4}.{:03} {text}", now / 1_000, now % 1_000));
        }
    }

    pub(crate) fn take_trace(&mut self) -> Vec<String> {
        self.trace.take().unwrap_or_default()
    }
}
