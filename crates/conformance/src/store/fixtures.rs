//! Runs, leases, lines and summaries for tests of a store.

use std::ops::RangeInclusive;

use domain::admission::record::Work;
use domain::plan::skip::Skip;
use domain::plan::{Change, Facts};
use domain::run::RunSummary;
use domain::run::report::Counters;
use domain::{
    Delta, InventoryItemId, Level, Line, LineState, ListingKey, Outcome, Policy, ProductId, RunId, RunKind,
    Scope, ShopName, SkipReason, Sku, SoldOut, Starter, Target, UnixMillis, VariantId,
};
use sync::ports::{Acquired, Fence, LineRecord, NewRun, Store};

/// A run of the shop `default`.
#[must_use]
pub fn new_run(id: &str, scope: Scope) -> NewRun {
    NewRun {
        id: RunId::new(id),
        shop: ShopName::new("default"),
        work: Work::Sync { dry_run: false },
        scope,
        policy: Policy { sold_out: SoldOut::Ignore },
        durable: false,
        created_at: 1_000,
        starter: Starter::COMMAND_LINE,
    }
}

/// Acquires the lease of the run's shop until 30,000. Panics if another run holds it.
pub async fn lease(store: &dyn Store, run: &NewRun) -> Fence {
    match store.acquire(&run.shop, &run.id, 30_000, None, &nobody()).await.unwrap() {
        Acquired::Granted { fence, .. } => fence,
        busy => panic!("{busy:?}"),
    }
}

/// The summary of a run of the shop `default`.
#[must_use]
pub fn summary(id: &str, outcome: Outcome, warehouse_skus: u64, finished_at: i64) -> RunSummary {
    RunSummary {
        run_id: RunId::new(id),
        shop: ShopName::new("default"),
        kind: RunKind::Sync,
        dry_run: false,
        outcome,
        failure: None,
        trips: Vec::new(),
        facts: Facts { warehouse_skus, comparable: warehouse_skus, ..Facts::default() },
        counters: Counters::default(),
        another_writer: None,
        back_on_sale: 0,
        skipped_total: 0,
        skipped_new: None,
        near_misses_total: 0,
        near_misses: Vec::new(),
        misspelled: Vec::new(),
        unmatched_warehouses: Vec::new(),
        skipped_by_reason: [(SkipReason::Untracked, 3)].into(),
        skipped: Vec::new(),
        errors: Vec::new(),
        stale: Vec::new(),
        notes_total: 0,
        notes: Vec::new(),
        batches: 0,
        requests: 7,
        waited_ms: 3,
        reading: None,
        duration_ms: 5,
        finished_at,
        state: String::new(),
    }
}

/// The summary of a run that left these SKUs alone. It lists the first thousand of them, as a report does.
#[must_use]
pub fn summary_listing(id: &str, skips: &[Skip], finished_at: i64) -> RunSummary {
    RunSummary {
        skipped: skips.iter().take(1_000).cloned().collect(),
        ..summary(id, Outcome::Converged, 9, finished_at)
    }
}

/// The run of an hour that plans nothing and leaves these SKUs alone.
pub async fn hourly_run(store: &dyn Store, number: i64, skips: &[Skip]) {
    let at = number * 3_600_000;
    let run = NewRun { created_at: at, ..new_run(&format!("{number:08}"), Scope::All) };
    let fence = lease(store, &run).await;
    store.start(&run, &fence, at).await.unwrap();
    store.save_plan(&run.id, &fence, &Facts::default(), &[], skips).await.unwrap();
    store.finish(&summary_listing(run.id.as_str(), skips, at), &fence).await.unwrap();
    store.release(&fence).await.unwrap();
}

/// Changes why this SKU is left alone.
pub fn change_reason(skip: &mut Skip) {
    skip.reason = match skip.reason {
        SkipReason::NotInWix => SkipReason::DuplicateSku,
        _ => SkipReason::NotInWix,
    };
}

/// A planned line from −3 to 7.
#[must_use]
pub fn line(seq: u32, sku: &str) -> LineRecord {
    let change = Change {
        revision: None,
        sku: Sku::parse(sku).unwrap(),
        key: ListingKey::new(ProductId::new("p"), VariantId::whole_product()),
        inventory_item: InventoryItemId::new("i"),
        level: Level::new(-3).unwrap(),
        target: Target::new(7).unwrap(),
        delta: Delta::new(10).unwrap(),
    };
    LineRecord {
        line: Line { seq, retry_of: None, is_copy: false, change },
        state: LineState::Planned,
        sending: None,
        answered_at: None,
        acked: false,
        level_after: None,
        detail: None,
    }
}

/// A range of moments in which no process counts as alive, so that no run goes first.
#[must_use]
pub fn nobody() -> RangeInclusive<UnixMillis> {
    UnixMillis::MAX..=UnixMillis::MAX
}

/// The range of moments that count as alive: from `moment` on.
#[must_use]
pub fn since(moment: UnixMillis) -> RangeInclusive<UnixMillis> {
    moment..=UnixMillis::MAX
}
