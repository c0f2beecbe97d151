//! One run: read → plan → guard → write → verify → report.

mod apply;
mod book;
mod finish;
mod plan;
mod reading;
mod verify;
mod write;

use domain::guard::Trip;
use domain::plan::Facts;
use domain::recheck::{Stale, StaleLine};
use domain::report::{LineError, Note};
use domain::run::{FailedAt, Failure};
use domain::skip::Skip;
use domain::{
    LineState, Outcome, Policy, ReadChoice, RunId, RunKind, RunSummary, Scope, ShopName, SkipReason, Sku,
    UnixMillis, WriteBatch,
};
use futures::future::{Either, join, select};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::lease::Keeper;
use crate::observer::{Event, Observer};
use crate::ports::{
    Clock, Fence, Journal, Leases, LineRecord, ListingMaps, NewRun, Pauses, Runs, Shop, ShopError,
    StateError, Tasks, Warehouse, WarehouseError,
};
use crate::recover;
pub use apply::REFUSALS;
use book::LineBook;
pub use write::BUDGET_SPENT;

/// The world, as a run reaches it.
pub struct Ports<'a> {
    /// The shop to write.
    pub shop: &'a dyn Shop,
    /// The source of truth.
    pub warehouse: &'a dyn Warehouse,
    /// The record of runs.
    pub runs: &'a dyn Runs,
    /// Those of them that are tasks.
    pub tasks: &'a dyn Tasks,
    /// Shops that are not written to for now.
    pub pauses: &'a dyn Pauses,
    /// The leases of shops.
    pub leases: &'a dyn Leases,
    /// The journal of lines.
    pub journal: &'a dyn Journal,
    /// What is remembered of shops.
    pub maps: &'a dyn ListingMaps,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Who listens.
    pub observer: &'a dyn Observer,
    /// Ends the run at the next safe point.
    pub stop: &'a CancellationToken,
}

impl Ports<'_> {
    /// Runs `reading` to its end unless the user stops the run: a read may be dropped at any moment.
    pub(crate) async fn unless_stopped<T, E: Into<Halt>>(
        &self,
        reading: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Halt> {
        let stopped = std::pin::pin!(self.stop.cancelled());
        match select(std::pin::pin!(reading), stopped).await {
            Either::Left((result, _)) => result.map_err(Into::into),
            Either::Right(((), _)) => Err(Halt::Interrupted),
        }
    }

    /// Waits until `moment`, unless the user stops the run.
    pub(crate) async fn pause_until(&self, moment: UnixMillis) -> Result<(), Halt> {
        let stopped = std::pin::pin!(self.stop.cancelled());
        match select(std::pin::pin!(self.clock.sleep_until(moment)), stopped).await {
            Either::Left(_) => Ok(()),
            Either::Right(_) => Err(Halt::Interrupted),
        }
    }
}

/// What a run is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Bring the shop to the warehouse's stock.
    Sync {
        /// Plan only.
        dry_run: bool,
    },
    /// Plan, and keep the plan.
    Plan,
    /// Write a kept plan as far as it still holds.
    Apply {
        /// The run that made the plan.
        plan: RunId,
    },
    /// Write these quantities, in units, instead of the warehouse's.
    Set {
        /// SKU and quantity.
        quantities: Vec<(Sku, u32)>,
    },
}

impl Work {
    /// The kind under which the run is recorded.
    #[must_use]
    pub fn kind(&self) -> RunKind {
        match self {
            Self::Sync { .. } => RunKind::Sync,
            Self::Plan => RunKind::Plan,
            Self::Apply { .. } => RunKind::Apply,
            Self::Set { .. } => RunKind::Set,
        }
    }

    fn writes_nothing(&self) -> bool {
        matches!(self, Self::Plan | Self::Sync { dry_run: true })
    }
}

/// A request for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRequest {
    /// The id that the run will have.
    pub id: RunId,
    /// Of which shop.
    pub shop: ShopName,
    /// What to do.
    pub work: Work,
    /// The SKUs to look at. For `Set` and `Apply` what they name decides.
    pub scope: Scope,
    /// The rules to plan under.
    pub policy: Policy,
}

