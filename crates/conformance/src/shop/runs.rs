//! Whole runs: what buyers see at the end, whatever went wrong before.

use domain::{LineState, Outcome, RunSummary};
use sync::ports::ShopErrorClass;

use super::reading::sku;
use super::worker::Worker;
use super::{Fixture, LostCall};

async fn run(shop: &impl Fixture, stock: &[(&str, i64)]) -> RunSummary {
    Worker::new(stock).run(shop).await
}

/// I1: levels rise, fall or stay according to the warehouse.
pub async fn i1_a_run_brings_every_level_to_its_target<F: Fixture>() {
    let shop = F::with(&[("UP", 1), ("DOWN", 9), ("SAME", 4), ("OUT", 3)]).await;
    let summary = run(&shop, &[("UP", 7), ("DOWN", 2), ("SAME", 4), ("OUT", 0)]).await;
    assert_eq!(summary.outcome, Outcome::Converged, "{summary:?}");
    assert_eq!((summary.counters.planned, summary.counters.verified), (3, 3));
    for (name, level) in [("UP", 7), ("DOWN", 2), ("SAME", 4), ("OUT", 0)] {
        assert_eq!(shop.level(&sku(name)), level, "{name}");
    }
}

/// I2: a write whose answer is lost takes effect only once.
pub async fn i2_a_run_whose_answer_is_lost_writes_nothing_twice<F: Fixture>() {
    for (from, to) in [(5, 9), (9, 5)] {
        let shop = F::with(&[("A", from)]).await;
        shop.lose_the_next_write(LostCall::Reply);
        let summary = run(&shop, &[("A", to)]).await;
        assert_eq!(summary.outcome, Outcome::Converged, "{summary:?}");
        assert_eq!(summary.counters.converged, 1, "{summary:?}");
        assert_eq!(shop.level(&sku("A")), to);
    }
}

/// I2: a write that never arrived is sent again.
pub async fn i2_a_run_whose_request_is_lost_sends_it_again<F: Fixture>() {
    for (from, to) in [(5, 9), (9, 5)] {
        let shop = F::with(&[("A", from)]).await;
        shop.lose_the_next_write(LostCall::Request);
        let summary = run(&shop, &[("A", to)]).await;
        assert_eq!(summary.outcome, Outcome::Converged, "{summary:?}");
        assert_eq!((summary.counters.planned, summary.counters.verified), (1, 1), "{summary:?}");
        assert_eq!(shop.level(&sku("A")), to);
    }
}

/// I1: what is sold between the read and the write is never put back on sale.
pub async fn i1_a_sale_before_the_write_is_kept<F: Fixture>() {
    for (from, to) in [(5, 9), (9, 5)] {
        let shop = F::with(&[("A", from)]).await;
        shop.sell_before_the_next_write(&sku("A"), 2);
        run(&shop, &[("A", to)]).await;
        assert_eq!(shop.level(&sku("A")), to - 2, "from {from}");
    }
}

/// A line that Wix refuses is reported with its reason. All others reach their targets.
pub async fn a_refused_line_ends_alone<F: Fixture>() {
    let shop = F::with(&[("A", 1), ("BAD", 1), ("C", 1), ("D", 1)]).await;
    shop.refuse(&sku("BAD"));
    let summary = run(&shop, &[("A", 2), ("BAD", 2), ("C", 2), ("D", 2)]).await;
    assert_eq!(summary.outcome, Outcome::Partial);
    assert_eq!((summary.counters.rejected, summary.counters.errors()), (1, 1), "{summary:?}");
    let error = &summary.errors[0];
    assert_eq!((&error.sku, error.state), (&sku("BAD"), LineState::Rejected));
    assert!(!error.detail.is_empty());
    for name in ["A", "C", "D"] {
        assert_eq!(shop.level(&sku(name)), 2, "{name}");
    }
    assert_eq!(shop.level(&sku("BAD")), 1);
}

/// A write that never left is sent again. If the shop cannot be reached at all, the run fails and says why.
pub async fn an_interrupted_connection_is_tried_again<F: Fixture>() {
    let shop = F::with(&[("A", 5)]).await;
    shop.lose_the_next_write(LostCall::Connection);
    let summary = run(&shop, &[("A", 9)]).await;
    assert_eq!(summary.outcome, Outcome::Converged, "{summary:?}");
    assert_eq!(shop.level(&sku("A")), 9);

    let shop = F::with(&[("A", 5)]).await;
    for _ in 0..3 {
        shop.lose_the_next_write(LostCall::Connection);
    }
    let summary = run(&shop, &[("A", 9)]).await;
    assert_eq!(summary.outcome, Outcome::Failed, "{summary:?}");
    assert_eq!(summary.failure.unwrap().code, ShopErrorClass::Unreachable.code());
    assert_eq!(shop.level(&sku("A")), 5);
}
