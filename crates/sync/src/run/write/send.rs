//! Sending one batch, and recording what came of it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::write::settle;
use domain::{Batch, Change, Line, LineState, UnixMillis};
use futures::future::{Either, select};

use super::outgoing::Outgoing;
use super::{Abort, Run, Step, count};
use crate::lease::Gate;
use crate::observer::Event;
use crate::ports::{CallReply, LineReply, Sending, ShopError, StateError, WriteReply};

/// What came of sending a batch.
pub(super) enum Reply {
    /// Every line has its answer.
    Clear,
    /// Nothing left this machine.
    Unsent(ShopError),
    /// Some lines are UNKNOWN, or met a conflict.
    Open(Open),
}

impl Reply {
    /// Whether the shop, or the way to it, is not well.
    pub(super) fn is_unclear(&self) -> bool {
        match self {
            Self::Clear => false,
            Self::Unsent(_) => true,
            Self::Open(open) => matches!(open.call, CallReply::Unclear(_)),
        }
    }
}

/// A call some of whose lines are UNKNOWN, or met a conflict.
pub(super) struct Open {
    pub(super) call: CallReply,
    /// Line by line, in the order of the batch.
    pub(super) lines: Vec<LineReply>,
    pub(super) sent_at: UnixMillis,
    /// From when nothing of it can land any more.
    pub(super) quiet_at: UnixMillis,
}

impl Open {
    /// A refusal (4xx) is an answer, so nothing of it is under way any more. Anything else may still be.
    fn new(
        call: CallReply,
        lines: Vec<LineReply>,
        sending: Sending,
        left_at: UnixMillis,
        now: UnixMillis,
    ) -> Self {
        let timed_out_at = left_at + sending.timeout_ms;
        let quiet_at = if matches!(call, CallReply::Refused(_)) { now } else { timed_out_at.max(now) };
        Self { call, lines, sent_at: sending.sent_at, quiet_at }
    }

    /// Why the call as a whole was not clean.
    pub(super) fn error(&self) -> Option<&ShopError> {
        match &self.call {
            CallReply::Answered => None,
            CallReply::Refused(error) | CallReply::Unclear(error) => Some(error),
        }
    }
}

impl<'a> Run<'a> {
    /// The gate of one write call.
    pub(in crate::run) fn gate(&self, seqs: Vec<u32>, batch: u32) -> Gate<'a> {
        Gate {
            journal: self.ports.store,
            clock: self.ports.clock,
            keeper: self.keeper,
            run: &self.request.id,
            seqs,
            batch,
            timeout_ms: self.ports.shop.request_timeout_ms(),
            entered: AtomicBool::new(false),
            sending: OnceLock::new(),
            left_at: OnceLock::new(),
        }
    }
}

