//! A write whose answer is not clean is never applied twice, and the report says no more than is known (I2).
//!
//! One catalog: the rest are about deltas: entries that a success leaves out, one mark for all variants, a wait
//! before each look.

use std::time::Duration;

use serde_json::Value;
use testkit::emulator::{Atomicity, Behavior, BulkFailures, CatalogVersion, Endpoint, Fault, FaultKind};
use testkit::emulator::{FaultTiming, Listing};
use testkit::{Program, TestShop, catalog};

use crate::support::{assert_levels, between, on_every_catalog, sync, world};

on_every_catalog! {
    a_lost_reply_to_a_raise_is_found_to_have_been_applied,
    a_lost_reply_to_a_lowering_is_found_to_have_been_applied,
    a_502_after_a_raise_was_applied,
    a_502_after_a_lowering_was_applied,
    a_redirect_after_a_raise_was_applied_is_not_followed,
    an_answer_to_a_write_that_cannot_be_read,
    a_connection_that_drops_before_a_raise_is_applied,
    a_connection_that_drops_before_a_lowering_is_applied,
    a_500_before_anything_is_applied,
    a_400_for_a_whole_batch,
    a_batch_that_was_applied_in_part,
    an_entry_that_wix_refuses_ends_alone_with_its_reason,
    a_429_after_a_part_or_all_of_a_batch_was_applied,
    a_lost_reply_to_a_raise_that_was_sold_at_once_is_suspect,
    a_hang_after_the_write_was_applied,
    a_write_that_lands_after_its_time_out_and_before_the_settle_time_is_over,
    a_write_that_lands_after_a_504_waits_for_the_time_out_of_the_request,
    three_unknown_outcomes_in_a_row_end_the_run,
    a_refused_batch_goes_on_in_halves,
    two_unknown_outcomes_in_a_row_do_not_end_the_run,
    a_write_refused_for_want_of_rights_ends_the_run,
    a_throttled_write_is_settled_and_healed,
}

const ROWS: [(&str, i64, i64); 5] =
    [("UP-1", 10, 15), ("UP-2", 10, 16), ("UP-3", 10, 17), ("DOWN-1", 10, 4), ("DOWN-2", 10, 0)];
const UP: Endpoint = Endpoint::IncrementInventory;
const DOWN: Endpoint = Endpoint::DecrementInventory;

fn hurried(program: Program) -> Program {
    program.set("WIXSYNC_HTTP_TIMEOUT", "600ms").set("WIXSYNC_SETTLE", "200ms")
}

fn total(report: &Value) -> u64 {
    report["updated_in_wix"].as_u64().expect("a number")
}

/// How many lines are in the call of a direction that has `of_v1` of them: on V3 all changes share one.
fn in_call(of_v1: u64) -> u64 {
    if catalog() == CatalogVersion::V3Catalog { 5 } else { of_v1 }
}

/// How many lines a run finds in the shop that landed after their request was given up. On V3 the same write goes out
/// again at once and is answered; the late one then names an old revision and has no effect.
fn late() -> u64 {
    u64::from(catalog() != CatalogVersion::V3Catalog)
}

/// One run through the fault and one without it: everything is right then, and nothing was applied twice.
async fn heals(endpoint: Endpoint, kind: FaultKind) -> (TestShop, Value) {
    let (shop, warehouse) = world(&ROWS).await;
    let program = hurried(between(&shop, &warehouse));
    shop.break_with(shop.writing(endpoint), kind, 1);

    let first = program.run(["sync", "--json"]).await;
    let report = crate::support::report(&first);
    assert_eq!(shop.live().faults_fired(), 1);
    shop.assert_written_at_most_once();
    let wrong = ROWS.iter().filter(|(sku, _, due)| shop.level(sku) != *due).count();
    if wrong == 0 && total(&report) == 5 {
        assert_eq!((first.code, &report["outcome"]), (Some(0), &"converged".into()));
    } else {
        assert_eq!((first.code, &report["outcome"]), (Some(3), &"partial".into()));
    }
    assert!(total(&report) <= 5 - u64::try_from(wrong).expect("a small number"), "{report:#}");
    let listed = report["errors_list"].as_array().expect("a list").len();
    assert_eq!(report["errors"], listed);

    let second = sync(&program, 0).await;
    assert_levels(&shop, ROWS.map(|(sku, _, due)| (sku, due)));
    shop.assert_written_at_most_once();
    assert_eq!(shop.written().len(), 5);
    assert_eq!(second["outcome"], "converged");
    (shop, report)
}

