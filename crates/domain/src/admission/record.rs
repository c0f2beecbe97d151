//! What a run is asked to do, and what is recorded about it.

use crate::plan::Facts;
use crate::run::{RunKind, RunSummary, Starter, TaskStatus};
use crate::{Policy, RunId, Scope, ShopName, Sku, UnixMillis};

/// The work of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Bring the shop to the warehouse's stock.
    Sync {
        /// Whether to plan only.
        dry_run: bool,
    },
    /// Make a plan and keep it.
    Plan,
    /// Write the lines of a kept plan that still hold.
    Apply {
        /// The run that made the plan.
        plan: RunId,
    },
    /// Write these quantities, in units, instead of the warehouse's.
    Set {
        /// SKU and quantity in units.
        quantities: Vec<(Sku, u32)>,
    },
}

impl Work {
    /// The kind under which the run is recorded.
    #[must_use]
    pub fn kind(&self) -> RunKind {
        match self {
            Self::Sync { .. } => RunKind::Sync,
            Self::Plan => RunKind::Plan,
            Self::Apply { .. } => RunKind::Apply,
            Self::Set { .. } => RunKind::Set,
        }
    }

    /// Whether it writes nothing to the shop.
    #[must_use]
    pub fn writes_nothing(&self) -> bool {
        matches!(self, Self::Plan | Self::Sync { dry_run: true })
    }

    /// The plan that it applies; `None` for other work.
    #[must_use]
    pub fn plan(&self) -> Option<&RunId> {
        match self {
            Self::Apply { plan } => Some(plan),
            _ => None,
        }
    }

    /// The quantities that a user named; empty for other work.
    #[must_use]
    pub fn quantities(&self) -> &[(Sku, u32)] {
        match self {
            Self::Set { quantities } => quantities,
            _ => &[],
        }
    }

    /// Whether one run may answer two equal requests. Two requests to set quantities, or to apply a plan, always get
    /// two runs.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        matches!(self, Self::Sync { .. } | Self::Plan)
    }
}

/// A run as it is first recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// Its id.
    pub id: RunId,
    /// Its shop.
    pub shop: ShopName,
    /// Its work.
    pub work: Work,
    /// The SKUs that it covers.
    pub scope: Scope,
    /// The rules that it plans under.
    pub policy: Policy,
    /// Whether it is a task: if its process dies, another process continues it. If the process of any other run dies,
    /// the next run of the shop closes that run as interrupted.
    pub durable: bool,
    /// When it was accepted.
    pub created_at: UnixMillis,
    /// Who started it. A request that joins it later does not change that.
    pub starter: Starter,
}

impl NewRun {
    /// The kind of its work.
    #[must_use]
    pub fn kind(&self) -> RunKind {
        self.work.kind()
    }

    /// Whether it writes nothing to the shop.
    #[must_use]
    pub fn dry_run(&self) -> bool {
        self.work.writes_nothing()
    }

    /// Whether both ask for the same work, so that one run can answer both.
    #[must_use]
    pub fn asks_the_same(&self, other: &Self) -> bool {
        self.work.is_repeatable()
            && self.shop == other.shop
            && self.work == other.work
            && self.scope == other.scope
            && self.policy == other.policy
    }
}

/// What is recorded about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// The run as it was accepted.
    pub run: NewRun,
    /// Its running number in its state database, from 1; 0 before it is recorded.
    pub number: u64,
    /// Its state as a task.
    pub status: TaskStatus,
    /// The number of its attempt, from 1. It grows when a task starts again.
    pub attempt: u32,
    /// How many processes have died while working on it.
    pub deaths: u32,
    /// Whether a user canceled it, so that it ends at its next safe point.
    pub cancel_asked: bool,
    /// The attempt that last began to read the warehouse; `None` if none has.
    pub snapshot_of: Option<u32>,
    /// When it started.
    pub started_at: Option<UnixMillis>,
    /// The figures of its plan, once it has made one.
    pub facts: Option<Facts>,
    /// How it ended.
    pub summary: Option<RunSummary>,
}

impl RunRecord {
    /// The record of a run that has not started.
    #[must_use]
    pub fn pending(run: NewRun) -> Self {
        Self {
            run,
            number: 0,
            status: TaskStatus::Pending,
            attempt: 1,
            deaths: 0,
            cancel_asked: false,
            snapshot_of: None,
            started_at: None,
            facts: None,
            summary: None,
        }
    }

    /// Whether its attempt has begun to read the warehouse. A change that is made there from now on may be missing in
    /// its answer.
    #[must_use]
    pub fn has_begun_snapshot(&self) -> bool {
        self.snapshot_of == Some(self.attempt)
    }

    /// Whether this run may answer `request`, which arrives now: it does the same work, has not ended, and will read
    /// the warehouse after this moment.
    #[must_use]
    pub fn may_answer(&self, request: &NewRun) -> bool {
        !self.status.is_ready() && !self.has_begun_snapshot() && self.run.asks_the_same(request)
    }
}
