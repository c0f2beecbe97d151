//! The state database, as a run sees it: the record of runs, and the journal of their lines.

use async_trait::async_trait;
use domain::plan::Change;
use domain::skip::Skip;
use domain::{
    Level, Line, LineState, Outcome, Policy, RunId, RunKind, RunSummary, Scope, ShopName, TaskStatus,
    UnixMillis,
};

/// The state database failed; what it said, free of secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StateError(pub String);

/// A run to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// Its id.
    pub id: RunId,
    /// Its shop.
    pub shop: ShopName,
    /// What it does.
    pub kind: RunKind,
    /// Whether it writes nothing.
    pub dry_run: bool,
    /// The SKUs it looks at.
    pub scope: Scope,
    /// The rules it plans under.
    pub policy: Policy,
    /// The plan that it applies.
    pub plan: Option<RunId>,
    /// When it was accepted.
    pub created_at: UnixMillis,
}

/// What is recorded of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// What it was asked.
    pub run: NewRun,
    /// Its state as a task.
    pub status: TaskStatus,
    /// From 1; grows when a run is taken over.
    pub attempt: u32,
    /// When it began.
    pub started_at: Option<UnixMillis>,
    /// How it ended.
    pub summary: Option<RunSummary>,
}

/// Which runs to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunFilter {
    /// Only of this shop.
    pub shop: Option<ShopName>,
    /// At most so many.
    pub limit: u32,
}

/// The record of runs.
#[async_trait]
pub trait Runs: Send + Sync {
    /// Records an accepted run as PENDING.
    async fn create(&self, run: &NewRun) -> Result<(), StateError>;

    /// Marks it STARTED.
    async fn start(&self, id: &RunId, at: UnixMillis) -> Result<(), StateError>;

    /// Records its end: status, outcome and summary together.
    async fn finish(&self, summary: &RunSummary) -> Result<(), StateError>;

    /// One run.
    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError>;

    /// The newest runs first.
    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError>;

    /// How many SKUs the warehouse knew in the shop's last good whole run (outcome converged or partial).
    async fn last_good_warehouse_skus(&self, shop: &ShopName) -> Result<Option<u64>, StateError>;
}

/// A line as the journal holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRecord {
    /// The change and its number.
    pub line: Line,
    /// How far it has come.
    pub state: LineState,
    /// The write call that carried it, from 1.
    pub batch: Option<u32>,
    /// The level read back.
    pub level_after: Option<Level>,
    /// What is known beyond the state.
    pub detail: Option<String>,
}

/// A change of one line's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineUpdate {
    /// Which line.
    pub seq: u32,
    /// Its new state.
    pub state: LineState,
    /// The level read back, where one was read.
    pub level_after: Option<Level>,
    /// What is known beyond the state.
    pub detail: Option<String>,
}

/// A kept plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRecord {
    /// The run that made it.
    pub run: RunRecord,
    /// Its changes, in sending order.
    pub changes: Vec<Change>,
}

impl PlanRecord {
    /// Whether the run left a plan behind that an apply may take: a plan, a dry run, or one that the guard
    /// held.
    #[must_use]
    pub fn is_applicable(&self) -> bool {
        let outcome = self.run.summary.as_ref().map(|summary| summary.outcome);
        matches!(outcome, Some(Outcome::Planned | Outcome::HeldByGuard))
    }
}

/// The journal of lines. A method returns when what it wrote is safe on disk.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Writes the plan down: all lines in their states, and what is left alone.
    async fn save_plan(&self, run: &RunId, lines: &[LineRecord], skips: &[Skip]) -> Result<(), StateError>;

    /// Commits that these lines go out now, as write call `batch`, and must have left before `send_before`.
    async fn sent(
        &self,
        run: &RunId,
        seqs: &[u32],
        batch: u32,
        at: UnixMillis,
        send_before: UnixMillis,
    ) -> Result<(), StateError>;

    /// Commits new states, all or none.
    async fn update(&self, run: &RunId, updates: &[LineUpdate]) -> Result<(), StateError>;

    /// The lines of a run, in sending order.
    async fn lines(&self, run: &RunId) -> Result<Vec<LineRecord>, StateError>;

    /// What a run left alone.
    async fn skips(&self, run: &RunId) -> Result<Vec<Skip>, StateError>;

    /// The plan that a run made.
    async fn plan(&self, run: &RunId) -> Result<Option<PlanRecord>, StateError>;
}