async fn a_lost_reply_to_a_raise_is_found_to_have_been_applied() {
    let (_, report) = heals(UP, FaultKind::DropAfterApply).await;
    assert_eq!(report["counters"]["converged"], in_call(3));
    assert_eq!(report["counters"]["verified"], 5 - in_call(3));
}

async fn a_lost_reply_to_a_lowering_is_found_to_have_been_applied() {
    let (_, report) = heals(DOWN, FaultKind::DropAfterApply).await;
    assert_eq!(report["counters"]["converged"], in_call(2));
    assert_eq!(report["counters"]["verified"], 5 - in_call(2));
}

async fn a_502_after_a_raise_was_applied() {
    let (_, report) = heals(UP, FaultKind::StatusAfterApply { code: 502 }).await;
    assert_eq!(report["counters"]["converged"], in_call(3));
}

async fn a_502_after_a_lowering_was_applied() {
    let (_, report) = heals(DOWN, FaultKind::StatusAfterApply { code: 502 }).await;
    assert_eq!(report["counters"]["converged"], in_call(2));
}

async fn a_redirect_after_a_raise_was_applied_is_not_followed() {
    let (_, report) = heals(UP, FaultKind::StatusAfterApply { code: 307 }).await;
    assert_eq!(report["counters"]["converged"], in_call(3));
}

async fn an_answer_to_a_write_that_cannot_be_read() {
    for kind in [FaultKind::NotJson, FaultKind::EmptyBody { code: 200 }, FaultKind::CutBody] {
        let (_, report) = heals(UP, kind).await;
        assert_eq!(report["counters"]["converged"], in_call(3));
    }
}

async fn a_connection_that_drops_before_a_raise_is_applied() {
    let _ = heals(UP, FaultKind::DropBeforeApply).await;
}

async fn a_connection_that_drops_before_a_lowering_is_applied() {
    let _ = heals(DOWN, FaultKind::DropBeforeApply).await;
}

async fn a_500_before_anything_is_applied() {
    let _ = heals(UP, FaultKind::Status { code: 500, body: None }).await;
}

async fn a_400_for_a_whole_batch() {
    let _ = heals(UP, FaultKind::Status { code: 400, body: None }).await;
}

async fn a_batch_that_was_applied_in_part() {
    for (endpoint, entries, code) in [(UP, 1, 400), (UP, 2, 500), (DOWN, 1, 400), (DOWN, 1, 503)] {
        let (_, report) = heals(endpoint, FaultKind::PartialApply { entries, code }).await;
        assert!(report["counters"]["converged"].as_u64() >= Some(1), "{report:#}");
    }
}

/// I8: Wix answers with a success and applies only a part. What it left out is told, and goes out alone in the next run.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_wix_left_out_is_told_and_goes_out_alone() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 16)]).await;
    let program = hurried(between(&shop, &warehouse));
    let left_out = FaultKind::PartialApply { entries: 1, code: 200 };
    shop.break_with(UP, left_out, 1);
    let report = sync(&program, 3).await;
    assert_levels(&shop, [("A", 15), ("B", 10)]);
    assert_eq!((&report["outcome"], &report["counters"]["unresolved"]), (&"partial".into(), &1.into()));
    let told = &report["errors_list"][0];
    assert_eq!((&told["sku"], &told["code"]), (&"B".into(), &"unresolved".into()));
    let sentence = "Wix accepted the change but did not make it; the next run sends it alone";
    assert_eq!(told["reason"], sentence, "{report:#}");
    warehouse.set("A", 17).await;
    let before = shop.write_requests().len();
    let report = sync(&program, 0).await;
    assert_eq!(report["counters"]["verified"], 2);
    assert_eq!(shop.write_requests().len() - before, 2, "one call for each");
    assert_levels(&shop, [("A", 17), ("B", 16)]);
}

