//! I2 under compare-and-swap: whole runs over a shop with revisions, whatever becomes of their calls.

use conformance::shop::{Fixture, Worker};
use domain::write::settle::NOT_NAMED;
use domain::{LineState, Outcome, RunSummary, Sku};
use memory::WriteFault;
use sync::ports::{Clock, Journal, Shop, ShopErrorClass};

use crate::fixture::ShopInMemory;

pub(crate) fn sku(text: &str) -> Sku {
    Sku::parse(text).unwrap()
}

/// One run over a shop in which these faults hit the writes in turn; gives the shop and what the run made of it.
async fn run_with(
    faults: &[WriteFault],
    goods: &[(&str, i64)],
    stock: &[(&str, i64)],
) -> (ShopInMemory, RunSummary) {
    let shop = ShopInMemory::with(goods).await;
    for fault in faults {
        shop.shop.fail_next_write(*fault);
    }
    let summary = Worker::new(stock).run(&shop).await;
    (shop, summary)
}

#[tokio::test]
async fn a_request_that_is_still_under_way_and_its_copy_have_one_effect() {
    for (from, to) in [(5, 9), (9, 5)] {
        let (shop, summary) = run_with(&[WriteFault::StillUnderWay], &[("A", from)], &[("A", to)]).await;
        assert_eq!(summary.outcome, Outcome::Converged, "{summary:?}");
        assert_eq!(summary.counters.converged, 1, "the copy met the effect of the first: {summary:?}");
        assert_eq!(shop.level(&sku("A")), to);
    }
}

#[tokio::test]
async fn an_unclear_answer_needs_no_wait() {
    let (shop, summary) = run_with(&[WriteFault::LostReply], &[("A", 5)], &[("A", 9)]).await;
    assert_eq!(summary.outcome, Outcome::Converged);
    assert!(shop.clock.now() < 1_000_000 + shop.shop.request_timeout_ms(), "it waited for a time-out");
}

#[tokio::test]
async fn a_call_that_is_refused_as_a_whole_is_halved_until_the_rest_goes_through() {
    let goods = [("A", 1), ("B", 1), ("C", 1), ("D", 1)];
    let stock = [("A", 2), ("B", 2), ("C", 2), ("D", 2)];
    let (shop, summary) = run_with(&[WriteFault::CallRefused], &goods, &stock).await;
    assert_eq!(summary.outcome, Outcome::Converged, "{summary:?}");
    assert_eq!((summary.counters.planned, summary.counters.verified), (4, 4));
    assert!(goods.iter().all(|(name, _)| shop.level(&sku(name)) == 2));
    assert_eq!(summary.batches, 3, "one whole, then two halves");
}

#[tokio::test]
async fn a_success_that_shows_the_old_level_is_not_believed() {
    let (shop, summary) = run_with(&[WriteFault::SilentSuccess], &[("A", 5)], &[("A", 9)]).await;
    assert_eq!((summary.outcome, summary.counters.unresolved), (Outcome::Partial, 1), "{summary:?}");
    assert_eq!(shop.level(&sku("A")), 5);
}

#[tokio::test]
async fn lines_that_an_answer_does_not_name_are_judged_by_their_revision() {
    let (shop, summary) =
        run_with(&[WriteFault::RowsMissing], &[("A", 5), ("B", 1)], &[("A", 9), ("B", 7)]).await;
    assert_eq!(summary.outcome, Outcome::Converged, "{summary:?}");
    assert_eq!(summary.counters.converged, 2, "{summary:?}");
    assert_eq!((shop.level(&sku("A")), shop.level(&sku("B"))), (9, 7));
}

#[tokio::test]
async fn three_unclear_answers_in_a_row_end_the_run_and_what_landed_is_told() {
    let lost = [WriteFault::LostReply, WriteFault::LostRequest, WriteFault::LostRequest];
    let (shop, summary) = run_with(&lost, &[("A", 5)], &[("A", 9)]).await;
    assert_eq!(summary.outcome, Outcome::Failed, "{summary:?}");
    assert_eq!(summary.failure.as_ref().unwrap().code, ShopErrorClass::NoAnswer.code());
    assert_eq!((summary.counters.planned, summary.counters.converged), (1, 1), "{summary:?}");
    assert_eq!(shop.level(&sku("A")), 9);

    let (shop, summary) = run_with(&[WriteFault::LostRequest; 3], &[("A", 5)], &[("A", 9)]).await;
    assert_eq!((summary.outcome, summary.counters.unresolved), (Outcome::Failed, 1), "{summary:?}");
    assert_eq!(shop.level(&sku("A")), 5);
}

