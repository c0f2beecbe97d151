//! What a run was asked to do, and what is recorded of it.

use crate::plan::Facts;
use crate::run::{RunKind, RunSummary, TaskStatus};
use crate::{Policy, RunId, Scope, ShopName, Sku, UnixMillis};

/// What a run is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Bring the shop to the warehouse's stock.
    Sync {
        /// Plan only.
        dry_run: bool,
    },
    /// Plan, and keep the plan.
    Plan,
    /// Write a kept plan as far as it still holds.
    Apply {
        /// The run that made the plan.
        plan: RunId,
    },
    /// Write these quantities, in units, instead of the warehouse's.
    Set {
        /// SKU and quantity.
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

    /// The plan that it applies.
    #[must_use]
    pub fn plan(&self) -> Option<&RunId> {
        match self {
            Self::Apply { plan } => Some(plan),
            _ => None,
        }
    }

    /// The quantities that a user named.
    #[must_use]
    pub fn quantities(&self) -> &[(Sku, u32)] {
        match self {
            Self::Set { quantities } => quantities,
            _ => &[],
        }
    }

    /// Whether one run may answer two requests for it. Quantities that a user named and a plan that is applied
    /// are never the same work twice.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        matches!(self, Self::Sync { .. } | Self::Plan)
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
    pub work: Work,
    /// The SKUs it looks at.
    pub scope: Scope,
    /// The rules it plans under.
    pub policy: Policy,
    /// Whether it is a task: another process continues it when its own has died. A run that is not a task is closed
    /// as interrupted by the next run of the shop.
    pub durable: bool,
    /// When it was accepted.
    pub created_at: UnixMillis,
}

impl NewRun {
    /// What it does, in one word.
    #[must_use]
    pub fn kind(&self) -> RunKind {
        self.work.kind()
    }

    /// Whether it writes nothing to the shop.
    #[must_use]
    pub fn dry_run(&self) -> bool {
        self.work.writes_nothing()
    }

    /// Whether both ask for the same work, so that one run answers both.
    #[must_use]
    pub fn asks_the_same(&self, other: &Self) -> bool {
        self.work.is_repeatable()
            && self.shop == other.shop
            && self.work == other.work
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
    /// From 1; grows when a task starts again.
    pub attempt: u32,
    /// How often the process that worked on it has died.
    pub deaths: u32,
    /// Whether a user asked it to end at its next safe point.
    pub cancel_asked: bool,
    /// When it started.
    pub started_at: Option<UnixMillis>,
    /// The figures of its plan, once there is one.
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
            status: TaskStatus::Pending,
            attempt: 1,
            deaths: 0,
            cancel_asked: false,
            started_at: None,
            facts: None,
            summary: None,
        }
    }
}