/// I2: the level is back where it was, and only the item's own mark tells that something has happened.
async fn a_lost_reply_to_a_raise_that_was_sold_at_once_is_suspect() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_HTTP_TIMEOUT", "600ms").set("WIXSYNC_SETTLE", "1s");
    shop.break_with(shop.raising(), FaultKind::DropAfterApply, 1);
    let running = program.start(["sync", "--json"]);
    let sold = async {
        while shop.written().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        shop.sell("A", 5);
    };
    let (running, ()) = tokio::join!(running, sold);
    assert_eq!(running.end().await, Some(3));
    assert_eq!(shop.written().len(), 1);
    let runs = program.run(["runs", "--json"]).await.ends(0).json();
    assert_eq!(runs["runs"][0]["result"]["counters"]["suspect"], 1);
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15)]);
}

/// One inventory item stands for all variants of a product, with one mark for all. A variant that shows its old
/// quantity may have been raised and as many units sold, and the mark does not say that it was not.
#[tokio::test(flavor = "multi_thread")]
async fn variants_of_which_some_were_applied_are_left_to_the_next_run() {
    let variants = [("S", 10), ("M", 10), ("L", 10)];
    let shop = TestShop::builder().variants("Shirt", variants).start().await;
    let warehouse = testkit::TestWarehouse::of([("S", 11), ("M", 12), ("L", 13)]).await;
    let program = hurried(between(&shop, &warehouse));
    shop.break_with(UP, FaultKind::PartialApply { entries: 1, code: 500 }, 1);
    let report = sync(&program, 3).await;
    assert_eq!((&report["counters"]["converged"], &report["counters"]["suspect"]), (&1.into(), &2.into()));
    assert_levels(&shop, [("S", 11), ("M", 10), ("L", 10)]);
    let report = sync(&program, 0).await;
    assert_eq!(report["counters"]["verified"], 2);
    assert_levels(&shop, [("S", 11), ("M", 12), ("L", 13)]);
    shop.assert_written_at_most_once();
}

async fn a_hang_after_the_write_was_applied() {
    let kind = FaultKind::Hang { duration: Duration::from_secs(5), timing: FaultTiming::AfterApply };
    let (_, report) = heals(UP, kind).await;
    assert_eq!(report["counters"]["converged"], in_call(3));
}

async fn a_write_that_lands_after_its_time_out_and_before_the_settle_time_is_over() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4)]).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_HTTP_TIMEOUT", "500ms").set("WIXSYNC_SETTLE", "1s");
    let kind = FaultKind::Hang { duration: Duration::from_millis(900), timing: FaultTiming::BeforeApply };
    shop.break_with(shop.raising(), kind, 1);
    let report = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15), ("B", 4)]);
    assert_eq!(report["counters"]["converged"], late());
    assert_eq!(report["counters"]["verified"], 2 - late());
    let _ = sync(&program, 0).await;
    shop.assert_written_at_most_once();
}

async fn a_write_that_lands_after_a_504_waits_for_the_time_out_of_the_request() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4)]).await;
    let program =
        between(&shop, &warehouse).set("WIXSYNC_HTTP_TIMEOUT", "1500ms").set("WIXSYNC_SETTLE", "100ms");
    shop.break_with(shop.raising(), FaultKind::ApplyLate { delay: Duration::from_millis(800) }, 1);
    let report = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15), ("B", 4)]);
    assert_eq!(report["counters"]["converged"], late());
    assert_eq!(report["counters"]["verified"], 2 - late());
    let _ = sync(&program, 0).await;
    shop.assert_written_at_most_once();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_refused_entry_is_rejected_with_wix_s_reason() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4)]).await;
    let program = hurried(between(&shop, &warehouse));
    let body = serde_json::json!({
        "message": "no",
        "details": {"applicationError": {"code": "SOME_CODE", "description": "the item is locked"}},
    });
    shop.break_with(UP, FaultKind::Status { code: 400, body: Some(body) }, u32::MAX);
    let report = sync(&program, 3).await;
    assert_levels(&shop, [("A", 10), ("B", 4)]);
    assert_eq!(report["outcome"], "partial");
    assert_eq!(report["counters"]["rejected"], 1);
    assert_eq!(report["counters"]["verified"], 1);
    let entry = &report["errors_list"][0];
    assert_eq!((&entry["sku"], &entry["code"]), (&"A".into(), &"rejected".into()));
    let reason = entry["reason"].as_str().expect("a reason");
    assert!(reason.contains("the item is locked") && reason.contains("SOME_CODE"), "{reason}");
    shop.live().clear_faults();
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15)]);
}

