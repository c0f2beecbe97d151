//! The conditions that a site runs under at the moment, and what its faults have left behind.

use std::collections::VecDeque;
use std::time::Duration;

use super::behavior::Behavior;
use super::conditions::Conditions;
use super::oauth::Tokens;
use super::rate_limit::{RateLimit, RateWindow};
use crate::catalog::CatalogVersion;
use crate::fault::{ArmedFaults, ChaosState};
use crate::random::{RandomSource, Stream};

/// How many failed actions are remembered.
const FAILED_ACTIONS: usize = 100;

/// What can change while the site runs, beside the catalog.
#[derive(Debug)]
pub(crate) struct LiveConditions {
    pub(crate) behavior: Behavior,
    pub(crate) catalog: CatalogVersion,
    latency: Duration,
    jitter: Duration,
    seed: u64,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) window: RateWindow,
    edge_limit: Option<RateLimit>,
    edge_window: RateWindow,
    /// The access tokens that were issued.
    pub(crate) tokens: Tokens,
    pub(crate) faults: ArmedFaults,
    pub(crate) chaos: Option<ChaosState>,
    /// Until when the key is refused, as time since the start.
    pub(crate) revoked_until: Duration,
    /// The latest actions that failed, each with its reason.
    pub(super) failed_actions: VecDeque<String>,
}

impl LiveConditions {
    pub(super) fn new(conditions: Conditions) -> Self {
        let mut live = Self {
            behavior: conditions.behavior,
            catalog: conditions.catalog,
            latency: conditions.latency,
            jitter: conditions.jitter,
            seed: conditions.seed,
            rate_limit: conditions.rate_limit,
            window: RateWindow::default(),
            edge_limit: conditions.edge_limit,
            edge_window: RateWindow::default(),
            tokens: Tokens::default(),
            faults: ArmedFaults::default(),
            chaos: conditions.chaos.map(ChaosState::new),
            revoked_until: Duration::ZERO,
            failed_actions: VecDeque::new(),
        };
        conditions.faults.into_iter().for_each(|fault| live.faults.add(fault));
        live
    }

    /// The conditions as they are now. Each fault is shown with the hits it has left.
    pub(crate) fn snapshot(&self) -> Conditions {
        Conditions {
            behavior: self.behavior,
            faults: self.faults.remaining(),
            chaos: self.chaos.as_ref().map(ChaosState::config),
            latency: self.latency,
            jitter: self.jitter,
            seed: self.seed,
            rate_limit: self.rate_limit,
            edge_limit: self.edge_limit,
            catalog: self.catalog,
        }
    }

    /// Replaces the conditions. `faults` and `chaos` say whether the armed faults (with a revoked key) and chaos are
    /// replaced too; otherwise they go on as they are.
    pub(crate) fn replace(&mut self, conditions: Conditions, faults: bool, chaos: bool) {
        self.behavior = conditions.behavior;
        self.catalog = conditions.catalog;
        self.latency = conditions.latency;
        self.jitter = conditions.jitter;
        self.seed = conditions.seed;
        self.rate_limit = conditions.rate_limit;
        self.edge_limit = conditions.edge_limit;
        if faults {
            self.faults.clear();
            self.revoked_until = Duration::ZERO;
            conditions.faults.into_iter().for_each(|fault| self.faults.add(fault));
        }
        if chaos {
            self.chaos = conditions.chaos.map(ChaosState::new);
        }
    }

    /// Whether the edge lets a request through.
    pub(crate) fn passes_edge(&mut self, now: Duration) -> bool {
        self.edge_window.admit(self.edge_limit, now).is_ok()
    }

    /// Ends all faults, chaos and a revoked key.
    pub(super) fn clear_faults(&mut self) {
        self.faults.clear();
        self.chaos = None;
        self.revoked_until = Duration::ZERO;
    }

    /// How long the answer to this request waits: the latency, and a random part of the jitter.
    pub(crate) fn latency_of(&self, request: u64) -> Duration {
        if self.jitter.is_zero() {
            return self.latency;
        }
        let most = u64::try_from(self.jitter.as_micros()).unwrap_or(u64::MAX);
        let extra = RandomSource::at(self.seed, Stream::JITTER, request).between(0, most);
        self.latency.saturating_add(Duration::from_micros(extra))
    }

    /// Remembers an action that failed, and why.
    pub(crate) fn action_failed(&mut self, description: String) {
        if self.failed_actions.len() >= FAILED_ACTIONS {
            self.failed_actions.pop_front();
        }
        self.failed_actions.push_back(description);
    }
}

#[cfg(test)]
mod tests {
    use super::{Conditions, LiveConditions};
    use std::collections::BTreeSet;
    use std::time::Duration;

    #[test]
    fn the_wait_depends_on_seed_and_request() {
        let (latency, jitter) = (Duration::from_millis(40), Duration::from_millis(20));
        let waits = |seed| {
            let live = LiveConditions::new(Conditions { latency, jitter, seed, ..Conditions::default() });
            (1..=50).map(|request| live.latency_of(request)).collect::<Vec<_>>()
        };
        assert_eq!(waits(1), waits(1));
        assert_ne!(waits(1), waits(2));
        assert!(waits(1).iter().all(|wait| (latency..=latency + jitter).contains(wait)));
        assert!(BTreeSet::from_iter(waits(1)).len() > 40);
        let constant = LiveConditions::new(Conditions { latency, ..Conditions::default() });
        assert_eq!(constant.latency_of(7), latency);
    }
}
