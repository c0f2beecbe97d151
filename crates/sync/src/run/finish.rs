//! The end of a run: it puts every line in a final state and records one summary.

use domain::run::Failure;
use domain::{LineState, Outcome, RunSummary};

use super::{Abort, Run};
use crate::observer::Event;
use crate::ports::{LineRecord, LineUpdate, ShopErrorClass, StateError};
use crate::summary::{Ending, Observed};

impl Run<'_> {
    pub(super) async fn finish(mut self, end: Result<Outcome, Abort>) -> Result<RunSummary, StateError> {
        if let Err(abort) = &end
            && let Err(Abort::State(error)) = self.look_once_more(abort).await
        {
            return Err(error);
        }
        let (outcome, failure) = match end {
            Ok(outcome) => (outcome, None),
            Err(Abort::Interrupted) if self.asked_to_stop.is_cancelled() => (Outcome::Interrupted, None),
            // Neither the user nor the system stopped the run, so it has used up its time.
            Err(Abort::Interrupted) => (Outcome::Failed, Some(self.budget_spent())),
            Err(Abort::Failed(failure)) => (Outcome::Failed, Some(failure)),
            Err(Abort::State(error)) => return Err(error),
        };
        self.close_lines().await?;
        if self.map_may_be_wrong(failure.as_ref()) {
            self.ports.store.forget_map(&self.keeper.fence).await?;
        }
        let summary = self.summary(outcome, failure);
        if self.is_handed_back(outcome).await? {
            self.ports.store.hand_back(&self.request.id, &self.keeper.fence).await?;
        } else {
            self.ports.store.finish(&summary, &self.keeper.fence).await?;
        }
        if let Some(found) = summary.another_writer {
            self.ports.observer.event(&Event::AnotherWriter { found });
        }
        self.ports.observer.event(&Event::Finished { summary: &summary });
        Ok(summary)
    }

    /// Whether the run is a task that the system stopped and no user canceled. Such a task returns to the queue.
    async fn is_handed_back(&self, outcome: Outcome) -> Result<bool, StateError> {
        if !self.request.durable || outcome != Outcome::Interrupted {
            return Ok(false);
        }
        let record = self.ports.store.get(&self.request.id).await?;
        Ok(record.is_some_and(|record| !record.cancel_asked))
    }

    async fn close_lines(&mut self) -> Result<(), StateError> {
        let open: Vec<_> = self
            .findings
            .book
            .lines()
            .iter()
            .filter(|record| !record.state.is_final())
            .map(|record| (record.line.seq, record.state_at_end()))
            .collect();
        let mut updates: Vec<LineUpdate> = Vec::with_capacity(open.len());
        for (seq, state) in open {
            updates.push(self.findings.book.step(seq, state, None, None)?);
        }
        self.commit(&updates).await
    }

    /// Whether the listing map may be wrong: a listing that was written could not be read back, the shop did not tell all
    /// that changed, or it has moved to another catalog, from which it may move back.
    fn map_may_be_wrong(&self, failure: Option<&Failure>) -> bool {
        if failure.is_some_and(|failure| failure.code == ShopErrorClass::CatalogChanged.code()) {
            return true;
        }
        let gone = |record: &LineRecord| {
            record.sending.is_some()
                && record.level_after.is_none()
                && matches!(record.state, LineState::Suspect | LineState::Unresolved)
        };
        self.ports.shop.doubts_changes() || self.findings.book.lines().iter().any(gone)
    }

    fn summary(&self, outcome: Outcome, failure: Option<Failure>) -> RunSummary {
        let findings = &self.findings;
        let ending = Ending {
            run: self.request,
            outcome,
            failure,
            facts: findings.facts,
            lines: findings.book.lines(),
            started_at: self.started_at,
            finished_at: self.ports.clock.now(),
            state: &self.settings.state,
        };
        ending.summary(&Observed {
            reading: findings.reading,
            trips: &findings.trips,
            skips: &findings.skips,
            new_skips: findings.new_skips,
            near_misses: &findings.near_misses,
            misspelled: &findings.misspelled,
            unmatched_warehouses: &findings.unmatched_warehouses,
            notes: &findings.notes,
            requests: self.ports.shop.requests(),
            waited_ms: self.ports.shop.waited_ms(),
        })
    }
}