/// A shop that never says what became of a line is asked again a few times; then the line ends, and the run goes on.
#[tokio::test]
async fn a_line_that_no_answer_names_ends_alone_and_the_run_goes_on() {
    let goods = [("A", 5), ("BAD", 5), ("C", 5), ("D", 5), ("HIGH", 1)];
    let stock = [("A", 2), ("BAD", 2), ("C", 2), ("D", 2), ("HIGH", 9)];
    let shop = ShopInMemory::with(&goods).await;
    shop.shop.never_name(&sku("BAD"));
    let summary = Worker::new(&stock).run(&shop).await;
    assert_eq!((summary.outcome, summary.counters.unresolved), (Outcome::Partial, 1), "{summary:?}");
    assert_eq!(summary.counters.verified, 4, "{summary:?}");
    assert_eq!((&summary.errors[0].sku, summary.errors[0].state), (&sku("BAD"), LineState::Unresolved));
    assert_eq!(summary.errors[0].detail, NOT_NAMED, "{summary:?}");
    assert_eq!((shop.level(&sku("BAD")), shop.level(&sku("HIGH"))), (5, 9));
    assert_eq!(summary.batches, 1 + 4, "all, then the bad one alone");
}

/// Answers that name none of their lines for a while: whatever did not take effect goes out again.
#[tokio::test]
async fn lines_that_were_lost_without_being_named_go_out_again_in_halves() {
    let goods = [("A", 5), ("B", 5), ("C", 5), ("D", 5)];
    let stock = goods.map(|(name, _)| (name, 9));
    let (shop, summary) = run_with(&[WriteFault::RowsLost; 3], &goods, &stock).await;
    assert_eq!((summary.outcome, summary.counters.verified), (Outcome::Converged, 4), "{summary:?}");
    assert!(goods.iter().all(|(name, _)| shop.level(&sku(name)) == 9));
}

/// A shop that only counts failures: the bad entry ends alone as refused, what landed is known by its revision, and a
/// sale is planned anew. The next run is no worse off.
#[tokio::test]
async fn an_entry_whose_failure_is_only_counted_ends_alone() {
    let names: Vec<String> = (0..100).map(|n| format!("S{n:02}")).collect();
    let mut goods: Vec<(&str, i64)> = names.iter().map(|name| (name.as_str(), 5)).collect();
    goods.push(("HIGH", 1));
    let stock: Vec<_> = goods.iter().map(|(name, from)| (*name, if *from == 5 { 3 } else { 9 })).collect();
    let shop = ShopInMemory::with(&goods).await;
    shop.shop.hide_failures();
    shop.shop.refuse(&sku("S42"));
    shop.shop.sell_before_the_next_write(&sku("S77"), 1);
    let worker = Worker::new(&stock);
    let summary = worker.run(&shop).await;
    let counters = summary.counters;
    assert_eq!((summary.outcome, counters.rejected), (Outcome::Partial, 1), "{summary:?}");
    assert_eq!((counters.converged, counters.verified), (99, 1), "{summary:?}");
    assert_eq!((&summary.errors[0].sku, summary.errors[0].state), (&sku("S42"), LineState::Rejected));
    assert!(summary.errors[0].detail.contains("counted as failed"), "{summary:?}");
    assert_eq!([42, 77, 99].map(|at: usize| shop.level(&sku(&names[at]))), [5, 2, 3]);
    assert_eq!(shop.level(&sku("HIGH")), 9);
    assert_eq!(summary.batches, 3, "all, then the bad one and the new plan: {summary:?}");
    let again = worker.run(&shop).await;
    assert_eq!((again.outcome, again.counters.rejected), (Outcome::Partial, 1), "{again:?}");
}

