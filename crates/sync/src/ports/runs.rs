//! The record of runs: a row is a task, written before anything is done for it.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::plan::Facts;
use domain::{Outcome, Policy, RunId, RunKind, RunSummary, Scope, ShopName, Sku, TaskStatus, UnixMillis};

use super::{Fence, StateError};

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
    /// The quantities that a user named, in units.
    pub quantities: Vec<(Sku, u32)>,
    /// Whether it goes on in another process when its own has died: a task, see [`super::Tasks`]. One that is not is
    /// closed as interrupted by whoever has the shop next.
    pub durable: bool,
    /// When it was accepted.
    pub created_at: UnixMillis,
}

impl NewRun {
    /// Whether both ask for the same work, so that one run answers both. Quantities that a user named, and a
    /// plan that is applied, are never the same work twice.
    #[must_use]
    pub fn asks_the_same(&self, other: &Self) -> bool {
        let repeatable = matches!(self.kind, RunKind::Sync | RunKind::Plan);
        repeatable
            && self.shop == other.shop
            && self.kind == other.kind
            && self.dry_run == other.dry_run
            && self.scope == other.scope
            && self.policy == other.policy
    }
}

/// What is recorded of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// What it was asked.
    pub run: NewRun,
    /// Its state as a task.
    pub status: TaskStatus,
    /// From 1; grows when a task begins anew.
    pub attempt: u32,
    /// How often the process that worked on it has died.
    pub deaths: u32,
    /// Whether somebody wants it to end at its next safe point.
    pub cancel_asked: bool,
    /// When it began.
    pub started_at: Option<UnixMillis>,
    /// The figures of its plan, once there is one.
    pub facts: Option<Facts>,
    /// How it ended.
    pub summary: Option<RunSummary>,
}

/// Which runs to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunFilter {
    /// Only of this shop.
    pub shop: Option<ShopName>,
    /// Only of this kind.
    pub kind: Option<RunKind>,
    /// Only in this state.
    pub status: Option<TaskStatus>,
    /// Only those that ended so.
    pub outcome: Option<Outcome>,
    /// Only those that stand after this one in the list.
    pub after: Option<RunPlace>,
    /// At most so many.
    pub limit: u32,
}

/// The place of a run in the list: accepted then, under this id.
pub type RunPlace = (UnixMillis, RunId);

/// What became of a request to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Queued {
    /// It waits.
    Waiting,
    /// Another run waits for this shop already; one is all that may.
    AnotherWaits(Box<RunRecord>),
}

/// The record of runs.
#[async_trait]
pub trait Runs: Send + Sync {
    /// Records an accepted run as PENDING, and that somebody waits for its turn at `now`. Where another
    /// PENDING run of the shop was last waited for at a moment that is in `alive`, or is a task, nothing is recorded.
    async fn queue(
        &self,
        run: &NewRun,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Queued, StateError>;

    /// Ends a run that waits, as interrupted, before it has begun: nobody waits for it any more. Nothing happens
    /// where it is not PENDING.
    async fn withdraw(&self, id: &RunId, now: UnixMillis) -> Result<(), StateError>;

    /// Records a run that begins now, or marks one that has waited, or is taken over, as STARTED. From then on the
    /// lines of its attempt are the ones that count.
    async fn start(&self, run: &NewRun, fence: &Fence, at: UnixMillis) -> Result<(), StateError>;

    /// Records its end: status, outcome and summary together.
    async fn finish(&self, summary: &RunSummary, fence: &Fence) -> Result<(), StateError>;

    /// One run.
    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError>;

    /// The newest runs first.
    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError>;

    /// Runs of the shop that have begun and have no end, but for `but`; and those that nobody has waited for
    /// at a moment that is in `alive`, unless they are tasks.
    async fn abandoned(
        &self,
        shop: &ShopName,
        but: &RunId,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Vec<RunRecord>, StateError>;

    /// How many SKUs the warehouse knew in the shop's last good whole run (outcome converged or partial).
    async fn last_good_warehouse_skus(&self, shop: &ShopName) -> Result<Option<u64>, StateError>;
}
