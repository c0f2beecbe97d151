//! What a run that ends early still finds out about its lines: one more read each, within a short time.

use std::pin::pin;

use domain::write::settle::Settling;
use domain::{Line, LineState, UnixMillis};
use futures::future::{Either, select};
use tokio_util::sync::CancellationToken;

use super::{Abort, Ports, Run};
use crate::ports::{LineRecord, LineUpdate, ShopErrorClass};
use crate::settling::{self, Judged};

/// How long a run that was stopped may look, in milliseconds.
const AFTER_STOP_MS: i64 = 5_000;

/// How long a run that failed may look, in milliseconds.
const AFTER_FAILURE_MS: i64 = 60_000;

impl Run<'_> {
    /// Judges the lines without an outcome as far as one read shows it. If the run was stopped, acknowledged lines are
    /// read back too. What the read does not show stays open, and so does everything if the shop does not answer.
    pub(super) async fn look_once_more(&mut self, end: &Abort) -> Result<(), Abort> {
        let is_stopped = match end {
            Abort::Interrupted => true,
            // Nothing gets through to the shop.
            Abort::Failed(failure) if failure.code == ShopErrorClass::Blocked.code() => return Ok(()),
            Abort::Failed(_) => false,
            Abort::State(_) => return Ok(()),
        };
        let within = if is_stopped { AFTER_STOP_MS } else { AFTER_FAILURE_MS };
        let until = self.ports.clock.now() + within;
        self.own_up_to_copies().await?;
        self.judge_by_revision(until).await?;
        if is_stopped {
            self.read_back_acked(until).await?;
        }
        Ok(())
    }

    /// Copies that were not sent become UNKNOWN: an earlier copy may be in the shop.
    async fn own_up_to_copies(&mut self) -> Result<(), Abort> {
        let planned = self.findings.book.in_state(LineState::Planned).filter(|record| record.line.is_copy);
        let unknown = |record: &LineRecord| LineUpdate {
            seq: record.line.seq,
            state: LineState::Unknown,
            level_after: None,
            detail: None,
        };
        let updates: Vec<LineUpdate> = planned.map(unknown).collect();
        self.take_all(&updates).await
    }

    /// Judges UNKNOWN lines of a shop with revisions. A line that has not landed may still land, so it stays UNKNOWN.
    async fn judge_by_revision(&mut self, until: UnixMillis) -> Result<(), Abort> {
        let lines = self.lines_in(LineState::Unknown);
        if lines.is_empty() {
            return Ok(());
        }
        let no_stop = CancellationToken::new();
        let ports = Ports { stop: &no_stop, ..*self.ports };
        if ports.shop.connect().await?.settling != Settling::Revision {
            return Ok(());
        }
        for lines in lines.chunks(self.lines_at_once(&ports).await?) {
            let read = pin!(settling::by_revision_now(&ports, lines.iter()));
            let too_long = pin!(self.ports.clock.sleep_until(until));
            let Either::Left((Ok(judged), _)) = select(read, too_long).await else { break };
            self.take_all(&judged.iter().map(Judged::update).collect::<Vec<_>>()).await?;
        }
        Ok(())
    }

    /// Reads acknowledged lines back. Lines that do not show the expected level stay ACKED.
    async fn read_back_acked(&mut self, until: UnixMillis) -> Result<(), Abort> {
        let lines: Vec<LineRecord> = self.findings.book.in_state(LineState::Acked).cloned().collect();
        if lines.is_empty() {
            return Ok(());
        }
        let no_stop = CancellationToken::new();
        let ports = Ports { stop: &no_stop, ..*self.ports };
        for lines in lines.chunks(self.lines_at_once(&ports).await?) {
            let read = pin!(settling::read_back(&ports, lines.iter().filter_map(LineRecord::as_sent)));
            let too_long = pin!(self.ports.clock.sleep_until(until));
            let Either::Left((Ok(mut judged), _)) = select(read, too_long).await else { break };
            judged.retain(|update| update.state == LineState::Verified);
            self.take_all(&judged).await?;
        }
        Ok(())
    }

    fn lines_in(&self, state: LineState) -> Vec<Line> {
        self.findings.book.in_state(state).map(|record| record.line.clone()).collect()
    }

    /// How many lines one round of concurrent requests reads.
    async fn lines_at_once(&self, ports: &Ports<'_>) -> Result<usize, Abort> {
        let reading = ports.shop.connect().await?.reading.known_ids;
        let lines = usize::try_from(reading.page.saturating_mul(reading.at_once)).unwrap_or(usize::MAX);
        Ok(lines.max(1))
    }
}
