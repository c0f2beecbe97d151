//! One process: the ports that `sync::execute` is given, each of which yields before it does anything.

mod clock;
mod handover;
mod journal;
mod leases;
mod maps;
mod observer;
mod reads;
mod runs;
mod shop;
mod tasks;
mod transaction;
mod warehouse;
mod write;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use domain::RunId;
use tokio_util::sync::CancellationToken;

use crate::profile::{Broken, Fault};
use crate::state::{Installed, World};
use crate::yield_point::{Pid, Point};

pub(crate) struct Process {
    pub(crate) world: World,
    pub(crate) pid: Pid,
    pub(crate) install: usize,
    pub(crate) installed: Arc<Installed>,
    pub(crate) run: RunId,
    pub(crate) requests: AtomicU64,
    pub(crate) broken: Option<Broken>,
    /// By how much its clock is ahead of the world's.
    pub(crate) clock_ms: i64,
}

impl Process {
    /// The ports of this process, for a run that ends with `stop`.
    pub(crate) fn ports<'a>(&'a self, stop: &'a CancellationToken) -> sync::Ports<'a> {
        sync::Ports { shop: self, warehouse: self, store: self, clock: self, observer: self, stop }
    }

    fn is(&self, broken: Broken) -> bool {
        self.broken == Some(broken)
    }

    fn note(&self, text: std::fmt::Arguments<'_>) {
        let pid = self.pid;
        self.world.lock().note(format_args!("p{pid} {text}"));
    }

    async fn pause(&self, point: Point) {
        self.world.pause(self.pid, point).await;
    }

    async fn linger(&self, point: Point, fault: Fault, most_ms: i64) {
        let due = {
            let mut world = self.world.lock();
            let extra = if world.strikes(fault) { world.dice.between(500, most_ms) } else { 0 };
            world.now + extra
        };
        self.world.wait(self.pid, point, due).await;
    }
}
