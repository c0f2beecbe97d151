//! Since when a task waits although it could start.

use super::lease::{LIFE_MS, LeaseRow};
use super::record::NewRun;
use crate::UnixMillis;

/// An open task, as far as that decides when it can start.
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

/// What keeps a shop's tasks from starting, or did so last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Obstacles<'a> {
    /// Whether the shop is paused.
    pub paused: bool,
    /// When its last pause ended.
    pub resumed_at: Option<UnixMillis>,
    /// Its newest lease.
    pub lease: Option<&'a LeaseRow>,
}

/// Since when one of the shop's open `tasks` could have started at `now` but has not. That is when it was accepted or,
/// where its shop was paused or busy then, when that ended; for a busy shop up to one life of a lease later. `None`
/// where none can start, because a run has the shop or because the shop is paused.
#[must_use]
pub fn waiting_since(
    tasks: impl IntoIterator<Item = OpenTask>,
    obstacles: Obstacles<'_>,
    now: UnixMillis,
) -> Option<UnixMillis> {
    if obstacles.lease.is_some_and(|lease| lease.is_alive_at(now)) {
        return None;
    }
    // A moment in the future is of a clock that was turned back since.
    let resumed_at = obstacles.resumed_at.filter(|at| *at <= now);
    let ready = |task: OpenTask| match (task.dry_run, resumed_at) {
        // No pause keeps what writes nothing.
        (true, _) => Some(task.created_at),
        (false, _) if obstacles.paused => None,
        (false, resumed_at) => Some(resumed_at.map_or(task.created_at, |at| at.max(task.created_at))),
    };
    let since = tasks.into_iter().filter_map(ready).min()?;
    // The moment of a lease that was given back is up to a lease's life after that. One further away than that is of a
    // clock that was turned back.
    let free = obstacles.lease.map(|lease| lease.expires_at).filter(|at| *at <= now.saturating_add(LIFE_MS));
    Some(free.map_or(since, |free| since.max(free.min(now))))
}