async fn three_unknown_outcomes_in_a_row_end_the_run() {
    let (shop, warehouse) = world(&ROWS).await;
    let program = hurried(between(&shop, &warehouse)).set("WIXSYNC_WRITE_BATCH", "1");
    shop.break_with(shop.raising(), FaultKind::DropBeforeApply, u32::MAX);
    shop.break_with(shop.lowering(), FaultKind::DropBeforeApply, u32::MAX);
    let report = sync(&program, 5).await;
    assert_eq!(shop.write_requests().len(), 3);
    assert_eq!(shop.written(), []);
    assert_eq!(report["status"], "error");
    assert_eq!(report["outcome"], "failed");
    assert_eq!(report["counters"]["planned"], 5);
    // One line went out three times; none of it is in the shop. On V1 two looks say so. On V3 the run ends at once, and a
    // copy that was given up may still land.
    let open = u64::from(catalog() == CatalogVersion::V3Catalog);
    assert_eq!(report["counters"]["not_sent"], 5 - open);
    assert_eq!(report["counters"]["unresolved"], open);
    shop.live().clear_faults();
    let _ = sync(&program, 0).await;
    assert_levels(&shop, ROWS.map(|(sku, _, due)| (sku, due)));
    shop.assert_written_at_most_once();
}

async fn a_refused_batch_goes_on_in_halves() {
    let (shop, warehouse) = world(&[("A", 10, 11), ("B", 10, 12), ("C", 10, 13)]).await;
    let program = hurried(between(&shop, &warehouse));
    shop.break_with(shop.raising(), FaultKind::Status { code: 400, body: None }, 2);
    let report = sync(&program, 0).await;
    assert_eq!(report["counters"]["planned"], 3);
    assert_eq!(report["counters"]["verified"], 3);
    let sizes: Vec<_> = shop.write_requests().iter().map(|request| request.entries).collect();
    assert_eq!(sizes, [Some(3), Some(2), Some(1), Some(1), Some(1)]);
    assert_levels(&shop, [("A", 11), ("B", 12), ("C", 13)]);
    shop.assert_written_at_most_once();
}

async fn two_unknown_outcomes_in_a_row_do_not_end_the_run() {
    let (shop, warehouse) = world(&[("A", 10, 1), ("B", 10, 2), ("C", 10, 3), ("D", 10, 4)]).await;
    let program = hurried(between(&shop, &warehouse)).set("WIXSYNC_WRITE_BATCH", "1");
    shop.break_with(shop.lowering(), FaultKind::DropAfterApply, 2);
    let report = sync(&program, 0).await;
    assert_levels(&shop, [("A", 1), ("B", 2), ("C", 3), ("D", 4)]);
    // On V3 the second call is a copy of the first, and both are about one line.
    let unclear = if catalog() == CatalogVersion::V3Catalog { 1 } else { 2 };
    assert_eq!(report["counters"]["converged"], unclear);
    assert_eq!(report["counters"]["verified"], 4 - unclear);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_raise_leaves_while_a_lowering_is_unsettled() {
    let (shop, warehouse) = world(&ROWS).await;
    shop.break_with(DOWN, FaultKind::DropAfterApply, 1);
    let _ = sync(&hurried(between(&shop, &warehouse)), 0).await;
    let requests = shop.requests();
    let at = |endpoint| requests.iter().position(|request| request.endpoint == endpoint).expect("it came in");
    let (lowered, read, raised) = (at(DOWN), at(Endpoint::QueryInventory), at(UP));
    assert!(lowered < read && read < raised, "{lowered} {read} {raised}");
    let waited = requests[read].time.millis() - requests[lowered].time.millis();
    assert!(waited >= 750, "the levels are read {waited} ms after the write: time-out and settle time");
}

async fn a_write_refused_for_want_of_rights_ends_the_run() {
    let (shop, warehouse) = world(&ROWS).await;
    let program = hurried(between(&shop, &warehouse));
    shop.break_with(shop.lowering(), FaultKind::Status { code: 403, body: None }, u32::MAX);
    shop.break_with(shop.raising(), FaultKind::Status { code: 403, body: None }, u32::MAX);
    let report = sync(&program, 5).await;
    assert_eq!(shop.written(), []);
    assert_eq!(report["outcome"], "failed");
    assert_eq!(report["updated_in_wix"], 0);
}

async fn a_throttled_write_is_settled_and_healed() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = hurried(between(&shop, &warehouse)).toml("pause_after_429 = '1s'\n");
    shop.break_with(shop.raising(), FaultKind::Status { code: 429, body: None }, 1);
    let _ = program.run(["sync", "--json"]).await;
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15)]);
    shop.assert_written_at_most_once();
    let requests = shop.requests();
    let refused = requests.iter().position(|request| request.status == Some(429)).expect("one 429");
    let pause = requests[refused + 1].time.millis() - requests[refused].time.millis();
    assert!(pause >= 990, "the next request came {pause} ms after the 429");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_which_wix_silently_drops_an_entry_is_not_called_right() {
    let (mut shop_levels, behavior) = (
        vec![("A", 10), ("B", 10)],
        Behavior { atomicity: Atomicity::SkipBadEntries, ..Behavior::default() },
    );
    shop_levels.push(("C", 10));
    let shop = TestShop::builder().products(shop_levels).behavior(behavior).start().await;
    let warehouse = testkit::TestWarehouse::of([("A", 4), ("B", 3), ("C", 10)]).await;
    let program = hurried(between(&shop, &warehouse));
    // A buyer takes eight of B between the read and the write: taking seven more would go below zero.
    let live = shop.live();
    let (product, variant) = live.find("B")[0];
    shop.break_with(
        Endpoint::QueryProducts,
        FaultKind::Hang { duration: Duration::from_millis(300), timing: FaultTiming::AfterApply },
        1,
    );
    let buys = async {
        while live.request_count(Endpoint::QueryProducts) == 0 {
            tokio::task::yield_now().await;
        }
        // The page is read at once and answered later.
        tokio::time::sleep(Duration::from_millis(100)).await;
        live.sell(product, variant, 8).expect("sold");
    };
    let (report, ()) = tokio::join!(program.run(["sync", "--json"]), buys);
    let report = crate::support::report(&report);
    assert_levels(&shop, [("A", 4), ("B", 2)]);
    assert_eq!(shop.written_to("B"), []);
    // Acknowledged and lower than expected: told as sold meanwhile, never as verified.
    assert_eq!(report["counters"]["verified"], 1, "{report:#}");
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 4), ("B", 3)]);
}

