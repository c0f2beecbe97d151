//! How a run goes from attempt to attempt, and how it ends (I7).

use super::record::RunRecord;
use crate::run::{Outcome, RunKind, RunSummary, TaskStatus};
use crate::{RunId, UnixMillis};

/// The error for a step that the state of a run does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("run {run} is {status} and cannot {step}")]
pub struct NotAllowed {
    /// The run.
    pub run: RunId,
    /// Its state.
    pub status: TaskStatus,
    /// The step that was requested.
    pub step: &'static str,
}

/// The values of a run that a step between attempts changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// Its new state.
    pub status: TaskStatus,
    /// The number of its attempt.
    pub attempt: u32,
    /// How many processes have died while working on it.
    pub deaths: u32,
}

impl Attempt {
    /// Writes these values to the record.
    pub fn apply_to(self, record: &mut RunRecord) {
        (record.status, record.attempt, record.deaths) = (self.status, self.attempt, self.deaths);
    }
}

fn require(allowed: bool, record: &RunRecord, step: &'static str) -> Result<(), NotAllowed> {
    let refused = || NotAllowed { run: record.run.id.clone(), status: record.status, step };
    if allowed { Ok(()) } else { Err(refused()) }
}

/// Whether a process works on this task, or worked on it when that process died.
fn is_under_way(record: &RunRecord) -> bool {
    record.run.durable && matches!(record.status, TaskStatus::Started | TaskStatus::Retry)
}

/// Starts a run that was waiting, or a task that was taken over. Fails in any other state.
pub fn start(record: &RunRecord) -> Result<Attempt, NotAllowed> {
    let may = matches!(record.status, TaskStatus::Pending | TaskStatus::Retry);
    require(may, record, "start")?;
    Ok(Attempt { status: TaskStatus::Started, attempt: record.attempt, deaths: record.deaths })
}

/// Takes over a task whose process has died. Counts the death, and moves on to the next attempt unless the task now
/// has `most` deaths. Fails for a run that is not a task, or that no process was working on.
pub fn take_over(record: &RunRecord, most: u32) -> Result<Attempt, NotAllowed> {
    require(is_under_way(record), record, "be taken over")?;
    let deaths = record.deaths.saturating_add(1);
    let attempt = record.attempt.saturating_add(u32::from(deaths < most));
    Ok(Attempt { status: TaskStatus::Retry, attempt, deaths })
}

/// Returns a task to the queue for its next attempt. A task that was taken over already has the number of that
/// attempt.
pub fn hand_back(record: &RunRecord) -> Result<Attempt, NotAllowed> {
    require(is_under_way(record), record, "be handed back")?;
    let began = record.status == TaskStatus::Started;
    let attempt = record.attempt.saturating_add(u32::from(began));
    Ok(Attempt { status: TaskStatus::Pending, attempt, deaths: record.deaths })
}

/// Checks that a run may end. A run ends only once.
pub fn end(record: &RunRecord) -> Result<(), NotAllowed> {
    require(!record.status.is_ready(), record, "end")
}

/// Whether a run may be withdrawn from the queue: only before it has started.
#[must_use]
pub fn may_withdraw(record: &RunRecord) -> bool {
    record.status == TaskStatus::Pending
}

/// What canceling a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancel {
    /// Nothing: the run has already ended.
    AlreadyEnded,
    /// The run has not started, so it ends at once.
    EndNow,
    /// The process of the run is asked to end it at the next safe point.
    AskToEnd,
}

/// Decides what canceling a run does. Only its own process ends a command-line run.
#[must_use]
pub fn cancel(record: &RunRecord) -> Cancel {
    match record.status {
        status if status.is_ready() => Cancel::AlreadyEnded,
        TaskStatus::Pending if record.run.durable => Cancel::EndNow,
        _ => Cancel::AskToEnd,
    }
}

/// The end of a run. Stores record every end through this type, so that everything that belongs to an end is written
/// in the same transaction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunEnd<'a> {
    /// The run.
    pub run: &'a RunId,
    /// How it ended.
    pub outcome: Outcome,
    /// When it ended.
    pub finished_at: UnixMillis,
    /// Its summary; `None` if it ended before it started, or if its process died.
    pub summary: Option<&'a RunSummary>,
}

impl<'a> RunEnd<'a> {
    /// The end that a summary describes.
    #[must_use]
    pub fn of(summary: &'a RunSummary) -> Self {
        let RunSummary { run_id, outcome, finished_at, .. } = summary;
        Self { run: run_id, outcome: *outcome, finished_at: *finished_at, summary: Some(summary) }
    }

    /// The end of a run that was interrupted at `at` and left no summary.
    #[must_use]
    pub fn interrupted(run: &'a RunId, at: UnixMillis) -> Self {
        Self { run, outcome: Outcome::Interrupted, finished_at: at, summary: None }
    }

    /// The final state of the run.
    #[must_use]
    pub fn status(&self) -> TaskStatus {
        self.outcome.task_status()
    }

    /// How many SKUs the warehouse listed; `None` without a summary.
    #[must_use]
    pub fn warehouse_skus(&self) -> Option<u64> {
        self.summary.map(|summary| summary.facts.warehouse_skus)
    }

    /// How many SKUs it could compare; `None` without a summary.
    #[must_use]
    pub fn comparable(&self) -> Option<u64> {
        self.summary.map(|summary| summary.facts.comparable)
    }

    /// Whether it found that another program writes to the shop.
    #[must_use]
    pub fn found_another_writer(&self) -> bool {
        self.summary.is_some_and(|summary| summary.another_writer.is_some())
    }

    /// Whether the guard needs it to tell if another program writes to the shop: it found one, or a user let a plan
    /// through. The last such run decides.
    #[must_use]
    pub fn decides_on_another_writer(&self) -> bool {
        let applied = self.summary.is_some_and(|summary| summary.kind == RunKind::Apply);
        self.found_another_writer()
            || (applied && matches!(self.outcome, Outcome::Converged | Outcome::Partial))
    }
}
