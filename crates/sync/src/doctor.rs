//! The check-up: tests everything that a run needs, and writes nothing to the shop.
//!
//! A failed check does not stop the others, unless they need what it could not read.

use std::collections::HashSet;

use domain::checkup::{self, Check, CheckId, LastRun, Status};
use domain::listing::drift::{Drift, Sighting};
use domain::plan::guard::Baseline;
use domain::plan::guard::{self, Past};
use domain::plan::{Facts, Plan};
use domain::run::Failure;
use domain::write::another_writer::AnotherWriter;
use domain::{Level, LineState, Listing, Outcome, Policy, RunSummary, Scope, ShopName, Sku, Stock};

use crate::Observer;
use crate::ports::{
    Clock, Journal, LineRecord, Pauses, RunFilter, RunRecord, Runs, Shop, ShopError, ShopErrorClass,
    StateError, Warehouse, WarehouseError, WarehouseRead, Watch,
};
use crate::without_item::without_item;

/// How many past runs are searched for signs of another writer.
const MAX_RUNS: u32 = 20;
/// How many lines of those runs are held in memory, newest runs first. A line takes a few hundred bytes.
const MAX_LINES: u32 = 200_000;

/// What is checked; `None` for what could not be opened.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The shop.
    pub shop: Option<&'a dyn Shop>,
    /// The warehouse.
    pub warehouse: Option<&'a dyn Warehouse>,
    /// The records of earlier runs.
    pub records: Option<Records<'a>>,
    /// The clock.
    pub clock: &'a dyn Clock,
    /// Receives the progress of the reads.
    pub observer: &'a dyn Observer,
}

/// The stored records of earlier runs.
#[derive(Clone, Copy)]
pub struct Records<'a> {
    /// The record of runs.
    pub runs: &'a dyn Runs,
    /// The journal of lines.
    pub journal: &'a dyn Journal,
    /// The pauses of shops.
    pub pauses: &'a dyn Pauses,
    /// Figures of shops.
    pub watch: &'a dyn Watch,
}

/// The shop that is checked, and its settings.
#[derive(Debug, Clone, Copy)]
pub struct DoctorTarget<'a> {
    /// The shop.
    pub shop: &'a ShopName,
    /// The rules under which its runs plan.
    pub policy: Policy,
    /// The limit of its request window; `None` if there is none.
    pub window: Option<u64>,
    /// Whether requests keep a pace.
    pub is_paced: bool,
}

/// A window that stays closed for longer than this is not waited for, in milliseconds.
const LONG_CLOSED_MS: i64 = 2 * 60 * 1_000;

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckOutcome {
    /// The check was made.
    Made(Check),
    /// The check could not be made, because the shop or the warehouse failed.
    Failed(CheckId, Failure),
    /// The checks of earlier runs could not be made, because the state database failed.
    StateFailed(StateError),
}

/// The outcomes of all checks.
#[derive(Debug)]
pub struct Examination {
    /// In the order of [`CheckId`], without checks that depend on a failed one.
    pub outcomes: Vec<CheckOutcome>,
    /// A SKU of the warehouse, if possible one that the shop has too.
    pub sample: Option<Sku>,
}

