//! These runs are no tasks: what becomes of a task is shown over the state ports' implementations.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::{RunId, ShopName, UnixMillis};
use sync::ports::*;

use crate::world::World;

#[async_trait]
impl Tasks for World {
    async fn accept(
        &self,
        _: &NewTask,
        _: UnixMillis,
        _: &RangeInclusive<UnixMillis>,
    ) -> Result<Accepted, StateError> {
        Err(no_tasks())
    }

    async fn open_tasks(&self) -> Result<Vec<RunRecord>, StateError> {
        Err(no_tasks())
    }

    async fn take_over(&self, _: &RunId, _: &Fence, _: u32) -> Result<RunRecord, StateError> {
        Err(no_tasks())
    }

    async fn hand_back(&self, _: &RunId, _: &Fence) -> Result<(), StateError> {
        Err(no_tasks())
    }

    async fn cancel(&self, _: &RunId, _: UnixMillis) -> Result<Option<RunRecord>, StateError> {
        Err(no_tasks())
    }

    async fn progress(&self, _: &RunId) -> Result<Progress, StateError> {
        Err(no_tasks())
    }

    async fn prune(&self, _: UnixMillis, _: u32) -> Result<u64, StateError> {
        Err(no_tasks())
    }
}

fn no_tasks() -> StateError {
    StateError::failed("there are no tasks here")
}

#[async_trait]
impl Pauses for World {
    async fn pause(&self, _: &ShopName, _: UnixMillis) -> Result<(), StateError> {
        Ok(())
    }

    async fn resume(&self, _: &ShopName, _: UnixMillis) -> Result<(), StateError> {
        Ok(())
    }

    async fn paused_since(&self, _: &ShopName) -> Result<Option<UnixMillis>, StateError> {
        Ok(None)
    }
}