/// A copy that never leaves does not hide that the first write may have landed.
#[tokio::test]
async fn i8_a_copy_that_never_leaves_leaves_the_first_write_to_be_judged() {
    for (first, after) in [(WriteFault::LostReply, (9, 1, 0)), (WriteFault::LostRequest, (5, 0, 1))] {
        let faults = [first, WriteFault::NotConnected, WriteFault::NotConnected];
        let (shop, summary) = run_with(&faults, &[("A", 5)], &[("A", 9)]).await;
        assert_eq!(summary.outcome, Outcome::Failed, "{summary:?}");
        let counters = summary.counters;
        assert_eq!((shop.level(&sku("A")), counters.converged, counters.unresolved), after, "{summary:?}");
    }
}

/// A refused call is halved however many unclear answers came before.
#[tokio::test]
async fn a_refused_entry_ends_alone_after_unclear_answers_too() {
    let goods: Vec<(String, i64)> = (0..64).map(|n| (format!("S{n:02}"), 1)).collect();
    let goods: Vec<(&str, i64)> = goods.iter().map(|(sku, level)| (sku.as_str(), *level)).collect();
    let stock: Vec<(&str, i64)> = goods.iter().map(|(sku, _)| (*sku, 2)).collect();
    let mut faults = vec![WriteFault::LostRequest, WriteFault::LostRequest];
    faults.extend([WriteFault::CallRefused; 6]);
    let (shop, summary) = run_with(&faults, &goods, &stock).await;
    assert_eq!((summary.counters.planned, summary.counters.suspect), (64, 0), "{summary:?}");
    assert!(goods.iter().filter(|(name, _)| shop.level(&sku(name)) == 2).count() >= 63, "{summary:?}");
}

/// An entry for which whole calls are refused ends alone, with the reason; the rest goes through.
#[tokio::test]
async fn an_entry_for_which_whole_calls_are_refused_ends_alone() {
    let goods = [("A", 1), ("BAD", 1), ("C", 1), ("D", 1)];
    let shop = ShopInMemory::with(&goods).await;
    shop.shop.refuse_calls_with(&sku("BAD"));
    let summary = Worker::new(&goods.map(|(name, _)| (name, 2))).run(&shop).await;
    assert_eq!(summary.outcome, Outcome::Partial, "{summary:?}");
    assert_eq!((summary.counters.rejected, summary.counters.verified), (1, 3), "{summary:?}");
    assert_eq!((&summary.errors[0].sku, summary.errors[0].state), (&sku("BAD"), LineState::Rejected));
    assert!(summary.errors[0].detail.contains("a bad entry"), "{summary:?}");
}

/// A copy that is refused does not hide that the first write may have landed. If it has not, and cannot any more, the
/// refusal is the end of the line.
#[tokio::test]
async fn i8_a_refused_copy_ends_as_the_revision_says() {
    let cases =
        [(WriteFault::LostReply, LineState::Converged), (WriteFault::LostRequest, LineState::Rejected)];
    for (first, end) in cases {
        let shop = ShopInMemory::with(&[("A", 5)]).await;
        shop.shop.fail_next_write(first);
        shop.shop.fail_next_write(WriteFault::LinesRefused);
        let worker = Worker::new(&[("A", 9)]);
        let summary = worker.run(&shop).await;
        let lines = worker.store().lines(&summary.run_id).await.unwrap();
        assert_eq!(lines.last().unwrap().state, end, "{first:?}: {summary:?}");
        assert_eq!(shop.level(&sku("A")) == 9, end == LineState::Converged);
        let waited = shop.clock.now() - 1_000_000;
        assert!(waited >= shop.shop.request_timeout_ms(), "the first may land until its time-out: {waited}");
    }
}

