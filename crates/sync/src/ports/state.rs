//! The state database, as a run sees it: the record of runs, the lease of a shop, the journal of lines.
//!
//! Everything that is written for a shop is written under a [`Fence`]: the number of the lease under which the
//! run works. A commit under an older number is refused, so a process that was paused past its lease cannot
//! record anything any more.

use async_trait::async_trait;
use domain::plan::{Change, Facts};
use domain::skip::Skip;
use domain::{
    Level, Line, LineState, ListingKey, Outcome, Policy, RunId, RunKind, RunSummary, Scope, ShopName,
    TaskStatus, UnixMillis,
};

/// The state database could not do what was asked; free of secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// It failed; what it said.
    #[error("{0}")]
    Failed(String),
    /// The lease under which the writer works is not the shop's lease any more, or is over.
    #[error("another run has taken over this shop")]
    Fenced,
}

impl StateError {
    /// A failure, with what is known of it.
    #[must_use]
    pub fn failed(detail: impl std::fmt::Display) -> Self {
        Self::Failed(detail.to_string())
    }
}

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
    /// From 1; grows when a run is taken over.
    pub attempt: u32,
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
    /// At most so many.
    pub limit: u32,
}

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
    /// PENDING run of the shop has been waited for since `alive_since`, nothing is recorded.
    async fn queue(
        &self,
        run: &NewRun,
        now: UnixMillis,
        alive_since: UnixMillis,
    ) -> Result<Queued, StateError>;

    /// Says that the run is still waited for.
    async fn still_waiting(&self, id: &RunId, now: UnixMillis) -> Result<(), StateError>;

    /// Records a run that begins now, or marks one that has waited as STARTED.
    async fn start(&self, run: &NewRun, fence: &Fence, at: UnixMillis) -> Result<(), StateError>;

    /// Records its end: status, outcome and summary together.
    async fn finish(&self, summary: &RunSummary, fence: &Fence) -> Result<(), StateError>;

    /// One run.
    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError>;

    /// The newest runs first.
    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError>;

    /// Runs of the shop that have begun and have no end, but for `but`; and those that nobody has waited for
    /// since `alive_since`.
    async fn abandoned(
        &self,
        shop: &ShopName,
        but: &RunId,
        alive_since: UnixMillis,
    ) -> Result<Vec<RunRecord>, StateError>;

    /// How many SKUs the warehouse knew in the shop's last good whole run (outcome converged or partial).
    async fn last_good_warehouse_skus(&self, shop: &ShopName) -> Result<Option<u64>, StateError>;
}

/// The number of a lease: later leases of a shop have higher ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// The shop.
    pub shop: ShopName,
    /// The fencing token.
    pub token: u64,
}

/// What came of asking for a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acquired {
    /// The shop is ours until this moment, unless renewed.
    Granted {
        /// Under this number.
        fence: Fence,
        /// Until then.
        expires_at: UnixMillis,
    },
    /// Another run has it.
    Busy {
        /// That run.
        run: RunId,
    },
}

/// The lease of a shop: one run at a time, over all processes that share a state database (I6).
#[async_trait]
pub trait Leases: Send + Sync {
    /// Takes the shop's lease for `run` until `until`, unless another run holds one that is not over at `now`.
    async fn acquire(
        &self,
        shop: &ShopName,
        run: &RunId,
        now: UnixMillis,
        until: UnixMillis,
    ) -> Result<Acquired, StateError>;

    /// Holds it until `until`. [`StateError::Fenced`] where it is not ours any more; a lease that has run out
    /// and that nobody took is ours still.
    async fn renew(&self, fence: &Fence, until: UnixMillis) -> Result<(), StateError>;

    /// Gives it back. Nothing happens where it is not ours any more.
    async fn release(&self, fence: &Fence) -> Result<(), StateError>;
}

/// A line as the journal holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRecord {
    /// The change and its number.
    pub line: Line,
    /// How far it has come.
    pub state: LineState,
    /// How it went out, once it did.
    pub sending: Option<Sending>,
    /// When its answer, or the failure to get one, was recorded.
    pub answered_at: Option<UnixMillis>,
    /// The level read back.
    pub level_after: Option<Level>,
    /// What is known beyond the state.
    pub detail: Option<String>,
}

/// How a line went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    /// The write call that carried it, from 1.
    pub batch: u32,
    /// When SENT was committed.
    pub sent_at: UnixMillis,
    /// The moment before which its bytes had to leave.
    pub send_before: UnixMillis,
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

/// A listing that was written lately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentWrite {
    /// Which one.
    pub key: ListingKey,
    /// How far the line came.
    pub state: LineState,
    /// The moment before which its bytes had to leave.
    pub send_before: UnixMillis,
    /// When its answer was recorded.
    pub answered_at: Option<UnixMillis>,
}

impl RecentWrite {
    /// The moment from which nothing of it can land any more: at once where a clear answer came, else when the
    /// request has timed out at the latest.
    #[must_use]
    pub fn quiet_at(&self, timeout_ms: i64) -> UnixMillis {
        use LineState as S;
        let timed_out_at = self.send_before.saturating_add(timeout_ms);
        match (self.state, self.answered_at) {
            (S::Acked | S::Verified | S::MovedSince | S::Rejected, Some(answered)) => answered,
            (_, Some(answered)) => timed_out_at.max(answered),
            (_, None) => timed_out_at,
        }
    }
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
    /// Writes the plan down: its figures, all lines in their states, and what is left alone.
    async fn save_plan(
        &self,
        run: &RunId,
        fence: &Fence,
        facts: &Facts,
        lines: &[LineRecord],
        skips: &[Skip],
    ) -> Result<(), StateError>;

    /// Commits that these lines go out now. Refused where a line is not waiting to be sent, and where the
    /// lease is not ours or is over at `sending.sent_at`.
    async fn sent(
        &self,
        run: &RunId,
        fence: &Fence,
        seqs: &[u32],
        sending: Sending,
    ) -> Result<(), StateError>;

    /// Commits new states at `at`, and lines that go out again in the place of others; all or none.
    async fn update(
        &self,
        run: &RunId,
        fence: &Fence,
        at: UnixMillis,
        updates: &[LineUpdate],
        again: &[LineRecord],
    ) -> Result<(), StateError>;

    /// The lines of a run, in order of their numbers.
    async fn lines(&self, run: &RunId) -> Result<Vec<LineRecord>, StateError>;

    /// What a run left alone.
    async fn skips(&self, run: &RunId) -> Result<Vec<Skip>, StateError>;

    /// The plan that a run made.
    async fn plan(&self, run: &RunId) -> Result<Option<PlanRecord>, StateError>;

    /// Lines of the shop, of any run, whose bytes may have left after `since`.
    async fn recent_writes(&self, shop: &ShopName, since: UnixMillis)
    -> Result<Vec<RecentWrite>, StateError>;
}
