//! The statuses of background tasks: the driver keeps them, the API reads them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::UnixMillis;
use serde::Serialize;
use utoipa::ToSchema;

use super::BackgroundReport;
use crate::utc_time;

/// How long an activation may take, and how late it may begin, before its task counts as overdue, in milliseconds: as
/// long as a waiting task of a shop may.
const OVERDUE_MS: i64 = 5 * 60 * 1_000;

/// The statuses of all background tasks of a process.
#[derive(Debug, Default)]
pub(crate) struct Board(Mutex<Vec<Entry>>);

impl Board {
    /// Adds a task that is due at `now`.
    pub(super) fn add(&self, name: &'static str, description: &'static str, now: UnixMillis) -> Entry {
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

    /// The status of every task at `now`, in the order in which they were added.
    pub(super) fn view(&self, now: UnixMillis) -> BackgroundView {
        let entries = locked(&self.0).clone();
        BackgroundView { tasks: entries.iter().map(|entry| locked(&entry.0).view(now)).collect() }
    }
}

/// The status of one task. All clones are the same status.
#[derive(Debug, Clone)]
pub(super) struct Entry(Arc<Mutex<Record>>);

impl Entry {
    /// An activation begins.
    pub(super) fn begin(&self, reason: ActivationReason, now: UnixMillis) {
        locked(&self.0).running = Some(Running { reason, started_at: now });
    }

    /// The activation that was begun has ended; the task runs again at `next_at`.
    pub(super) fn end(
        &self,
        outcome: ActivationOutcome,
        error: Option<String>,
        report: Option<BackgroundReport>,
        now: UnixMillis,
        next_at: Option<UnixMillis>,
    ) {
        let mut record = locked(&self.0);
        let Some(Running { reason, started_at }) = record.running.take() else { return };
        record.activations += 1;
        if outcome == ActivationOutcome::Succeeded {
            record.failures_in_a_row = 0;
            record.last_success_at = Some(now);
        } else {
            record.failures += 1;
            record.failures_in_a_row += 1;
        }
        record.next_at = next_at;
        record.last = Some(ActivationView {
            reason,
            started_at: utc_time(started_at),
            finished_at: utc_time(now),
            duration_ms: u64::try_from(now.saturating_sub(started_at)).unwrap_or(0),
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
    next_at: Option<UnixMillis>,
    activations: u64,
    failures: u64,
    failures_in_a_row: u64,
    last_success_at: Option<UnixMillis>,
    last: Option<ActivationView>,
}

#[derive(Debug, Clone, Copy)]
struct Running {
    reason: ActivationReason,
    started_at: UnixMillis,
}

impl Record {
    fn view(&self, now: UnixMillis) -> BackgroundTaskView {
        BackgroundTaskView {
            name: self.name.to_owned(),
            description: self.description.to_owned(),
            running_since: self.running.map(|running| utc_time(running.started_at)),
            next_run_at: self.next_at.filter(|_| self.running.is_none()).map(utc_time),
            overdue: self.is_overdue(now),
            activations: self.activations,
            failures: self.failures,
            failures_in_a_row: self.failures_in_a_row,
            last_success_at: self.last_success_at.map(utc_time),
            last: self.last.clone(),
        }
    }

    fn is_overdue(&self, now: UnixMillis) -> bool {
        let since = self.running.map(|running| running.started_at).or(self.next_at);
        since.is_some_and(|since| now.saturating_sub(since) > OVERDUE_MS)
    }
}

/// The background tasks of this process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct BackgroundView {
    /// Every task.
    pub(crate) tasks: Vec<BackgroundTaskView>,
}

/// A background task, since the start of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct BackgroundTaskView {
    /// Its name.
    #[schema(example = "dispatch")]
    pub(crate) name: String,
    /// What it does.
    pub(crate) description: String,
    /// When the current activation began; `null` where the task waits for its next one.
    pub(crate) running_since: Option<String>,
    /// When it runs next by itself; `null` while it runs, and where it only runs on request.
    pub(crate) next_run_at: Option<String>,
    /// Whether it should have run, or ended, more than five minutes ago.
    pub(crate) overdue: bool,
    /// Activations that have ended.
    pub(crate) activations: u64,
    /// Those that failed.
    pub(crate) failures: u64,
    /// Failures since the last success.
    pub(crate) failures_in_a_row: u64,
    /// When an activation last ended well.
    pub(crate) last_success_at: Option<String>,
    /// The activation that ended last; `null` before the first one has ended.
    pub(crate) last: Option<ActivationView>,
}

/// One activation of a background task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ActivationView {
    /// Why the task ran.
    pub(crate) reason: ActivationReason,
    /// When it began.
    pub(crate) started_at: String,
    /// When it ended.
    pub(crate) finished_at: String,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: u64,
    /// How it ended.
    pub(crate) outcome: ActivationOutcome,
    /// Why it failed; `null` where it succeeded.
    pub(crate) error: Option<String>,
    /// What it did; `null` where it failed before it did anything.
    pub(crate) report: Option<BackgroundReport>,
}

/// Why a background task ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ActivationReason {
    /// The process started.
    Start,
    /// It was due.
    Timer,
    /// Another part of the service asked for it.
    Request,
}

/// How an activation of a background task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ActivationOutcome {
    /// It did its step.
    Succeeded,
    /// It could not do all of it.
    Failed,
    /// A defect stopped it.
    Panicked,
}
