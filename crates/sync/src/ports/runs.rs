//! The record of runs. The row of a run is written before any of its work is done.

use std::ops::RangeInclusive;

use async_trait::async_trait;
pub use domain::admission::record::{NewRun, RunRecord};
use domain::plan::guard::Baseline;
use domain::write::another_writer::AnotherWriter;
use domain::{Outcome, RunId, RunKind, RunName, RunSummary, ShopName, StartedBy, TaskStatus, UnixMillis};

use super::{Fence, StateError};

/// Which runs to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunFilter {
    /// Only runs of this shop.
    pub shop: Option<ShopName>,
    /// Only runs of this kind.
    pub kind: Option<RunKind>,
    /// Only runs in this state.
    pub status: Option<TaskStatus>,
    /// Only runs with this outcome.
    pub outcome: Option<Outcome>,
    /// Only runs that this kind of caller started.
    pub started_by: Option<StartedBy>,
    /// Whether to leave out the dry runs of check-ups.
    pub but_check_ups: bool,
    /// Only runs that follow this position in the list.
    pub after: Option<RunCursor>,
    /// The largest number of runs.
    pub limit: u32,
}

/// A position in the list: the running number of a run. Moments do not tell the order, because a clock may have been
/// wrong.
pub type RunCursor = u64;

/// The answer to a run that wants to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Queued {
    /// The run waits.
    Waiting,
    /// Another run already waits for this shop; only one may.
    AnotherWaits(Box<RunRecord>),
}

/// The record of runs.
#[async_trait]
pub trait Runs: Send + Sync {
    /// Records an accepted run as PENDING, unless it is recorded, and `now` as the time at which its process waits.
    /// Records nothing if there is no place left; see [`domain::admission::queue::place`].
    async fn queue(
        &self,
        run: &NewRun,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Queued, StateError>;

    /// Ends a waiting run as interrupted, because its process no longer waits. Does nothing if it is not PENDING.
    async fn withdraw(&self, id: &RunId, now: UnixMillis) -> Result<(), StateError>;

    /// Records a run as STARTED: a new one, one that waited, or one that was taken over. From then on the lines of
    /// this attempt count.
    async fn start(&self, run: &NewRun, fence: &Fence, at: UnixMillis) -> Result<(), StateError>;

    /// Records that the current attempt begins to read the warehouse. Committed before the snapshot is taken, so no
    /// request that is made later joins the run; see [`RunRecord::may_answer`].
    async fn begin_snapshot(&self, id: &RunId, fence: &Fence) -> Result<(), StateError>;

    /// Records the end of a run: status, outcome and summary together.
    async fn finish(&self, summary: &RunSummary, fence: &Fence) -> Result<(), StateError>;

    /// One run.
    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError>;

    /// The run with this running number. Numbers grow from 1 in the order in which runs are recorded, over all shops,
    /// and are not used again.
    async fn numbered(&self, number: u64) -> Result<Option<RunRecord>, StateError>;

    /// The run that a user names so.
    async fn named(&self, name: &RunName) -> Result<Option<RunRecord>, StateError> {
        match name {
            RunName::Id(id) => self.get(id).await,
            RunName::Number(number) => self.numbered(*number).await,
            RunName::Last => {
                let newest = RunFilter { but_check_ups: true, limit: 1, ..RunFilter::default() };
                Ok(self.list(&newest).await?.pop())
            }
        }
    }

    /// The runs that match `filter`, the last one recorded first.
    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError>;

    /// At most `limit` runs whose id begins with `prefix`, the last one recorded first.
    async fn beginning_with(&self, prefix: &str, limit: u32) -> Result<Vec<RunRecord>, StateError>;

    /// Runs of the shop whose process has died, except `but`, oldest first; see
    /// [`domain::admission::queue::OpenRun::is_abandoned`].
    async fn abandoned(
        &self,
        shop: &ShopName,
        but: &RunId,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Vec<RunRecord>, StateError>;

    /// What the guard compares a plan of the whole shop with at `now`; see
    /// [`domain::admission::good::BaselineSearch`]. `None` if the shop has had no good run.
    async fn baseline(&self, shop: &ShopName, now: UnixMillis) -> Result<Option<Baseline>, StateError>;

    /// The evidence of the last run of the shop that found another program writing to it. `None` if there was none, or
    /// if a plan was applied since; see [`domain::admission::attempt::RunEnd::decides_on_another_writer`].
    async fn another_writer(&self, shop: &ShopName) -> Result<Option<AnotherWriter>, StateError>;
}