/// Makes all checks.
pub async fn examine(sources: Sources<'_>, target: DoctorTarget<'_>) -> Examination {
    let mut outcomes = Vec::new();
    let past = match sources.records {
        None => None,
        Some(records) => match read_past_runs(records, target, sources.clock).await {
            Ok(past) => Some(past),
            Err(error) => {
                outcomes.push(CheckOutcome::StateFailed(error));
                None
            }
        },
    };
    // The shop is read first, as in a run, so that a sale between the reads errs toward selling too little.
    let closed_for_ms = past.as_ref().map_or(0, |past| past.closed_for_ms);
    let mut listings = match sources.shop {
        None => None,
        // Reading would wait for all that time.
        Some(_) if closed_for_ms > LONG_CLOSED_MS => {
            let error = ShopError::new(ShopErrorClass::Blocked, format!("{} s", closed_for_ms / 1_000));
            outcomes.push(CheckOutcome::Failed(CheckId::Key, error.into()));
            None
        }
        Some(shop) => read_shop(shop, sources, &mut outcomes).await,
    };
    let read = match sources.warehouse {
        None => None,
        Some(warehouse) => read_warehouse(warehouse, &mut outcomes).await,
    };
    if let (Some(shop), Some(listings), Some((stock, _))) = (sources.shop, &mut listings, &read) {
        match without_item(shop, stock, &Scope::All, listings).await {
            Ok(found) => listings.extend(found),
            Err(error) => outcomes.push(CheckOutcome::Failed(CheckId::NoLevel, error.into())),
        }
    }
    if let (Some(listings), Some((stock, facts))) = (&listings, &read) {
        let guarded = past.as_ref().map(PastRuns::guarded).unwrap_or_default();
        outcomes.extend(
            compare(stock, *facts, listings, target.policy, &guarded).into_iter().map(CheckOutcome::Made),
        );
    }
    if let Some(past) = past {
        outcomes.extend(past.checks(listings.as_deref(), target.window).into_iter().map(CheckOutcome::Made));
    }
    outcomes.sort_by_key(CheckOutcome::id);
    let sample = read.and_then(|(stock, _)| sample(&stock, listings.as_deref().unwrap_or_default()));
    Examination { outcomes, sample }
}

fn sample(stock: &Stock, listings: &[Listing]) -> Option<Sku> {
    let in_shop: HashSet<&Sku> = listings.iter().filter_map(|listing| listing.sku.as_ref()).collect();
    let of_both = stock.iter().map(|(sku, _)| sku).find(|sku| in_shop.contains(sku));
    of_both.or(stock.iter().map(|(sku, _)| sku).next()).cloned()
}

impl CheckOutcome {
    /// The check.
    #[must_use]
    pub fn id(&self) -> CheckId {
        match self {
            Self::Made(check) => check.id,
            Self::Failed(id, _) => *id,
            Self::StateFailed(_) => CheckId::State,
        }
    }

    /// How bad it is.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Made(check) => check.status(),
            Self::Failed(..) | Self::StateFailed(_) => Status::Failed,
        }
    }
}

/// Checks the key, the clock, the catalog and the goods. Gives the listings if all could be read.
async fn read_shop(
    shop: &dyn Shop,
    sources: Sources<'_>,
    outcomes: &mut Vec<CheckOutcome>,
) -> Option<Vec<Listing>> {
    let connected = shop.connect().await;
    if let Some(time) = shop.server_time() {
        let ahead = time.saturating_sub(sources.clock.now());
        outcomes.push(CheckOutcome::Made(checkup::of_clock(ahead)));
    }
    let terms = match connected {
        Ok(terms) => terms,
        Err(error) => {
            // Wix tells the catalog version only to a client with a valid key.
            if is_about_the_catalog(&error) {
                outcomes.push(CheckOutcome::Made(Check::ok(CheckId::Key, 0, 0)));
                outcomes.push(CheckOutcome::Failed(CheckId::Catalog, error.into()));
            } else {
                outcomes.push(CheckOutcome::Failed(CheckId::Key, error.into()));
            }
            return None;
        }
    };
    outcomes.push(CheckOutcome::Made(Check::ok(CheckId::Key, 0, 0)));
    outcomes.push(CheckOutcome::Made(checkup::of_catalog(terms.catalog)));
    match shop.read_all(sources.observer).await {
        Ok(catalog) => {
            let listings = u64::try_from(catalog.listings.len()).unwrap_or(u64::MAX);
            outcomes.push(CheckOutcome::Made(Check::ok(CheckId::Read, listings, catalog.products)));
            outcomes.push(read_a_level(shop, &catalog.listings).await);
            Some(catalog.listings)
        }
        Err(error) => {
            outcomes.push(CheckOutcome::Failed(CheckId::Read, error.into()));
            None
        }
    }
}

/// Checks that the key may read inventory. A run without that permission could not read back what it wrote.
async fn read_a_level(shop: &dyn Shop, listings: &[Listing]) -> CheckOutcome {
    let Some(first) = listings.first() else { return CheckOutcome::Made(checkup::of_levels(0)) };
    match shop.levels(std::slice::from_ref(&first.key.product)).await {
        Ok(_) => CheckOutcome::Made(checkup::of_levels(1)),
        Err(error) => CheckOutcome::Failed(CheckId::Levels, error.into()),
    }
}

