//! Tasks: what the guide's two routes answer.

use domain::run::report::{Counters, Report, ReportStatus, SetReport};
use domain::{RunId, TaskStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A task was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StartedTask {
    /// Always `success`: the task was accepted.
    pub status: ReportStatus,
    /// One sentence, in the language of the request.
    #[schema(example = "Синхронизация с Wix запущена")]
    pub message: String,
    /// The task; the run's id.
    pub task_id: RunId,
    /// `PENDING`, or the state of the open task that does the same work and answers for this request.
    pub task_status: TaskStatus,
}

/// The state of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskState {
    /// The task.
    pub task_id: RunId,
    /// Its state.
    pub status: TaskStatus,
    /// Whether it has ended.
    pub ready: bool,
    /// The report: the guide's keys and more. Left out before the task has ended, and where it was canceled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = TaskResult, required = false)]
    pub result: Option<TaskResult>,
    /// Why it failed; left out where it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub error: Option<String>,
    /// How far it has come.
    pub progress: Progress,
    /// Attempts that were cut short before the one that `result` tells of; left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub earlier_attempts: Vec<EarlierAttempt>,
}

/// What a task did, in the guide's keys for its kind of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum TaskResult {
    /// Of a run that follows the warehouse, or that plans or applies.
    Report(Box<Report>),
    /// Of quantities set by hand.
    SetReport(SetReport),
}

/// How far a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    /// What it is doing.
    pub phase: Phase,
    /// Lines of its plan.
    pub planned: u64,
    /// Lines that no longer wait to be sent.
    pub done: u64,
}

/// What a task is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// No worker has started it.
    Waiting,
    /// Its process died, and the next one settles what it had sent.
    Settling,
    /// It reads the shop and the warehouse.
    Reading,
    /// It writes to the shop.
    Writing,
    /// It reads back what it wrote.
    Verifying,
    /// It has ended.
    Over,
}

/// An attempt that did not end its task: its process died, or was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EarlierAttempt {
    /// Its number, from 1.
    pub attempt: u32,
    /// Lines whose change is in the shop.
    pub updated_in_wix: u64,
    /// How its lines ended.
    pub counters: Counters,
}
