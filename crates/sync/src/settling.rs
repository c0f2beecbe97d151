//! Reading back: what became of lines without a clean answer, and of acknowledged ones.

use std::collections::{BTreeSet, HashMap};

use domain::write::settle::evidence::{self, Verdict};
use domain::write::settle::{self, Reading, Settling, revision};
use domain::{Line, LineState, ListingKey, ProductId, UnixMillis};

use crate::context::{Abort, Ports, RunSettings};
use crate::observer::{Event, Wait};
use crate::ports::LineUpdate;

/// Levels by listing; a listing that Wix did not name, or without a level, is absent, which tells nothing.
pub(crate) type LevelsRead = HashMap<ListingKey, Reading>;

/// What was found out about a line.
pub(crate) struct Judged {
    pub(crate) line: Line,
    pub(crate) state: LineState,
    /// The last level read; `None` where Wix did not name the listing any more.
    pub(crate) reading: Option<Reading>,
}

impl Judged {
    pub(crate) fn update(&self) -> LineUpdate {
        let level_after = self.reading.as_ref().map(|reading| reading.level);
        LineUpdate { seq: self.line.seq, state: self.state, level_after, detail: None }
    }
}

/// Judges lines whose outcome is not known, each given with the moment of its SENT, in the way of the shop. The caller
/// has waited until nothing of them can land any more.
pub(crate) async fn look<'l>(
    ports: &Ports<'_>,
    settings: &RunSettings,
    lines: impl Iterator<Item = (&'l Line, UnixMillis)>,
) -> Result<Vec<Judged>, Abort> {
    match ports.unless_stopped(ports.shop.connect()).await?.settling {
        Settling::Evidence => by_evidence(ports, settings, lines).await,
        Settling::Revision => by_revision(ports, lines.map(|(line, _)| line)).await,
    }
}

/// Judges lines by the levels alone. Those that look as if they had not been applied are looked at once more, one
/// settle time later.
pub(crate) async fn by_evidence<'l>(
    ports: &Ports<'_>,
    settings: &RunSettings,
    lines: impl Iterator<Item = (&'l Line, UnixMillis)>,
) -> Result<Vec<Judged>, Abort> {
    let lines: Vec<(&Line, UnixMillis)> = lines.collect();
    let first = levels(ports, lines.iter().map(|(line, _)| *line)).await?;
    let mut looks: Vec<Look<'_>> = lines.iter().map(|(line, _)| Look::first(line, &first)).collect();
    if looks.iter().any(|one| one.verdict == Verdict::LookAgain) {
        let until = ports.clock.now() + settings.settle_ms;
        ports.observer.event(&Event::Settling { until, why: Wait::SecondLook });
        ports.pause_until(until).await?;
        let again = looks.iter().filter(|one| one.verdict == Verdict::LookAgain).map(|one| one.line);
        let second = levels(ports, again).await?;
        for (one, (_, sent_at)) in looks.iter_mut().zip(&lines) {
            if one.verdict == Verdict::LookAgain {
                one.look_again(&second, *sent_at);
            }
        }
    }
    Ok(looks.into_iter().map(Look::judged).collect())
}

/// A line under evidence, as far as it was looked at.
struct Look<'l> {
    line: &'l Line,
    verdict: Verdict,
    reading: Option<Reading>,
}

impl<'l> Look<'l> {
    fn first(line: &'l Line, levels: &LevelsRead) -> Self {
        let change = &line.change;
        let reading = levels.get(&change.key).cloned();
        let verdict = match &reading {
            Some(reading) => evidence::first_look(change.level, change.delta, reading),
            None => Verdict::Suspect,
        };
        Self { line, verdict, reading }
    }

    fn look_again(&mut self, levels: &LevelsRead, sent_at: UnixMillis) {
        let change = &self.line.change;
        let reading = levels.get(&change.key).cloned();
        self.verdict = match (&self.reading, &reading) {
            (Some(first), Some(second)) => {
                let touched = second.may_have_changed_since(sent_at);
                evidence::second_look(change.level, change.delta, first, second, touched)
            }
            _ => Verdict::Suspect,
        };
        self.reading = reading;
    }

