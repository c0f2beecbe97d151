//! The state of one simulation: time, random numbers, the shop, the warehouse, the stores, waiting processes and the
//! trace.

mod observations;
mod shared;
mod watch;

use std::fmt::Arguments;
use std::sync::{Arc, Mutex};

use domain::UnixMillis;
use memory::MemoryStore;

use crate::check::{Check, Violation};
use crate::constants::BEGIN;
use crate::profile::{CatalogKind, Fault, Profile};
use crate::rng::SimRng;
use crate::shop::ShopState;
use crate::warehouse::WarehouseState;
use crate::yield_point::{Pid, YieldPoint};

pub(crate) use observations::{GoodRun, Observations, Waiter};
pub(crate) use shared::SharedState;
pub(crate) use watch::ProcessWatch;

pub(crate) struct PendingYield {
    pub(crate) id: u64,
    pub(crate) pid: Pid,
    pub(crate) point: YieldPoint,
    pub(crate) due: UnixMillis,
    pub(crate) released: bool,
}

pub(crate) struct SimState {
    pub(crate) profile: Profile,
    pub(crate) rng: SimRng,
    pub(crate) now: UnixMillis,
    /// How far the machine's clock is ahead of simulated time. A process copies this offset at its start.
    pub(crate) clock_ms: i64,
    pub(crate) step: u64,
    /// Yield points passed so far.
    pub(crate) yields: u64,
    pub(crate) waiting: Vec<PendingYield>,
    next_id: u64,
    /// Whether faults may still happen.
    pub(crate) faults_enabled: bool,
    /// Whether buyers may still buy.
    pub(crate) sales_enabled: bool,
    pub(crate) injected: [u64; Fault::ALL.len()],
    pub(crate) shop: ShopState,
    /// The catalog that the shop has now.
    pub(crate) catalog: CatalogKind,
    /// When the shop last moved to it.
    pub(crate) moved_at: UnixMillis,
    /// How often it has moved.
    pub(crate) moves: u32,
    pub(crate) warehouse: WarehouseState,
    pub(crate) installations: Vec<Arc<Installation>>,
    pub(crate) observations: Observations,
    pub(crate) violation: Option<Violation>,
    trace: Option<Vec<String>>,
}

/// One installation: its store, and the moment until which its disk is full.
pub(crate) struct Installation {
    pub(crate) store: MemoryStore,
    pub(crate) disk_full_until: Mutex<UnixMillis>,
}

impl SimState {
    pub(crate) fn new(profile: Profile, traced: bool) -> Self {
        let mut rng = SimRng::new(profile.seed);
        let shop = ShopState::new(&profile, &mut rng);
        let warehouse = WarehouseState::new(&shop, &mut rng);
        let installation =
            || Arc::new(Installation { store: MemoryStore::new(), disk_full_until: Mutex::new(0) });
        Self {
            catalog: profile.catalog,
            moved_at: UnixMillis::MIN,
            moves: 0,
            profile,
            rng,
            now: BEGIN,
            clock_ms: 0,
            step: 0,
            yields: 0,
            waiting: Vec::new(),
            next_id: 0,
            faults_enabled: true,
            sales_enabled: true,
            injected: [0; Fault::ALL.len()],
            shop,
            warehouse,
            installations: vec![installation(), installation()],
            observations: Observations::default(),
            violation: None,
            trace: traced.then(Vec::new),
        }
    }

    /// Decides whether `fault` happens now, and counts it if it does.
    pub(crate) fn injects(&mut self, fault: Fault) -> bool {
        let on = if matches!(fault, Fault::Sale | Fault::SaleStorm) {
            self.sales_enabled
        } else {
            self.faults_enabled
        };
        let struck = on && self.rng.chance(self.profile.rates.of(fault));
        if struck {
            self.injected[fault as usize] += 1;
        }
        struck
    }

    pub(crate) fn report_violation(&mut self, check: Check, text: Arguments<'_>) {
        if self.violation.is_none() && !self.profile.ignored_checks.contains(&check) {
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