fn is_about_the_catalog(error: &ShopError) -> bool {
    matches!(
        error.class,
        ShopErrorClass::CatalogNotSupported
            | ShopErrorClass::CatalogChanged
            | ShopErrorClass::CatalogProvisioning
            | ShopErrorClass::StoresNotInstalled
    )
}

/// What the warehouse alone shows; gives its sums where it could be read.
async fn read_warehouse(
    warehouse: &dyn Warehouse,
    outcomes: &mut Vec<CheckOutcome>,
) -> Option<(Stock, Facts)> {
    let WarehouseRead { rows, warehouses } = match warehouse.read().await {
        Ok(read) => read,
        Err(error) => {
            outcomes.push(CheckOutcome::Failed(CheckId::Warehouse, error.into()));
            return None;
        }
    };
    let stock = Stock::sum(&rows, &warehouses);
    let facts = Plan::make(&stock, &[], Policy::default(), &Scope::All).facts;
    outcomes.push(CheckOutcome::Made(Check::ok(CheckId::Warehouse, facts.with_stock, facts.warehouse_skus)));
    let missing = warehouses.without_rows(&rows);
    let none = !missing.is_empty() && warehouses.chosen() == Some(missing.len());
    for check in checkup::of_warehouse(&rows, &warehouses, &stock) {
        outcomes.push(if none && check.id == CheckId::Selection {
            CheckOutcome::Failed(CheckId::Selection, WarehouseError::no_such(missing.join(", ")).into())
        } else {
            CheckOutcome::Made(check)
        });
    }
    // Without the chosen warehouses, the sums say nothing about the shop.
    (!none).then_some((stock, facts))
}

/// Compares both sides as a run would.
fn compare(stock: &Stock, facts: Facts, listings: &[Listing], policy: Policy, past: &Past) -> Vec<Check> {
    let plan = Plan::make(stock, listings, policy, &Scope::All);
    debug_assert_eq!(plan.facts.with_stock, facts.with_stock, "the stock does not hang on the shop");
    let trips = guard::check(&plan.facts, past);
    checkup::of_both(stock, listings, &plan.facts, trips)
}

/// What the state database says about earlier runs.
struct PastRuns {
    /// Newest first.
    runs: Vec<(RunRecord, Vec<LineRecord>)>,
    baseline: Option<Baseline>,
    another_writer: Option<AnotherWriter>,
    last_good_at: Option<i64>,
    /// The latest moment that is stored, and now.
    latest_moment: (Option<i64>, i64),
    window_used: u64,
    /// How long its window stays closed, in milliseconds.
    closed_for_ms: i64,
    is_slowed: bool,
    is_paused: bool,
    open_tasks: u64,
    /// How long the oldest task that could start has waited, in milliseconds.
    waited_ms: Option<i64>,
}

async fn read_past_runs(
    records: Records<'_>,
    target: DoctorTarget<'_>,
    clock: &dyn Clock,
) -> Result<PastRuns, StateError> {
    let now = clock.now();
    let figures = records.watch.figures(target.shop, now).await?;
    let filter = RunFilter {
        shop: Some(target.shop.clone()),
        limit: MAX_RUNS,
        but_check_ups: true,
        ..RunFilter::default()
    };
    let mut runs = Vec::new();
    let mut room = MAX_LINES;
    for record in records.runs.list(&filter).await? {
        let lines = records.journal.lines_after(&record.run.id, None, room.saturating_add(1)).await?;
        // A part of a run's lines would miss levels that the run wrote later.
        let whole = u32::try_from(lines.len()).ok().and_then(|count| room.checked_sub(count));
        room = whole.unwrap_or(0);
        runs.push((record, whole.map_or_else(Vec::new, |_| lines)));
    }
    Ok(PastRuns {
        runs,
        baseline: records.runs.baseline(target.shop, now).await?,
        another_writer: records.runs.another_writer(target.shop).await?,
        last_good_at: figures.last_converged_at,
        latest_moment: (figures.latest_moment, now),
        window_used: figures.window_used,
        closed_for_ms: figures.window_closed_until.map_or(0, |until| until.saturating_sub(now)),
        is_slowed: target.is_paced && figures.halvings > 0,
        open_tasks: figures.open_tasks,
        waited_ms: figures.waiting_since.map(|since| now.saturating_sub(since)),
        is_paused: records.pauses.paused_since(target.shop).await?.is_some(),
    })
}

