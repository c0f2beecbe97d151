//! A check-up: everything that a run needs, looked at before one is made. Nothing is written to the shop.
//!
//! What fails does not keep the rest from being looked at, as far as that makes sense without it.

use std::collections::HashSet;

use domain::checkup::{self, Check, CheckId, LastRun, Status};
use domain::drift::{Drift, Sighting};
use domain::plan::{Facts, Plan};
use domain::run::Failure;
use domain::{Level, LineState, Listing, Policy, RunKind, Scope, ShopName, Sku, Stock, guard};

use crate::Observer;
use crate::ports::{
    Clock, Journal, LineRecord, Pauses, RunFilter, RunRecord, Runs, Shop, ShopError, ShopErrorClass,
    StateError, Warehouse, WarehouseError, WarehouseRead, Watch,
};

/// So many runs back is looked for another writer.
const RUNS: u32 = 20;
/// So many lines of them are held at once, the newest runs' first: some hundred bytes each.
const LINES: u32 = 200_000;

/// What can be looked at; `None` for what could not even be opened.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The shop.
    pub shop: Option<&'a dyn Shop>,
    /// The warehouse.
    pub warehouse: Option<&'a dyn Warehouse>,
    /// The records of earlier runs.
    pub records: Option<Records<'a>>,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Who listens to how far the reading has come.
    pub observer: &'a dyn Observer,
}

/// What is kept between runs.
#[derive(Clone, Copy)]
pub struct Records<'a> {
    /// The record of runs.
    pub runs: &'a dyn Runs,
    /// The journal of lines.
    pub journal: &'a dyn Journal,
    /// Shops that are not written to for now.
    pub pauses: &'a dyn Pauses,
    /// Figures of shops.
    pub watch: &'a dyn Watch,
}

/// What is looked at, and under which settings.
#[derive(Debug, Clone, Copy)]
pub struct DoctorTarget<'a> {
    /// The shop.
    pub shop: &'a ShopName,
    /// The rules of its runs.
    pub policy: Policy,
    /// Requests that its window holds; `None` where there is no limit.
    pub window: Option<u64>,
}

/// What came of one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// It could be judged.
    At(Check),
    /// The shop or the warehouse did not give what had to be looked at.
    Failed(CheckId, Failure),
    /// The state database did not.
    StateFailed(StateError),
}

/// What came of all looks.
#[derive(Debug)]
pub struct Examined {
    /// In the order of [`CheckId`]. What could not be looked at is left out.
    pub looks: Vec<Look>,
    /// A SKU of the warehouse: one that the shop has too, where there is any.
    pub sample: Option<Sku>,
}

/// Looks at everything.
pub async fn examine(sources: Sources<'_>, target: DoctorTarget<'_>) -> Examined {
    let mut looks = Vec::new();
    let past = match sources.records {
        None => None,
        Some(records) => match past(records, target, sources.clock).await {
            Ok(past) => Some(past),
            Err(error) => {
                looks.push(Look::StateFailed(error));
                None
            }
        },
    };
    // The shop first, as in a run: a sale in between then looks like too few, never like too many.
    let listings = match sources.shop {
        None => None,
        Some(shop) => read_shop(shop, sources, &mut looks).await,
    };
    let read = match sources.warehouse {
        None => None,
        Some(warehouse) => read_warehouse(warehouse, &mut looks).await,
    };
    if let (Some(listings), Some((stock, facts))) = (&listings, &read) {
        let last_good = past.as_ref().and_then(|past| past.last_good_skus);
        looks.extend(both(stock, *facts, listings, target.policy, last_good).into_iter().map(Look::At));
    }
    if let Some(past) = past {
        looks.extend(past.looks(listings.as_deref(), target.window).into_iter().map(Look::At));
    }
    looks.sort_by_key(Look::id);
    let sample = read.and_then(|(stock, _)| sample(&stock, listings.as_deref().unwrap_or_default()));
    Examined { looks, sample }
}

fn sample(stock: &Stock, listings: &[Listing]) -> Option<Sku> {
    let in_shop: HashSet<&Sku> = listings.iter().filter_map(|listing| listing.sku.as_ref()).collect();
    let of_both = stock.iter().map(|(sku, _)| sku).find(|sku| in_shop.contains(sku));
    of_both.or(stock.iter().map(|(sku, _)| sku).next()).cloned()
}

impl Look {
    /// What was looked at.
    #[must_use]
    pub fn id(&self) -> CheckId {
        match self {
            Self::At(check) => check.id,
            Self::Failed(id, _) => *id,
            Self::StateFailed(_) => CheckId::State,
        }
    }

