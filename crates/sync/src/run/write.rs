//! Writing: one batch at a time, each in the journal before its bytes leave, each settled before the next.

use std::collections::VecDeque;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::run::{FailedAt, Failure};
use domain::settle::{self, Verdict};
use domain::{Batch, Change, Level, Line, LineState, UnixMillis, batch};
use futures::future::{Either, select};

use super::{Abort, Run};
use crate::lease::Gate;
use crate::observer::{Event, Wait};
use crate::ports::{LineRecord, LineUpdate, ShopError, StateError, WriteReply};
use crate::settling::{self, Judged};

/// So many calls in a row without a clean answer end the run: the shop or the way to it is not well.
const UNCLEAR_IN_A_ROW: u32 = 3;
/// The first pause before a call is tried again that never left; it doubles. In milliseconds.
const FIRST_PAUSE_MS: i64 = 1_000;

/// A batch that waits to be sent.
struct Outgoing {
    batch: Batch,
    /// Whether it was refused before, and sent whole once more since its levels had moved.
    whole_again: bool,
}

/// What came of sending a batch.
enum Reply {
    /// A clean success, or a refusal of the only line.
    Clear,
    /// Nothing left this machine.
    Unsent(ShopError),
    /// Refused, and several lines stand under suspicion.
    Refused(Unclear),
    /// No clean answer.
    Unclear(Unclear),
}

struct Unclear {
    error: ShopError,
    sent_at: UnixMillis,
    left_at: UnixMillis,
    failed_at: UnixMillis,
}

