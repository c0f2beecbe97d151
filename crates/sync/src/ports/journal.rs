//! The journal of lines: what was planned, what went out, what came of it.

use async_trait::async_trait;
use domain::plan::{Change, Facts};
use domain::recheck::Stale;
use domain::skip::Skip;
use domain::{Level, Line, LineState, ListingKey, Outcome, RunId, ShopName, UnixMillis};

use super::{Fence, RunRecord, StateError};
use crate::lease::SEND_WITHIN_MS;

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
    /// Whether Wix answered with a clean success, whatever became of it since.
    pub acked: bool,
    /// The level read back.
    pub level_after: Option<Level>,
    /// What is known beyond the state.
    pub detail: Option<String>,
}

impl LineRecord {
    /// The level that its run read first. A line that an apply left out holds the one that the plan had read: its own
    /// is known only where that moved.
    #[must_use]
    pub fn level_read(&self) -> Option<Level> {
        match Stale::of_line(self.state, self.detail.as_deref()) {
            Some(Stale::LevelMoved { now, .. }) => Some(now),
            _ if self.state == LineState::SkippedInApply => None,
            _ => Some(self.line.change.level),
        }
    }
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
    /// How long after that it may still land: the sender's time-out of a request, in milliseconds.
    pub timeout_ms: i64,
}

impl Sending {
    /// The moment from which it cannot land any more. `now` bounds it: with a clock that was turned back since,
    /// nothing that was sent before is awaited for longer than what is sent now.
    #[must_use]
    pub fn lands_before(&self, now: UnixMillis) -> UnixMillis {
        self.send_before.min(now.saturating_add(SEND_WITHIN_MS)).saturating_add(self.timeout_ms)
    }
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
    /// How it went out.
    pub sending: Sending,
    /// When its answer was recorded.
    pub answered_at: Option<UnixMillis>,
    /// Whether that answer was a clean success.
    pub acked: bool,
}

impl RecentWrite {
    /// The moment from which nothing of it can land any more: at once where a clear answer came, else when the
    /// request has timed out at the latest. Seen from `now`, as [`Sending::lands_before`].
    #[must_use]
    pub fn quiet_at(&self, now: UnixMillis) -> UnixMillis {
        let lands_before = self.sending.lands_before(now);
        match self.answered_at.map(|answered| answered.min(now)) {
            Some(answered) if self.has_clear_answer() => answered,
            Some(answered) => lands_before.max(answered),
            None => lands_before,
        }
    }

    /// Whether Wix has said what became of it.
    #[must_use]
    pub fn has_clear_answer(&self) -> bool {
        self.acked || self.state == LineState::Rejected
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
    /// lease is not ours or is over at `sending.sent_at`; [`StateError::Paused`] where the shop is paused.
    async fn sent(
        &self,
        run: &RunId,
        fence: &Fence,
        seqs: &[u32],
        sending: Sending,
    ) -> Result<(), StateError>;

    /// Commits new states at `at`, and lines that go out again in the place of others; all or none. That a line
    /// was ACKED is kept, whatever state follows.
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

    /// At most `limit` lines of a run, in order of their numbers, from the one after `after` on.
    async fn lines_after(
        &self,
        run: &RunId,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Vec<LineRecord>, StateError>;

    /// The number that the next line of a run gets: above those of all its attempts.
    async fn next_seq(&self, run: &RunId) -> Result<u32, StateError>;

    /// What a run left alone.
    async fn skips(&self, run: &RunId) -> Result<Vec<Skip>, StateError>;

    /// The plan that a run made.
    async fn plan(&self, run: &RunId) -> Result<Option<PlanRecord>, StateError>;

    /// Lines of the shop, of any run, that may have landed, or were answered, after `since`.
    async fn recent_writes(&self, shop: &ShopName, since: UnixMillis)
    -> Result<Vec<RecentWrite>, StateError>;
}