/// A bad entry ends alone with Wix's reason, and the rest of its call goes through. On V3 both answers are known: one
/// that names the bad row, and one that refuses the call.
async fn an_entry_that_wix_refuses_ends_alone_with_its_reason() {
    for bulk_updates in [BulkFailures::PerItem, BulkFailures::WholeCall] {
        let behavior = Behavior { bulk_updates, ..Behavior::default() };
        let goods = [("A", 10), ("B", 10), ("C", 10)];
        let shop = TestShop::builder().behavior(behavior).products(goods).start().await;
        let warehouse = testkit::TestWarehouse::of([("A", 15), ("B", 16), ("C", 17)]).await;
        let poison = FaultKind::Poison { listing: Listing::sku("B") };
        shop.live().add_fault(Fault::new(poison).on(shop.raising()));
        let report = sync(&hurried(between(&shop, &warehouse)), 3).await;
        assert_levels(&shop, [("A", 15), ("B", 10), ("C", 17)]);
        assert_eq!(
            (&report["counters"]["rejected"], &report["counters"]["verified"]),
            (&1.into(), &2.into())
        );
        let entry = &report["errors_list"][0];
        assert_eq!((&entry["sku"], &entry["code"]), (&"B".into(), &"rejected".into()), "{report:#}");
        assert!(entry["reason"].as_str().is_some_and(|reason| reason.contains("ENTRY_REFUSED")), "{entry:#}");
        shop.assert_written_at_most_once();
    }
}

/// A 429 says nothing about what was applied before it: in the middle of a batch, and after all of it.
async fn a_429_after_a_part_or_all_of_a_batch_was_applied() {
    for kind in [FaultKind::PartialApply { entries: 1, code: 429 }, FaultKind::StatusAfterApply { code: 429 }]
    {
        let (shop, warehouse) = world(&ROWS).await;
        let program = hurried(between(&shop, &warehouse)).toml("pause_after_429 = '1s'\n");
        shop.break_with(shop.writing(UP), kind, 1);
        let _ = sync(&program, 0).await;
        assert_levels(&shop, ROWS.map(|(sku, _, due)| (sku, due)));
        shop.assert_written_at_most_once();
    }
}