    /// How bad it is.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::At(check) => check.status(),
            Self::Failed(..) | Self::StateFailed(_) => Status::Failed,
        }
    }
}

/// The key, the clock, the catalog and the goods; gives the listings where all went well.
async fn read_shop(shop: &dyn Shop, sources: Sources<'_>, looks: &mut Vec<Look>) -> Option<Vec<Listing>> {
    let connected = shop.connect().await;
    if let Some(time) = shop.server_time() {
        let ahead = time.saturating_sub(sources.clock.now());
        looks.push(Look::At(checkup::of_clock(ahead)));
    }
    if let Err(error) = connected {
        // Whoever is told on which catalog the site is has shown a key that is accepted.
        if is_about_the_catalog(&error) {
            looks.push(Look::At(Check::ok(CheckId::Key, 0, 0)));
            looks.push(Look::Failed(CheckId::Catalog, error.into()));
        } else {
            looks.push(Look::Failed(CheckId::Key, error.into()));
        }
        return None;
    }
    looks.push(Look::At(Check::ok(CheckId::Key, 0, 0)));
    looks.push(Look::At(Check::ok(CheckId::Catalog, 0, 0)));
    match shop.read_all(sources.observer).await {
        Ok(catalog) => {
            let listings = u64::try_from(catalog.listings.len()).unwrap_or(u64::MAX);
            looks.push(Look::At(Check::ok(CheckId::Read, listings, catalog.products)));
            looks.push(read_a_level(shop, &catalog.listings).await);
            Some(catalog.listings)
        }
        Err(error) => {
            looks.push(Look::Failed(CheckId::Read, error.into()));
            None
        }
    }
}

/// Whether the key may read inventory too: a run that finds that out reads back nothing of what it wrote.
async fn read_a_level(shop: &dyn Shop, listings: &[Listing]) -> Look {
    let Some(first) = listings.first() else { return Look::At(Check::ok(CheckId::Levels, 0, 0)) };
    match shop.levels(std::slice::from_ref(&first.key.product)).await {
        Ok(_) => Look::At(Check::ok(CheckId::Levels, 1, 1)),
        Err(error) => Look::Failed(CheckId::Levels, error.into()),
    }
}

fn is_about_the_catalog(error: &ShopError) -> bool {
    matches!(error.class, ShopErrorClass::CatalogNotSupported | ShopErrorClass::StoresNotInstalled)
}

/// What the warehouse alone shows; gives its sums where it could be read.
async fn read_warehouse(warehouse: &dyn Warehouse, looks: &mut Vec<Look>) -> Option<(Stock, Facts)> {
    let WarehouseRead { rows, warehouses } = match warehouse.read().await {
        Ok(read) => read,
        Err(error) => {
            looks.push(Look::Failed(CheckId::Warehouse, error.into()));
            return None;
        }
    };
    let stock = Stock::sum(&rows, &warehouses);
    let facts = Plan::make(&stock, &[], Policy::default(), &Scope::All).facts;
    looks.push(Look::At(Check::ok(CheckId::Warehouse, facts.with_stock, facts.warehouse_skus)));
    let missing = warehouses.without_rows(&rows);
    let none = !missing.is_empty() && warehouses.chosen() == Some(missing.len());
    for check in checkup::of_warehouse(&rows, &warehouses, &stock) {
        looks.push(if none && check.id == CheckId::Selection {
            Look::Failed(CheckId::Selection, WarehouseError::no_such(missing.join(", ")).into())
        } else {
            Look::At(check)
        });
    }
    // Sums over warehouses that do not exist say nothing about the shop.
    (!none).then_some((stock, facts))
}

/// What shows when both sides are compared as a run would.
fn both(
    stock: &Stock,
    facts: Facts,
    listings: &[Listing],
    policy: Policy,
    last_good: Option<u64>,
) -> Vec<Check> {
    let plan = Plan::make(stock, listings, policy, &Scope::All);
    debug_assert_eq!(plan.facts.with_stock, facts.with_stock, "the stock does not hang on the shop");
    let trips = guard::check(&plan.facts, last_good);
    checkup::of_both(stock, listings, &plan.facts, trips)
}

/// What is kept of earlier runs.
struct Past {
    /// Newest first.
    runs: Vec<(RunRecord, Vec<LineRecord>)>,
    last_good_skus: Option<u64>,
    last_good_at: Option<i64>,
    window_used: u64,
    window_closed: bool,
    is_paused: bool,
    open_tasks: u64,
    /// For how long a task waits that nobody works on, in milliseconds.
    waited_ms: Option<i64>,
}

