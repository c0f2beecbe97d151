//! Settles compare-and-swap writes by revision. A line that may have landed goes out again at once under the same
//! revision. A line that lost against another change of its item is read again and planned anew.

use domain::write::settle::Reading;
use domain::write::settle::revision::{self, MOST_CONFLICTS, Verdict};
use domain::{Change, Line, LineState};

use super::{Abort, History, Open, Outgoing, Run, detail_of};
use crate::ports::{CallReply, LineReply, LineUpdate};
use crate::settling;

/// How many copies of a line may go out. After that, the next run's read decides.
const MOST_COPIES: u32 = 10;

/// What is to be done about a line, once it was judged.
struct Judgment {
    line: Line,
    /// Its state; `None` for a line that a copy replaces as it is.
    state: Option<LineState>,
    reading: Option<Reading>,
    /// The change that goes out in its place.
    next: Option<Change>,
}

impl Run<'_> {
    /// Settles the lines of a call that are UNKNOWN, and gives what has to go out again.
    pub(super) async fn settle_by_revision(
        &mut self,
        outgoing: Outgoing,
        open: Open,
        may_try_again: bool,
    ) -> Result<Vec<Outgoing>, Abort> {
        let Outgoing { batch, history } = outgoing;
        let pick = |wanted: fn(&LineReply) -> bool| -> Vec<Line> {
            let lines = batch.lines.iter().zip(&open.lines);
            lines.filter(|(_, reply)| wanted(reply)).map(|(line, _)| line.clone()).collect()
        };
        let conflicts = pick(|reply| matches!(reply, LineReply::Conflict));
        let unclear = pick(|reply| matches!(reply, LineReply::Unknown));
        let detail = detail_of(open.error());
        let mut again = self.after_conflicts(conflicts, history, detail.as_deref()).await?;
        match open.call {
            CallReply::Refused(error) if error.class.keeps_out() => Err(error.into()),
            CallReply::Unclear(error) if !may_try_again => {
                self.judge_unclear(unclear, history, detail.as_deref()).await?;
                Err(error.into())
            }
            CallReply::Refused(_) => {
                let copies = self.copies(unclear, history, detail.as_deref()).await?;
                again.extend(copies.into_iter().flat_map(Outgoing::halves));
                Ok(again)
            }
            CallReply::Answered | CallReply::Unclear(_) => {
                again.extend(self.copies(unclear, history, detail.as_deref()).await?);
                Ok(again)
            }
        }
    }

    /// Sends the same lines again under the same revisions. The copy that lands first takes effect; the others do not.
    async fn copies(
        &mut self,
        lines: Vec<Line>,
        history: History,
        detail: Option<&str>,
    ) -> Result<Vec<Outgoing>, Abort> {
        if history.unclear_copies >= MOST_COPIES {
            self.judge_unclear(lines, history, detail).await?;
            return Ok(Vec::new());
        }
        let history = History { unclear_copies: history.unclear_copies + 1, ..history };
        let lines = lines.into_iter().map(|line| (line.change.clone(), line)).collect();
        self.again(lines, history, true).await
    }

    /// Judges lines by one read and sends no further copy. A line that has not landed may still land, so it stays
    /// UNKNOWN and ends unresolved.
    async fn judge_unclear(
        &mut self,
        lines: Vec<Line>,
        history: History,
        detail: Option<&str>,
    ) -> Result<(), Abort> {
        let mut judged = self.judge_by_revision(lines, history, true).await?;
        for one in &mut judged {
            one.next = None;
        }
        self.record_judgments(&judged, detail).await
    }

    /// Settles lines whose item changed first: by a sale, an edit, or an earlier copy of the line itself.
    async fn after_conflicts(
        &mut self,
        lines: Vec<Line>,
        history: History,
        detail: Option<&str>,
    ) -> Result<Vec<Outgoing>, Abort> {
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        let judged = self.judge_by_revision(lines, history, history.unclear_copies > 0).await?;
        self.record_judgments(&judged, detail).await?;
        let (copies, replanned): (Vec<_>, Vec<_>) = judged.into_iter().partition(|one| one.state.is_none());
        let next = |one: Judgment| Some((one.next?, one.line));
        let as_copy = History { unclear_copies: history.unclear_copies + 1, ..history };
        let mut again = self.again(copies.into_iter().filter_map(next).collect(), as_copy, true).await?;
        let anew = History { conflicts: history.conflicts + 1, unclear_copies: 0, ..history };
        again.extend(self.again(replanned.into_iter().filter_map(next).collect(), anew, false).await?);
        Ok(again)
    }

    /// Reads the lines' items, and judges each. `may_have_landed`: whether an earlier copy of the line may be in the
    /// shop; a conflict says surely not otherwise.
    async fn judge_by_revision(
        &self,
        lines: Vec<Line>,
        history: History,
        may_have_landed: bool,
    ) -> Result<Vec<Judgment>, Abort> {
        let levels = settling::levels(self.ports, lines.iter()).await?;
        let judge = |line: Line| {
            let reading = levels.get(&line.change.key).cloned();
            let (state, next) = match &reading {
                None => (Some(LineState::Suspect), None),
                Some(now) => decide(&line.change, now, history, may_have_landed),
            };
            Judgment { line, state, reading, next }
        };
        Ok(lines.into_iter().map(judge).collect())
    }

    async fn record_judgments(&mut self, judged: &[Judgment], detail: Option<&str>) -> Result<(), Abort> {
        let update = |one: &Judgment| {
            Some(LineUpdate {
                seq: one.line.seq,
                state: one.state?,
                level_after: one.reading.as_ref().map(|reading| reading.level),
                detail: detail.map(str::to_owned),
            })
        };
        let updates: Vec<LineUpdate> = judged.iter().filter_map(update).collect();
        self.take_all(&updates).await
    }
}

/// The state of a line, and the change that goes out in its place. Without a state a copy replaces the line as it is.
fn decide(
    change: &Change,
    now: &Reading,
    history: History,
    may_have_landed: bool,
) -> (Option<LineState>, Option<Change>) {
    let verdict = if may_have_landed { revision::after_unclear(change, now) } else { Verdict::Conflict };
    match verdict {
        Verdict::NotLanded if history.unclear_copies < MOST_COPIES => (None, Some(change.clone())),
        Verdict::Converged => (Some(LineState::Converged), None),
        Verdict::MovedSince => (Some(LineState::MovedSince), None),
        Verdict::Conflict if history.conflicts < MOST_CONFLICTS => match revision::replanned(change, now) {
            Some(next) => (Some(LineState::NotApplied), Some(next)),
            None => (Some(LineState::Converged), None),
        },
        Verdict::NotLanded | Verdict::Conflict | Verdict::Suspect => (Some(LineState::Suspect), None),
    }
}