impl Run<'_> {
    /// Sends one batch and records what came of it.
    pub(super) async fn send(&mut self, outgoing: &Outgoing) -> Result<Reply, Abort> {
        let batch = &outgoing.batch;
        let number = self.findings.batches + 1;
        let gate = self.gate(batch.lines.iter().map(|line| line.seq).collect(), number);
        let reply = self.through(&gate, self.ports.shop.write(batch, &gate)).await?;
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
        let left_at = gate.left_at.get().copied().unwrap_or(sending.send_before);
        self.record_reply(outgoing, reply, sending, left_at).await
    }

    /// The write itself. A user who stops the run while it waits for its place in the window waits no longer;
    /// once its lines are being committed it is seen to its end.
    pub(in crate::run) async fn through<T>(
        &self,
        gate: &Gate<'_>,
        write: impl Future<Output = T>,
    ) -> Result<T, Abort> {
        let stopped = std::pin::pin!(self.ports.stop.cancelled());
        match select(std::pin::pin!(write), stopped).await {
            Either::Left((reply, _)) => Ok(reply),
            Either::Right(((), _)) if !gate.entered.load(Ordering::Relaxed) => Err(Abort::Interrupted),
            Either::Right(((), write)) => Ok(write.await),
        }
    }

    async fn record_reply(
        &mut self,
        outgoing: &Outgoing,
        reply: WriteReply,
        sending: Sending,
        left_at: UnixMillis,
    ) -> Result<Reply, Abort> {
        let (batch, answered_at) = (&outgoing.batch, self.ports.clock.now());
        for line in &batch.lines {
            self.findings.book.sent(line.seq, sending)?;
            self.findings.book.answered(line.seq, answered_at)?;
        }
        match reply {
            WriteReply::NotCommitted(error) => Err(error.into()),
            WriteReply::NotSent(error) => {
                let detail = Some(error.detail.as_str());
                let step = |line| Step::new(line, unless_copy(line, LineState::NotApplied), detail);
                self.record(&batch.lines.iter().map(step).collect::<Vec<_>>()).await?;
                Ok(Reply::Unsent(error))
            }
            WriteReply::Sent { call, lines } if lines.len() == batch.lines.len() => {
                let open = Open::new(call, lines, sending, left_at, answered_at);
                self.record_answer(batch, open).await
            }
            WriteReply::Sent { .. } => {
                Err(StateError::defect("a write was answered for other lines than were sent").into())
            }
        }
    }

    /// The answer, line by line.
    async fn record_answer(&mut self, batch: &Batch, open: Open) -> Result<Reply, Abort> {
        let call_detail = open.error().map(|error| error.detail.as_str());
        let answers = || batch.lines.iter().zip(&open.lines);
        let steps: Vec<Step<'_>> = answers()
            .map(|(line, reply)| match reply {
                LineReply::Applied(_) => Step::new(line, LineState::Acked, None),
                LineReply::Refused(error) => {
                    Step::new(line, unless_copy(line, LineState::Rejected), Some(error.detail.as_str()))
                }
                // Recorded at once: a level that shows the target by then would be taken for the effect of this line.
                LineReply::Conflict => Step::new(line, unless_copy(line, LineState::NotApplied), call_detail),
                LineReply::Unknown => Step::new(line, LineState::Unknown, call_detail),
            })
            .collect();
        self.record(&steps).await?;
        let shown = answers().filter_map(|(line, reply)| match reply {
            LineReply::Applied(Some(after)) => {
                let state = settle::revision::acknowledged(&line.change, after);
                Some(Step { level_after: Some(after.level), ..Step::new(line, state, None) })
            }
            _ => None,
        });
        self.record(&shown.collect::<Vec<_>>()).await?;
        self.tell_updated(batch, &open.lines);
        let unknown = steps.iter().filter(|step| step.state == LineState::Unknown).count();
        let refused = matches!(open.call, CallReply::Refused(_));
        if let Some(error) = open.error().filter(|_| unknown > 0) {
            self.ports.observer.event(&Event::Unclean { error, lines: count(unknown), refused });
        }
        if unknown > 0 || open.lines.contains(&LineReply::Conflict) {
            return Ok(Reply::Open(open));
        }
        match open.call {
            CallReply::Refused(error) if error.class.keeps_out() => Err(error.into()),
            _ => Ok(Reply::Clear),
        }
    }

    fn tell_updated(&self, batch: &Batch, replies: &[LineReply]) {
        let of = count(self.findings.book.lines().len());
        for (line, reply) in batch.lines.iter().zip(replies) {
            if matches!(reply, LineReply::Applied(_)) {
                let Change { sku, inventory_item: item, delta, .. } = &line.change;
                self.ports.observer.event(&Event::Updated { sku, item, delta: *delta, of });
            }
        }
    }
}

/// The state of a line whose own request surely had no effect. Of a copy it is not known: an earlier one may be in the
/// shop.
fn unless_copy(line: &Line, state: LineState) -> LineState {
    if line.is_copy { LineState::Unknown } else { state }
}
