//! Reading back: what became of lines without a clean answer, and of acknowledged ones.

use std::collections::BTreeSet;

use domain::settle::{self, Reading, Verdict};
use domain::{Line, LineState, ProductId};

use crate::ports::{LevelsRead, LineUpdate};
use crate::run::{Halt, Ports, RunSettings};

/// What was found out about a line.
pub(crate) struct Judged {
    pub(crate) line: Line,
    pub(crate) verdict: Verdict,
    /// The last level read; `None` where Wix did not name the listing any more.
    pub(crate) reading: Option<Reading>,
}

impl Judged {
    pub(crate) fn update(&self) -> LineUpdate {
        let state = match self.verdict {
            Verdict::Converged => LineState::Converged,
            Verdict::NotApplied => LineState::NotApplied,
            Verdict::LookAgain | Verdict::Suspect => LineState::Suspect,
        };
        LineUpdate {
            seq: self.line.seq,
            state,
            level_after: self.reading.as_ref().map(|reading| reading.level),
            detail: None,
        }
    }
}

/// Judges lines whose outcome is not known. The caller has waited until nothing of them can land any more;
/// lines that look as if they had not been applied are looked at once more, one settle time later.
pub(crate) async fn look<'l>(
    ports: &Ports<'_>,
    settings: &RunSettings,
    lines: impl Iterator<Item = &'l Line>,
) -> Result<Vec<Judged>, Halt> {
    let lines: Vec<&Line> = lines.collect();
    let levels = levels(ports, lines.iter().copied()).await?;
    let mut judged: Vec<Judged> = lines.iter().map(|line| first(line, &levels)).collect();
    if judged.iter().any(|one| one.verdict == Verdict::LookAgain) {
        ports.pause_until(ports.clock.now() + settings.settle_ms).await?;
        let again = judged.iter().filter(|one| one.verdict == Verdict::LookAgain).map(|one| &one.line);
        let levels = self::levels(ports, again).await?;
        for one in judged.iter_mut().filter(|one| one.verdict == Verdict::LookAgain) {
            second(one, &levels);
        }
    }
    Ok(judged)
}

fn first(line: &Line, levels: &LevelsRead) -> Judged {
    let change = &line.change;
    let reading = levels.get(&change.key).cloned();
    let verdict = match &reading {
        Some(reading) => settle::first_look(change.level, change.delta, reading),
        None => Verdict::Suspect,
    };
    Judged { line: line.clone(), verdict, reading }
}

fn second(one: &mut Judged, levels: &LevelsRead) {
    let change = &one.line.change;
    let reading = levels.get(&change.key).cloned();
    one.verdict = match (&one.reading, &reading) {
        (Some(first), Some(second)) => settle::second_look(change.level, change.delta, first, second),
        _ => Verdict::Suspect,
    };
    one.reading = reading;
}

/// Judges acknowledged lines by one read.
pub(crate) async fn read_back<'l>(
    ports: &Ports<'_>,
    lines: impl Iterator<Item = &'l Line>,
) -> Result<Vec<LineUpdate>, Halt> {
    let lines: Vec<&Line> = lines.collect();
    let levels = levels(ports, lines.iter().copied()).await?;
    let judge = |line: &&Line| {
        let change = &line.change;
        let after = levels.get(&change.key).map(|reading| reading.level);
        LineUpdate {
            seq: line.seq,
            state: after.map_or(LineState::Unresolved, |after| {
                settle::acknowledged(change.level, change.delta, after)
            }),
            level_after: after,
            detail: None,
        }
    };
    Ok(lines.iter().map(judge).collect())
}

async fn levels<'l>(ports: &Ports<'_>, lines: impl Iterator<Item = &'l Line>) -> Result<LevelsRead, Halt> {
    let products: BTreeSet<ProductId> = lines.map(|line| line.change.key.product.clone()).collect();
    let products: Vec<ProductId> = products.into_iter().collect();
    if products.is_empty() {
        return Ok(LevelsRead::new());
    }
    ports.unless_stopped(ports.shop.levels(&products)).await
}
