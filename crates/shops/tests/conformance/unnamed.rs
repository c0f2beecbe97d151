//! Runs over a V3 site whose answers do not tell what became of each entry, or tell it wrongly.

use std::sync::Arc;

use conformance::shop::Worker;
use domain::write::settle::{NO_REASON, NOT_NAMED};
use domain::{LineState, Outcome, RunSummary};
use shops::SiteShop;
use wix_emulator::{
    Action, Behavior, BulkFailures, CatalogVersion, Config, Emulator, Endpoint, FailureDetail, Fault,
    FaultKind, FaultTiming, Listing, ShopData,
};

use crate::emulated::{WallClock, client_of, product};

/// All are at level 5. `UP` is due to rise to 9 and the others to fall to 3, in one call.
const SKUS: [&str; 6] = ["A", "B", "BAD", "C", "UP", "WORSE"];

fn due(sku: &str) -> i64 {
    if sku == "UP" { 9 } else { 3 }
}

struct Site {
    emulator: Emulator,
    shop: SiteShop,
    worker: Worker,
}

impl Site {
    async fn new(behave: impl FnOnce(&mut Behavior)) -> Self {
        let products = SKUS.iter().map(|sku| product(sku, 5)).collect();
        let data = ShopData { products, ..ShopData::default() };
        let mut config = Config { catalog: CatalogVersion::V3Catalog, ..Config::new(data) };
        behave(&mut config.behavior);
        let emulator = Emulator::start(config).await.unwrap();
        let shop = SiteShop::new(client_of(&emulator), Arc::new(WallClock));
        Self { emulator, shop, worker: Worker::new(&SKUS.map(|sku| (sku, due(sku)))) }
    }

    /// The same, where `BAD` and `WORSE` cannot be changed.
    async fn with_bad_entries(behave: impl FnOnce(&mut Behavior)) -> Self {
        let site = Self::new(behave).await;
        for sku in ["BAD", "WORSE"] {
            let listing = Listing::Sku(sku.to_owned());
            site.emulator.shop().add_fault(Fault::new(FaultKind::Poison { listing }));
        }
        site
    }

    /// Lets each of these hit a write of its own, in turn.
    fn fail(&self, faults: impl IntoIterator<Item = FaultKind>) {
        for kind in faults {
            self.emulator.shop().add_fault(Fault::new(kind).on(Endpoint::BulkUpdateItems));
        }
    }

    /// Lets a buyer buy before the next write takes effect.
    fn sell_before_the_next_write(&self, sku: &str, units: u32) {
        let sale = Action::Sale { listing: Listing::Sku(sku.to_owned()), units };
        self.fail([FaultKind::Meanwhile { timing: FaultTiming::BeforeApply, actions: vec![sale] }]);
    }

    async fn run(&self) -> RunSummary {
        self.worker.run_on(&self.shop, &WallClock, 50).await
    }

    fn assert_levels(&self, others: &[(&str, i64)]) {
        for sku in SKUS {
            let level = others.iter().find(|(other, _)| *other == sku).map_or(due(sku), |(_, level)| *level);
            assert_eq!(self.emulator.shop().level(sku), Some(level), "{sku}");
        }
    }

    /// The bad entries ended alone in `state`, with a reason that contains `why`; all others are as they are due.
    fn assert_only_the_bad_ones_failed(&self, summary: &RunSummary, state: LineState, why: &str) {
        assert_eq!((summary.outcome, summary.counters.errors()), (Outcome::Partial, 2), "{summary:?}");
        let skus: Vec<&str> = summary.errors.iter().map(|error| error.sku.as_str()).collect();
        assert_eq!(skus, ["BAD", "WORSE"], "{summary:?}");
        for error in &summary.errors {
            assert_eq!(error.state, state, "{summary:?}");
            assert!(error.detail.contains(why), "{summary:?}");
        }
        self.assert_levels(&[("BAD", 5), ("WORSE", 5)]);
    }
}

