//! Tasks: runs that the service accepted. Any process may work them off (I7).
//!
//! The row of a run is the task. Its id answers for it from the acceptance to the end, over as many attempts as it
//! takes; the lines of the journal belong to one attempt each.

use std::ops::RangeInclusive;

use async_trait::async_trait;
pub use domain::admission::key::RequestKey;
pub use domain::admission::queue::{Accepted, NewTask, Slot};
use domain::{RunId, ShopName, UnixMillis};

use super::{Fence, RunRecord, StateError};

/// How far the lines of a run have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Lines of the plan.
    pub lines: u64,
    /// Those of them that wait to be sent.
    pub waiting: u64,
}

/// The tasks of all shops.
#[async_trait]
pub trait Tasks: Send + Sync {
    /// Accepts a request at `now`, all or nothing in one transaction: its row, its slot and its key; see
    /// [`domain::admission::queue::admit`]. A request that joins and brings neither slot nor key waits for no writer.
    async fn accept(
        &self,
        task: &NewTask,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Accepted, StateError>;

    /// Tasks without an end, the oldest first.
    async fn open_tasks(&self) -> Result<Vec<RunRecord>, StateError>;

    /// Marks a task whose process has died as RETRY, and counts; see [`domain::admission::attempt::take_over`]. The
    /// lines of the attempt that died stay the ones that count until the task starts again. Gives the record as it is
    /// then.
    async fn take_over(&self, id: &RunId, fence: &Fence, most: u32) -> Result<RunRecord, StateError>;

    /// Puts a task that has started back to PENDING, for its next attempt.
    async fn hand_back(&self, id: &RunId, fence: &Fence) -> Result<(), StateError>;

    /// Ends a task that has not started as interrupted, and asks one that has started to end; see
    /// [`domain::admission::attempt::cancel`]. Gives the record as it is then; `None` where there is none.
    async fn cancel(&self, id: &RunId, now: UnixMillis) -> Result<Option<RunRecord>, StateError>;

    /// How far the lines of a run's attempt have come.
    async fn progress(&self, id: &RunId) -> Result<Progress, StateError>;

    /// Deletes what ended before `before`: at most `at_most` rows at once, so that other writers do not wait long. The
    /// last good run of each shop stays. Gives how many rows went; zero when nothing is left.
    async fn prune(&self, before: UnixMillis, at_most: u32) -> Result<u64, StateError>;
}

/// Shops to which nothing is written for now.
#[async_trait]
pub trait Pauses: Send + Sync {
    /// Stops all writing to a shop from the next call on. A pause that holds already stays as it is.
    async fn pause(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError>;

    /// Lets it go on.
    async fn resume(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError>;

    /// Since when the shop is paused; `None` where it is not.
    async fn paused_since(&self, shop: &ShopName) -> Result<Option<UnixMillis>, StateError>;
}

/// Which slots of the shops' schedules have had their run.
#[async_trait]
pub trait Slots: Send + Sync {
    /// The last slot that was filled, or the moment since which the shop has a schedule: `now` where this is the
    /// first that is heard of it.
    async fn last_slot(&self, shop: &ShopName, now: UnixMillis) -> Result<UnixMillis, StateError>;
}
