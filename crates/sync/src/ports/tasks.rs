//! Tasks: runs that the service accepted. Any process may execute them (I7).
//!
//! The row of a run is the task. Its id stays the same from acceptance to the end, over all attempts. Each line of
//! the journal belongs to one attempt.

use std::ops::RangeInclusive;

use async_trait::async_trait;
pub use domain::admission::key::RequestKey;
pub use domain::admission::queue::{Accepted, NewTask, Slot};
use domain::{RunId, ShopName, UnixMillis};

use super::{Fence, RunRecord, StateError};

/// The progress of a run's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Lines of the plan.
    pub lines: u64,
    /// Lines that wait to be sent.
    pub waiting: u64,
}

/// The tasks of all shops.
#[async_trait]
pub trait Tasks: Send + Sync {
    /// Decides a request at `now` and records its run, slot and key in one transaction; see
    /// [`domain::admission::queue::admit`]. A request without slot and key that joins a task does not wait for
    /// writers.
    async fn accept(
        &self,
        task: &NewTask,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Accepted, StateError>;

    /// Tasks that have not ended, oldest first.
    async fn open_tasks(&self) -> Result<Vec<RunRecord>, StateError>;

    /// Marks a task whose process has died as RETRY and counts the death; see
    /// [`domain::admission::attempt::take_over`]. Until the task starts again, the lines of the dead attempt count.
    /// Gives the new record.
    async fn take_over(&self, id: &RunId, fence: &Fence, most: u32) -> Result<RunRecord, StateError>;

    /// Returns a started task to PENDING, for its next attempt. Its process counts as waiting at its last heartbeat,
    /// so that a service that is started anew takes it up before later requests.
    async fn hand_back(&self, id: &RunId, fence: &Fence) -> Result<(), StateError>;

    /// Cancels a run: ends it as interrupted if it is a task that has not started, else asks it to end. Does nothing
    /// if it has ended; see [`domain::admission::attempt::cancel`]. Gives the new record; `None` if there is no such
    /// run.
    async fn cancel(&self, id: &RunId, now: UnixMillis) -> Result<Option<RunRecord>, StateError>;

    /// The progress of a run's current attempt.
    async fn progress(&self, id: &RunId) -> Result<Progress, StateError>;

    /// Deletes history that ended before `before`. One call deletes at most `at_most` rows, so that other writers do
    /// not wait long. Keeps the last good run of each shop. Gives the number of deleted rows, zero when there are no
    /// more to delete.
    async fn prune(&self, before: UnixMillis, at_most: u32) -> Result<u64, StateError>;
}

/// The pauses of shops: nothing is written to a paused shop.
#[async_trait]
pub trait Pauses: Send + Sync {
    /// Stops all writing to a shop from the next write call on. Does nothing if the shop is already paused.
    async fn pause(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError>;

    /// Ends the pause of a shop.
    async fn resume(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError>;

    /// When the shop was paused; `None` if it is not.
    async fn paused_since(&self, shop: &ShopName) -> Result<Option<UnixMillis>, StateError>;
}

/// The filled slots of the shops' schedules.
#[async_trait]
pub trait Slots: Send + Sync {
    /// The last slot that was filled, or the time since which the shop has a schedule. The first call for a shop
    /// records `now` as that time.
    async fn last_slot(&self, shop: &ShopName, now: UnixMillis) -> Result<UnixMillis, StateError>;

    /// Records the schedule of a shop, which `fingerprint` tells from others; `None` for none. It begins at `now` if it
    /// is the first one or another one than before; see [`domain::admission::schedule::begins_anew`].
    async fn begin_schedule(
        &self,
        shop: &ShopName,
        fingerprint: Option<&str>,
        now: UnixMillis,
    ) -> Result<(), StateError>;

    /// Lets the schedule of a shop go on from `now`, because the clock was set back: forgets the slots after `now`, so
    /// that they can be filled again, and a later beginning of the schedule.
    async fn set_slots_back(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError>;

    /// The random id of the installation: of all processes that share this state. The first call records `fresh` as
    /// the id.
    async fn installation(&self, fresh: &str) -> Result<String, StateError>;
}
