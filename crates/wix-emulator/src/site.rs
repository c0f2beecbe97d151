//! One emulated site: its catalog, its switches, its log.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use crate::auth::Credentials;
use crate::behaviour::{Behaviour, StockChangeTouches};
use crate::catalog::{Catalog, Moment};
use crate::clock::Clock;
use crate::config::{CatalogVersion, Config};
use crate::data::DataError;
use crate::fault::FaultBook;
use crate::ledger::Cause;
use crate::log::Log;
use crate::rate::{RateLimit, Window};

/// What can be changed while the site runs, beside the catalog.
#[derive(Debug)]
pub(crate) struct Control {
    pub(crate) version: CatalogVersion,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) window: Window,
    pub(crate) faults: FaultBook,
}

/// Everything that belongs to one site. Locks are held for one step each, never across a wait.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) credentials: Credentials,
    pub(crate) behaviour: Behaviour,
    pub(crate) latency: Duration,
    pub(crate) clock: Clock,
    catalog: RwLock<Catalog>,
    control: Mutex<Control>,
    log: Mutex<Log>,
}

impl Site {
    pub(crate) fn new(config: Config) -> Result<Self, DataError> {
        let mut faults = FaultBook::default();
        config.faults.into_iter().for_each(|fault| faults.add(fault));
        Ok(Self {
            credentials: Credentials { api_key: config.api_key, site_id: config.site_id },
            behaviour: config.behaviour,
            latency: config.latency,
            clock: Clock::start(),
            catalog: RwLock::new(Catalog::build(&config.data)?),
            control: Mutex::new(Control {
                version: config.catalog,
                rate_limit: config.rate_limit,
                window: Window::default(),
                faults,
            }),
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

    /// Now, for a change with this cause.
    pub(crate) fn moment(&self, cause: Cause) -> Moment {
        Moment {
            time: self.clock.now(),
            elapsed: self.clock.elapsed(),
            request: None,
            cause,
            lag: self.behaviour.read_staleness,
            touches_product: self.behaviour.stock_change_touches == StockChangeTouches::ItemAndProduct,
        }
    }
}
