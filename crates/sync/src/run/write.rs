//! Writing: one batch at a time, each in the journal before its bytes leave, each settled before the next.
//!
//! What is common to all catalogs stands here. How a write without a clean answer is settled is the shop's:
//! `evidence.rs` for deltas, `revision.rs` for compare-and-swap.

mod evidence;
mod outgoing;
mod revision;
mod send;

use std::collections::VecDeque;

use domain::run::{FailedAt, Failure};
use domain::write::batch;
use domain::write::settle::Settling;
use domain::{Direction, Level, Line, LineState};

use super::{Abort, Run};
use crate::observer::Event;
use crate::ports::{LineRecord, LineUpdate, ShopError, ShopErrorClass, StateError};
use outgoing::{History, Outgoing};
use send::{Open, Reply};

/// So many calls in a row without a clean answer end the run: the shop or the way to it is not well.
const UNCLEAR_IN_A_ROW: u32 = 3;
/// The first pause before a call is tried again that never left; it doubles. In milliseconds.
const FIRST_PAUSE_MS: i64 = 1_000;

/// For how long a run sends a line alone after Wix left it out, in milliseconds: a week.
const REMEMBERED_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// The code of a run that used up what it may.
pub const BUDGET_SPENT: &str = "budget_spent";

impl Run<'_> {
    pub(super) async fn write(&mut self) -> Result<(), Abort> {
        let terms = self.ports.unless_stopped(self.ports.shop.connect()).await?;
        let since = self.ports.clock.now() - REMEMBERED_MS;
        let alone = self.ports.store.left_out(&self.request.shop, since).await?.into_iter().collect();
        let planned = self.findings.book.in_state(LineState::Planned).map(|record| record.line.clone());
        let batches = batch::cut(planned, terms.batches.within(self.settings.write_batch), &alone);
        let mut left: VecDeque<Outgoing> = batches.into_iter().map(Outgoing::new).collect();
        let of = count(left.iter().map(|outgoing| outgoing.batch.lines.len()).sum());
        self.ports.observer.event(&Event::Writing { lines: of });
        let mut unclear_in_a_row = 0;
        while let Some(outgoing) = left.pop_front() {
            self.may_go_on()?;
            let reply = self.send(&outgoing).await?;
            unclear_in_a_row = if reply.is_unclear() { unclear_in_a_row + 1 } else { 0 };
            let again = self.follow_up(outgoing, reply, terms.settling, unclear_in_a_row).await?;
            for again in again.into_iter().rev() {
                left.push_front(again);
            }
            outgoing::lowerings_first(&mut left);
            let waiting: usize = left.iter().map(|outgoing| outgoing.batch.lines.len()).sum();
            self.ports.observer.event(&Event::Wrote { done: of.saturating_sub(count(waiting)), of });
        }
        Ok(())
    }

    /// Settles what needs settling, and gives what has to go out again.
    async fn follow_up(
        &mut self,
        outgoing: Outgoing,
        reply: Reply,
        settling: Settling,
        unclear_in_a_row: u32,
    ) -> Result<Vec<Outgoing>, Abort> {
        let may_try_again = unclear_in_a_row < UNCLEAR_IN_A_ROW;
        match (reply, settling) {
            (Reply::Clear, _) => Ok(Vec::new()),
            (Reply::Unsent(_), _) if may_try_again => self.after_a_pause(outgoing, unclear_in_a_row).await,
            (Reply::Unsent(error), _) => Err(error.into()),
            // Nothing gets through for minutes, so nothing can be settled now. The next run finds these lines.
            (Reply::Open(open), _)
                if open.error().is_some_and(|error| error.class == ShopErrorClass::Blocked) =>
            {
                Err(open.error().cloned().map_or_else(|| StateError::defect("no error").into(), Into::into))
            }
            (Reply::Open(open), Settling::Evidence) => {
                self.settle_by_evidence(outgoing, open, may_try_again).await
            }
            (Reply::Open(open), Settling::Revision) => {
                self.settle_by_revision(outgoing, open, may_try_again).await
            }
        }
    }

    /// A batch that never left goes out again, a little later each time.
    async fn after_a_pause(
        &mut self,
        outgoing: Outgoing,
        unclear_in_a_row: u32,
    ) -> Result<Vec<Outgoing>, Abort> {
        let pause = FIRST_PAUSE_MS << unclear_in_a_row.saturating_sub(1).min(10);
        self.ports.pause_until(self.ports.clock.now() + pause).await?;
        let Outgoing { batch, history } = outgoing;
        let lines = batch.lines.into_iter().map(|line| (line.change.clone(), line)).collect();
        self.again(lines, history, history.may_have_landed()).await
    }

    /// New lines in the place of others, one batch for each direction. `as_copies`: each new line
    /// has one effect with the one that it replaces, whichever lands; see [`Line::is_copy`].
    async fn again(
        &mut self,
        lines: Vec<(domain::Change, Line)>,
        history: History,
        as_copies: bool,
    ) -> Result<Vec<Outgoing>, Abort> {
        let mut updates = Vec::with_capacity(lines.len());
        let mut added: Vec<LineRecord> = Vec::with_capacity(lines.len());
        for (change, line) in lines {
            updates.push(self.findings.book.replaced(line.seq, as_copies)?);
            added.push(self.findings.book.add(change, LineState::Planned, Some(line.seq), as_copies));
        }
        if added.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.ports.clock.now();
        self.ports.store.update(&self.request.id, &self.keeper.fence, now, &updates, &added).await?;
        let lines = added.into_iter().map(|record| record.line);
        let (lower, raise): (Vec<_>, Vec<_>) = lines.partition(|line| line.direction() == Direction::Lower);
        let batches = [lower, raise].into_iter().filter(|lines| !lines.is_empty());
        Ok(batches.map(|lines| Outgoing { batch: domain::Batch { lines }, history }).collect())
    }

    /// Whether the run may send another batch.
    pub(super) fn may_go_on(&self) -> Result<(), Abort> {
        if self.ports.stop.is_cancelled() {
            return Err(Abort::Interrupted);
        }
        if self.ports.shop.requests() >= self.settings.budget.requests {
            return Err(Abort::Failed(self.budget_spent()));
        }
        Ok(())
    }

    /// The failure of a run that has used up what it may.
    pub(super) fn budget_spent(&self) -> Failure {
        let seconds = (self.ports.clock.now() - self.started_at) / 1_000;
        Failure {
            at: FailedAt::Shop,
            code: BUDGET_SPENT.to_owned(),
            detail: format!("{} requests, {seconds} s", self.ports.shop.requests()),
        }
    }

    /// Steps lines to new states, here and in the journal.
    async fn record(&mut self, steps: &[Step<'_>]) -> Result<(), Abort> {
        let mut updates = Vec::with_capacity(steps.len());
        for step in steps {
            updates.push(self.findings.book.step(step.seq, step.state, step.level_after, step.detail)?);
        }
        self.commit(&updates).await?;
        Ok(())
    }

    /// Commits states to the journal.
    pub(super) async fn commit(&self, updates: &[LineUpdate]) -> Result<(), StateError> {
        if updates.is_empty() {
            return Ok(());
        }
        let now = self.ports.clock.now();
        self.ports.store.update(&self.request.id, &self.keeper.fence, now, updates, &[]).await
    }
}

/// A line's step to a new state.
struct Step<'a> {
    seq: u32,
    state: LineState,
    level_after: Option<Level>,
    detail: Option<&'a str>,
}

impl<'a> Step<'a> {
    fn new(line: &Line, state: LineState, detail: Option<&'a str>) -> Self {
        Self { seq: line.seq, state, level_after: None, detail }
    }
}

/// What Wix said of the call, as the detail of its lines.
fn detail_of(error: Option<&ShopError>) -> Option<String> {
    error.map(|error| error.detail.clone())
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
