//! The statuses of background tasks: the driver keeps them, the API reads them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api_types::{
    ActivationOutcome, ActivationReason, BackgroundReport, BackgroundTask, BackgroundTasks, TaskActivation,
};
use domain::UnixMillis;
use sync::ports::Clock;

use crate::utc_time;

/// How long an activation may take, and how late it may begin, before its task counts as overdue, in milliseconds: as
/// long as a waiting task of a shop may.
const OVERDUE_MS: i64 = 5 * 60 * 1_000;

/// A moment, as the clock shows it and in steady time, which setting the clock does not change.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) shown: UnixMillis,
    pub(super) steady: i64,
}

impl Moment {
    /// Now.
    pub(super) fn now(clock: &dyn Clock) -> Self {
        Self { shown: clock.now(), steady: clock.steady() }
    }

    /// The moment at which the clock would show `shown`, if it is not set.
    fn later(self, shown: UnixMillis) -> Self {
        Self { shown, steady: self.steady.saturating_add(shown.saturating_sub(self.shown)) }
    }
}

/// The statuses of all background tasks of a process.
#[derive(Debug, Default)]
pub(crate) struct Board(Mutex<Vec<Entry>>);

impl Board {
    /// Adds a task that is due at `now`.
    pub(super) fn add(&self, name: &'static str, description: &'static str, now: Moment) -> Entry {
        let record = Record {
            name,
            description,
            running: None,
            next_at: Some(now),
            activations: 0,
            failures: 0,
            failures_in_a_row: 0,
            last_success_at: None,
            last: None,
        };
        let entry = Entry(Arc::new(Mutex::new(record)));
        locked(&self.0).push(entry.clone());
        entry
    }

    /// Every task as it stands at the moment `steady` of steady time, in the order in which they were added.
    pub(super) fn view(&self, steady: i64) -> BackgroundTasks {
        let entries = locked(&self.0).clone();
        BackgroundTasks { tasks: entries.iter().map(|entry| locked(&entry.0).view(steady)).collect() }
    }
}

/// The status of one task. All clones are the same status.
#[derive(Debug, Clone)]
pub(super) struct Entry(Arc<Mutex<Record>>);

impl Entry {
    /// An activation begins.
    pub(super) fn begin(&self, reason: ActivationReason, now: Moment) {
        locked(&self.0).running = Some(Running { reason, started_at: now });
    }

    /// The activation that was begun has ended; the task runs again at `next_at`.
    pub(super) fn end(
        &self,
        outcome: ActivationOutcome,
        error: Option<String>,
        report: Option<BackgroundReport>,
        now: Moment,
        next_at: Option<UnixMillis>,
    ) {
        let mut record = locked(&self.0);
        let Some(Running { reason, started_at }) = record.running.take() else { return };
        record.activations += 1;
        if outcome == ActivationOutcome::Succeeded {
            record.failures_in_a_row = 0;
            record.last_success_at = Some(now.shown);
        } else {
            record.failures += 1;
            record.failures_in_a_row += 1;
        }
        record.next_at = next_at.map(|at| now.later(at));
        record.last = Some(TaskActivation {
            reason,
            started_at: utc_time(started_at.shown),
            finished_at: utc_time(now.shown),
            duration_ms: u64::try_from(now.steady.saturating_sub(started_at.steady)).unwrap_or(0),
            outcome,
            error,
            report,
        });
    }
}

/// A panic while one of these locks is held leaves no half-written status.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
struct Record {
    name: &'static str,
    description: &'static str,
    running: Option<Running>,
    next_at: Option<Moment>,
    activations: u64,
    failures: u64,
    failures_in_a_row: u64,
    last_success_at: Option<UnixMillis>,
    last: Option<TaskActivation>,
}

#[derive(Debug, Clone, Copy)]
struct Running {
    reason: ActivationReason,
    started_at: Moment,
}

impl Record {
    fn view(&self, steady: i64) -> BackgroundTask {
        BackgroundTask {
            name: self.name.to_owned(),
            description: self.description.to_owned(),
            running_since: self.running.map(|running| utc_time(running.started_at.shown)),
            next_run_at: self.next_at.filter(|_| self.running.is_none()).map(|at| utc_time(at.shown)),
            overdue: self.is_overdue(steady),
            activations: self.activations,
            failures: self.failures,
            failures_in_a_row: self.failures_in_a_row,
            last_success_at: self.last_success_at.map(utc_time),
            last: self.last.clone(),
        }
    }

    fn is_overdue(&self, steady: i64) -> bool {
        let since = self.running.map(|running| running.started_at).or(self.next_at);
        since.is_some_and(|since| steady.saturating_sub(since.steady) > OVERDUE_MS)
    }
}
