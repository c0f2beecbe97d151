//! Verifies a run: reads back every acknowledged line.

use std::pin::pin;

use domain::{Line, LineState};
use futures::future::{Either, select};
use tokio_util::sync::CancellationToken;

use super::{Abort, Ports, Run};
use crate::observer::{Event, Wait};
use crate::ports::LineUpdate;
use crate::settling;

/// How long a stopped run may read back its acknowledged lines, in milliseconds.
const READ_BACK_AFTER_STOP_MS: i64 = 5_000;

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
        let acked = self.findings.book.in_state(LineState::Acked).map(|record| &record.line);
        settling::read_back(self.ports, acked).await
    }

    /// Reads back the acknowledged lines of a stopped run once, as many as it can in [`READ_BACK_AFTER_STOP_MS`]. Lines that do
    /// not show the expected level stay ACKED.
    pub(super) async fn read_back_after_stop(&mut self) -> Result<(), Abort> {
        let until = self.ports.clock.now() + READ_BACK_AFTER_STOP_MS;
        let acked: Vec<Line> =
            self.findings.book.in_state(LineState::Acked).map(|record| record.line.clone()).collect();
        if acked.is_empty() {
            return Ok(());
        }
        let no_stop = CancellationToken::new();
        let ports = Ports { stop: &no_stop, ..*self.ports };
        let reading = ports.shop.connect().await?.reading.known_ids;
        let group = usize::try_from(reading.page.saturating_mul(reading.at_once)).unwrap_or(usize::MAX);
        for lines in acked.chunks(group.max(1)) {
            let read = pin!(settling::read_back(&ports, lines.iter()));
            let too_long = pin!(self.ports.clock.sleep_until(until));
            let Either::Left((Ok(mut judged), _)) = select(read, too_long).await else { break };
            judged.retain(|update| update.state == LineState::Verified);
            self.take_all(&judged).await?;
        }
        Ok(())
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
