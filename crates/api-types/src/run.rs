//! Runs: of the service and of the command line.

use domain::run::report::{Report, ReportSkip};
use domain::{RunId, RunKind, ShopName, StartedBy, TaskStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::UtcTime;

use crate::change::{Change, Line};
use crate::task::{EarlierAttempt, Progress};

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Run {
    /// Its id; the id of the task, and of the plan that it made.
    pub run_id: RunId,
    /// Its running number, which every route and command takes in place of the id.
    pub number: u64,
    /// Its shop.
    pub shop: ShopName,
    /// Who started it.
    pub started_by: StartedBy,
    /// The name of the token with which it was started over the API.
    #[schema(required)]
    pub token_name: Option<String>,
    /// What it does.
    pub kind: RunKind,
    /// Whether it writes nothing.
    pub dry_run: bool,
    /// Its state.
    pub status: TaskStatus,
    /// Whether it has ended.
    pub ready: bool,
    /// The number of its attempt, from 1.
    pub attempt: u32,
    /// The plan that it applies.
    #[schema(required)]
    pub plan_id: Option<RunId>,
    /// When it was asked for.
    pub created_at: UtcTime,
    /// When it started.
    #[schema(required)]
    pub started_at: Option<UtcTime>,
    /// When it ended.
    #[schema(required)]
    pub finished_at: Option<UtcTime>,
    /// Its report; `null` before it has ended.
    #[schema(required)]
    pub result: Option<Report>,
}

/// A page of runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunPage {
    /// The runs, the newest first.
    pub runs: Vec<Run>,
    /// The `cursor` of the next page; `null` on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A run with its progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunDetail {
    /// The run.
    #[serde(flatten)]
    pub run: Run,
    /// Attempts that were cut short before the one that `result` tells of.
    pub earlier_attempts: Vec<EarlierAttempt>,
    /// How far it has come.
    pub progress: Progress,
}

/// What `wixsync runs --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunList {
    /// The runs, the newest first.
    pub runs: Vec<Run>,
}

/// What `wixsync run RUN_ID --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunWithLines {
    /// The run.
    #[serde(flatten)]
    pub run: Run,
    /// Attempts that were cut short before the one that `result` tells of.
    pub earlier_attempts: Vec<EarlierAttempt>,
    /// Every line, in sending order.
    pub lines: Vec<Line>,
    /// Every SKU that was left alone.
    pub skipped: Vec<ReportSkip>,
}

/// What a command prints at the end of its run with `--json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunResult {
    /// The report.
    #[serde(flatten)]
    pub report: Report,
    /// The plan, where one was made or held; its keys are left out otherwise.
    #[serde(flatten)]
    pub plan: Option<PlannedChanges>,
}

/// The changes of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedChanges {
    /// The plan, as `wixsync apply` takes it.
    pub plan_id: RunId,
    /// Its changes, in sending order.
    pub changes: Vec<Change>,
}
