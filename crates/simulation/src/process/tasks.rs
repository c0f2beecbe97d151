//! The handle of the tasks.

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
        self.commit("accept", self.installed.state.accept(task, now, alive)).await
    }

    async fn open_tasks(&self) -> Result<Vec<RunRecord>, StateError> {
        self.query(self.installed.state.open_tasks()).await
    }

    async fn take_over(&self, id: &RunId, fence: &Fence, most: u32) -> Result<RunRecord, StateError> {
        let fence = self.shown(fence);
        self.commit("take_over", self.installed.state.take_over(id, &fence, most)).await
    }

    async fn hand_back(&self, id: &RunId, fence: &Fence) -> Result<(), StateError> {
        let fence = self.shown(fence);
        self.commit("hand_back", self.installed.state.hand_back(id, &fence)).await
    }

    async fn cancel(&self, id: &RunId, now: UnixMillis) -> Result<Option<RunRecord>, StateError> {
        self.commit("cancel", self.installed.state.cancel(id, now)).await
    }

    async fn progress(&self, id: &RunId) -> Result<Progress, StateError> {
        self.query(self.installed.state.progress(id)).await
    }

    async fn prune(&self, before: UnixMillis, at_most: u32) -> Result<u64, StateError> {
        self.commit("prune", self.installed.state.prune(before, at_most)).await
    }
}

#[async_trait]
impl Pauses for Process {
    async fn pause(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        self.commit("pause", self.installed.state.pause(shop, now)).await
    }

    async fn resume(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        self.commit("resume", self.installed.state.resume(shop, now)).await
    }

    async fn paused_since(&self, shop: &ShopName) -> Result<Option<UnixMillis>, StateError> {
        // Nobody pauses a shop of the simulation: what a pause does is the conformance suite's to show.
        self.installed.state.paused_since(shop).await
    }
}
