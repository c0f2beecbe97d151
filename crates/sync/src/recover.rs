//! Recovery: before its own work, the new holder of a shop's lease settles and closes what dead processes left.

use domain::admission::queue::alive_at;
use domain::run::{FailedAt, Failure};
use domain::{LineState, Outcome, RunSummary, TaskStatus, UnixMillis};

use crate::context::{Abort, Ports, RunSettings};
use crate::lease::LeaseKeeper;
use crate::observer::{Event, Wait};
use crate::ports::{LineRecord, LineUpdate, NewRun, RunRecord, StateError};
use crate::settling::{self, Judged};
use crate::summary::{Ending, Observed};

/// Closes every run of the shop whose process has died, except `own`. Settles its sent lines first, so that none of
/// them can land while the next run plans. A task stays open for its next attempt.
pub(crate) async fn close_abandoned(
    ports: &Ports<'_>,
    settings: &RunSettings,
    keeper: &LeaseKeeper<'_>,
    own: &domain::RunId,
) -> Result<(), Abort> {
    let alive = alive_at(ports.clock.now());
    for record in ports.store.abandoned(&keeper.fence.shop, own, &alive).await? {
        let abandoned = AbandonedRun { ports, settings, keeper, record: &record };
        abandoned.close().await?;
    }
    Ok(())
}

/// Takes over `own` if it is a task whose process has died. The task is in RETRY while the lines of the dead attempt
/// are settled. Gives the summary if the task ended or was returned to the queue; `None` if the run is to start.
pub(crate) async fn take_over(
    ports: &Ports<'_>,
    settings: &RunSettings,
    keeper: &LeaseKeeper<'_>,
    own: &NewRun,
) -> Result<Option<RunSummary>, StateError> {
    let found = if own.durable { ports.store.get(&own.id).await? } else { None };
    if !found.is_some_and(|record| matches!(record.status, TaskStatus::Started | TaskStatus::Retry)) {
        return Ok(None);
    }
    let record = ports.store.take_over(&own.id, &keeper.fence, ATTEMPTS).await?;
    ports.observer.event(&Event::TakenOver { deaths: record.deaths, most: ATTEMPTS });
    let abandoned = AbandonedRun { ports, settings, keeper, record: &record };
    let failure = match abandoned.settle_lines().await {
        Ok(()) if record.cancel_asked => None,
        Ok(()) if record.deaths < ATTEMPTS => return Ok(None),
        Ok(()) => Some(attempts_spent()),
        Err(Abort::State(error)) => return Err(error),
        Err(Abort::Interrupted) => {
            abandoned.end_lines().await?;
            if !record.cancel_asked {
                let summary = abandoned.summary(&abandoned.lines().await?, Outcome::Interrupted, None);
                ports.store.hand_back(&own.id, &keeper.fence).await?;
                return Ok(Some(summary));
            }
            None
        }
        Err(Abort::Failed(failure)) => {
            abandoned.end_lines().await?;
            Some(failure)
        }
    };
    let outcome = if failure.is_some() { Outcome::Failed } else { Outcome::Interrupted };
    let summary = abandoned.finish(outcome, failure).await?;
    ports.observer.event(&Event::Finished { summary: &summary });
    Ok(Some(summary))
}

/// How many attempts a task has if its process dies each time.
pub const ATTEMPTS: u32 = 3;

/// The code of a task whose process died at every attempt.
pub const ATTEMPTS_SPENT: &str = "attempts_spent";

fn attempts_spent() -> Failure {
    Failure { at: FailedAt::State, code: ATTEMPTS_SPENT.to_owned(), detail: ATTEMPTS.to_string() }
}

struct AbandonedRun<'a> {
    ports: &'a Ports<'a>,
    settings: &'a RunSettings,
    keeper: &'a LeaseKeeper<'a>,
    record: &'a RunRecord,
}

