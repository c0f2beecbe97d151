//! Settling deltas by evidence: wait until nothing of the call can land, read the levels twice, send again what
//! surely was not applied.

use domain::write::settle::evidence;
use domain::{Batch, Change, Line, LineState};

use super::{Abort, History, Open, Outgoing, Run, detail_of};
use crate::observer::{Event, Wait};
use crate::ports::{CallReply, LineReply, LineUpdate};
use crate::settling::{self, Judged};

impl Run<'_> {
    /// Settles the lines of a call that are UNKNOWN, and gives what has to go out again.
    pub(super) async fn settle_by_evidence(
        &mut self,
        outgoing: Outgoing,
        open: Open,
        may_try_again: bool,
    ) -> Result<Vec<Outgoing>, Abort> {
        let refused = matches!(open.call, CallReply::Refused(_));
        let why = if refused { Wait::RefusedBatch } else { Wait::UnclearAnswer };
        let until = open.quiet_at + self.settings.settle_ms;
        self.ports.observer.event(&Event::Settling { until, why });
        self.ports.pause_until(until).await?;
        let judged = self.judge(&outgoing.batch, &open).await?;
        match open.call {
            CallReply::Refused(error) if error.class.keeps_out() => Err(error.into()),
            CallReply::Refused(_) => self.after_refusal(outgoing.history, judged).await,
            CallReply::Unclear(error) if !may_try_again => Err(error.into()),
            CallReply::Answered | CallReply::Unclear(_) => {
                self.again(not_applied(judged), outgoing.history, false).await
            }
        }
    }

    /// Reads again what is UNKNOWN, and records what is known then.
    async fn judge(&mut self, batch: &Batch, open: &Open) -> Result<Vec<Judged>, Abort> {
        let unknown = batch.lines.iter().zip(&open.lines);
        let unknown = unknown.filter(|(_, reply)| matches!(reply, LineReply::Unknown));
        let sent = unknown.map(|(line, _)| (line, open.sent_at));
        let judged = settling::by_evidence(self.ports, self.settings, sent).await?;
        let detail = detail_of(open.error());
        let with_detail = |one: &Judged| LineUpdate { detail: detail.clone(), ..one.update() };
        let updates: Vec<LineUpdate> = judged.iter().map(with_detail).collect();
        self.take_all(&updates).await?;
        Ok(judged)
    }

    /// A refused batch: where levels have moved, once more whole; else in halves, until the line that is
    /// refused stands alone.
    async fn after_refusal(&mut self, history: History, judged: Vec<Judged>) -> Result<Vec<Outgoing>, Abort> {
        let moved = judged
            .iter()
            .any(|one| one.reading.as_ref().is_some_and(|reading| reading.level != one.line.change.level));
        let whole = moved && !history.whole_again;
        let history = History { whole_again: true, ..history };
        let again = self.again(not_applied(judged), history, false).await?;
        if whole {
            return Ok(again);
        }
        Ok(again.into_iter().flat_map(Outgoing::halves).collect())
    }
}

/// The lines that surely are not in the shop, each with the change that goes out in its place.
fn not_applied(judged: Vec<Judged>) -> Vec<(Change, Line)> {
    judged
        .into_iter()
        .filter(|one| one.state == LineState::NotApplied)
        .filter_map(|one| Some((evidence::again(&one.line.change, one.reading?.level)?, one.line)))
        .collect()
}
