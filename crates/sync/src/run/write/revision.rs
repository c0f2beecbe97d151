//! Settles compare-and-swap writes by revision. A line that may have landed goes out again at once under the same
//! revision. A line that lost against another change of its item is read again and planned anew.

use domain::write::settle::revision::{self, MOST_CONFLICTS, Verdict};
use domain::write::settle::{self, Reading};
use domain::{Change, Line, LineState};

use super::{Abort, History, Open, Outgoing, Run};
use crate::observer::{Event, Wait};
use crate::ports::{CallReply, LineReply, LineUpdate};
use crate::settling::{self, LevelsRead};

/// How many copies of a line may go out without a clear answer.
const MOST_COPIES: u32 = 10;

/// How many copies of a line may go out alone that the answers do not name. Each was answered, and the item was read
/// after each.
const MOST_UNNAMED: u32 = 3;

/// What is to be done about a line, once it was judged.
struct Judgment {
    line: Line,
    /// Its state; `None` for a line that a copy replaces as it is.
    state: Option<LineState>,
    reading: Option<Reading>,
    /// The change that goes out in its place.
    next: Option<Change>,
    detail: Option<&'static str>,
}

impl Judgment {
    /// Ends a line that a copy would replace.
    fn end_instead_of_copy(&mut self, state: LineState, detail: Option<&'static str>) {
        if self.state.is_none() {
            (self.state, self.next, self.detail) = (Some(state), None, detail);
        }
    }
}

/// How copies of lines go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copies {
    /// As they are.
    Whole,
    /// In halves. That ends by itself, so it does not count as copies.
    InHalves,
}

impl Run<'_> {
    /// Settles the lines of a call without an outcome, and gives what has to go out again. Where it fails, they stay
    /// UNKNOWN, and the end of the run judges them (`last_look.rs`).
    pub(super) async fn settle_by_revision(
        &mut self,
        outgoing: Outgoing,
        open: Open,
        may_try_again: bool,
    ) -> Result<Vec<Outgoing>, Abort> {
        let Outgoing { batch, history } = outgoing;
        if let CallReply::Refused(error) = &open.call
            && error.class.keeps_out()
        {
            return Err(error.clone().into());
        }
        let pick = |wanted: fn(&LineReply) -> bool| -> Vec<Line> {
            let lines = batch.lines.iter().zip(&open.lines);
            lines.filter(|(_, reply)| wanted(reply)).map(|(line, _)| line.clone()).collect()
        };
        let unclear = pick(|reply| matches!(reply, LineReply::Unknown));
        let mut refused = pick(|reply| matches!(reply, LineReply::Refused(_)));
        refused.retain(|line| line.is_copy);
        let conflicts = pick(|reply| matches!(reply, LineReply::Conflict));
        let mut again = self.after_conflicts(conflicts, history).await?;
        again.extend(self.after_refused_copies(refused, history).await?);
        let copied = history.with_copy_until(open.quiet_at);
        match open.call {
            CallReply::Answered => {
                // It was answered, so nothing of it is under way any more.
                let answered = history.with_copy_until(self.ports.clock.now());
                again.extend(self.after_unnamed(unclear, batch.lines.len() == 1, answered).await?);
                Ok(again)
            }
            CallReply::Unclear(error) if !may_try_again => Err(error.into()),
            // Halving ends by itself, so it does not count as copies.
            CallReply::Refused(_) => {
                let resent = self.copies(unclear, copied).await?;
                again.extend(resent.into_iter().flat_map(Outgoing::halves));
                Ok(again)
            }
            CallReply::Unclear(_) if history.unclear_copies < MOST_COPIES => {
                let copied = History { unclear_copies: history.unclear_copies + 1, ..copied };
                again.extend(self.copies(unclear, copied).await?);
                Ok(again)
            }
            // No further write may leave while these lines are not settled.
            CallReply::Unclear(error) => Err(error.into()),
        }
    }

    /// Sends the same lines again under the same revisions. The copy that lands first takes effect; the others do not.
    async fn copies(&mut self, lines: Vec<Line>, history: History) -> Result<Vec<Outgoing>, Abort> {
        let lines = lines.into_iter().map(|line| (line.change.clone(), line)).collect();
        self.again(lines, history, true).await
    }

    /// Settles lines whose item changed first: by a sale, an edit, or an earlier copy of the line itself.
    async fn after_conflicts(&mut self, lines: Vec<Line>, history: History) -> Result<Vec<Outgoing>, Abort> {
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        let levels = self.levels_after_conflict(&lines).await?;
        let mut judged = judge_all(lines, &levels, history);
        if history.unclear_copies >= MOST_COPIES {
            for one in &mut judged {
                one.end_instead_of_copy(LineState::Suspect, Some(settle::NO_CHANGE_SHOWN));
            }
        }
        self.follow(judged, history, Copies::Whole).await
    }

    /// Settles lines that an answer does not name. What their items show is believed; what has not landed goes out again
    /// in halves, so that a line that Wix does not take ends alone and the others go on without it.
    async fn after_unnamed(
        &mut self,
        lines: Vec<Line>,
        is_alone: bool,
        history: History,
    ) -> Result<Vec<Outgoing>, Abort> {
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        let is_last = is_alone && history.unclear_copies >= MOST_UNNAMED;
        if is_last {
            self.until_nothing_lands(history, Wait::UnclearAnswer).await?;
        }
        let levels = settling::levels(self.ports, lines.iter()).await?;
        let mut judged = judge_all(lines, &levels, history);
        if is_last {
            for one in &mut judged {
                one.end_instead_of_copy(LineState::Unresolved, Some(settle::NOT_NAMED));
            }
        }
        self.follow(judged, history, if is_alone { Copies::Whole } else { Copies::InHalves }).await
    }

    /// Waits until no copy of these lines can land any more and a read shows the effect of all.
    async fn until_nothing_lands(&self, history: History, why: Wait) -> Result<(), Abort> {
        let until = history.lands_until.unwrap_or_default() + self.settings.settle_ms;
        self.ports.observer.event(&Event::Settling { until, why });
        self.ports.pause_until(until).await?;
        Ok(())
    }

    /// Settles copies that were refused. An earlier copy may be in the shop or on its way there, so the item is read
    /// once none of them can land any more. Where it has not changed, the refusal is all that came of the line.
    async fn after_refused_copies(
        &mut self,
        lines: Vec<Line>,
        history: History,
    ) -> Result<Vec<Outgoing>, Abort> {
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        self.until_nothing_lands(history, Wait::RefusedBatch).await?;
        let levels = settling::levels(self.ports, lines.iter()).await?;
        let mut judged = judge_all(lines, &levels, history);
        for one in &mut judged {
            one.end_instead_of_copy(LineState::Rejected, None);
        }
        self.follow(judged, history, Copies::Whole).await
    }

    /// Records what was judged, and gives what has to go out again.
    async fn follow(
        &mut self,
        judged: Vec<Judgment>,
        history: History,
        how: Copies,
    ) -> Result<Vec<Outgoing>, Abort> {
        let update = |one: &Judgment| {
            let level_after = one.reading.as_ref().map(|reading| reading.level);
            // A conflict of a line that is no copy was recorded with the answer.
            let state =
                one.state.filter(|state| self.findings.book.state_of(one.line.seq) != Some(*state))?;
            Some(LineUpdate { seq: one.line.seq, state, level_after, detail: one.detail.map(str::to_owned) })
        };
        let updates: Vec<LineUpdate> = judged.iter().filter_map(update).collect();
        self.take_all(&updates).await?;
        let (copies, replanned): (Vec<_>, Vec<_>) = judged.into_iter().partition(|one| one.state.is_none());
        let next = |one: Judgment| Some((one.next?, one.line));
        let counted = u32::from(how == Copies::Whole);
        let as_copy = History { unclear_copies: history.unclear_copies + counted, ..history };
        let mut again = self.again(copies.into_iter().filter_map(next).collect(), as_copy, true).await?;
        if how == Copies::InHalves {
            again = again.into_iter().flat_map(Outgoing::halves).collect();
        }
        let anew =
            History { conflicts: history.conflicts + 1, unclear_copies: 0, lands_until: None, ..history };
        again.extend(self.again(replanned.into_iter().filter_map(next).collect(), anew, false).await?);
        Ok(again)
    }

    /// The items of lines that met a conflict. A conflict says that the revision has moved on, so a read that still
    /// shows the one that was named lags behind: it is made once more, a settle time later.
    async fn levels_after_conflict(&self, lines: &[Line]) -> Result<LevelsRead, Abort> {
        let levels = settling::levels(self.ports, lines.iter()).await?;
        if !lines.iter().any(|line| lags(line, &levels)) {
            return Ok(levels);
        }
        let until = self.ports.clock.now() + self.settings.settle_ms;
        self.ports.observer.event(&Event::Settling { until, why: Wait::SecondLook });
        self.ports.pause_until(until).await?;
        settling::levels(self.ports, lines.iter()).await
    }
}

