//! A run that is stopped or killed leaves nothing that the next run does not put right.

use std::time::Duration;

use testkit::emulator::{Endpoint, FaultKind, FaultTiming};
use testkit::{Program, TestShop, TestWarehouse};

use crate::support::{assert_levels, between, on_every_catalog, sync, world};

on_every_catalog! {
    a_run_stopped_while_it_reads_writes_nothing,
    a_run_stopped_while_it_writes_sends_no_further_batch,
    ctrl_c_is_answered_at_once,
    a_stopped_run_reads_back_what_wix_acknowledged,
    a_run_killed_while_it_writes_is_put_right_by_the_next,
    a_log_without_a_reader_does_not_end_a_run,
    a_killed_run_does_not_stay_under_way_for_ever,
    two_runs_at_once_write_every_change_once,
}

/// A shop whose next request to `endpoint` takes effect at once and is answered in half a minute.
async fn hanging(endpoint: fn(&TestShop) -> Endpoint, time_out: &str) -> (TestShop, TestWarehouse, Program) {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4)]).await;
    let kind = FaultKind::Hang { duration: Duration::from_secs(30), timing: FaultTiming::AfterApply };
    shop.break_with(endpoint(&shop), kind, 1);
    // Each change has a call of its own in every catalog.
    let program =
        between(&shop, &warehouse).set("WIXSYNC_HTTP_TIMEOUT", time_out).set("WIXSYNC_WRITE_BATCH", "1");
    (shop, warehouse, program)
}

async fn arrived(shop: &TestShop, endpoint: Endpoint) {
    while shop.live().request_count(endpoint) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn heals(shop: &TestShop, program: &Program) {
    let _ = sync(program, 0).await;
    assert_levels(shop, [("A", 15), ("B", 4)]);
    shop.assert_written_at_most_once();
}

async fn a_run_stopped_while_it_reads_writes_nothing() {
    let (shop, _warehouse, program) = hanging(TestShop::reading, "60s").await;
    let running = program.spawn(["sync", "--json"]);
    arrived(&shop, shop.reading()).await;
    assert_eq!(running.stop().await, Some(130));
    shop.assert_not_written();
    let runs = program.run(["runs", "--json"]).await.ends(0).json();
    assert_eq!(runs["runs"][0]["status"], "REVOKED");
    assert_eq!(runs["runs"][0]["result"]["outcome"], "interrupted");
    heals(&shop, &program).await;
}

async fn a_run_stopped_while_it_writes_sends_no_further_batch() {
    let (shop, _warehouse, program) = hanging(TestShop::lowering, "1s").await;
    let running = program.spawn(["sync", "--json"]);
    arrived(&shop, shop.lowering()).await;
    assert_eq!(running.stop().await, Some(130));
    assert_eq!(shop.write_requests().len(), 1);
    let runs = program.run(["runs", "--json"]).await.ends(0).json();
    assert_eq!(runs["runs"][0]["result"]["outcome"], "interrupted");
    assert_eq!(runs["runs"][0]["result"]["counters"]["not_sent"], 1);
    heals(&shop, &program).await;
}

/// The request takes half a minute; the user is told before that, and may leave at once.
async fn ctrl_c_is_answered_at_once() {
    for (lang, says) in [("en", "Stopping after the request"), ("ru", "Остановка после запроса")]
    {
        let (shop, _warehouse, program) = hanging(TestShop::lowering, "60s").await;
        let program = program.set("WIXSYNC_LANG", lang);
        let mut session = program.open_session(["sync"]);
        arrived(&shop, shop.lowering()).await;
        session.presses_ctrl_c().await;
        session.sees(says).await;
        session.presses_ctrl_c().await;
        assert_eq!(session.ends().await.code, Some(130));
    }
}

/// The call in flight ended well: that is seen before the run leaves, and no later run waits for it.
async fn a_stopped_run_reads_back_what_wix_acknowledged() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4)]).await;
    let kind = FaultKind::Hang { duration: Duration::from_secs(1), timing: FaultTiming::AfterApply };
    shop.break_with(shop.lowering(), kind, 1);
    let program = between(&shop, &warehouse).set("WIXSYNC_SETTLE", "30s").set("WIXSYNC_WRITE_BATCH", "1");
    let running = program.spawn(["sync", "--json"]);
    arrived(&shop, shop.lowering()).await;
    assert_eq!(running.stop().await, Some(130));
    let runs = program.run(["runs", "--json"]).await.ends(0).json();
    let counters = &runs["runs"][0]["result"]["counters"];
    assert_eq!((&counters["verified"], &counters["not_sent"]), (&1.into(), &1.into()), "{counters}");
    assert_eq!(runs["runs"][0]["result"]["errors"], 0);
    heals(&shop, &program).await;
    let runs = program.run(["runs", "--json"]).await.ends(0).json();
    let took =
        runs["runs"].as_array().expect("runs").iter().filter_map(|run| run["result"]["duration_ms"].as_u64());
    assert!(took.max() < Some(20_000), "nothing was left to wait for: {runs}");
}

async fn a_run_killed_while_it_writes_is_put_right_by_the_next() {
    let (shop, _warehouse, program) = hanging(TestShop::lowering, "2s").await;
    let running = program.spawn(["sync", "--json"]);
    arrived(&shop, shop.lowering()).await;
    running.kill().await;
    heals(&shop, &program).await;
    assert_eq!(shop.written_to("B"), [(10, 4)]);
}

/// The reader of the log may be gone: that must not end a run in the middle of writing.
async fn a_log_without_a_reader_does_not_end_a_run() {
    let shop = TestShop::builder().product("A", 10).product("B", 10).start().await;
    let warehouse = TestWarehouse::of([("A", 12), ("B", 7)]).await;
    let program = between(&shop, &warehouse);
    assert_eq!(program.run_with_full_stderr(["sync"]).await, Some(0));
    assert_levels(&shop, [("A", 12), ("B", 7)]);
}

/// I7: every accepted task reaches an end state.
async fn a_killed_run_does_not_stay_under_way_for_ever() {
    let (shop, _warehouse, program) = hanging(TestShop::lowering, "2s").await;
    let running = program.spawn(["sync", "--json"]);
    arrived(&shop, shop.lowering()).await;
    running.kill().await;
    heals(&shop, &program).await;
    let runs = program.run(["runs", "--json"]).await.ends(0).json();
    let open: Vec<_> =
        runs["runs"].as_array().expect("runs").iter().filter(|run| run["ready"] == false).collect();
    assert!(open.is_empty(), "{open:#?}");
    // Its one call was applied, and the next run has found that out; the other never left.
    let killed = &runs["runs"][1]["result"];
    assert_eq!(killed["outcome"], "interrupted");
    assert_eq!(killed["counters"]["converged"], 1);
    assert_eq!(killed["counters"]["not_sent"], 1);
}

/// I6: one run at a time per shop.
async fn two_runs_at_once_write_every_change_once() {
    let skus: Vec<String> = (0..40).map(|n| format!("S{n}")).collect();
    let shop = TestShop::builder()
        .products(skus.iter().map(|sku| (sku.as_str(), 10)))
        .latency(Duration::from_millis(30))
        .start()
        .await;
    let warehouse = TestWarehouse::of(skus.iter().map(|sku| (sku.as_str(), 13))).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_WRITE_BATCH", "20");
    let (first, second) = tokio::join!(program.run(["sync", "--json"]), program.run(["sync", "--json"]));
    assert_levels(&shop, skus.iter().map(|sku| (sku.as_str(), 13)));
    shop.assert_written_at_most_once();
    assert_eq!((first.code, second.code), (Some(0), Some(0)));
}
