//! The handle of the journal; the oracle sees every step that it takes.

use async_trait::async_trait;
use domain::plan::Facts;
use domain::skip::Skip;
use domain::{LineState, RunId, ShopName, UnixMillis};
use sync::ports::{Fence, Journal, LineRecord, LineUpdate, PlanRecord, RecentWrite, Sending, StateError};

use super::Process;
use crate::profile::Broken;

#[async_trait]
impl Journal for Process {
    async fn save_plan(
        &self,
        run: &RunId,
        fence: &Fence,
        facts: &Facts,
        lines: &[LineRecord],
        skips: &[Skip],
    ) -> Result<(), StateError> {
        let fence = self.shown(fence);
        self.commit("save plan", self.installed.state.save_plan(run, &fence, facts, lines, skips)).await
    }

    async fn sent(
        &self,
        run: &RunId,
        fence: &Fence,
        seqs: &[u32],
        sending: Sending,
    ) -> Result<(), StateError> {
        let committed = async {
            if !self.is(Broken::ForgetSent) {
                let result = self.installed.state.sent(run, fence, seqs, sending).await;
                if self.is(Broken::OpenFence) && result == Err(StateError::Fenced) {
                    self.force_sent(run, fence, seqs, sending).await?;
                } else {
                    result?;
                }
            }
            self.world.lock().oracle.watch(self.pid).sent_token = Some(fence.token);
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
        let fence = self.shown(fence);
        let updates = &self.remembered(updates);
        let committed = async {
            let before: Vec<Option<LineState>> =
                updates.iter().map(|one| Some(self.installed.state.line(run, one.seq)?.state)).collect();
            self.installed.state.update(run, &fence, at, updates, again).await?;
            let mut world = self.world.lock();
            for (from, update) in before.iter().zip(updates) {
                world.check_step(self.pid, run, *from, update);
            }
            world.check_again(self.pid, self.install, run, again);
            Ok(())
        };
        self.commit("update", committed).await
    }

    async fn lines(&self, run: &RunId) -> Result<Vec<LineRecord>, StateError> {
        self.query(self.installed.state.lines(run)).await
    }

    async fn lines_after(
        &self,
        run: &RunId,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Vec<LineRecord>, StateError> {
        self.query(self.installed.state.lines_after(run, after, limit)).await
    }

    async fn next_seq(&self, run: &RunId) -> Result<u32, StateError> {
        self.query(self.installed.state.next_seq(run)).await
    }

    async fn skips(&self, run: &RunId) -> Result<Vec<Skip>, StateError> {
        self.query(self.installed.state.skips(run)).await
    }

    async fn plan(&self, run: &RunId) -> Result<Option<PlanRecord>, StateError> {
        self.query(self.installed.state.plan(run)).await
    }

    async fn recent_writes(
        &self,
        shop: &ShopName,
        since: UnixMillis,
    ) -> Result<Vec<RecentWrite>, StateError> {
        let found = self.query(self.installed.state.recent_writes(shop, since)).await?;
        Ok(if self.is(Broken::HideRecent) { Vec::new() } else { found })
    }
}

impl Process {
    /// The steps that the journal remembers: all, where nothing is broken.
    fn remembered(&self, updates: &[LineUpdate]) -> Vec<LineUpdate> {
        let mut updates = updates.to_vec();
        match self.broken {
            Some(Broken::ForgetSteps) => updates.clear(),
            Some(Broken::ForgetRetried) => updates.retain(|update| update.state != LineState::Retried),
            Some(Broken::VerifyUnseen) => {
                let acked = updates.iter_mut().filter(|update| update.state == LineState::Acked);
                acked.for_each(|update| update.state = LineState::Verified);
            }
            _ => {}
        }
        updates
    }

    /// What a journal without a fence would do.
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
        self.installed.state.update(run, &self.shown(fence), sending.sent_at, &updates, &[]).await
    }
}
