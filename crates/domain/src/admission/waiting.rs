//! How long a task has been ready to start without starting.

use super::lease::{LIFE_MS, LeaseRow};
use super::record::NewRun;
use crate::UnixMillis;

/// An open task: the facts that decide when it can start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenTask {
    /// When it was accepted.
    pub created_at: UnixMillis,
    /// Whether it writes nothing to the shop.
    pub dry_run: bool,
}

impl From<&NewRun> for OpenTask {
    fn from(run: &NewRun) -> Self {
        Self { created_at: run.created_at, dry_run: run.dry_run() }
    }
}

/// What keeps a shop's tasks from starting now, or last kept them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Obstacles<'a> {
    /// Whether the shop is paused.
    pub paused: bool,
    /// When its last pause ended.
    pub resumed_at: Option<UnixMillis>,
    /// The newest lease of the shop.
    pub lease: Option<&'a LeaseRow>,
}

/// When the oldest runnable one of the shop's open `tasks` became runnable. That is the time at which it was
/// accepted or, if the shop was paused or busy then, the time at which the pause or the run ended. The end of a run
/// is known only to within the life of a lease, and the later bound counts. `None` if no task can start at `now`,
/// because a run holds the shop or the shop is paused.
#[must_use]
pub fn waiting_since(
    tasks: impl IntoIterator<Item = OpenTask>,
    obstacles: Obstacles<'_>,
    now: UnixMillis,
) -> Option<UnixMillis> {
    if obstacles.lease.is_some_and(|lease| lease.is_alive_at(now)) {
        return None;
    }
    // A time in the future was written before the clock was turned back.
    let resumed_at = obstacles.resumed_at.filter(|at| *at <= now);
    let ready = |task: OpenTask| match (task.dry_run, resumed_at) {
        // A pause does not stop a run that writes nothing.
        (true, _) => Some(task.created_at),
        (false, _) if obstacles.paused => None,
        (false, resumed_at) => Some(resumed_at.map_or(task.created_at, |at| at.max(task.created_at))),
    };
    let since = tasks.into_iter().filter_map(ready).min()?;
    // A released lease expires up to one lease life after its release. A later expiry was written before the clock
    // was turned back.
    let free = obstacles.lease.map(|lease| lease.expires_at).filter(|at| *at <= now.saturating_add(LIFE_MS));
    Some(free.map_or(since, |free| since.max(free.min(now))))
}
