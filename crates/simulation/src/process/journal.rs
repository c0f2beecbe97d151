//! The port of the journal. The oracle checks every step that it records.

use async_trait::async_trait;
use domain::plan::Facts;
use domain::plan::skip::Skip;
use domain::{LineState, ListingKey, RunId, ShopName, UnixMillis};
use sync::ports::{Fence, Journal, LineRecord, LineUpdate, PlanRecord, RecentWrite, Sending, StateError};

use super::Process;
use crate::profile::Defect;

#[async_trait]
impl Journal for Process {
    async fn save_plan(
        &self,
        run: &RunId,
        fence: &Fence,
        facts: &Facts,
        lines: &[LineRecord],
        skips: &[Skip],
    ) -> Result<Option<u64>, StateError> {
        let fence = self.effective_fence(fence);
        self.commit("save plan", self.installation.store.save_plan(run, &fence, facts, lines, skips)).await
    }

    async fn sent(
        &self,
        run: &RunId,
        fence: &Fence,
        seqs: &[u32],
        sending: Sending,
    ) -> Result<(), StateError> {
        let committed = async {
            if !self.has(Defect::ForgetSent) {
                let result = self.installation.store.sent(run, fence, seqs, sending).await;
                if self.has(Defect::NoFencing) && result == Err(StateError::Fenced) {
                    self.force_sent(run, fence, seqs, sending).await?;
                } else {
                    result?;
                }
            }
            self.sim.lock().observations.watch(self.pid).sent_token = Some(fence.token);
            Ok(())
        };
        self.commit("sent", committed).await
    }

    async fn update(
        &self,
        run: &RunId,
        fence: &Fence,
        at: UnixMillis,
        updates: &[LineUpdate],
        again: &[LineRecord],
    ) -> Result<(), StateError> {
        let fence = self.effective_fence(fence);
        let updates = &self.recorded_updates(updates);
        let committed = async {
            let before: Vec<Option<LineState>> =
                updates.iter().map(|one| Some(self.installation.store.line(run, one.seq)?.state)).collect();
            self.installation.store.update(run, &fence, at, updates, again).await?;
            let mut sim = self.sim.lock();
            for (from, update) in before.iter().zip(updates) {
                sim.check_step(self.pid, run, *from, update);
            }
            sim.check_again(self.pid, self.install, run, again);
            Ok(())
        };
        self.commit("update", committed).await
    }

    async fn lines(&self, run: &RunId) -> Result<Vec<LineRecord>, StateError> {
        let mut lines = self.query(self.installation.store.lines(run)).await?;
        if self.has(Defect::ForgetCopies) {
            for record in &mut lines {
                record.line.is_copy = false;
            }
        }
        Ok(lines)
    }

    async fn lines_after(
        &self,
        run: &RunId,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Vec<LineRecord>, StateError> {
        self.query(self.installation.store.lines_after(run, after, limit)).await
    }

    async fn next_seq(&self, run: &RunId) -> Result<u32, StateError> {
        self.query(self.installation.store.next_seq(run)).await
    }

    async fn skips(&self, run: &RunId) -> Result<Vec<Skip>, StateError> {
        self.query(self.installation.store.skips(run)).await
    }

    async fn plan(&self, run: &RunId) -> Result<Option<PlanRecord>, StateError> {
        self.query(self.installation.store.plan(run)).await
    }

    async fn bring_back_writes(&self, fence: &Fence, now: UnixMillis) -> Result<(), StateError> {
        let fence = self.effective_fence(fence);
        self.commit("bring back", self.installation.store.bring_back_writes(&fence, now)).await
    }

    async fn recent_writes(
        &self,
        shop: &ShopName,
        since: UnixMillis,
    ) -> Result<Vec<RecentWrite>, StateError> {
        let found = self.query(self.installation.store.recent_writes(shop, since)).await?;
        Ok(if self.has(Defect::HideRecentWrites) { Vec::new() } else { found })
    }

    async fn left_out(&self, shop: &ShopName, since: UnixMillis) -> Result<Vec<ListingKey>, StateError> {
        let found = self.query(self.installation.store.left_out(shop, since)).await?;
        Ok(if self.has(Defect::ForgetLeftOut) { Vec::new() } else { found })
    }
}

impl Process {
    /// The updates that the journal records: all of them, unless a defect drops or changes some.
    fn recorded_updates(&self, updates: &[LineUpdate]) -> Vec<LineUpdate> {
        let mut updates = updates.to_vec();
        match self.defect {
            Some(Defect::ForgetSteps) => updates.clear(),
            Some(Defect::ForgetRetried) => updates.retain(|update| update.state != LineState::Retried),
            Some(Defect::VerifyUnread) => {
                let acked = updates.iter_mut().filter(|update| update.state == LineState::Acked);
                acked.for_each(|update| update.state = LineState::Verified);
            }
            _ => {}
        }
        updates
    }

    /// Records SENT as a journal without fencing would.
    async fn force_sent(
        &self,
        run: &RunId,
        fence: &Fence,
        seqs: &[u32],
        sending: Sending,
    ) -> Result<(), StateError> {
        let update =
            |seq: &u32| LineUpdate { seq: *seq, state: LineState::Sent, level_after: None, detail: None };
        let updates: Vec<LineUpdate> = seqs.iter().map(update).collect();
        self.installation
            .store
            .update(run, &self.effective_fence(fence), sending.sent_at, &updates, &[])
            .await
    }
}
