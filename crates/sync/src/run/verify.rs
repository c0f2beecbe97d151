//! Verifying: every acknowledged line is read back.

use domain::LineState;

use super::{Halt, Run};
use crate::observer::Event;
use crate::ports::LineUpdate;
use crate::settling;

impl Run<'_> {
    /// Reads acknowledged lines back. A read may lag a write, so lines that are not where they should be are
    /// read a second time when the settle time is over, and judged by that read alone. A level that is off then
    /// is reported and left to the next run.
    pub(super) async fn verify(&mut self) -> Result<(), Halt> {
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
        self.ports.observer.event(&Event::Settling { until: settled_at });
        self.ports.pause_until(settled_at).await?;
        let judged = self.read_back().await?;
        self.take_all(&judged).await
    }

    async fn read_back(&self) -> Result<Vec<LineUpdate>, Halt> {
        let acked = self.findings.book.in_state(LineState::Acked).map(|record| &record.line);
        settling::read_back(self.ports, acked).await
    }

    /// Steps the lines as they were judged, here and in the journal.
    pub(super) async fn take_all(&mut self, judged: &[LineUpdate]) -> Result<(), Halt> {
        let mut updates = Vec::with_capacity(judged.len());
        for update in judged {
            updates.push(self.findings.book.take(update)?);
        }
        self.commit(&updates).await?;
        Ok(())
    }
}
