//! Reading back: what became of lines without a clean answer, and of acknowledged ones.

use std::collections::{BTreeSet, HashMap};

use domain::listing_map::Item;
use domain::settle::{self, Reading, Verdict};
use domain::{Line, LineState, ListingKey, ProductId, UnixMillis};

use crate::context::{Abort, Ports, RunSettings};
use crate::observer::{Event, Wait};
use crate::ports::LineUpdate;

/// Levels by listing; a listing that Wix did not name, or without a level, is absent, which tells nothing.
type LevelsRead = HashMap<ListingKey, Reading>;

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

/// Judges lines whose outcome is not known, each given with the moment of its SENT. The caller has waited until
/// nothing of them can land any more; lines that look as if they had not been applied are looked at once more,
/// one settle time later.
pub(crate) async fn look<'l>(
    ports: &Ports<'_>,
    settings: &RunSettings,
    lines: impl Iterator<Item = (&'l Line, UnixMillis)>,
) -> Result<Vec<Judged>, Abort> {
    let lines: Vec<(&Line, UnixMillis)> = lines.collect();
    let levels = levels(ports, lines.iter().map(|(line, _)| *line)).await?;
    let mut judged: Vec<Judged> = lines.iter().map(|(line, _)| first(line, &levels)).collect();
    if judged.iter().any(|one| one.verdict == Verdict::LookAgain) {
        let until = ports.clock.now() + settings.settle_ms;
        ports.observer.event(&Event::Settling { until, why: Wait::SecondLook });
        ports.pause_until(until).await?;
        let again = judged.iter().filter(|one| one.verdict == Verdict::LookAgain).map(|one| &one.line);
        let levels = self::levels(ports, again).await?;
        for (one, (_, sent_at)) in judged.iter_mut().zip(&lines) {
            if one.verdict == Verdict::LookAgain {
                second(one, &levels, *sent_at);
            }
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

fn second(one: &mut Judged, levels: &LevelsRead, sent_at: UnixMillis) {
    let change = &one.line.change;
    let reading = levels.get(&change.key).cloned();
    one.verdict = match (&one.reading, &reading) {
        (Some(first), Some(second)) => {
            let touched = second.may_have_changed_since(sent_at);
            settle::second_look(change.level, change.delta, first, second, touched)
        }
        _ => Verdict::Suspect,
    };
    one.reading = reading;
}

/// Judges acknowledged lines by one read.
pub(crate) async fn read_back<'l>(
    ports: &Ports<'_>,
    lines: impl Iterator<Item = &'l Line>,
) -> Result<Vec<LineUpdate>, Abort> {
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

async fn levels<'l>(ports: &Ports<'_>, lines: impl Iterator<Item = &'l Line>) -> Result<LevelsRead, Abort> {
    let products: BTreeSet<ProductId> = lines.map(|line| line.change.key.product.clone()).collect();
    let products: Vec<ProductId> = products.into_iter().collect();
    if products.is_empty() {
        return Ok(LevelsRead::new());
    }
    let items = ports.unless_stopped(ports.shop.items(&products)).await?;
    Ok(items.into_iter().flat_map(readings).collect())
}

/// The levels of an item; a variant without one is absent.
fn readings(item: Item) -> impl Iterator<Item = (ListingKey, Reading)> {
    let Item { product, stamp, changed_at, levels, .. } = item;
    levels.into_iter().filter_map(move |(variant, level)| {
        let key = ListingKey { product: product.clone(), variant };
        Some((key, Reading { level: level?, stamp: stamp.clone(), changed_at }))
    })
}
