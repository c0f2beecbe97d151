//! Figures of a shop, for monitoring.

use async_trait::async_trait;
use domain::run::report::Counters;
use domain::{LineState, Outcome, RunId, RunKind, ShopName, StartedBy, UnixMillis};

use super::StateError;

/// The figures of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// Places taken in its request window.
    pub window_used: u64,
    /// Until when a 429 keeps its request window closed; `None` if the window is open.
    pub window_closed_until: Option<UnixMillis>,
    /// How often its pace is halved after 429s.
    pub halvings: u32,
    /// Lines of runs that have not ended, by state.
    pub open_lines: Vec<(LineState, u64)>,
    /// When its last good run over the whole shop ended (outcome converged or partial). The last one in the order in
    /// which runs ended, whatever the clock said.
    pub last_good_at: Option<UnixMillis>,
    /// When its last run over the whole shop ended of which nothing was left open (outcome converged).
    pub last_converged_at: Option<UnixMillis>,
    /// When its schedule was first recorded.
    pub scheduled_since: Option<UnixMillis>,
    /// The last slot of its schedule that was filled.
    pub last_slot: Option<UnixMillis>,
    /// Slots of its schedule that passed while no service was running.
    pub slots_missed: u64,
    /// When the oldest runnable task became runnable; `None` if no task can start. See
    /// [`domain::admission::waiting::waiting_since`].
    pub waiting_since: Option<UnixMillis>,
    /// Tasks that have not ended.
    pub open_tasks: u64,
    /// The latest moment that is stored of the shop's last run, its slots and its pause. It may lie ahead, if the clock
    /// was set back.
    pub latest_moment: Option<UnixMillis>,
    /// How many runs have ended, by kind, outcome and who started them, across all processes. The counts never
    /// decrease. Dry runs of check-ups are not counted.
    pub ended_runs: Vec<(RunKind, Outcome, StartedBy, u64)>,
}

/// An attempt that did not end its task, because its process died or was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarlierAttempt {
    /// Its number.
    pub attempt: u32,
    /// How its lines ended.
    pub counters: Counters,
}

/// The figures of all shops.
#[async_trait]
pub trait Watch: Send + Sync {
    /// Writes `now` to a row of its own. Fails if the state database cannot be written to.
    async fn probe_write(&self, now: UnixMillis) -> Result<(), StateError>;

    /// The figures of a shop at `now`.
    async fn figures(&self, shop: &ShopName, now: UnixMillis) -> Result<Figures, StateError>;

    /// Whether the ends of all runs show that the clock can be believed at `now`; see
    /// [`domain::moment::SteadyRecord`].
    async fn is_clock_believed(&self, now: UnixMillis) -> Result<bool, StateError>;

    /// The attempts at a task that planned changes, except the one that its result describes.
    async fn earlier_attempts(&self, id: &RunId) -> Result<Vec<EarlierAttempt>, StateError>;
}
