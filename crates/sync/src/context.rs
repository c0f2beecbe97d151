//! What a run works with: its ports, its settings, and the reasons to abort it.

use domain::run::{FailedAt, Failure};
use domain::{UnixMillis, WriteBatch};
use futures::future::{Either, select};
use tokio_util::sync::CancellationToken;

use crate::observer::Observer;
use crate::ports::{Clock, RunStore, Shop, ShopError, StateError, Warehouse, WarehouseError};

/// Everything outside this crate that a run uses.
pub struct Ports<'a> {
    /// The shop to write.
    pub shop: &'a dyn Shop,
    /// The source of truth.
    pub warehouse: &'a dyn Warehouse,
    /// The state database.
    pub store: &'a dyn RunStore,
    /// The clock.
    pub clock: &'a dyn Clock,
    /// Receives the run's progress.
    pub observer: &'a dyn Observer,
    /// Ends the run at the next safe point.
    pub stop: &'a CancellationToken,
}

impl Ports<'_> {
    /// Runs `reading` to its end, or drops it if the run is stopped. A read may be dropped at any moment.
    pub(crate) async fn unless_stopped<T, E: Into<Abort>>(
        &self,
        reading: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Abort> {
        let stopped = std::pin::pin!(self.stop.cancelled());
        match select(std::pin::pin!(reading), stopped).await {
            Either::Left((result, _)) => result.map_err(Into::into),
            Either::Right(((), _)) => Err(Abort::Interrupted),
        }
    }

    /// Waits until `moment`. Fails if the run is stopped before.
    pub(crate) async fn pause_until(&self, moment: UnixMillis) -> Result<(), Abort> {
        let stopped = std::pin::pin!(self.stop.cancelled());
        match select(std::pin::pin!(self.clock.sleep_until(moment)), stopped).await {
            Either::Left(_) => Ok(()),
            Either::Right(_) => Err(Abort::Interrupted),
        }
    }
}

/// The settings of a run.
#[derive(Debug, Clone)]
pub struct RunSettings {
    /// The largest number of entries in a write call.
    pub write_batch: WriteBatch,
    /// The settle time, in milliseconds: how long a read may lag behind a write. Also added to the wait after an
    /// unknown outcome.
    pub settle_ms: i64,
    /// What a run may use before it is ended.
    pub budget: Budget,
    /// The state database as the report names it, without credentials.
    pub state: String,
}

/// What a run may use. Without a limit, a shop that never stops sending pages would keep a run going forever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// The number of requests to Wix.
    pub requests: u64,
    /// The time since its start, in milliseconds.
    pub duration_ms: i64,
}

impl Default for Budget {
    /// 20,000 requests and six hours. A run that changes 100,000 SKUs needs a tenth of both.
    fn default() -> Self {
        Self { requests: 20_000, duration_ms: 6 * 60 * 60 * 1_000 }
    }
}

/// Why a run ends before its work is done.
pub(crate) enum Abort {
    Failed(Failure),
    Interrupted,
    /// The state database cannot be written, so nothing more can be recorded.
    State(StateError),
}

impl From<ShopError> for Abort {
    fn from(error: ShopError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<WarehouseError> for Abort {
    fn from(error: WarehouseError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<StateError> for Abort {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Paused => Self::Failed(Failure {
                at: FailedAt::Shop,
                code: SHOP_PAUSED.to_owned(),
                detail: String::new(),
            }),
            error => Self::State(error),
        }
    }
}

/// The code of a run that failed because the shop is paused.
pub const SHOP_PAUSED: &str = "shop_paused";
