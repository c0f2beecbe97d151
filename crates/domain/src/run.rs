//! A run: its kind, its status, its outcome, and the summary that is kept of it.

pub mod name;
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
use crate::stock::UnmatchedWarehouse;
use crate::stock::near_miss::{Misspelled, NearMiss};
use crate::write::another_writer::AnotherWriter;
use crate::{ReadChoice, RunId, ShopName, UnixMillis};

coded! {
    /// What a run does.
    RunKind {
        /// Reads, plans, writes and verifies.
        Sync = "sync",
        /// Reads and plans. The plan is kept for an apply.
        Plan = "plan",
        /// Writes the lines of a kept plan that still hold.
        Apply = "apply",
        /// Writes quantities that a user named.
        Set = "set",
    }
}

coded! {
    /// Who starts a run.
    StartedBy {
        /// The schedule of the service.
        Schedule = "schedule",
        /// A request to the API.
        Api = "api",
        /// A command line.
        CommandLine = "command_line",
        /// A check-up, to see a dry run go through.
        Doctor = "doctor",
    }
}

/// Who started a run.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Starter {
    /// What kind of caller.
    pub by: StartedBy,
    /// The name of the token of a request to the API.
    pub token: Option<String>,
}

impl Starter {
    /// The schedule.
    pub const SCHEDULE: Self = Self { by: StartedBy::Schedule, token: None };
    /// A command line.
    pub const COMMAND_LINE: Self = Self { by: StartedBy::CommandLine, token: None };
}

coded! {
    /// The status of a task, in the words of the guide's task queue.
    TaskStatus {
        /// Accepted, not started.
        Pending = "PENDING",
        /// Under way.
        Started = "STARTED",
        /// Taken over after its process died.
        Retry = "RETRY",
        /// Ended with a report, whatever the outcome of its lines.
        Success = "SUCCESS",
        /// Could not do its work.
        Failure = "FAILURE",
        /// Canceled.
        Revoked = "REVOKED",
    }
}

impl TaskStatus {
    /// Whether the task has ended.
    #[must_use]
    pub fn is_ready(self) -> bool {
        matches!(self, Self::Success | Self::Failure | Self::Revoked)
    }
}

coded! {
    /// The outcome of a run: whether the shop shows what it should.
    Outcome {
        /// Every line is verified, converged or moved since, or there was nothing to do.
        Converged = "converged",
        /// Some lines were rejected, suspect or unresolved, or no longer held, or another program writes to the shop.
        Partial = "partial",
        /// The guard stopped the plan; nothing was written.
        HeldByGuard = "held_by_guard",
        /// The run could not do its work.
        Failed = "failed",
        /// Canceled by the user or stopped by the system.
        Interrupted = "interrupted",
        /// The run was a plan or a dry run, which write nothing.
        Planned = "planned",
    }
}

impl Outcome {
    /// The final status of a task with this outcome.
    #[must_use]
    pub fn task_status(self) -> TaskStatus {
        match self {
            Self::Converged | Self::Partial | Self::HeldByGuard | Self::Planned => TaskStatus::Success,
            Self::Failed => TaskStatus::Failure,
            Self::Interrupted => TaskStatus::Revoked,
        }
    }

    /// The exit code of a command whose run has this outcome.
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

    /// The outcome of a run that did all its steps, by its final counters. `left_out`: whether the run left out
    /// something that the user asked for by name, such as a line of a plan that no longer held, a SKU to set that
    /// cannot be written, a SKU to synchronize that neither side has, or one whose inventory item Wix did not make; or whether another program writes to the shop.
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
    /// Where the run failed.
    pub at: FailedAt,
    /// The code of the failure, such as `unauthorised`. Codes never change.
    pub code: String,
    /// What the other side said, free of secrets.
    pub detail: String,
}

/// What is kept of a run besides its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSummary {
    /// The run.
    pub run_id: RunId,
    /// Its shop.
    pub shop: ShopName,
    /// Its kind.
    pub kind: RunKind,
    /// Whether it was to write nothing.
    pub dry_run: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed; `None` if it did not.
    pub failure: Option<Failure>,
    /// The limits of the guard that the plan exceeded.
    pub trips: Vec<Trip>,
    /// The plan's figures.
    pub facts: Facts,
    /// How its lines ended.
    pub counters: Counters,
    /// How many sold-out goods it put back on sale; of a run that wrote nothing, how many its plan would.
    #[serde(default)]
    pub back_on_sale: u64,
    /// The evidence that another program writes to the shop, if the run found any.
    #[serde(default)]
    pub another_writer: Option<AnotherWriter>,
    /// How many SKUs were left alone.
    pub skipped_total: u64,
    /// How many of them the plan of the whole shop before did not leave alone; `None` if there is none, or if this run is
    /// not of the whole shop.
    #[serde(default)]
    pub skipped_new: Option<u64>,
    /// How many SKUs were left alone for each reason.
    pub skipped_by_reason: BTreeMap<SkipReason, u64>,
    /// The first of them.
    pub skipped: Vec<Skip>,
    /// How many SKUs nearly match; of a run of the whole shop.
    #[serde(default)]
    pub near_misses_total: u64,
    /// The first of them.
    #[serde(default)]
    pub near_misses: Vec<NearMiss>,
    /// The first SKUs that the user named and the run left alone, each with one that is spelled almost the same.
    #[serde(default)]
    pub misspelled: Vec<Misspelled>,
    /// The chosen warehouses that no row of the warehouse database names.
    #[serde(default)]
    pub unmatched_warehouses: Vec<UnmatchedWarehouse>,
    /// The first lines that went wrong.
    pub errors: Vec<LineError>,
    /// The first lines of a plan that an apply left out: those that no longer hold, then those whose target the shop
    /// already shows.
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
    /// How long they waited for the limit and the pace of the shop, in milliseconds.
    #[serde(default)]
    pub waited_ms: u64,
    /// How the shop was read; `None` if it was not read.
    #[serde(default)]
    pub reading: Option<ReadChoice>,
    /// From start to end, in milliseconds.
    pub duration_ms: u64,
    /// When it ended.
    pub finished_at: UnixMillis,
    /// The location of the state database, without credentials.
    pub state: String,
}

impl RunSummary {
    /// Whether it was asked for some SKUs and neither side knows any of them.
    #[must_use]
    pub fn knew_nothing(&self) -> bool {
        let unknown = self.skipped_by_reason.get(&SkipReason::UnknownSku);
        unknown.is_some_and(|count| *count == self.skipped_total) && self.facts.matched == 0
    }

    /// Whether it found nothing wrong because it had nothing to compare.
    #[must_use]
    pub fn matched_nothing(&self) -> bool {
        let well = matches!(self.outcome, Outcome::Converged | Outcome::Planned);
        well && self.facts.matched == 0 && self.counters.planned == 0
    }

    /// Whether it is partial only because the user named SKUs that neither side has, as a misspelled one. Such a run
    /// leaves nothing to do in the shop.
    #[must_use]
    pub fn is_only_misspelled(&self) -> bool {
        let skipped = |reason| self.skipped_by_reason.get(&reason).copied().unwrap_or(0);
        self.kind == RunKind::Sync
            && self.outcome == Outcome::Partial
            && skipped(SkipReason::UnknownSku) > 0
            && skipped(SkipReason::ItemNotMade) == 0
            && self.another_writer.is_none()
            && self.counters.planned == self.counters.executed()
    }
}
