//! The state as it is shared, and the futures with which processes yield.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use domain::UnixMillis;

use super::{PendingYield, SimState};
use crate::profile::Profile;
use crate::yield_point::{Pid, YieldPoint};

/// The state of a simulation as it is shared. Only one thread uses it; the lock is needed because ports are `Sync`.
#[derive(Clone)]
pub(crate) struct SharedState(Arc<Mutex<SimState>>);

impl SharedState {
    pub(crate) fn new(profile: Profile, traced: bool) -> Self {
        Self(Arc::new(Mutex::new(SimState::new(profile, traced))))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, SimState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Yields at `point` until the scheduler lets the process go on.
    pub(crate) fn pause(&self, pid: Pid, point: YieldPoint) -> Pause {
        let now = self.lock().now;
        self.wait(pid, point, now)
    }

    /// Yields at `point` until `due` has come and the scheduler lets the process go on.
    pub(crate) fn wait(&self, pid: Pid, point: YieldPoint, due: UnixMillis) -> Pause {
        let mut sim = self.lock();
        let id = sim.next_id;
        sim.next_id += 1;
        sim.waiting.push(PendingYield { id, pid, point, due, released: false });
        Pause { sim: self.clone(), id }
    }
}

/// A future that is ready when the scheduler releases the yield point.
pub(crate) struct Pause {
    sim: SharedState,
    id: u64,
}

impl Future for Pause {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let released = self.sim.lock().waiting.iter().any(|one| one.id == self.id && one.released);
        if released { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        self.sim.lock().waiting.retain(|one| one.id != self.id);
    }
}
