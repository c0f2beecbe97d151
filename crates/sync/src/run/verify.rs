//! Verifies a run: reads back every acknowledged line.

use domain::LineState;

use super::{Abort, Run};
use crate::observer::{Event, Wait};
use crate::ports::{LineRecord, LineUpdate};
use crate::settling;

impl Run<'_> {
    /// Reads acknowledged lines back. A read may lag behind a write, so lines that do not show the expected level are
    /// read once more after the settle time, and only that read decides. A level that is wrong then is reported and
    /// left to the next run.
    pub(super) async fn verify(&mut self) -> Result<(), Abort> {
        let acked = self.findings.book.in_state(LineState::Acked).count();
        if acked == 0 {
            return Ok(());
        }
        self.ports.observer.event(&Event::Verifying { lines: u64::try_from(acked).unwrap_or(u64::MAX) });
        let settled_at = self.ports.clock.now() + self.settings.settle_ms;
        let mut judged = self.read_back().await?;
        judged.retain(|update| update.state == LineState::Verified);
        self.take_all(&judged).await?;
        if judged.len() == acked {
            return Ok(());
        }
        self.ports.observer.event(&Event::Settling { until: settled_at, why: Wait::NotShownYet });
        self.ports.pause_until(settled_at).await?;
        let judged = self.read_back().await?;
        self.take_all(&judged).await
    }

    async fn read_back(&self) -> Result<Vec<LineUpdate>, Abort> {
        let acked = self.findings.book.in_state(LineState::Acked).filter_map(LineRecord::as_sent);
        settling::read_back(self.ports, acked).await
    }

    /// Applies the updates here and in the journal.
    pub(super) async fn take_all(&mut self, judged: &[LineUpdate]) -> Result<(), Abort> {
        let mut updates = Vec::with_capacity(judged.len());
        for update in judged {
            updates.push(self.findings.book.take(update)?);
        }
        self.commit(&updates).await?;
        Ok(())
    }
}
