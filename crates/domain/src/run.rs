//! A run: what it was asked, how it ended, and the summary that is kept of it.

pub mod report;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::code::coded;
use crate::plan::Facts;
use crate::plan::guard::Trip;
use crate::plan::note::Note;
use crate::plan::recheck::StaleLine;
use crate::plan::skip::{Skip, SkipReason};
use crate::run::report::{Counters, LineError};
use crate::{ReadChoice, RunId, ShopName, UnixMillis};

coded! {
    /// What a run does.
    RunKind {
        /// Read, plan, write, verify.
        Sync = "sync",
        /// Read and plan; the plan is kept for an apply.
        Plan = "plan",
        /// Writes a kept plan, as far as it still holds.
        Apply = "apply",
        /// Writes quantities that a user named.
        Set = "set",
    }
}

coded! {
    /// The state of a task, in the words of the guide's task queue.
    TaskStatus {
        /// Accepted, not begun.
        Pending = "PENDING",
        /// Under way.
        Started = "STARTED",
        /// Taken over after a crash.
        Retry = "RETRY",
        /// Came to its end.
        Success = "SUCCESS",
        /// Could not come to its end.
        Failure = "FAILURE",
        /// Cancelled.
        Revoked = "REVOKED",
    }
}

impl TaskStatus {
    /// Whether the task has reached its end.
    #[must_use]
    pub fn is_ready(self) -> bool {
        matches!(self, Self::Success | Self::Failure | Self::Revoked)
    }
}

coded! {
    /// Whether the shop is right.
    Outcome {
        /// Every line is verified, converged or moved since; or there was nothing to do.
        Converged = "converged",
        /// Some lines were rejected, are suspect or unresolved, or no longer held.
        Partial = "partial",
        /// The guard stopped the plan; nothing was written.
        HeldByGuard = "held_by_guard",
        /// The run could not come to its end.
        Failed = "failed",
        /// Cancelled by the user or the system.
        Interrupted = "interrupted",
        /// Nothing was to be written: a plan, or a dry run.
        Planned = "planned",
    }
}

impl Outcome {
    /// The task state that goes with it.
    #[must_use]
    pub fn task_status(self) -> TaskStatus {
        match self {
            Self::Converged | Self::Partial | Self::HeldByGuard | Self::Planned => TaskStatus::Success,
            Self::Failed => TaskStatus::Failure,
            Self::Interrupted => TaskStatus::Revoked,
        }
    }

    /// The exit code of a command that ran it.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Converged | Self::Planned => 0,
            Self::Partial => 3,
            Self::HeldByGuard => 4,
            Self::Failed => 5,
            Self::Interrupted => 130,
        }
    }

    /// The outcome of a run that went to its end, by its final counters. `left_out`: whether something that was
    /// asked for by name could not be done – a line of a plan that no longer held, a SKU to be set that cannot
    /// be written, a SKU to be synchronised that nobody knows.
    #[must_use]
    pub fn of(counters: &Counters, left_out: bool) -> Self {
        let done = counters.planned == counters.executed() + counters.skipped_in_apply;
        if done && !left_out { Self::Converged } else { Self::Partial }
    }
}

coded! {
    /// Where a run failed.
    FailedAt {
        /// The shop could not be read or written.
        Shop = "shop",
        /// The warehouse could not be read.
        Warehouse = "warehouse",
        /// The state database could not be read or written.
        State = "state",
        /// The saved plan cannot be applied.
        Plan = "plan",
    }
}

/// Why a run failed, as data. The sentence that a user reads is made from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Where.
    pub at: FailedAt,
    /// The code of the failure, such as `unauthorised`; never changes.
    pub code: String,
    /// What the other side said, free of secrets.
    pub detail: String,
}

/// Everything that is kept of a run besides its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSummary {
    /// Which run.
    pub run_id: RunId,
    /// Of which shop.
    pub shop: ShopName,
    /// What it did.
    pub kind: RunKind,
    /// Whether it was told to write nothing.
    pub dry_run: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed, where it did.
    pub failure: Option<Failure>,
    /// What tripped the guard, where it did.
    pub trips: Vec<Trip>,
    /// The plan's figures.
    pub facts: Facts,
    /// How its lines ended.
    pub counters: Counters,
    /// How many SKUs were left alone.
    pub skipped_total: u64,
    /// How many for which reason.
    pub skipped_by_reason: BTreeMap<SkipReason, u64>,
    /// The first of them.
    pub skipped: Vec<Skip>,
    /// The first lines that went wrong.
    pub errors: Vec<LineError>,
    /// The first lines of a plan that an apply left out: those that no longer hold, then those that are reached.
    #[serde(default)]
    pub stale: Vec<StaleLine>,
    /// How many notes there are.
    pub notes_total: u64,
    /// The first of them.
    pub notes: Vec<Note>,
    /// Write calls made.
    pub batches: u64,
    /// Requests that went to Wix.
    pub requests: u64,
    /// How the shop was read, where it was.
    #[serde(default)]
    pub reading: Option<ReadChoice>,
    /// From start to end, in milliseconds.
    pub duration_ms: u64,
    /// When it ended.
    pub finished_at: UnixMillis,
    /// The state database that holds it, without credentials.
    pub state: String,
}