    fn judged(self) -> Judged {
        let state = match self.verdict {
            Verdict::Converged => LineState::Converged,
            Verdict::NotApplied => LineState::NotApplied,
            Verdict::LookAgain | Verdict::Suspect => LineState::Suspect,
        };
        Judged { line: self.line.clone(), state, reading: self.reading }
    }
}

/// Judges lines by the revisions of their items, as far as they show the outcome by now. A line that has not landed
/// may still land, and one whose item cannot be read has no outcome: both are left out.
pub(crate) async fn by_revision_now<'l>(
    ports: &Ports<'_>,
    lines: impl Iterator<Item = &'l Line>,
) -> Result<Vec<Judged>, Abort> {
    let mut judged = by_revision(ports, lines).await?;
    let is_open = |one: &Judged| {
        let landed = |now: &Reading| revision::after_unclear(&one.line.change, now);
        one.reading.as_ref().map(landed).is_none_or(|verdict| verdict == revision::Verdict::NotLanded)
    };
    judged.retain(|one| !is_open(one));
    Ok(judged)
}

/// Judges lines by the revisions of their items. What has not landed by now never will.
async fn by_revision<'l>(
    ports: &Ports<'_>,
    lines: impl Iterator<Item = &'l Line>,
) -> Result<Vec<Judged>, Abort> {
    let lines: Vec<&Line> = lines.collect();
    let levels = levels(ports, lines.iter().copied()).await?;
    let judge = |line: &&Line| {
        let reading = levels.get(&line.change.key).cloned();
        let verdict = reading.as_ref().map(|now| revision::at_last(&line.change, now));
        let state = match verdict {
            Some(revision::Verdict::Converged) => LineState::Converged,
            Some(revision::Verdict::MovedSince) => LineState::MovedSince,
            Some(revision::Verdict::NotLanded | revision::Verdict::Conflict) => LineState::NotApplied,
            Some(revision::Verdict::Suspect) | None => LineState::Suspect,
        };
        Judged { line: (*line).clone(), state, reading }
    };
    Ok(lines.iter().map(judge).collect())
}

/// Judges acknowledged lines by one read, each given with the moment of its SENT.
pub(crate) async fn read_back<'l>(
    ports: &Ports<'_>,
    lines: impl Iterator<Item = (&'l Line, UnixMillis)>,
) -> Result<Vec<LineUpdate>, Abort> {
    let lines: Vec<(&Line, UnixMillis)> = lines.collect();
    let levels = levels(ports, lines.iter().map(|(line, _)| *line)).await?;
    let judge = |(line, sent_at): &(&Line, UnixMillis)| {
        let (change, after) = (&line.change, levels.get(&line.change.key));
        let state =
            after.map_or(LineState::Unresolved, |after| settle::acknowledged(change, *sent_at, after));
        let left_out = state == LineState::Unresolved
            && after.is_some_and(|after| settle::is_left_out(change, *sent_at, after));
        LineUpdate {
            seq: line.seq,
            state,
            level_after: after.map(|after| after.level),
            detail: left_out.then(|| settle::LEFT_OUT.to_owned()),
        }
    };
    Ok(lines.iter().map(judge).collect())
}

/// The levels of the lines' listings, as the shop shows them now.
pub(crate) async fn levels<'l>(
    ports: &Ports<'_>,
    lines: impl Iterator<Item = &'l Line>,
) -> Result<LevelsRead, Abort> {
    let products: BTreeSet<ProductId> = lines.map(|line| line.change.key.product.clone()).collect();
    let products: Vec<ProductId> = products.into_iter().collect();
    if products.is_empty() {
        return Ok(LevelsRead::new());
    }
    let items = ports.unless_stopped(ports.shop.levels(&products)).await?;
    let read = items.into_iter().filter_map(|item| Some((item.key.clone(), Reading::of(&item)?)));
    Ok(read.collect())
}
