//! One emulated site: its catalog, the conditions it runs under, its request log, and the [`Shop`] handle to all of it.

mod actions;
mod behavior;
mod clock;
mod conditions;
mod config;
mod credentials;
mod edits;
mod live;
mod oauth;
mod rate_limit;
mod request_log;
mod shop;

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use axum::http::StatusCode;
use tokio::sync::Notify;

use crate::catalog::{Catalog, CatalogVersion, Cause, ChangeContext, ReadView, VariantIds};
use crate::endpoint::Endpoint;
use crate::fault::{ChaosState, Mutation, Poison};
use crate::shop_file::DataError;

use clock::Clock;
use credentials::Credentials;
use live::LiveConditions;
use request_log::RequestLog;

pub use behavior::{
    AboveCeiling, Atomicity, Behavior, BelowZero, BulkFailures, DefaultOrder, Duplicates, FailureDetail,
    NegativeTarget, ReturnedEntity, Sorts, StaleReads, StockChangeTouches, Untracked, V1Reads, VariantQuery,
};
pub use conditions::{Conditions, ConditionsError};
pub use config::{
    Config, DEFAULT_API_KEY, DEFAULT_APP_ID, DEFAULT_APP_SECRET, DEFAULT_INSTANCE_ID, DEFAULT_SITE_ID,
};
pub(crate) use credentials::key_refused;
pub use oauth::AppCredentials;
pub(crate) use oauth::issue_token;
pub use rate_limit::RateLimit;
pub(crate) use request_log::Arrival;
pub use request_log::{RequestRecord, Violation};
pub use shop::Shop;

/// How long past levels are kept at least, so that a stale read can still show a level that changed before it.
const HISTORY: Duration = Duration::from_mins(1);

/// Everything that belongs to one site. Each lock is held for one step and never across an await. Code that holds the
/// catalog may lock the live conditions, but not the other way round.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) credentials: Credentials,
    pub(crate) clock: Clock,
    /// Notified when all faults are cleared; a closed port opens then.
    pub(crate) cleared: Notify,
    catalog: RwLock<Catalog>,
    live: Mutex<LiveConditions>,
    log: Mutex<RequestLog>,
}

impl Site {
    pub(crate) fn new(config: Config) -> Result<Self, DataError> {
        let catalog = Catalog::build(&config.data)?;
        let conditions = config.conditions();
        Ok(Self {
            credentials: Credentials { api_key: config.api_key, site_id: config.site_id, app: config.app },
            clock: Clock::start(),
            cleared: Notify::new(),
            catalog: RwLock::new(catalog),
            live: Mutex::new(LiveConditions::new(conditions)),
            log: Mutex::new(RequestLog::new(config.request_log)),
        })
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Catalog> {
        self.catalog.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Catalog> {
        let mut catalog = self.catalog.write().unwrap_or_else(PoisonError::into_inner);
        catalog.edits_touch_items = self.behavior().product_edit_touches_items;
        catalog
    }

    pub(crate) fn live(&self) -> MutexGuard<'_, LiveConditions> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, RequestLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn catalog_version(&self) -> CatalogVersion {
        self.live().catalog
    }

    /// Which variant ids the site shows.
    pub(crate) fn variant_ids(&self) -> VariantIds {
        self.catalog_version().variant_ids()
    }

    pub(crate) fn behavior(&self) -> Behavior {
        self.live().behavior
    }

    /// The status of an endpoint of another catalog.
    pub(crate) fn wrong_catalog(&self) -> StatusCode {
        StatusCode::from_u16(self.behavior().wrong_catalog_status)
            .unwrap_or(StatusCode::PRECONDITION_REQUIRED)
    }

    /// The listings that take no write through this endpoint.
    pub(crate) fn poison(&self, endpoint: Endpoint) -> Poison {
        let live = self.live();
        let chance = live.chaos.as_ref().and_then(ChaosState::poison);
        Poison { listings: live.faults.poisoned(endpoint), chance }
    }

    /// When and why a change happens now, for this cause.
    pub(crate) fn change_context(&self, cause: Cause) -> ChangeContext {
        let behavior = self.behavior();
        ChangeContext {
            time: self.clock.now(),
            elapsed: self.clock.elapsed(),
            request: None,
            cause,
            ids: self.variant_ids(),
            history: behavior.read_staleness.max(HISTORY),
            touches_product: behavior.stock_change_touches == StockChangeTouches::ItemAndProduct,
        }
    }

    /// The same for a write request, given its number in the log.
    pub(crate) fn write_context(&self, number: u64) -> ChangeContext {
        ChangeContext { request: Some(number), ..self.change_context(Cause::Write) }
    }

    /// How a query sees the catalog.
    pub(crate) fn query_view(&self, mutation: Mutation) -> ReadView {
        let lag = mutation.lag.unwrap_or_else(|| self.behavior().read_staleness);
        ReadView { now: self.clock.elapsed(), lag }
    }

    /// How a read by id sees the catalog.
    pub(crate) fn by_id_view(&self, mutation: Mutation) -> ReadView {
        let view = self.query_view(mutation);
        match self.behavior().stale_reads {
            StaleReads::QueriesOnly if mutation.lag.is_none() => ReadView { lag: Duration::ZERO, ..view },
            _ => view,
        }
    }
}
