//! Background tasks of the service and how each of them stands.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::UtcTime;

/// The background tasks of one process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BackgroundTasks {
    /// Every task.
    pub tasks: Vec<BackgroundTask>,
}

/// A background task, since the start of its process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BackgroundTask {
    /// Its name.
    #[schema(example = "dispatch")]
    pub name: String,
    /// What it does.
    pub description: String,
    /// When the current activation began; `null` while the task waits for its next one.
    #[schema(required)]
    pub running_since: Option<UtcTime>,
    /// When it runs next by itself; `null` while it runs, and if it only runs on request.
    #[schema(required)]
    pub next_run_at: Option<UtcTime>,
    /// Whether it should have run, or ended, more than five minutes ago.
    pub overdue: bool,
    /// Activations that have ended.
    pub activations: u64,
    /// Activations that failed.
    pub failures: u64,
    /// Failures since the last success.
    pub failures_in_a_row: u64,
    /// When an activation last ended well.
    #[schema(required)]
    pub last_success_at: Option<UtcTime>,
    /// The activation that ended last; `null` before the first one has ended.
    #[schema(required)]
    pub last: Option<TaskActivation>,
}

/// One activation of a background task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskActivation {
    /// Why the task ran.
    pub reason: ActivationReason,
    /// When it began.
    pub started_at: UtcTime,
    /// When it ended.
    pub finished_at: UtcTime,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// How it ended.
    pub outcome: ActivationOutcome,
    /// Why it failed; `null` if it succeeded.
    #[schema(required)]
    pub error: Option<String>,
    /// What it did; `null` if it failed before it did anything.
    #[schema(required)]
    pub report: Option<BackgroundReport>,
}

/// Why a background task ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActivationReason {
    /// The process started.
    Start,
    /// It was due.
    Timer,
    /// Another part of the service asked for it.
    Request,
}

/// How an activation of a background task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActivationOutcome {
    /// It did its step.
    Succeeded,
    /// It could not do all of it.
    Failed,
    /// A defect stopped it.
    Panicked,
}

/// What an activation did. `task` names the task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum BackgroundReport {
    /// Of the task that gives waiting tasks to workers.
    Dispatch(DispatchReport),
    /// Of the task that asks the dead-man's address.
    DeadMan(DeadManReport),
    /// Of the task that fills the slots of the schedules.
    Slots(SlotsReport),
    /// Of the task that deletes old history.
    Pruning(PruningReport),
    /// Of the task that removes what check-ups left behind.
    Sweeping(SweepingReport),
    /// Of the task that watches the machine's clock.
    ClockWatch(ClockWatchReport),
    /// Of the task that imports stock lists by itself.
    Imports(ImportsReport),
}

/// What one look found and started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DispatchReport {
    /// Tasks without an end, in all shops, whichever process works on them.
    pub open_tasks: usize,
    /// Tasks that this look started.
    pub started_tasks: usize,
    /// Shops on which this process works.
    pub busy_shops: Vec<String>,
}

/// What one activation did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeadManReport {
    /// Whether the address was asked; it is not where no run had ended well.
    pub asked: bool,
    /// Good runs for which it is still to be asked.
    pub runs_waiting: u64,
}

/// What one look filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SlotsReport {
    /// Shops whose slot this look filled with a new task.
    pub filled_shops: Vec<String>,
}

/// What one step deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PruningReport {
    /// Rows of the history that this step deleted; the next step follows at once where it is not zero.
    pub deleted_rows: u64,
    /// Whether nothing is deleted for now: the clock was set within a day, or the ends of runs do not show yet that it
    /// is right.
    pub waits_for_clock: bool,
}

/// What one look at the clock showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClockWatchReport {
    /// How far the machine's clock was set since the look before, in milliseconds; below zero if it was set back.
    /// `null` if it was not set.
    #[schema(required)]
    pub moved_ms: Option<i64>,
}

/// What one look at watched folders and web addresses found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportsReport {
    /// Lists that were imported.
    pub imported: u64,
    /// Lists that were refused.
    pub refused: u64,
}

/// What one sweep removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SweepingReport {
    /// No token of a check-up that expired before this moment is left, unless its dry run has not ended yet.
    pub swept_until: UtcTime,
}