/// A copy that is refused, and a request of the first write that is still under way: the copy waits for its end.
#[tokio::test]
async fn i8_a_sale_behind_a_refused_copy_is_planned_anew() {
    let shop = ShopInMemory::with(&[("A", 10)]).await;
    shop.shop.fail_next_write(WriteFault::LostRequest);
    shop.shop.fail_next_write(WriteFault::LinesRefused);
    shop.shop.sell_before_write(2, &sku("A"), 2);
    let summary = Worker::new(&[("A", 15)]).run(&shop).await;
    assert_eq!((summary.outcome, summary.counters.verified), (Outcome::Converged, 1), "{summary:?}");
    assert_eq!(shop.level(&sku("A")), 13, "the target less what was sold");
}

/// A buyer is faster every time: the run gives up after three conflicts and never puts back what was sold.
#[tokio::test]
async fn a_line_that_meets_a_conflict_every_time_ends_as_suspect() {
    let shop = ShopInMemory::with(&[("A", 20), ("B", 1)]).await;
    shop.shop.sell_before_each_write(&sku("A"), 1);
    let worker = Worker::new(&[("A", 30), ("B", 2)]);
    let summary = worker.run(&shop).await;
    assert_eq!((summary.outcome, summary.counters.suspect), (Outcome::Partial, 1), "{summary:?}");
    assert_eq!(summary.counters.verified, 1, "the other line goes through: {summary:?}");
    assert_eq!(shop.level(&sku("A")), 16, "four writes met a sale, none landed");
    let lines = worker.store().lines(&summary.run_id).await.unwrap();
    let of_a: Vec<_> = lines.iter().filter(|line| line.line.change.sku == sku("A")).collect();
    let states: Vec<LineState> = of_a.iter().map(|line| line.state).collect();
    assert_eq!(states, [LineState::Retried, LineState::Retried, LineState::Retried, LineState::Suspect]);
    let targets: Vec<i64> = of_a.iter().map(|line| line.line.change.target.units()).collect();
    assert_eq!(targets, [30, 29, 28, 27], "each new plan takes off what was sold");
    let revisions: Vec<_> = of_a.iter().map(|line| line.line.change.revision.unwrap().number()).collect();
    assert!(revisions.is_sorted_by(|a, b| a < b), "{revisions:?}");
}

/// A conflict after a lost reply: our own write and a sale may both stand behind the new revision.
#[tokio::test]
async fn a_sale_after_a_lost_reply_is_told_as_moved_since() {
    let shop = ShopInMemory::with(&[("A", 5)]).await;
    shop.shop.fail_next_write(WriteFault::LostReply);
    shop.shop.sell_before_write(2, &sku("A"), 1);
    let summary = Worker::new(&[("A", 9)]).run(&shop).await;
    assert_eq!((summary.outcome, summary.counters.moved_since), (Outcome::Converged, 1), "{summary:?}");
    assert_eq!(shop.level(&sku("A")), 8);
}

/// A call that is refused may have taken effect all the same: its halves must not put back what was sold since.
#[tokio::test]
async fn a_sale_after_a_refused_call_that_took_effect_is_told_as_moved_since() {
    let shop = ShopInMemory::with(&[("A", 5), ("B", 5)]).await;
    shop.shop.fail_next_write(WriteFault::RefusedAfterEffect);
    shop.shop.sell_before_write(2, &sku("A"), 1);
    let summary = Worker::new(&[("A", 9), ("B", 9)]).run(&shop).await;
    assert_eq!(summary.outcome, Outcome::Converged, "{summary:?}");
    assert_eq!((summary.counters.moved_since, summary.counters.converged), (1, 1), "{summary:?}");
    assert_eq!((shop.level(&sku("A")), shop.level(&sku("B"))), (8, 9));
}

/// A read after a conflict that still shows the old revision plans nothing: the line would meet the conflict again.
#[tokio::test]
async fn a_read_that_lags_after_a_conflict_is_made_again() {
    let shop = ShopInMemory::with(&[("A", 10)]).await;
    shop.shop.sell_before_the_next_write(&sku("A"), 2);
    shop.shop.lag_reads_of_levels(1);
    let summary = Worker::new(&[("A", 15)]).run(&shop).await;
    assert_eq!((summary.outcome, summary.counters.verified), (Outcome::Converged, 1), "{summary:?}");
    assert_eq!((shop.level(&sku("A")), summary.batches), (13, 2), "one conflict, one new plan");
}
