//! The port of the runs.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::plan::guard::Baseline;
use domain::write::another_writer::AnotherWriter;
use domain::{Outcome, RunId, RunSummary, ShopName, TaskStatus, UnixMillis};
use sync::ports::{Fence, NewRun, Queued, RunFilter, RunRecord, Runs, StateError};

use super::Process;
use crate::profile::Defect;

#[async_trait]
impl Runs for Process {
    async fn queue(
        &self,
        run: &NewRun,
        now: UnixMillis,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Queued, StateError> {
        let queue = async {
            let queued = self.installation.store.queue(run, now, alive).await?;
            if queued == Queued::Waiting {
                // The time that the process names; it may have been paused since.
                self.sim.lock().heard_of(self.install, run, self.clock_ms, now - self.clock_ms);
            }
            Ok(queued)
        };
        self.commit("queue", queue).await
    }

    async fn withdraw(&self, id: &RunId, now: UnixMillis) -> Result<(), StateError> {
        self.commit("withdraw", self.installation.store.withdraw(id, now)).await
    }

    async fn start(&self, run: &NewRun, fence: &Fence, at: UnixMillis) -> Result<(), StateError> {
        let fence = self.effective_fence(fence);
        self.commit("start", self.installation.store.start(run, &fence, at)).await
    }

    async fn begin_snapshot(&self, id: &RunId, fence: &Fence) -> Result<(), StateError> {
        if self.has(Defect::ForgetSnapshot) {
            return Ok(());
        }
        let fence = self.effective_fence(fence);
        self.commit("begin snapshot", self.installation.store.begin_snapshot(id, &fence)).await
    }

    async fn finish(&self, summary: &RunSummary, fence: &Fence) -> Result<(), StateError> {
        let mut summary = summary.clone();
        summary.counters.planned += u64::from(self.has(Defect::Miscount));
        if self.has(Defect::AlwaysConverged) {
            summary.outcome = Outcome::Converged;
        }
        let fence = self.effective_fence(fence);
        let done = async {
            self.installation.store.finish(&summary, &fence).await?;
            self.sim.lock().check_finished(self.pid, &summary);
            Ok(())
        };
        self.commit("finish", done).await
    }

    async fn get(&self, id: &RunId) -> Result<Option<RunRecord>, StateError> {
        let mut found = self.query(self.installation.store.get(id)).await?;
        if let Some(record) = found.as_mut().filter(|_| self.has(Defect::HideRunEnds)) {
            (record.status, record.snapshot_of) = (TaskStatus::Started, None);
        }
        Ok(found)
    }

    async fn numbered(&self, number: u64) -> Result<Option<RunRecord>, StateError> {
        self.query(self.installation.store.numbered(number)).await
    }

    async fn list(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, StateError> {
        self.query(self.installation.store.list(filter)).await
    }

    async fn beginning_with(&self, prefix: &str, limit: u32) -> Result<Vec<RunRecord>, StateError> {
        self.query(self.installation.store.beginning_with(prefix, limit)).await
    }

    async fn abandoned(
        &self,
        shop: &ShopName,
        but: &RunId,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Vec<RunRecord>, StateError> {
        let found = self.query(self.installation.store.abandoned(shop, but, alive)).await?;
        Ok(if self.has(Defect::HideAbandoned) { Vec::new() } else { found })
    }

    async fn another_writer(&self, shop: &ShopName) -> Result<Option<AnotherWriter>, StateError> {
        let found = self.query(self.installation.store.another_writer(shop)).await?;
        Ok(found.filter(|_| !self.has(Defect::ForgetAnotherWriter)))
    }

    async fn baseline(&self, shop: &ShopName, now: UnixMillis) -> Result<Option<Baseline>, StateError> {
        let found = self.query(self.installation.store.baseline(shop, now)).await?;
        Ok(found.filter(|_| !self.has(Defect::ForgetLastGood)))
    }
}
