//! One emulated site: its catalog, its conditions, its log.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use tokio::sync::Notify;

use crate::auth::Credentials;
use crate::behaviour::{Behaviour, StockChangeTouches};
use crate::catalog::{Catalog, Moment};
use crate::clock::Clock;
use crate::conditions::Conditions;
use crate::config::{CatalogVersion, Config};
use crate::data::DataError;
use crate::dice::Dice;
use crate::endpoint::Endpoint;
use crate::fault::{FaultBook, Luck, Poison};
use crate::ledger::Cause;
use crate::log::Log;
use crate::rate::{RateLimit, Window};

/// How long older levels are kept at least, so that a stale read can be asked for when they have changed already.
const HISTORY: Duration = Duration::from_mins(1);
/// The stream of the dice that the jitter has to itself.
const JITTER: u64 = 100;
/// How many acts that could not be done are told.
const FAILED_ACTS: usize = 100;

/// What can be changed while the site runs, beside the catalog.
#[derive(Debug)]
pub(crate) struct Control {
    pub(crate) behaviour: Behaviour,
    pub(crate) version: CatalogVersion,
    pub(crate) latency: Duration,
    pub(crate) jitter: Duration,
    pub(crate) seed: u64,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) window: Window,
    pub(crate) faults: FaultBook,
    pub(crate) luck: Option<Luck>,
    /// Until when the key is not accepted, as time since the start.
    pub(crate) revoked_until: Duration,
    /// What others could not do, and why; the last ones.
    pub(crate) failed_acts: VecDeque<String>,
}

impl Control {
    fn new(conditions: Conditions) -> Self {
        let mut control = Self {
            behaviour: conditions.behaviour,
            version: conditions.catalog,
            latency: conditions.latency,
            jitter: conditions.jitter,
            seed: conditions.seed,
            rate_limit: conditions.rate_limit,
            window: Window::default(),
            faults: FaultBook::default(),
            luck: conditions.chaos.map(Luck::new),
            revoked_until: Duration::ZERO,
            failed_acts: VecDeque::new(),
        };
        conditions.faults.into_iter().for_each(|fault| control.faults.add(fault));
        control
    }

    /// The conditions as they are now: faults less what they have done.
    pub(crate) fn conditions(&self) -> Conditions {
        Conditions {
            behaviour: self.behaviour,
            faults: self.faults.armed(),
            chaos: self.luck.as_ref().map(|luck| (*luck.chaos).clone()),
            latency: self.latency,
            jitter: self.jitter,
            seed: self.seed,
            rate_limit: self.rate_limit,
            catalog: self.version,
        }
    }

    /// Puts the site under other conditions. Faults, chance and a revoked key begin anew only where they are given.
    pub(crate) fn set(&mut self, conditions: Conditions, faults: bool, chaos: bool) {
        self.behaviour = conditions.behaviour;
        self.version = conditions.catalog;
        self.latency = conditions.latency;
        self.jitter = conditions.jitter;
        self.seed = conditions.seed;
        self.rate_limit = conditions.rate_limit;
        if faults {
            self.faults.clear();
            self.revoked_until = Duration::ZERO;
            conditions.faults.into_iter().for_each(|fault| self.faults.add(fault));
        }
        if chaos {
            self.luck = conditions.chaos.map(Luck::new);
        }
    }

    /// Nothing goes wrong any more.
    pub(crate) fn clear_faults(&mut self) {
        self.faults.clear();
        self.luck = None;
        self.revoked_until = Duration::ZERO;
    }

    /// How long the answer to this request waits.
    pub(crate) fn wait(&self, number: u64) -> Duration {
        if self.jitter.is_zero() {
            return self.latency;
        }
        let most = u64::try_from(self.jitter.as_micros()).unwrap_or(u64::MAX);
        let more = Dice::at(self.seed, JITTER, number).between(0, most);
        self.latency.saturating_add(Duration::from_micros(more))
    }

    pub(crate) fn act_failed(&mut self, what: String) {
        if self.failed_acts.len() >= FAILED_ACTS {
            self.failed_acts.pop_front();
        }
        self.failed_acts.push_back(what);
    }
}

/// Everything that belongs to one site. Locks are held for one step each, never across a wait. Whoever holds the
/// catalog may take the control; never the other way round.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) credentials: Credentials,
    pub(crate) clock: Clock,
    /// Told when all faults are cleared, to a port that is closed.
    pub(crate) cleared: Notify,
    catalog: RwLock<Catalog>,
    control: Mutex<Control>,
    log: Mutex<Log>,
}

impl Site {
    pub(crate) fn new(config: Config) -> Result<Self, DataError> {
        let catalog = Catalog::build(&config.data)?;
        let conditions = config.conditions();
        Ok(Self {
            credentials: Credentials { api_key: config.api_key, site_id: config.site_id },
            clock: Clock::start(),
            cleared: Notify::new(),
            catalog: RwLock::new(catalog),
            control: Mutex::new(Control::new(conditions)),
            log: Mutex::new(Log::new(config.request_log)),
        })
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Catalog> {
        self.catalog.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Catalog> {
        self.catalog.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn control(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn catalog_version(&self) -> CatalogVersion {
        self.control().version
    }

    pub(crate) fn behaviour(&self) -> Behaviour {
        self.control().behaviour
    }

    /// What takes no write through this endpoint.
    pub(crate) fn poison(&self, endpoint: Endpoint) -> Poison {
        let control = self.control();
        let chance = control.luck.as_ref().and_then(Luck::poison);
        Poison { listings: control.faults.poisoned(endpoint), chance }
    }

    /// Now, for a change with this cause.
    pub(crate) fn moment(&self, cause: Cause) -> Moment {
        let behaviour = self.behaviour();
        Moment {
            time: self.clock.now(),
            elapsed: self.clock.elapsed(),
            request: None,
            cause,
            history: behaviour.read_staleness.max(HISTORY),
            touches_product: behaviour.stock_change_touches == StockChangeTouches::ItemAndProduct,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Conditions, Control};
    use std::collections::BTreeSet;
    use std::time::Duration;

    #[test]
    fn a_wait_is_thrown_by_seed_and_request() {
        let (latency, jitter) = (Duration::from_millis(40), Duration::from_millis(20));
        let waits = |seed| {
            let control = Control::new(Conditions { latency, jitter, seed, ..Conditions::default() });
            (1..=50).map(|number| control.wait(number)).collect::<Vec<_>>()
        };
        assert_eq!(waits(1), waits(1));
        assert_ne!(waits(1), waits(2));
        assert!(waits(1).iter().all(|wait| (latency..=latency + jitter).contains(wait)));
        assert!(BTreeSet::from_iter(waits(1)).len() > 40);
        let still = Control::new(Conditions { latency, ..Conditions::default() });
        assert_eq!(still.wait(7), latency);
    }
}
