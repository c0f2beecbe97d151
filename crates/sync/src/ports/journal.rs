//! The journal of lines: what was planned, what was sent, and with what result.

use async_trait::async_trait;
use domain::moment::lies_ahead;
use domain::plan::recheck::Stale;
use domain::plan::skip::Skip;
use domain::plan::{Change, Facts};
use domain::{Level, Line, LineState, ListingKey, Outcome, RunId, ShopName, UnixMillis};

use super::{Fence, RunRecord, StateError};
use crate::lease::SEND_WITHIN_MS;

/// A line as the journal holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRecord {
    /// The change and its number.
    pub line: Line,
    /// Its state.
    pub state: LineState,
    /// How it was sent; `None` if it was not.
    pub sending: Option<Sending>,
    /// When its answer, or the lack of one, was recorded.
    pub answered_at: Option<UnixMillis>,
    /// Whether Wix answered with a clean success, whatever its state is now.
    pub acked: bool,
    /// The level that was read back.
    pub level_after: Option<Level>,
    /// More about its state, such as Wix's reason.
    pub detail: Option<String>,
}

impl LineRecord {
    /// Its final state if its run ends now.
    #[must_use]
    pub fn state_at_end(&self) -> LineState {
        self.line.at_end(self.state)
    }

    /// The level that its run read first. A line that an apply left out holds the level that the plan had read; the
    /// level that the apply read is known only if it differed.
    #[must_use]
    pub fn level_read(&self) -> Option<Level> {
        match Stale::of_line(self.state, self.detail.as_deref()) {
            Some(Stale::LevelMoved { now, .. }) => Some(now),
            _ if self.state == LineState::SkippedInApply => None,
            _ => Some(self.line.change.level),
        }
    }

    /// The line and the moment of its SENT; `None` if it was not sent.
    #[must_use]
    pub fn as_sent(&self) -> Option<(&Line, UnixMillis)> {
        Some((&self.line, self.sending?.sent_at))
    }
}

/// How a line was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    /// The write call that carried it, from 1.
    pub batch: u32,
    /// When SENT was committed.
    pub sent_at: UnixMillis,
    /// The deadline for its bytes to leave.
    pub send_before: UnixMillis,
    /// How long after that deadline it may still land, in milliseconds: the sender's request time-out.
    pub timeout_ms: i64,
}

impl Sending {
    /// The time from which it cannot land any more. A deadline far after `now` was written before the clock was
    /// turned back, so no earlier write is awaited longer than one that is sent at `now`.
    #[must_use]
    pub fn lands_before(&self, now: UnixMillis) -> UnixMillis {
        self.send_before.min(now.saturating_add(SEND_WITHIN_MS)).saturating_add(self.timeout_ms)
    }
}

/// A change of one line's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineUpdate {
    /// The number of the line.
    pub seq: u32,
    /// Its new state.
    pub state: LineState,
    /// The level that was read back, if any.
    pub level_after: Option<Level>,
    /// More about the new state.
    pub detail: Option<String>,
}

/// A recent write to a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentWrite {
    /// The listing.
    pub key: ListingKey,
    /// The state of the line.
    pub state: LineState,
    /// How it was sent.
    pub sending: Sending,
    /// When its answer was recorded.
    pub answered_at: Option<UnixMillis>,
    /// Whether that answer was a clean success.
    pub acked: bool,
}

impl RecentWrite {
    /// The time from which the write cannot land any more: the time of a clear answer, else the end of the request's
    /// time-out. Bounded by `now`, see [`Sending::lands_before`].
    #[must_use]
    pub fn quiet_at(&self, now: UnixMillis) -> UnixMillis {
        let lands_before = self.sending.lands_before(now);
        match self.answered_at.map(|answered| answered.min(now)) {
            Some(answered) if self.has_clear_answer() => answered,
            Some(answered) => lands_before.max(answered),
            None => lands_before,
        }
    }

    /// Whether a moment of it lies ahead of `now`, so that later runs would wait for it as well.
    #[must_use]
    pub fn lies_ahead(&self, now: UnixMillis) -> bool {
        let deadline = self.sending.send_before.saturating_sub(SEND_WITHIN_MS);
        lies_ahead(deadline, now) || self.answered_at.is_some_and(|answered| lies_ahead(answered, now))
    }

    /// Whether Wix said clearly whether it applied the write.
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
    /// Whether the plan may be applied: it comes from a plan, a dry run, or a run that the guard held.
    #[must_use]
    pub fn is_applicable(&self) -> bool {
        let outcome = self.run.summary.as_ref().map(|summary| summary.outcome);
        matches!(outcome, Some(Outcome::Planned | Outcome::HeldByGuard))
    }
}

/// The journal of lines. A method that writes returns once its changes are safe on disk.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Records a plan: its figures, its lines, and the SKUs that are left alone. What a plan of the whole shop leaves alone
    /// may be kept as changes against the plan before. Gives how many of them that plan did not leave alone; `None` if
    /// this plan is not of the whole shop, or the first one that is.
    async fn save_plan(
        &self,
        run: &RunId,
        fence: &Fence,
        facts: &Facts,
        lines: &[LineRecord],
        skips: &[Skip],
    ) -> Result<Option<u64>, StateError>;

    /// Commits these lines as SENT. Fails if a line is not waiting to be sent, or if the lease is not ours or has
    /// expired at `sending.sent_at`. Fails with [`StateError::Paused`] if the shop is paused. Of a write that no line
    /// stands for, `seqs` is empty, and the lease and the pause alone decide.
    async fn sent(
        &self,
        run: &RunId,
        fence: &Fence,
        seqs: &[u32],
        sending: Sending,
    ) -> Result<(), StateError>;

    /// Commits new states at `at`, together with lines that are sent again in place of others. [`LineRecord::acked`]
    /// stays set, whatever state follows.
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

    /// At most `limit` lines of a run with numbers above `after`, in order of their numbers.
    async fn lines_after(
        &self,
        run: &RunId,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Vec<LineRecord>, StateError>;

    /// The number of the next line of a run, above the numbers of all its attempts.
    async fn next_seq(&self, run: &RunId) -> Result<u32, StateError>;

    /// The SKUs that a run left alone, sorted.
    async fn skips(&self, run: &RunId) -> Result<Vec<Skip>, StateError>;

    /// The plan that a run made.
    async fn plan(&self, run: &RunId) -> Result<Option<PlanRecord>, StateError>;

    /// Moves back the moments of the shop's writes that lie ahead of `now`, so that only one run waits for them: a
    /// deadline to [`SEND_WITHIN_MS`] after `now`, an answer to `now`.
    async fn bring_back_writes(&self, fence: &Fence, now: UnixMillis) -> Result<(), StateError>;

    /// Lines of the shop, in any run, that may have landed or were answered after `since`.
    async fn recent_writes(&self, shop: &ShopName, since: UnixMillis)
    -> Result<Vec<RecentWrite>, StateError>;

    /// Listings of the shop whose last acknowledged line was sent after `since` and has the detail
    /// [`domain::write::settle::LEFT_OUT`]: Wix did not apply it.
    async fn left_out(&self, shop: &ShopName, since: UnixMillis) -> Result<Vec<ListingKey>, StateError>;
}
