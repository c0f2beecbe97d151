//! What a new holder of a shop does first: finds out what runs before it left in the air, and closes them.

use std::collections::BTreeMap;

use domain::report::{Counters, LISTED};
use domain::run::{FailedAt, Failure};
use domain::{LineState, Outcome, RunSummary, TaskStatus, UnixMillis};

use crate::lease::Keeper;
use crate::observer::{Event, Wait};
use crate::ports::{LineRecord, LineUpdate, NewRun, RunRecord, StateError};
use crate::run::{Halt, Ports, RunSettings, line_errors, stale_lines};
use crate::settling::{self, Judged};
use crate::start::alive_at;

/// Closes every run of the shop that began and has no end. Its lines that were sent are settled first, so that
/// nothing of them can land while the next run plans. A task keeps its place: it has another attempt.
pub(crate) async fn close_abandoned(
    ports: &Ports<'_>,
    settings: &RunSettings,
    keeper: &Keeper<'_>,
    own: &domain::RunId,
) -> Result<(), Halt> {
    let alive = alive_at(ports.clock.now());
    for record in ports.runs.abandoned(&keeper.fence.shop, own, &alive).await? {
        let case = Case { ports, settings, keeper, record: &record };
        case.close().await?;
    }
    Ok(())
}

/// A task whose process has died is taken over: RETRY can be seen while what the dead attempt left in the air is
/// settled. Gives the end of a task that has no further attempt; `None` where one is to begin.
pub(crate) async fn take_over(
    ports: &Ports<'_>,
    settings: &RunSettings,
    keeper: &Keeper<'_>,
    own: &NewRun,
) -> Result<Option<RunSummary>, StateError> {
    let found = if own.durable { ports.runs.get(&own.id).await? } else { None };
    if !found.is_some_and(|record| matches!(record.status, TaskStatus::Started | TaskStatus::Retry)) {
        return Ok(None);
    }
    let record = ports.tasks.take_over(&own.id, &keeper.fence, ATTEMPTS).await?;
    ports.observer.event(&Event::TakenOver { deaths: record.deaths, most: ATTEMPTS });
    let case = Case { ports, settings, keeper, record: &record };
    let failure = match case.settle_lines().await {
        Ok(()) if record.cancel_asked => None,
        Ok(()) if record.deaths < ATTEMPTS => return Ok(None),
        Ok(()) => Some(attempts_spent()),
        Err(Halt::State(error)) => return Err(error),
        Err(Halt::Interrupted) => {
            case.end_lines().await?;
            if !record.cancel_asked {
                let summary = case.summary(&case.lines().await?, Outcome::Interrupted, None);
                ports.tasks.hand_back(&own.id, &keeper.fence).await?;
                return Ok(Some(summary));
            }
            None
        }
        Err(Halt::Failed(failure)) => {
            case.end_lines().await?;
            Some(failure)
        }
    };
    let outcome = if failure.is_some() { Outcome::Failed } else { Outcome::Interrupted };
    let summary = case.finish(outcome, failure).await?;
    ports.observer.event(&Event::Finished { summary: &summary });
    Ok(Some(summary))
}

/// So often a task is tried whose process dies.
pub const ATTEMPTS: u32 = 3;

/// The code of a task whose process has died at every attempt.
pub const ATTEMPTS_SPENT: &str = "attempts_spent";

fn attempts_spent() -> Failure {
    Failure { at: FailedAt::State, code: ATTEMPTS_SPENT.to_owned(), detail: ATTEMPTS.to_string() }
}

struct Case<'a> {
    ports: &'a Ports<'a>,
    settings: &'a RunSettings,
    keeper: &'a Keeper<'a>,
    record: &'a RunRecord,
}