impl PastRuns {
    /// What the guard compares with.
    fn guarded(&self) -> Past {
        Past::of(self.baseline, false).with(self.another_writer)
    }

    fn checks(&self, listings: Option<&[Listing]>, window: Option<u64>) -> Vec<Check> {
        let ended = self.runs.iter().filter_map(|(record, _)| record.summary.as_ref());
        let acked = ended.map(|summary| summary.counters.verified + summary.counters.moved_since).sum();
        let drift = Drift::between(self.sightings(listings.unwrap_or_default()));
        let mut checks = vec![
            Check::ok(CheckId::State, 0, 0),
            checkup::of_writes(acked),
            checkup::of_pause(self.is_paused),
            checkup::of_last_run(self.last_run()),
            // Tasks of a paused shop wait until it is resumed.
            checkup::of_tasks(self.open_tasks, self.waited_ms.filter(|_| !self.is_paused)),
            checkup::of_other_writers(&drift, self.another_writer),
        ];
        checks.extend(checkup::of_moments(self.latest_moment.0, self.latest_moment.1));
        let (used, closed, slowed) = (self.window_used, self.closed_for_ms > 0, self.is_slowed);
        checks.extend(window.map(|limit| checkup::of_window(used, limit, closed, slowed)));
        checks
    }

    /// The last run that could change the shop; if there was none, the last plan that failed.
    fn last_run(&self) -> Option<LastRun> {
        let ended = || self.runs.iter().filter_map(|(record, _)| Some((record, record.summary.as_ref()?)));
        let counts = |(record, summary): &(&RunRecord, &RunSummary)| {
            !record.run.dry_run() && !summary.is_only_misspelled()
        };
        let failed = |(_, summary): &(&RunRecord, &RunSummary)| summary.outcome == Outcome::Failed;
        ended().find(counts).or_else(|| ended().find(failed)).map(|(record, summary)| LastRun {
            id: summary.run_id.clone(),
            number: record.number,
            outcome: summary.outcome,
            finished_at: summary.finished_at,
            good_at: self.last_good_at,
        })
    }

    /// What each run saw, the oldest run first, and then what the shop shows now.
    fn sightings(&self, now: &[Listing]) -> Vec<Vec<Sighting>> {
        let runs = self.runs.iter().rev().map(|(_, lines)| sightings_of(lines));
        let now = now.iter().filter_map(|listing| {
            let (sku, read) = (listing.sku.clone()?, listing.level?);
            Some(Sighting { key: listing.key.clone(), sku, read, left: Some(read) })
        });
        runs.chain([now.collect()]).collect()
    }
}

/// The listings that a run's lines concern, each once.
fn sightings_of(lines: &[LineRecord]) -> Vec<Sighting> {
    let mut sightings: Vec<Sighting> = Vec::with_capacity(lines.len());
    let mut sorted: Vec<&LineRecord> = lines.iter().collect();
    sorted.sort_by(|a, b| (&a.line.change.key, a.line.seq).cmp(&(&b.line.change.key, b.line.seq)));
    for record in sorted {
        let change = &record.line.change;
        let Some(read) = record.level_read() else { continue };
        match sightings.last_mut().filter(|last| last.key == change.key) {
            Some(last) => last.left = level_left(record, read),
            None => sightings.push(Sighting {
                key: change.key.clone(),
                sku: change.sku.clone(),
                read,
                left: level_left(record, read),
            }),
        }
    }
    sightings
}

/// The level that the run read last, `None` if it may have changed the level after that. `read` is the level that it
/// read first.
fn level_left(record: &LineRecord, read: Level) -> Option<Level> {
    match record.state {
        LineState::Verified | LineState::MovedSince | LineState::Converged => record.level_after,
        _ if record.sending.is_none() => Some(read),
        _ => None,
    }
}
