//! The record of runs: a row is a task, written before anything is done for it.

use std::ops::RangeInclusive;

use async_trait::async_trait;
pub use domain::admission::record::{NewRun, RunRecord};
use domain::{Outcome, RunId, RunKind, RunSummary, ShopName, TaskStatus, UnixMillis};

use super::{Fence, StateError};

/// Which runs to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunFilter {
    /// Only of this shop.
    pub shop: Option<ShopName>,
    /// Only of this kind.
    pub kind: Option<RunKind>,
    /// Only in this state.
    pub status: Option<TaskStatus>,
    /// Only those that ended so.
    pub outcome: Option<Outcome>,
    /// Only those that stand after this one in the list.
    pub after: Option<RunPlace>,
    /// At most so many.
    pub limit: u32,
}

/// The place of a run in the list: accepted then, under this id.
pub type RunPlace = (UnixMillis, RunId);

/// What came of asking to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Queued {
    /// It waits.
    Waiting,
    /// Another run waits for this shop already; one is all that may.
    AnotherWaits(Box<RunRecord>),
}

/// The record of runs.
#[async_trait]
pub trait Runs: Send + Sync {
    /// Records an accepted run as PENDING, and that its process waits for its turn at `now`. Nothing is recorded where
    /// another run of the shop waits; see [`domain::admission::queue::waiting_before`].
    async fn queue(
        &self,
        run: &NewRun,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Queued, StateError>;

    /// Ends a run that waits as interrupted, because its process waits no longer. Nothing happens where it is not
    /// PENDING.
    async fn withdraw(&self, id: &RunId, now: UnixMillis) -> Result<(), StateError>;

    /// Records a run that starts now, or marks one that has waited or was taken over as STARTED. From then on the
    /// lines of this attempt are the ones that count.
    async fn start(&self, run: &NewRun, fence: &Fence, at: UnixMillis) -> Result<(), StateError>;

    /// Records its end: status, outcome and summary together.
    async fn finish(&self, summary: &RunSummary, fence: &Fence) -> Result<(), StateError>;

    /// One run.
    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError>;

    /// The newest runs first.
    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError>;

    /// Runs whose id begins with `prefix`, at most `limit`, the newest first.
    async fn beginning_with(&self, prefix: &str, limit: u32) -> Result<Vec<RunRecord>, StateError>;

    /// Runs of the shop whose process has died, but for `but`; see
    /// [`domain::admission::queue::OpenRun::is_abandoned`]. The oldest come first.
    async fn abandoned(
        &self,
        shop: &ShopName,
        but: &RunId,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Vec<RunRecord>, StateError>;

    /// How many SKUs the warehouse knew in the shop's last good whole run; see
    /// [`domain::admission::good::EndedRun::is_baseline`].
    async fn last_good_warehouse_skus(&self, shop: &ShopName) -> Result<Option<u64>, StateError>;
}