async fn past(records: Records<'_>, target: DoctorTarget<'_>, clock: &dyn Clock) -> Result<Past, StateError> {
    let now = clock.now();
    let figures = records.watch.figures(target.shop, now).await?;
    let filter = RunFilter { shop: Some(target.shop.clone()), limit: RUNS, ..RunFilter::default() };
    let mut runs = Vec::new();
    let mut room = LINES;
    for record in records.runs.list(&filter).await? {
        let lines = records.journal.lines_after(&record.run.id, None, room.saturating_add(1)).await?;
        // Half of a run's lines would show levels that it left behind later.
        let whole = u32::try_from(lines.len()).ok().and_then(|count| room.checked_sub(count));
        room = whole.unwrap_or(0);
        runs.push((record, whole.map_or_else(Vec::new, |_| lines)));
    }
    Ok(Past {
        runs,
        last_good_skus: records.runs.last_good_warehouse_skus(target.shop).await?,
        last_good_at: figures.last_good_at,
        window_used: figures.window_used,
        window_closed: figures.window_closed_until.is_some(),
        open_tasks: figures.open_tasks,
        waited_ms: figures.waiting_since.map(|since| now.saturating_sub(since)),
        is_paused: records.pauses.paused_since(target.shop).await?.is_some(),
    })
}

impl Past {
    fn looks(&self, listings: Option<&[Listing]>, window: Option<u64>) -> Vec<Check> {
        let ended = self.runs.iter().filter_map(|(record, _)| record.summary.as_ref());
        let acked = ended.map(|summary| summary.counters.verified + summary.counters.moved_since).sum();
        let drift = Drift::between(self.sightings(listings.unwrap_or_default()));
        let mut looks = vec![
            Check::ok(CheckId::State, 0, 0),
            Check::ok(CheckId::Write, acked, acked),
            checkup::of_pause(self.is_paused),
            checkup::of_last_run(self.last_run()),
            // Tasks of a paused shop wait for its resumption.
            checkup::of_tasks(self.open_tasks, self.waited_ms.filter(|_| !self.is_paused)),
            checkup::of_drift(&drift),
        ];
        looks.extend(window.map(|limit| checkup::of_window(self.window_used, limit, self.window_closed)));
        looks
    }

    /// The last run that was to change the shop.
    fn last_run(&self) -> Option<LastRun> {
        let wrote = |record: &&RunRecord| {
            matches!(record.run.kind(), RunKind::Sync | RunKind::Apply) && !record.run.dry_run()
        };
        let ended = self.runs.iter().map(|(record, _)| record).filter(wrote).find_map(|r| r.summary.as_ref());
        ended.map(|summary| LastRun {
            id: summary.run_id.clone(),
            outcome: summary.outcome,
            finished_at: summary.finished_at,
            good_at: self.last_good_at,
        })
    }

    /// What each run saw, the oldest first, and what the shop shows now.
    fn sightings(&self, now: &[Listing]) -> Vec<Vec<Sighting>> {
        let runs = self.runs.iter().rev().map(|(_, lines)| seen(lines));
        let now = now.iter().filter_map(|listing| {
            let (sku, read) = (listing.sku.clone()?, listing.level?);
            Some(Sighting { key: listing.key.clone(), sku, read, left: Some(read) })
        });
        runs.chain([now.collect()]).collect()
    }
}

/// The listings of a run's lines, each once.
fn seen(lines: &[LineRecord]) -> Vec<Sighting> {
    let mut sightings: Vec<Sighting> = Vec::with_capacity(lines.len());
    let mut sorted: Vec<&LineRecord> = lines.iter().collect();
    sorted.sort_by(|a, b| (&a.line.change.key, a.line.seq).cmp(&(&b.line.change.key, b.line.seq)));
    for record in sorted {
        let change = &record.line.change;
        let Some(read) = record.level_read() else { continue };
        match sightings.last_mut().filter(|last| last.key == change.key) {
            Some(last) => last.left = left(record, read),
            None => sightings.push(Sighting {
                key: change.key.clone(),
                sku: change.sku.clone(),
                read,
                left: left(record, read),
            }),
        }
    }
    sightings
}

/// The level that a run saw last, where it is known that nothing of the run came after; `read` is what it saw first.
fn left(record: &LineRecord, read: Level) -> Option<Level> {
    match record.state {
        LineState::Verified | LineState::MovedSince | LineState::Converged => record.level_after,
        _ if record.sending.is_none() => Some(read),
        _ => None,
    }
}