/// Whether a read shows nothing newer than what the line was planned on.
fn lags(line: &Line, levels: &LevelsRead) -> bool {
    let read = levels.get(&line.change.key).and_then(|reading| reading.revision);
    read.zip(line.change.revision).is_some_and(|(read, named)| read <= named)
}

/// Judges each line by its item.
fn judge_all(lines: Vec<Line>, levels: &LevelsRead, history: History) -> Vec<Judgment> {
    let judge = |line: Line| {
        let reading = levels.get(&line.change.key).cloned();
        let (state, next) = match &reading {
            None => (Some(LineState::Suspect), None),
            Some(now) => decide(&line.change, now, history),
        };
        Judgment { line, state, reading, next, detail: None }
    };
    lines.into_iter().map(judge).collect()
}

/// The state of a line, and the change that goes out in its place. Without a state a copy replaces the line as it is.
fn decide(change: &Change, now: &Reading, history: History) -> (Option<LineState>, Option<Change>) {
    // Without an earlier copy a conflict says that the change is not in the shop.
    let verdict =
        if history.may_have_landed() { revision::after_unclear(change, now) } else { Verdict::Conflict };
    match verdict {
        Verdict::NotLanded => (None, Some(change.clone())),
        Verdict::Converged => (Some(LineState::Converged), None),
        Verdict::MovedSince => (Some(LineState::MovedSince), None),
        Verdict::Conflict if history.conflicts < MOST_CONFLICTS => match revision::replanned(change, now) {
            Some(next) => (Some(LineState::NotApplied), Some(next)),
            None => (Some(LineState::Converged), None),
        },
        Verdict::Conflict | Verdict::Suspect => (Some(LineState::Suspect), None),
    }
}
