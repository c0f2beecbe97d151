//! The state as its parts share it, and the futures with which processes yield.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use domain::UnixMillis;

use super::{Inner, Waiting};
use crate::profile::Profile;
use crate::yield_point::{Pid, Point};

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