/// Wix only counts failures: what landed is read, and the bad entries end alone, at each run.
#[tokio::test(flavor = "multi_thread")]
async fn entries_whose_failures_v3_only_counts_end_alone() {
    let site = Site::with_bad_entries(|behavior| behavior.failure_detail = FailureDetail::CountOnly).await;
    let summary = site.run().await;
    site.assert_only_the_bad_ones_failed(&summary, LineState::Rejected, NO_REASON);
    assert_eq!(summary.counters.converged, 4, "{summary:?}");
    assert_eq!(summary.batches, 3, "all, then each of the bad ones alone");
    let again = site.run().await;
    assert_eq!(again.counters.planned, 2, "{again:?}");
    site.assert_only_the_bad_ones_failed(&again, LineState::Rejected, NO_REASON);
}

/// A conflict is a failure too: the sale behind it is subtracted.
#[tokio::test(flavor = "multi_thread")]
async fn a_sale_behind_a_failure_that_v3_only_counts_is_not_put_back() {
    for (sku, left) in [("A", 2), ("UP", 8)] {
        let site = Site::new(|behavior| behavior.failure_detail = FailureDetail::CountOnly).await;
        site.sell_before_the_next_write(sku, 1);
        let summary = site.run().await;
        assert_eq!(summary.outcome, Outcome::Converged, "{summary:?}");
        assert_eq!((summary.counters.converged, summary.counters.verified), (5, 1), "{summary:?}");
        assert_eq!(summary.batches, 2, "all, then the one that was planned anew");
        site.assert_levels(&[(sku, left)]);
    }
}

/// Wix says nothing at all of entries that fail.
#[tokio::test(flavor = "multi_thread")]
async fn entries_that_v3_never_names_end_alone() {
    let site = Site::with_bad_entries(|behavior| behavior.failure_detail = FailureDetail::Omitted).await;
    let summary = site.run().await;
    site.assert_only_the_bad_ones_failed(&summary, LineState::Unresolved, NOT_NAMED);
    assert_eq!(summary.counters.verified, 4, "{summary:?}");
}

/// The bad entries fail each call that holds them, as a whole.
#[tokio::test(flavor = "multi_thread")]
async fn entries_for_which_v3_refuses_whole_calls_end_alone() {
    let site = Site::with_bad_entries(|behavior| behavior.bulk_updates = BulkFailures::WholeCall).await;
    let summary = site.run().await;
    site.assert_only_the_bad_ones_failed(&summary, LineState::Rejected, "");
}

/// Answers that name no row, whether the call took effect or not: each level is exact at the end, and what landed is not
/// sent again.
#[tokio::test(flavor = "multi_thread")]
async fn answers_that_name_no_row_cost_no_level() {
    use FaultKind::{DropAfterApply, DropBeforeApply, RowsLost, RowsMissing};
    let cases: [(&[FaultKind], u64); 6] = [
        (&[RowsMissing], 1),
        // Halves of the lowerings, and the raise.
        (&[RowsLost], 4),
        (&[RowsLost, RowsMissing], 4),
        (&[RowsLost, RowsLost, RowsLost, RowsLost], 9),
        (&[DropAfterApply, RowsMissing], 3),
        (&[DropBeforeApply, RowsLost], 5),
    ];
    for (faults, batches) in cases {
        let site = Site::new(|_| {}).await;
        site.fail(faults.iter().cloned());
        let summary = site.run().await;
        assert_eq!((summary.outcome, summary.counters.errors()), (Outcome::Converged, 0), "{summary:?}");
        assert_eq!(summary.counters.planned, 6, "{faults:?}: {summary:?}");
        assert_eq!(summary.batches, batches, "{faults:?}: {summary:?}");
        site.assert_levels(&[]);
    }
}

/// A success that shows the old levels is not believed; the next run brings them.
#[tokio::test(flavor = "multi_thread")]
async fn a_success_that_changes_nothing_is_unresolved_until_the_next_run() {
    let site = Site::new(|_| {}).await;
    site.fail([FaultKind::SilentSuccess]);
    let summary = site.run().await;
    assert_eq!((summary.outcome, summary.counters.unresolved), (Outcome::Partial, 6), "{summary:?}");
    site.assert_levels(&SKUS.map(|sku| (sku, 5)));
    let next = site.run().await;
    assert_eq!((next.outcome, next.counters.verified), (Outcome::Converged, 6), "{next:?}");
    site.assert_levels(&[]);
}
