//! The shared world: time, dice, what waits, what is on its way, and the trace.

use std::fmt::{self, Arguments};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use domain::{ShopName, UnixMillis};
use memory::MemoryStore;

use crate::oracle::{Check, Oracle};
use crate::profile::{Dice, Fault, Profile};
use crate::shop::ShopFloor;
use crate::warehouse::Depot;

/// The moment at which every world begins.
pub const BEGIN: UnixMillis = 1_700_000_000_000;
/// How long a request to the shop may take, in milliseconds.
pub const TIMEOUT_MS: i64 = 30_000;

/// A process, by its number in the world.
pub type Pid = usize;

/// A place at which a process yields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// Waits for a moment.
    Sleep,
    /// Before a transaction of the state database.
    Commit,
    /// After a transaction, before its caller hears of it.
    Committed,
    /// Before a query of the state database.
    Query,
    /// Before a page of the shop is read.
    ShopPage,
    /// After the last page, before the caller has it.
    ShopRead,
    /// Before levels are read.
    Levels,
    /// After levels were read.
    LevelsRead,
    /// A write waits for its place in the window.
    Window,
    /// After the commit of SENT, before the bytes.
    BeforeBytes,
    /// The request is on its way.
    OnItsWay,
    /// The answer is here, before the caller has it.
    Answer,
    /// Before the warehouse is read.
    Warehouse,
    /// After the warehouse was read.
    WarehouseRead,
}

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What must never happen, and did.
    pub check: Check,
    /// What happened.
    pub text: String,
    /// At which step.
    pub step: u64,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (step {})", self.check.rule(), self.text, self.step)
    }
}

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

/// The world, as its parts share it. One thread only ever touches it; the lock is there since ports are `Sync`.
#[derive(Clone)]
pub(crate) struct World(Arc<Mutex<Inner>>);

impl World {
    pub(crate) fn new(profile: Profile, traced: bool) -> Self {
        Self(Arc::new(Mutex::new(Inner::new(profile, traced))))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Yields at `point` until the scheduler lets the process go on.
    pub(crate) fn pause(&self, pid: Pid, point: Point) -> Pause {
        let now = self.lock().now;
        self.wait(pid, point, now)
    }

    /// Yields at `point` until `due` has come and the scheduler lets the process go on.
    pub(crate) fn wait(&self, pid: Pid, point: Point, due: UnixMillis) -> Pause {
        let mut inner = self.lock();
        let id = inner.next_id;
        inner.next_id += 1;
        inner.waiting.push(Waiting { id, pid, point, due, released: false });
        Pause { world: self.clone(), id }
    }
}

/// A yield point that a process has reached.
pub(crate) struct Pause {
    world: World,
    id: u64,
}

impl Future for Pause {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let released = self.world.lock().waiting.iter().any(|one| one.id == self.id && one.released);
        if released { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        self.world.lock().waiting.retain(|one| one.id != self.id);
    }
}

/// The one shop of a world.
pub(crate) fn shop_name() -> ShopName {
    ShopName::new("default")
}