impl Run<'_> {
    pub(super) async fn write(&mut self) -> Result<(), Abort> {
        let planned = self.findings.book.in_state(LineState::Planned).map(|record| record.line.clone());
        let batches = batch::cut(planned, self.settings.write_batch);
        let mut left: VecDeque<Outgoing> =
            batches.into_iter().map(|batch| Outgoing { batch, whole_again: false }).collect();
        let of = count(left.iter().map(|outgoing| outgoing.batch.lines.len()).sum());
        self.ports.observer.event(&Event::Writing { lines: of });
        let mut unclear_in_a_row = 0;
        while let Some(outgoing) = left.pop_front() {
            self.may_go_on()?;
            let reply = self.send(&outgoing.batch).await?;
            unclear_in_a_row = match reply {
                Reply::Clear | Reply::Refused(_) => 0,
                Reply::Unsent(_) | Reply::Unclear(_) => unclear_in_a_row + 1,
            };
            // What goes out again goes first: no raise leaves while a lowering is unsettled.
            for again in self.follow_up(outgoing, reply, unclear_in_a_row).await?.into_iter().rev() {
                left.push_front(again);
            }
            let waiting: usize = left.iter().map(|outgoing| outgoing.batch.lines.len()).sum();
            self.ports.observer.event(&Event::Wrote { done: of.saturating_sub(count(waiting)), of });
        }
        Ok(())
    }

    /// Settles what needs settling, and gives what has to go out again.
    async fn follow_up(
        &mut self,
        outgoing: Outgoing,
        reply: Reply,
        unclear_in_a_row: u32,
    ) -> Result<Vec<Outgoing>, Abort> {
        let may_try_again = unclear_in_a_row < UNCLEAR_IN_A_ROW;
        match reply {
            Reply::Clear => Ok(Vec::new()),
            Reply::Unsent(_) if may_try_again => {
                let pause = FIRST_PAUSE_MS << unclear_in_a_row.saturating_sub(1).min(10);
                self.ports.pause_until(self.ports.clock.now() + pause).await?;
                let lines =
                    outgoing.batch.lines.iter().map(|line| (line.clone(), line.change.level)).collect();
                self.again(&outgoing.batch, lines, outgoing.whole_again).await
            }
            Reply::Unsent(error) => Err(error.into()),
            Reply::Refused(unclear) => {
                let judged =
                    self.settle(&outgoing.batch, &unclear, unclear.failed_at, Wait::RefusedBatch).await?;
                if unclear.error.class.keeps_out() {
                    return Err(unclear.error.into());
                }
                self.after_refusal(outgoing, judged).await
            }
            Reply::Unclear(unclear) => {
                let timed_out_at = unclear.left_at + self.ports.shop.request_timeout_ms();
                let quiet_at = timed_out_at.max(unclear.failed_at);
                let judged = self.settle(&outgoing.batch, &unclear, quiet_at, Wait::UnclearAnswer).await?;
                if !may_try_again {
                    return Err(unclear.error.into());
                }
                let lines = not_applied(judged);
                self.again(&outgoing.batch, lines, outgoing.whole_again).await
            }
        }
    }

    /// Sends one batch and records what came of it.
    async fn send(&mut self, batch: &Batch) -> Result<Reply, Abort> {
        let number = self.findings.batches + 1;
        let gate = Gate {
            journal: self.ports.store,
            clock: self.ports.clock,
            keeper: self.keeper,
            run: &self.request.id,
            seqs: batch.lines.iter().map(|line| line.seq).collect(),
            batch: number,
            timeout_ms: self.ports.shop.request_timeout_ms(),
            entered: AtomicBool::new(false),
            sending: OnceLock::new(),
            left_at: OnceLock::new(),
        };
        let reply = self.through(&gate, batch).await?;
        if let WriteReply::NotCommitted(error) = reply {
            return Err(error.into());
        }
        let Some(sending) = gate.sending.get().copied() else {
            // The shop gave up before it asked the gate: nothing was committed, nothing left.
            return match reply {
                WriteReply::NotSent(error) => Err(error.into()),
                _ => Err(StateError::defect("a write passed its gate by").into()),
            };
        };
        self.findings.batches = number;
        let answered_at = self.ports.clock.now();
        for line in &batch.lines {
            self.findings.book.sent(line.seq, sending)?;
            self.findings.book.answered(line.seq, answered_at)?;
        }
        let left_at = gate.left_at.get().copied().unwrap_or(sending.send_before);
        let unclear = |error| Unclear { error, sent_at: sending.sent_at, left_at, failed_at: answered_at };
        self.record_reply(batch, reply, unclear).await
    }

    /// The write itself. A user who stops the run while it waits for its place in the window waits no longer;
    /// once its lines are being committed it is seen to its end.
    async fn through(&self, gate: &Gate<'_>, batch: &Batch) -> Result<WriteReply, Abort> {
        let write = self.ports.shop.write(batch, gate);
        match select(write, std::pin::pin!(self.ports.stop.cancelled())).await {
            Either::Left((reply, _)) => Ok(reply),
            Either::Right(((), _)) if !gate.entered.load(Ordering::Relaxed) => Err(Abort::Interrupted),
            Either::Right(((), write)) => Ok(write.await),
        }
    }

    async fn record_reply(
        &mut self,
        batch: &Batch,
        reply: WriteReply,
        unclear: impl FnOnce(ShopError) -> Unclear,
    ) -> Result<Reply, Abort> {
        match reply {
            WriteReply::Acked => {
                self.record(batch, LineState::Acked, None).await?;
                self.tell_updated(batch);
                Ok(Reply::Clear)
            }
            WriteReply::NotSent(error) => {
                self.record(batch, LineState::NotApplied, Some(&error.detail)).await?;
                Ok(Reply::Unsent(error))
            }
            // The only entry is the one that was refused; of several, any part may have been applied.
            WriteReply::Refused(error) if batch.lines.len() == 1 => {
                self.record(batch, LineState::Rejected, Some(&error.detail)).await?;
                if error.class.keeps_out() { Err(error.into()) } else { Ok(Reply::Clear) }
            }
            WriteReply::Refused(error) => {
                self.record_unknown(batch, &error).await?;
                Ok(Reply::Refused(unclear(error)))
            }
            WriteReply::Unclean(error) => {
                self.record_unknown(batch, &error).await?;
                Ok(Reply::Unclear(unclear(error)))
            }
            WriteReply::NotCommitted(error) => Err(error.into()),
        }
    }

    async fn record_unknown(&mut self, batch: &Batch, error: &ShopError) -> Result<(), Abort> {
        self.record(batch, LineState::Unknown, Some(&error.detail)).await?;
        self.ports.observer.event(&Event::Unclean { error, lines: count(batch.lines.len()) });
        Ok(())
    }

    /// Waits until nothing of the batch can land any more, reads again, and records what is known then.
    async fn settle(
        &mut self,
        batch: &Batch,
        unclear: &Unclear,
        quiet_at: UnixMillis,
        why: Wait,
    ) -> Result<Vec<Judged>, Abort> {
        let until = quiet_at + self.settings.settle_ms;
        self.ports.observer.event(&Event::Settling { until, why });
        self.ports.pause_until(until).await?;
        let sent = batch.lines.iter().map(|line| (line, unclear.sent_at));
        let judged = settling::look(self.ports, self.settings, sent).await?;
        let updates: Vec<LineUpdate> = judged
            .iter()
            .map(|one| LineUpdate { detail: Some(unclear.error.detail.clone()), ..one.update() })
            .collect();
        self.take_all(&updates).await?;
        Ok(judged)
    }

    /// A refused batch: where levels have moved, once more whole; else in halves, until the line that is
    /// refused stands alone.
    async fn after_refusal(
        &mut self,
        outgoing: Outgoing,
        judged: Vec<Judged>,
    ) -> Result<Vec<Outgoing>, Abort> {
        let moved = judged
            .iter()
            .any(|one| one.reading.as_ref().is_some_and(|reading| reading.level != one.line.change.level));
        let whole = moved && !outgoing.whole_again;
        let again = self.again(&outgoing.batch, not_applied(judged), true).await?;
        if whole {
            return Ok(again);
        }
        let halves = again.into_iter().flat_map(|Outgoing { batch, whole_again }| {
            let parts = match batch.clone().halves() {
                Some((first, second)) => vec![first, second],
                None => vec![batch],
            };
            parts.into_iter().map(move |batch| Outgoing { batch, whole_again })
        });
        Ok(halves.collect())
    }

    /// New lines in the place of those that were not applied, as one batch; none where nothing is left to do.
    async fn again(
        &mut self,
        batch: &Batch,
        lines: Vec<(Line, Level)>,
        whole_again: bool,
    ) -> Result<Vec<Outgoing>, Abort> {
        let mut updates = Vec::with_capacity(lines.len());
        let mut added: Vec<LineRecord> = Vec::with_capacity(lines.len());
        for (line, level) in lines {
            if let Some(change) = settle::again(&line.change, level) {
                updates.push(self.findings.book.step(line.seq, LineState::Retried, None, None)?);
                added.push(self.findings.book.add(change, LineState::Planned, Some(line.seq)));
            }
        }
        if added.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.ports.clock.now();
        self.ports.store.update(&self.request.id, &self.keeper.fence, now, &updates, &added).await?;
        let lines = added.into_iter().map(|record| record.line).collect();
        Ok(vec![Outgoing { batch: Batch { direction: batch.direction, lines }, whole_again }])
    }

    /// Whether the run may send another batch.
    fn may_go_on(&self) -> Result<(), Abort> {
        if self.ports.stop.is_cancelled() {
            return Err(Abort::Interrupted);
        }
        if self.ports.shop.requests() >= self.settings.budget.requests {
            return Err(Abort::Failed(self.budget_spent()));
        }
        Ok(())
    }

    /// The failure of a run that has used up what it may.
    pub(super) fn budget_spent(&self) -> Failure {
        let seconds = (self.ports.clock.now() - self.started_at) / 1_000;
        Failure {
            at: FailedAt::Shop,
            code: BUDGET_SPENT.to_owned(),
            detail: format!("{} requests, {seconds} s", self.ports.shop.requests()),
        }
    }

    async fn record(&mut self, batch: &Batch, state: LineState, detail: Option<&str>) -> Result<(), Abort> {
        let mut updates = Vec::with_capacity(batch.lines.len());
        for line in &batch.lines {
            updates.push(self.findings.book.step(line.seq, state, None, detail)?);
        }
        self.commit(&updates).await?;
        Ok(())
    }

    /// Commits states to the journal.
    pub(super) async fn commit(&self, updates: &[LineUpdate]) -> Result<(), StateError> {
        let now = self.ports.clock.now();
        self.ports.store.update(&self.request.id, &self.keeper.fence, now, updates, &[]).await
    }

    fn tell_updated(&self, batch: &Batch) {
        let of = count(self.findings.book.lines().len());
        for line in &batch.lines {
            let Change { inventory_item: item, delta, .. } = &line.change;
            self.ports.observer.event(&Event::Updated { item, delta: *delta, of });
        }
    }
}

/// The code of a run that used up what it may.
pub const BUDGET_SPENT: &str = "budget_spent";

/// The lines that surely are not in the shop, each with the level that is there.
fn not_applied(judged: Vec<Judged>) -> Vec<(Line, Level)> {
    judged
        .into_iter()
        .filter(|one| one.verdict == Verdict::NotApplied)
        .filter_map(|one| Some((one.line, one.reading?.level)))
        .collect()
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