impl AbandonedRun<'_> {
    async fn close(&self) -> Result<(), Abort> {
        self.settle_lines().await?;
        if !self.record.run.durable {
            self.finish(Outcome::Interrupted, None).await?;
        }
        Ok(())
    }

    async fn settle_lines(&self) -> Result<(), Abort> {
        self.mark_unknown().await?;
        self.settle().await?;
        self.end_lines().await?;
        Ok(())
    }

    async fn finish(&self, outcome: Outcome, failure: Option<Failure>) -> Result<RunSummary, StateError> {
        let lines = self.lines().await?;
        let summary = self.summary(&lines, outcome, failure);
        self.ports.store.finish(&summary, &self.keeper.fence).await?;
        Ok(summary)
    }

    async fn lines(&self) -> Result<Vec<LineRecord>, StateError> {
        self.ports.store.lines(&self.record.run.id).await
    }

    async fn update(&self, updates: &[LineUpdate]) -> Result<(), StateError> {
        let (run, now) = (&self.record.run.id, self.ports.clock.now());
        self.ports.store.update(run, &self.keeper.fence, now, updates, &[]).await
    }

    /// I3: every line that was SENT under an older fencing token becomes UNKNOWN. So does a copy that was not sent,
    /// because an earlier copy may be in the shop.
    async fn mark_unknown(&self) -> Result<(), StateError> {
        let lines = self.lines().await?;
        let unsent_copy = |line: &LineRecord| line.state == LineState::Planned && line.line.is_copy;
        let sent = lines.iter().filter(|line| line.state == LineState::Sent || unsent_copy(line));
        let updates: Vec<LineUpdate> = sent.map(|line| step(line, LineState::Unknown)).collect();
        self.update(&updates).await
    }

    async fn settle(&self) -> Result<(), Abort> {
        let lines = self.lines().await?;
        let unknown: Vec<&LineRecord> =
            lines.iter().filter(|line| line.state == LineState::Unknown).collect();
        let acked: Vec<&LineRecord> = lines.iter().filter(|line| line.state == LineState::Acked).collect();
        if unknown.is_empty() && acked.is_empty() {
            return Ok(());
        }
        let now = self.ports.clock.now();
        let copies = unknown.iter().copied().flat_map(|line| copies_of(line, &lines));
        let quiet = copies.chain(acked.iter().copied());
        let quiet = quiet.filter_map(|line| self.quiet_at(line, now)).max();
        let until = quiet.unwrap_or_default();
        if until > now {
            self.ports.observer.event(&Event::Settling { until, why: Wait::DeadRun });
        }
        self.ports.pause_until(until).await?;
        let mut updates = Vec::new();
        let sent = unknown.iter().filter_map(|line| {
            let sending = copies_of(line, &lines).find_map(|copy| copy.sending)?;
            Some((&line.line, sending.sent_at))
        });
        let judged = settling::look(self.ports, self.settings, sent).await?;
        updates.extend(judged.iter().map(Judged::update));
        let judged = settling::read_back(self.ports, acked.iter().filter_map(|line| line.as_sent())).await?;
        updates.extend(judged);
        self.update(&updates).await?;
        Ok(())
    }

    /// The time from which a line cannot land any more and every read shows its effect.
    fn quiet_at(&self, line: &LineRecord, now: UnixMillis) -> Option<UnixMillis> {
        let answered_at = line.answered_at.unwrap_or(0).min(now);
        Some(line.sending?.lands_before(now).max(answered_at) + self.settings.settle_ms)
    }

    async fn end_lines(&self) -> Result<(), StateError> {
        let lines = self.lines().await?;
        let open = lines.iter().filter(|line| !line.state.is_final());
        let updates: Vec<LineUpdate> = open.map(|line| step(line, line.state_at_end())).collect();
        self.update(&updates).await
    }

    fn summary(&self, lines: &[LineRecord], outcome: Outcome, failure: Option<Failure>) -> RunSummary {
        let RunRecord { run, started_at, facts, .. } = self.record;
        let ending = Ending {
            run,
            outcome,
            failure,
            facts: facts.unwrap_or_default(),
            lines,
            started_at: started_at.unwrap_or(run.created_at),
            finished_at: self.ports.clock.now(),
            state: &self.settings.state,
        };
        ending.summary(&Observed::default())
    }
}

/// A line and the earlier copies of it, latest first.
fn copies_of<'l>(line: &'l LineRecord, lines: &'l [LineRecord]) -> impl Iterator<Item = &'l LineRecord> {
    std::iter::successors(Some(line), |copy| {
        let before = copy.line.retry_of.filter(|_| copy.line.is_copy)?;
        let at = lines.binary_search_by_key(&before, |record| record.line.seq).ok()?;
        lines.get(at)
    })
}

fn step(line: &LineRecord, state: LineState) -> LineUpdate {
    LineUpdate { seq: line.line.seq, state, level_after: line.level_after, detail: line.detail.clone() }
}
