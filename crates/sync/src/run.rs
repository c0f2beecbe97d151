//! One run: read → plan → guard → write → verify → report.

mod apply;
mod book;
mod finish;
mod last_look;
mod new_items;
mod plan;
mod reading;
mod verify;
mod write;

use domain::admission::record::Work;
use domain::listing::map::MapUpdate;
use domain::plan::Facts;
use domain::plan::Note;
use domain::plan::guard::Trip;
use domain::plan::skip::Skip;
use domain::stock::UnmatchedWarehouse;
use domain::stock::near_miss::{Misspelled, NearMiss};
use domain::{Outcome, ReadChoice, RunSummary, SkipReason, UnixMillis};
use futures::future::{Either, join, select};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

pub use crate::context::SHOP_PAUSED;
use crate::context::{Abort, Ports, RunSettings};
use crate::lease::LeaseKeeper;
use crate::observer::Event;
use crate::ports::{Clock, Fence, NewRun, StateError};
use crate::recover;
use crate::summary::another_writer_of;
pub use apply::{REFUSALS, plan_is_expired};
use book::LineBook;
pub use write::BUDGET_SPENT;

/// What a run has read, planned and written so far.
#[derive(Default)]
struct Findings {
    /// How the shop was read.
    reading: Option<ReadChoice>,
    /// The head of the listing map that this run made by a whole read.
    made_map: Option<MapUpdate>,
    facts: Facts,
    skips: Vec<Skip>,
    /// How many of them the plan before did not leave alone, where that is known.
    new_skips: Option<u64>,
    /// SKUs that nearly match.
    near_misses: Vec<NearMiss>,
    /// SKUs that the user named, and may have misspelled.
    misspelled: Vec<Misspelled>,
    unmatched_warehouses: Vec<UnmatchedWarehouse>,
    notes: Vec<Note>,
    trips: Vec<Trip>,
    /// Whether an apply left out lines because they no longer held.
    stale: bool,
    batches: u32,
    book: LineBook,
}

struct Run<'a> {
    /// Their `stop` is also canceled when the run has used up its time.
    ports: &'a Ports<'a>,
    /// Canceled only by the user or the system.
    asked_to_stop: &'a CancellationToken,
    request: &'a NewRun,
    settings: &'a RunSettings,
    keeper: &'a LeaseKeeper<'a>,
    started_at: UnixMillis,
    /// The number of its first line.
    first_seq: u32,
    findings: Findings,
}

/// Executes a run under a lease. Renews the lease while the run works and releases it afterward. The record of the
/// run is written before anything else, its end last.
pub(crate) async fn under_lease(
    ports: &Ports<'_>,
    own: &NewRun,
    settings: &RunSettings,
    fence: Fence,
    expires_at: UnixMillis,
) -> Result<RunSummary, StateError> {
    let keeper = LeaseKeeper::new(ports.store, ports.clock, fence, expires_at);
    let stop = ports.stop.child_token();
    let bounded = Ports { stop: &stop, ..*ports };
    let run = execute_and_record(&bounded, ports.stop, own, settings, &keeper).instrument(span(own));
    let deadline = cancel_at(ports.clock, ports.clock.now() + settings.budget.duration_ms, &stop);
    let background = join(keeper.keep(), deadline);
    let summary = match select(std::pin::pin!(run), std::pin::pin!(background)).await {
        Either::Left((summary, _)) => summary,
        Either::Right(((never, ()), _)) => match never {},
    };
    // A lease that cannot be released expires by itself. The run's records are complete.
    let _ = ports.store.release(&keeper.fence).await;
    summary
}

/// The tracing span of a run.
fn span(run: &NewRun) -> tracing::Span {
    tracing::info_span!("run", run_id = %run.id, shop = %run.shop, kind = %run.kind())
}

/// Cancels `stop` at `moment`, so that the run ends at its next safe point.
async fn cancel_at(clock: &dyn Clock, moment: UnixMillis, stop: &CancellationToken) {
    clock.sleep_until(moment).await;
    stop.cancel();
}

async fn execute_and_record(
    ports: &Ports<'_>,
    asked_to_stop: &CancellationToken,
    request: &NewRun,
    settings: &RunSettings,
    keeper: &LeaseKeeper<'_>,
) -> Result<RunSummary, StateError> {
    if let Some(summary) = recover::take_over(ports, settings, keeper, request).await? {
        return Ok(summary);
    }
    let started_at = ports.clock.now();
    ports.store.start(request, &keeper.fence, started_at).await?;
    let first_seq = if request.durable { ports.store.next_seq(&request.id).await? } else { 0 };
    ports.observer.event(&Event::Started {
        run: &request.id,
        shop: &request.shop,
        kind: request.kind(),
        dry_run: request.dry_run(),
        plan: request.work.plan(),
    });
    let findings = Findings::default();
    let mut run = Run { ports, asked_to_stop, request, settings, keeper, started_at, first_seq, findings };
    let end = run.work().await;
    run.finish(end).await
}

impl Run<'_> {
    async fn work(&mut self) -> Result<Outcome, Abort> {
        let paused = self.ports.store.paused_since(&self.request.shop).await?;
        if paused.is_some() && !self.request.work.writes_nothing() {
            return Err(StateError::Paused.into());
        }
        recover::close_abandoned(self.ports, self.settings, self.keeper, &self.request.id).await?;
        match &self.request.work {
            Work::Apply { plan } => self.apply_plan(plan).await?,
            Work::Set { quantities } => self.plan_explicit(quantities).await?,
            Work::Sync { .. } | Work::Plan => self.plan_from_warehouse().await?,
        }
        if !self.findings.trips.is_empty() {
            return Ok(Outcome::HeldByGuard);
        }
        if self.request.work.writes_nothing() {
            return Ok(Outcome::Planned);
        }
        self.write().await?;
        self.verify().await?;
        Ok(self.outcome())
    }

    fn outcome(&self) -> Outcome {
        let left_out = match self.request.work {
            Work::Set { .. } => !self.findings.skips.is_empty(),
            Work::Sync { .. } => {
                let counts = [SkipReason::UnknownSku, SkipReason::ItemNotMade];
                self.findings.skips.iter().any(|skip| counts.contains(&skip.reason))
            }
            Work::Plan | Work::Apply { .. } => false,
        };
        let alarm = another_writer_of(self.findings.book.lines()).is_some();
        Outcome::of(&self.findings.book.counters(), self.findings.stale || left_out || alarm)
    }
}