/// The settings of a run.
#[derive(Debug, Clone)]
pub struct RunSettings {
    /// Entries in a write call.
    pub write_batch: WriteBatch,
    /// Added wait after an unknown outcome, and how long a read may lag a write, in milliseconds.
    pub settle_ms: i64,
    /// What a run may use up before it is ended.
    pub budget: Budget,
    /// The state database as the report names it: without credentials.
    pub state: String,
}

/// What a run may use up. A shop that answers without end must not keep a run going for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Requests to Wix.
    pub requests: u64,
    /// Time from its start, in milliseconds.
    pub duration_ms: i64,
}

impl Default for Budget {
    /// 20,000 requests and six hours: 100,000 SKUs that all change need a tenth of both.
    fn default() -> Self {
        Self { requests: 20_000, duration_ms: 6 * 60 * 60 * 1_000 }
    }
}

/// Why a run ends before its work is done.
pub(crate) enum Halt {
    Failed(Failure),
    Interrupted,
    /// The state database cannot be written, so nothing more can be recorded.
    State(StateError),
}

impl From<ShopError> for Halt {
    fn from(error: ShopError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<WarehouseError> for Halt {
    fn from(error: WarehouseError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<StateError> for Halt {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Paused => Self::Failed(Failure {
                at: FailedAt::Shop,
                code: SHOP_PAUSED.to_owned(),
                detail: String::new(),
            }),
            error => Self::State(error),
        }
    }
}

/// The code of a run that was not let write, since the shop is paused.
pub const SHOP_PAUSED: &str = "shop_paused";

/// What a run has found out and done so far.
#[derive(Default)]
struct Findings {
    /// How the shop was read.
    reading: Option<ReadChoice>,
    facts: Facts,
    skips: Vec<Skip>,
    notes: Vec<Note>,
    trips: Vec<Trip>,
    /// Whether an apply left lines out because they no longer held.
    stale: bool,
    batches: u32,
    book: LineBook,
}

struct Run<'a> {
    /// Their `stop` is also cancelled when the run's time is spent.
    ports: &'a Ports<'a>,
    /// Cancelled by the user alone.
    asked_to_stop: &'a CancellationToken,
    request: &'a RunRequest,
    settings: &'a RunSettings,
    keeper: &'a Keeper<'a>,
    started_at: UnixMillis,
    /// Whether it is a task.
    durable: bool,
    /// The number of its first line.
    first_seq: u32,
    findings: Findings,
}

/// Executes a run under a lease, which is kept while the run goes on and given back at its end. The record is
/// written first and its end last.
pub(crate) async fn under_lease(
    ports: &Ports<'_>,
    request: &RunRequest,
    settings: &RunSettings,
    own: &NewRun,
    fence: Fence,
    expires_at: UnixMillis,
) -> Result<RunSummary, StateError> {
    let keeper = Keeper::new(ports.leases, ports.clock, fence, expires_at);
    let stop = ports.stop.child_token();
    let bounded = Ports { stop: &stop, ..*ports };
    let run = recorded(&bounded, ports.stop, request, settings, own, &keeper).instrument(span(own));
    let alarm = cancel_at(ports.clock, ports.clock.now() + settings.budget.duration_ms, &stop);
    let beside = join(keeper.keep(), alarm);
    let summary = match select(std::pin::pin!(run), std::pin::pin!(beside)).await {
        Either::Left((summary, _)) => summary,
        Either::Right(((never, ()), _)) => match never {},
    };
    // A lease that cannot be given back runs out by itself; what the run has recorded stands.
    let _ = ports.leases.release(&keeper.fence).await;
    summary
}

/// The trace of a run.
fn span(run: &NewRun) -> tracing::Span {
    tracing::info_span!("run", run_id = %run.id, shop = %run.shop, kind = %run.kind)
}

/// Stops at `moment` whatever listens to `stop`, at its next safe point.
async fn cancel_at(clock: &dyn Clock, moment: UnixMillis, stop: &CancellationToken) {
    clock.sleep_until(moment).await;
    stop.cancel();
}

async fn recorded(
    ports: &Ports<'_>,
    asked_to_stop: &CancellationToken,
    request: &RunRequest,
    settings: &RunSettings,
    own: &NewRun,
    keeper: &Keeper<'_>,
) -> Result<RunSummary, StateError> {
    if let Some(summary) = recover::take_over(ports, settings, keeper, own).await? {
        return Ok(summary);
    }
    let started_at = ports.clock.now();
    ports.runs.start(own, &keeper.fence, started_at).await?;
    let first_seq = if own.durable { ports.journal.next_seq(&own.id).await? } else { 0 };
    ports.observer.event(&Event::Started {
        run: &own.id,
        shop: &own.shop,
        kind: own.kind,
        dry_run: own.dry_run,
        plan: own.plan.as_ref(),
    });
    let findings = Findings::default();
    let durable = own.durable;
    let mut run =
        Run { ports, asked_to_stop, request, settings, keeper, started_at, durable, first_seq, findings };
    let end = run.work().await;
    run.finish(end).await
}

pub(crate) fn record_of(request: &RunRequest, created_at: UnixMillis) -> NewRun {
    let scope = match &request.work {
        Work::Set { quantities } => Scope::Skus(quantities.iter().map(|(sku, _)| sku.clone()).collect()),
        _ => request.scope.clone(),
    };
    NewRun {
        id: request.id.clone(),
        shop: request.shop.clone(),
        kind: request.work.kind(),
        dry_run: request.work.writes_nothing(),
        scope,
        policy: request.policy,
        plan: match &request.work {
            Work::Apply { plan } => Some(plan.clone()),
            _ => None,
        },
        quantities: match &request.work {
            Work::Set { quantities } => quantities.clone(),
            _ => Vec::new(),
        },
        durable: false,
        created_at,
    }
}

impl Run<'_> {
    async fn work(&mut self) -> Result<Outcome, Halt> {
        let paused = self.ports.pauses.paused_since(&self.request.shop).await?;
        if paused.is_some() && !self.request.work.writes_nothing() {
            return Err(StateError::Paused.into());
        }
        recover::close_abandoned(self.ports, self.settings, self.keeper, &self.request.id).await?;
        match &self.request.work {
            Work::Apply { plan } => self.adopt(plan).await?,
            Work::Set { quantities } => self.plan_explicit(quantities).await?,
            Work::Sync { .. } | Work::Plan => {
                self.plan_from_warehouse().await?;
                self.guard().await?;
            }
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
        let named_in_vain = match self.request.work {
            Work::Set { .. } => !self.findings.skips.is_empty(),
            Work::Sync { .. } => self.findings.skips.iter().any(|skip| skip.reason == SkipReason::UnknownSku),
            Work::Plan | Work::Apply { .. } => false,
        };
        Outcome::of(&self.findings.book.counters(), self.findings.stale || named_in_vain)
    }
}

/// The lines that went wrong.
pub(crate) fn line_errors(lines: &[LineRecord]) -> impl Iterator<Item = LineError> {
    let wrong = |state| matches!(state, LineState::Rejected | LineState::Suspect | LineState::Unresolved);
    lines.iter().filter(move |record| wrong(record.state.at_end())).map(|record| LineError {
        sku: record.line.change.sku.clone(),
        state: record.state.at_end(),
        detail: record.detail.clone().unwrap_or_default(),
    })
}

/// The lines of a plan that were left out: those that no longer hold first, then those that are reached.
pub(crate) fn stale_lines(lines: &[LineRecord]) -> impl Iterator<Item = StaleLine> {
    let stale = |record: &LineRecord| {
        let why = Stale::of_line(record.state, record.detail.as_deref())?;
        Some(StaleLine { sku: record.line.change.sku.clone(), why })
    };
    let (here, there) = (lines.iter().filter_map(stale), lines.iter().filter_map(stale));
    let reached = |line: &StaleLine| line.why == Stale::Reached;
    here.filter(move |line| !reached(line)).chain(there.filter(reached))
}
