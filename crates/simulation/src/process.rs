//! A simulated process: the ports that `sync::execute` uses. Each call yields to the scheduler before it does
//! anything.

pub(crate) mod catalog;
mod changes;
mod clock;
mod journal;
mod leases;
mod levels;
mod maps;
mod observer;
mod outgoing_batch;
mod reads;
mod runs;
mod shop;
mod tasks;
mod transaction;
mod warehouse;
mod write;

use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, OnceLock};

use domain::{RunId, UnixMillis};
use tokio_util::sync::CancellationToken;

use crate::profile::{CatalogKind, Defect, Fault};
use crate::state::{Installation, SharedState};
use crate::yield_point::{Pid, YieldPoint};

pub(crate) struct Process {
    pub(crate) sim: SharedState,
    pub(crate) pid: Pid,
    pub(crate) install: usize,
    pub(crate) installation: Arc<Installation>,
    pub(crate) run: RunId,
    pub(crate) requests: AtomicU64,
    pub(crate) defect: Option<Defect>,
    /// How far its clock is ahead of simulated time.
    pub(crate) clock_ms: i64,
    /// The catalog that it found, and when it asked.
    pub(crate) catalog: OnceLock<(CatalogKind, UnixMillis)>,
    /// Whether it asked once more before its first write.
    pub(crate) rechecked: AtomicBool,
}

impl Process {
    /// The ports of this process, for a run that ends with `stop`.
    pub(crate) fn ports<'a>(&'a self, stop: &'a CancellationToken) -> sync::Ports<'a> {
        sync::Ports { shop: self, warehouse: self, store: self, clock: self, observer: self, stop }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defect == Some(defect)
    }

    fn note(&self, text: std::fmt::Arguments<'_>) {
        let pid = self.pid;
        self.sim.lock().note(format_args!("p{pid} {text}"));
    }

    async fn pause(&self, point: YieldPoint) {
        self.sim.pause(self.pid, point).await;
    }

    async fn pause_with_delay(&self, point: YieldPoint, fault: Fault, most_ms: i64) {
        let due = {
            let mut sim = self.sim.lock();
            let extra = if sim.injects(fault) { sim.rng.between(500, most_ms) } else { 0 };
            sim.now + extra
        };
        self.sim.wait(self.pid, point, due).await;
    }
}
