//! The handle of the runs' records.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::{Outcome, RunId, RunSummary, ShopName, TaskStatus, UnixMillis};
use sync::ports::{Fence, NewRun, Queued, RunFilter, RunRecord, Runs, StateError};

use super::Process;
use crate::profile::Broken;

#[async_trait]
impl Runs for Process {
    async fn queue(
        &self,
        run: &NewRun,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Queued, StateError> {
        self.commit("queue", self.installed.state.queue(run, now, alive)).await
    }

    async fn withdraw(&self, id: &RunId, now: UnixMillis) -> Result<(), StateError> {
        self.commit("withdraw", self.installed.state.withdraw(id, now)).await
    }

    async fn start(&self, run: &NewRun, fence: &Fence, at: UnixMillis) -> Result<(), StateError> {
        let fence = self.shown(fence);
        self.commit("start", self.installed.state.start(run, &fence, at)).await
    }

    async fn finish(&self, summary: &RunSummary, fence: &Fence) -> Result<(), StateError> {
        let mut summary = summary.clone();
        summary.counters.planned += u64::from(self.is(Broken::Miscount));
        if self.is(Broken::CallItConverged) {
            summary.outcome = Outcome::Converged;
        }
        let fence = self.shown(fence);
        let done = async {
            self.installed.state.finish(&summary, &fence).await?;
            self.world.lock().check_finished(self.pid, &summary);
            Ok(())
        };
        self.commit("finish", done).await
    }

    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError> {
        let mut found = self.query(self.installed.state.get(id)).await?;
        if let Some(record) = found.as_mut().filter(|_| self.is(Broken::HideEnds)) {
            record.status = TaskStatus::Started;
        }
        Ok(found)
    }

    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError> {
        self.query(self.installed.state.list(filter)).await
    }

    async fn beginning_with(&self, prefix: &str, limit: u32) -> Result<Vec<RunRecord>, StateError> {
        self.query(self.installed.state.beginning_with(prefix, limit)).await
    }

    async fn abandoned(
        &self,
        shop: &ShopName,
        but: &RunId,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Vec<RunRecord>, StateError> {
        let found = self.query(self.installed.state.abandoned(shop, but, alive)).await?;
        Ok(if self.is(Broken::HideAbandoned) { Vec::new() } else { found })
    }

    async fn last_good_warehouse_skus(&self, shop: &ShopName) -> Result<Option<u64>, StateError> {
        let found = self.query(self.installed.state.last_good_warehouse_skus(shop)).await?;
        Ok(found.filter(|_| !self.is(Broken::ForgetLastGood)))
    }
}
