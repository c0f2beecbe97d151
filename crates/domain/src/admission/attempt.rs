//! How a run goes from attempt to attempt, and how it ends (I7).

use super::record::RunRecord;
use crate::run::{Outcome, RunSummary, TaskStatus};
use crate::{RunId, UnixMillis};

/// A step that the state of a run does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("run {run} is {status} and cannot {step}")]
pub struct NotAllowed {
    /// The run.
    pub run: RunId,
    /// Its state.
    pub status: TaskStatus,
    /// What was asked of it.
    pub step: &'static str,
}

/// The values of a run that a step between attempts changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// Its new state.
    pub status: TaskStatus,
    /// The number of its attempt.
    pub attempt: u32,
    /// How often a process that worked on it has died.
    pub deaths: u32,
}

impl Attempt {
    /// Puts these values in the record.
    pub fn put_into(self, record: &mut RunRecord) {
        (record.status, record.attempt, record.deaths) = (self.status, self.attempt, self.deaths);
    }
}

fn unless(allowed: bool, record: &RunRecord, step: &'static str) -> Result<(), NotAllowed> {
    let refused = || NotAllowed { run: record.run.id.clone(), status: record.status, step };
    if allowed { Ok(()) } else { Err(refused()) }
}

/// A task that a process works on, or worked on when it died.
fn is_under_way(record: &RunRecord) -> bool {
    record.run.durable && matches!(record.status, TaskStatus::Started | TaskStatus::Retry)
}

/// Starts a run that has waited, or a task that was taken over.
pub fn start(record: &RunRecord) -> Result<Attempt, NotAllowed> {
    let may = matches!(record.status, TaskStatus::Pending | TaskStatus::Retry);
    unless(may, record, "start")?;
    Ok(Attempt { status: TaskStatus::Started, attempt: record.attempt, deaths: record.deaths })
}

/// Takes a task over whose process has died: one more death, and one more attempt unless that was the `most`th death.
pub fn take_over(record: &RunRecord, most: u32) -> Result<Attempt, NotAllowed> {
    unless(is_under_way(record), record, "be taken over")?;
    let deaths = record.deaths.saturating_add(1);
    let attempt = record.attempt.saturating_add(u32::from(deaths < most));
    Ok(Attempt { status: TaskStatus::Retry, attempt, deaths })
}

/// Puts a task back in the queue for its next attempt. A task that was taken over has the number of that attempt
/// already.
pub fn hand_back(record: &RunRecord) -> Result<Attempt, NotAllowed> {
    unless(is_under_way(record), record, "be handed back")?;
    let began = record.status == TaskStatus::Started;
    let attempt = record.attempt.saturating_add(u32::from(began));
    Ok(Attempt { status: TaskStatus::Pending, attempt, deaths: record.deaths })
}

/// Whether a run may get its end: it ends once.
pub fn end(record: &RunRecord) -> Result<(), NotAllowed> {
    unless(!record.status.is_ready(), record, "end")
}

/// Whether a run that waits may be withdrawn: only before it has started.
#[must_use]
pub fn may_withdraw(record: &RunRecord) -> bool {
    record.status == TaskStatus::Pending
}

/// What a wish to end a run leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancel {
    /// It has its end already.
    Nothing,
    /// It has not started and ends at once.
    End,
    /// Its process ends it at the next safe point.
    Ask,
}

/// What becomes of a run that a user cancels. A command-line run is its own process's to end.
#[must_use]
pub fn cancel(record: &RunRecord) -> Cancel {
    match record.status {
        status if status.is_ready() => Cancel::Nothing,
        TaskStatus::Pending if record.run.durable => Cancel::End,
        _ => Cancel::Ask,
    }
}

/// How a run ends. Every end is recorded through it, so that whatever has to happen with an end happens in the same
/// transaction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunEnd<'a> {
    /// The run.
    pub run: &'a RunId,
    /// How it ended.
    pub outcome: Outcome,
    /// When.
    pub finished_at: UnixMillis,
    /// Its summary; `None` where it ended before it started or its process has died.
    pub summary: Option<&'a RunSummary>,
}

impl<'a> RunEnd<'a> {
    /// The end that a run's summary tells of.
    #[must_use]
    pub fn of(summary: &'a RunSummary) -> Self {
        let RunSummary { run_id, outcome, finished_at, .. } = summary;
        Self { run: run_id, outcome: *outcome, finished_at: *finished_at, summary: Some(summary) }
    }

    /// The end of a run that was interrupted at `at` and has nothing to tell.
    #[must_use]
    pub fn interrupted(run: &'a RunId, at: UnixMillis) -> Self {
        Self { run, outcome: Outcome::Interrupted, finished_at: at, summary: None }
    }

    /// The state of the run from then on.
    #[must_use]
    pub fn status(&self) -> TaskStatus {
        self.outcome.task_status()
    }

    /// How many SKUs the warehouse knew, where the run has told.
    #[must_use]
    pub fn warehouse_skus(&self) -> Option<u64> {
        self.summary.map(|summary| summary.facts.warehouse_skus)
    }
}
