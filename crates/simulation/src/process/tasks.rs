//! The port of the tasks.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::{RunId, ShopName, UnixMillis};
use sync::ports::{Accepted, Fence, NewTask, Pauses, Progress, RunRecord, StateError, Tasks};

use super::Process;

#[async_trait]
impl Tasks for Process {
    async fn accept(
        &self,
        task: &NewTask,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Accepted, StateError> {
        self.commit("accept", self.installation.store.accept(task, now, alive)).await
    }

    async fn open_tasks(&self) -> Result<Vec<RunRecord>, StateError> {
        self.query(self.installation.store.open_tasks()).await
    }

    async fn take_over(&self, id: &RunId, fence: &Fence, most: u32) -> Result<RunRecord, StateError> {
        let fence = self.effective_fence(fence);
        self.commit("take_over", self.installation.store.take_over(id, &fence, most)).await
    }

    async fn hand_back(&self, id: &RunId, fence: &Fence) -> Result<(), StateError> {
        let fence = self.effective_fence(fence);
        self.commit("hand_back", self.installation.store.hand_back(id, &fence)).await
    }

    async fn cancel(&self, id: &RunId, now: UnixMillis) -> Result<Option<RunRecord>, StateError> {
        self.commit("cancel", self.installation.store.cancel(id, now)).await
    }

    async fn progress(&self, id: &RunId) -> Result<Progress, StateError> {
        self.query(self.installation.store.progress(id)).await
    }

    async fn prune(&self, before: UnixMillis, at_most: u32) -> Result<u64, StateError> {
        self.commit("prune", self.installation.store.prune(before, at_most)).await
    }
}

#[async_trait]
impl Pauses for Process {
    async fn pause(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        self.commit("pause", self.installation.store.pause(shop, now)).await
    }

    async fn resume(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        self.commit("resume", self.installation.store.resume(shop, now)).await
    }

    async fn paused_since(&self, shop: &ShopName) -> Result<Option<UnixMillis>, StateError> {
        // The simulation never pauses a shop. The conformance suite tests pauses.
        self.installation.store.paused_since(shop).await
    }
}
