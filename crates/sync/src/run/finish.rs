//! The end of a run: every line in a final state, one summary, one record.

use std::collections::BTreeMap;

use domain::report::LISTED;
use domain::run::Failure;
use domain::skip::Skip;
use domain::{LineState, Outcome, RunSummary, SkipReason};

use super::{Halt, Run, line_errors, stale_lines};
use crate::observer::Event;
use crate::ports::{LineRecord, LineUpdate, StateError};

impl Run<'_> {
    pub(super) async fn finish(mut self, end: Result<Outcome, Halt>) -> Result<RunSummary, StateError> {
        if matches!(end, Err(Halt::Interrupted))
            && let Err(Halt::State(error)) = self.look_back().await
        {
            return Err(error);
        }
        let (outcome, failure) = match end {
            Ok(outcome) => (outcome, None),
            Err(Halt::Interrupted) if self.asked_to_stop.is_cancelled() => (Outcome::Interrupted, None),
            // Nobody asked: its time was spent.
            Err(Halt::Interrupted) => (Outcome::Failed, Some(self.budget_spent())),
            Err(Halt::Failed(failure)) => (Outcome::Failed, Some(failure)),
            Err(Halt::State(error)) => return Err(error),
        };
        self.close_lines().await?;
        if self.was_misled() {
            self.ports.maps.forget_map(&self.keeper.fence).await?;
        }
        let summary = self.summary(outcome, failure);
        if self.is_handed_back(outcome).await? {
            self.ports.tasks.hand_back(&self.request.id, &self.keeper.fence).await?;
        } else {
            self.ports.runs.finish(&summary, &self.keeper.fence).await?;
        }
        self.ports.observer.event(&Event::Finished { summary: &summary });
        Ok(summary)
    }

    /// A task that the system stops, and nobody cancelled, goes on when there is a process for it again.
    async fn is_handed_back(&self, outcome: Outcome) -> Result<bool, StateError> {
        if !self.durable || outcome != Outcome::Interrupted {
            return Ok(false);
        }
        let record = self.ports.runs.get(&self.request.id).await?;
        Ok(record.is_some_and(|record| !record.cancel_asked))
    }

    async fn close_lines(&mut self) -> Result<(), StateError> {
        let open: Vec<_> = self
            .findings
            .book
            .lines()
            .iter()
            .filter(|record| !record.state.is_final())
            .map(|record| (record.line.seq, record.state.at_end()))
            .collect();
        let mut updates: Vec<LineUpdate> = Vec::with_capacity(open.len());
        for (seq, state) in open {
            updates.push(self.findings.book.step(seq, state, None, None)?);
        }
        self.commit(&updates).await
    }

    /// Whether a line was sent to a listing that nobody could read back, so that what is remembered of the shop may
    /// be wrong.
    fn was_misled(&self) -> bool {
        let gone = |record: &LineRecord| {
            record.sending.is_some()
                && record.level_after.is_none()
                && matches!(record.state, LineState::Suspect | LineState::Unresolved)
        };
        self.findings.book.lines().iter().any(gone)
    }

    fn summary(&self, outcome: Outcome, failure: Option<Failure>) -> RunSummary {
        let f = &self.findings;
        let finished_at = self.ports.clock.now();
        RunSummary {
            run_id: self.request.id.clone(),
            shop: self.request.shop.clone(),
            kind: self.request.work.kind(),
            dry_run: self.request.work.writes_nothing(),
            outcome,
            failure,
            trips: f.trips.clone(),
            facts: f.facts,
            counters: f.book.counters(),
            skipped_total: u64::try_from(f.skips.len()).unwrap_or(u64::MAX),
            skipped_by_reason: by_reason(&f.skips),
            skipped: f.skips.iter().take(LISTED).cloned().collect(),
            errors: line_errors(f.book.lines()).take(LISTED).collect(),
            stale: stale_lines(f.book.lines()).take(LISTED).collect(),
            notes_total: u64::try_from(f.notes.len()).unwrap_or(u64::MAX),
            notes: f.notes.iter().take(LISTED).cloned().collect(),
            batches: u64::from(f.batches),
            requests: self.ports.shop.requests(),
            reading: f.reading,
            duration_ms: u64::try_from(finished_at - self.started_at).unwrap_or(0),
            finished_at,
            state: self.settings.state.clone(),
        }
    }
}

fn by_reason(skips: &[Skip]) -> BTreeMap<SkipReason, u64> {
    let mut counts = BTreeMap::new();
    for skip in skips {
        *counts.entry(skip.reason).or_default() += 1;
    }
    counts
}