impl Case<'_> {
    async fn close(&self) -> Result<(), Halt> {
        self.settle_lines().await?;
        if !self.record.run.durable {
            self.finish(Outcome::Interrupted, None).await?;
        }
        Ok(())
    }

    async fn settle_lines(&self) -> Result<(), Halt> {
        self.mark_unknown().await?;
        self.settle().await?;
        self.end_lines().await?;
        Ok(())
    }

    async fn finish(&self, outcome: Outcome, failure: Option<Failure>) -> Result<RunSummary, StateError> {
        let lines = self.lines().await?;
        let summary = self.summary(&lines, outcome, failure);
        self.ports.runs.finish(&summary, &self.keeper.fence).await?;
        Ok(summary)
    }

    async fn lines(&self) -> Result<Vec<LineRecord>, StateError> {
        self.ports.journal.lines(&self.record.run.id).await
    }

    async fn update(&self, updates: &[LineUpdate]) -> Result<(), StateError> {
        let (run, now) = (&self.record.run.id, self.ports.clock.now());
        self.ports.journal.update(run, &self.keeper.fence, now, updates, &[]).await
    }

    /// I3: every SENT of an older fencing token is UNKNOWN.
    async fn mark_unknown(&self) -> Result<(), StateError> {
        let lines = self.lines().await?;
        let sent = lines.iter().filter(|line| line.state == LineState::Sent);
        let updates: Vec<LineUpdate> = sent.map(|line| step(line, LineState::Unknown)).collect();
        self.update(&updates).await
    }

    async fn settle(&self) -> Result<(), Halt> {
        let lines = self.lines().await?;
        let unknown: Vec<&LineRecord> =
            lines.iter().filter(|line| line.state == LineState::Unknown).collect();
        let acked: Vec<&LineRecord> = lines.iter().filter(|line| line.state == LineState::Acked).collect();
        if unknown.is_empty() && acked.is_empty() {
            return Ok(());
        }
        let now = self.ports.clock.now();
        let quiet = unknown.iter().chain(&acked).filter_map(|line| self.quiet_at(line, now)).max();
        let until = quiet.unwrap_or_default();
        if until > now {
            self.ports.observer.event(&Event::Settling { until, why: Wait::DeadRun });
        }
        self.ports.pause_until(until).await?;
        let mut updates = Vec::new();
        let sent = unknown.iter().filter_map(|line| Some((&line.line, line.sending?.sent_at)));
        let judged = settling::look(self.ports, self.settings, sent).await?;
        updates.extend(judged.iter().map(Judged::update));
        let judged = settling::read_back(self.ports, acked.iter().map(|line| &line.line)).await?;
        updates.extend(judged);
        self.update(&updates).await?;
        Ok(())
    }

    /// The moment from which nothing of a line can land any more, and every read shows what has landed.
    fn quiet_at(&self, line: &LineRecord, now: UnixMillis) -> Option<UnixMillis> {
        let answered_at = line.answered_at.unwrap_or(0).min(now);
        Some(line.sending?.lands_before(now).max(answered_at) + self.settings.settle_ms)
    }

    async fn end_lines(&self) -> Result<(), StateError> {
        let lines = self.lines().await?;
        let open = lines.iter().filter(|line| !line.state.is_final());
        let updates: Vec<LineUpdate> = open.map(|line| step(line, line.state.at_end())).collect();
        self.update(&updates).await
    }

    fn summary(&self, lines: &[LineRecord], outcome: Outcome, failure: Option<Failure>) -> RunSummary {
        let run = &self.record.run;
        let now = self.ports.clock.now();
        let started = self.record.started_at.unwrap_or(run.created_at);
        RunSummary {
            run_id: run.id.clone(),
            shop: run.shop.clone(),
            kind: run.kind,
            dry_run: run.dry_run,
            outcome,
            failure,
            trips: Vec::new(),
            facts: self.record.facts.unwrap_or_default(),
            counters: Counters::tally(lines.iter().map(|line| line.state)),
            skipped_total: 0,
            skipped_by_reason: BTreeMap::new(),
            skipped: Vec::new(),
            errors: line_errors(lines).take(LISTED).collect(),
            stale: stale_lines(lines).take(LISTED).collect(),
            notes_total: 0,
            notes: Vec::new(),
            batches: lines
                .iter()
                .filter_map(|line| line.sending.map(|s| u64::from(s.batch)))
                .max()
                .unwrap_or(0),
            requests: 0,
            reading: None,
            duration_ms: u64::try_from(now - started).unwrap_or(0),
            finished_at: now,
            state: self.settings.state.clone(),
        }
    }
}

fn step(line: &LineRecord, state: LineState) -> LineUpdate {
    LineUpdate { seq: line.line.seq, state, level_after: line.level_after, detail: line.detail.clone() }
}
