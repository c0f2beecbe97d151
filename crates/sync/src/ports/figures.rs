//! Figures of a shop, for monitoring.

use async_trait::async_trait;
use domain::report::Counters;
use domain::{LineState, Outcome, RunId, RunKind, ShopName, UnixMillis};

use super::StateError;

/// How a shop stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// Places taken in its request window.
    pub window_used: u64,
    /// Until when a "too many requests" keeps its request window closed; `None` where it is open.
    pub window_closed_until: Option<UnixMillis>,
    /// Lines of runs without an end, by state.
    pub open_lines: Vec<(LineState, u64)>,
    /// When its last good whole run ended (outcome converged or partial).
    pub last_good_at: Option<UnixMillis>,
    /// When its schedule was first heard of.
    pub scheduled_since: Option<UnixMillis>,
    /// Slots of its schedule that passed while no service was running.
    pub slots_missed: u64,
    /// Since when a task waits although it could start; `None` where none can. See
    /// [`domain::admission::waiting::waiting_since`].
    pub waiting_since: Option<UnixMillis>,
    /// Tasks without an end.
    pub open_tasks: u64,
    /// How many runs have ended in all processes, by kind and outcome. A number never gets smaller.
    pub ended_runs: Vec<(RunKind, Outcome, u64)>,
}

/// What an attempt did that did not bring its task to an end, because its process died or was stopped.
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
    /// Writes down that it is `now`. Fails where the state cannot be written to.
    async fn mark(&self, now: UnixMillis) -> Result<(), StateError>;

    /// How a shop stands at `now`.
    async fn figures(&self, shop: &ShopName, now: UnixMillis) -> Result<Figures, StateError>;

    /// The attempts at a task that planned changes, and are not the one that its result tells of.
    async fn earlier_attempts(&self, id: &RunId) -> Result<Vec<EarlierAttempt>, StateError>;
}
