//! Writing: one batch at a time, each in the journal before its bytes leave.

use domain::{Batch, LineState, ProductId, UnixMillis, batch, judge};

use super::{Halt, Run};
use crate::observer::Event;
use crate::ports::{LevelsRead, LineUpdate, ShopError, ShopErrorClass, StateError, WriteReply};

/// How long after the commit of SENT the bytes may still leave, in milliseconds.
const SEND_WITHIN_MS: i64 = 5_000;

/// So many unknown outcomes in a row end the run: the shop or the way to it is not well.
const UNKNOWNS_IN_A_ROW: u32 = 3;

/// A write whose outcome is not known.
struct Unclean {
    error: ShopError,
    sent_at: UnixMillis,
    failed_at: UnixMillis,
}

impl Run<'_> {
    pub(super) async fn write(&mut self) -> Result<(), Halt> {
        let planned = self.findings.book.in_state(LineState::Planned).map(|record| record.line.clone());
        let batches = batch::cut(planned, self.settings.write_batch);
        let of = batches.iter().map(|batch| batch.lines.len()).sum::<usize>();
        self.ports.observer.event(&Event::Writing { lines: count(of) });
        let mut done = 0;
        let mut unknowns = 0;
        for batch in batches {
            if self.ports.stop.is_cancelled() {
                return Err(Halt::Interrupted);
            }
            match self.send(&batch).await? {
                None => unknowns = 0,
                Some(unclean) => {
                    unknowns += 1;
                    self.settle(&batch, &unclean).await?;
                    if unknowns == UNKNOWNS_IN_A_ROW || unclean.error.class == ShopErrorClass::Unauthorised {
                        return Err(unclean.error.into());
                    }
                }
            }
            done += batch.lines.len();
            self.ports.observer.event(&Event::Wrote { done: count(done), of: count(of) });
        }
        Ok(())
    }

    /// Sends one batch and records what came of it. Gives what is known where the outcome is not.
    async fn send(&mut self, batch: &Batch) -> Result<Option<Unclean>, Halt> {
        let seqs: Vec<u32> = batch.lines.iter().map(|line| line.seq).collect();
        let sent_at = self.ports.clock.now();
        self.step_all(batch, LineState::Sent, None)?;
        let number = self.findings.batches + 1;
        self.ports.journal.sent(&self.request.id, &seqs, number, sent_at, sent_at + SEND_WITHIN_MS).await?;
        self.findings.batches = number;
        match self.ports.shop.write(batch).await {
            WriteReply::Acked => {
                self.record(batch, LineState::Acked, None).await?;
                self.tell_updated(batch);
                Ok(None)
            }
            WriteReply::NotSent(error) => {
                self.record(batch, LineState::NotSent, Some(&error.detail)).await?;
                Err(error.into())
            }
            // The only entry is the one that was refused; of several, any part may have been applied.
            WriteReply::Refused(error) if batch.lines.len() == 1 => {
                self.record(batch, LineState::Rejected, Some(&error.detail)).await?;
                if error.class == ShopErrorClass::Unauthorised { Err(error.into()) } else { Ok(None) }
            }
            WriteReply::Refused(error) | WriteReply::Unclean(error) => {
                self.record(batch, LineState::Unknown, Some(&error.detail)).await?;
                self.ports.observer.event(&Event::Unclean { error: &error, lines: count(batch.lines.len()) });
                Ok(Some(Unclean { error, sent_at, failed_at: self.ports.clock.now() }))
            }
        }
    }

    /// Waits until no request of ours can land any more, reads again, and judges line by line.
    async fn settle(&mut self, batch: &Batch, unclean: &Unclean) -> Result<(), Halt> {
        let timed_out_at = unclean.sent_at + self.ports.shop.request_timeout_ms();
        let until = timed_out_at.max(unclean.failed_at) + self.settings.settle_ms;
        self.ports.observer.event(&Event::Settling { until });
        self.ports.clock.sleep_until(until).await;
        let products: Vec<ProductId> =
            batch.lines.iter().map(|line| line.change.key.product.clone()).collect();
        let levels = match self.ports.shop.levels(&products).await {
            Ok(levels) => levels,
            Err(reading) => {
                self.record(batch, LineState::Unresolved, Some(&reading.detail)).await?;
                return Err(reading.into());
            }
        };
        let updates = self.judge_unknown(batch, &levels, &unclean.error)?;
        self.ports.journal.update(&self.request.id, &updates).await?;
        Ok(())
    }

    fn judge_unknown(
        &mut self,
        batch: &Batch,
        levels: &LevelsRead,
        error: &ShopError,
    ) -> Result<Vec<LineUpdate>, StateError> {
        let mut updates = Vec::with_capacity(batch.lines.len());
        for line in &batch.lines {
            let after = levels.get(&line.change.key).copied().flatten();
            let state = match after {
                Some(after) => judge::unknown(line.change.level, line.change.delta, after),
                None => LineState::Unresolved,
            };
            updates.push(self.findings.book.step(line.seq, state, after, Some(&error.detail))?);
        }
        Ok(updates)
    }

    fn step_all(
        &mut self,
        batch: &Batch,
        state: LineState,
        detail: Option<&str>,
    ) -> Result<Vec<LineUpdate>, StateError> {
        batch.lines.iter().map(|line| self.findings.book.step(line.seq, state, None, detail)).collect()
    }

    async fn record(&mut self, batch: &Batch, state: LineState, detail: Option<&str>) -> Result<(), Halt> {
        let updates = self.step_all(batch, state, detail)?;
        self.ports.journal.update(&self.request.id, &updates).await?;
        Ok(())
    }

    fn tell_updated(&self, batch: &Batch) {
        let of = count(self.findings.book.lines().len());
        for line in &batch.lines {
            let change = &line.change;
            self.ports.observer.event(&Event::Updated {
                item: &change.inventory_item,
                delta: change.delta,
                of,
            });
        }
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
