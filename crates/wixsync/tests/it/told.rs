//! What a report tells, and what it does not tell since it is not known.
//!
//! One catalog: a plan that was not sent looks alike, and on V3 an unclear write needs no wait that could be
//! told.

use std::time::Duration;

use serde_json::json;
use testkit::Finished;
use testkit::emulator::{Endpoint, FaultKind, FaultTiming};

use crate::support::{between, on_every_catalog, reasons, report, world};

on_every_catalog! {
    a_run_that_read_nothing_shows_no_figures_of_what_it_read,
    a_sku_that_nobody_knows_is_told_and_ends_with_a_code_of_its_own,
}

fn hides(page: Finished, text: &str) -> Finished {
    let told = format!("{}{}", page.stdout, page.stderr);
    assert!(!told.contains(text), "{text:?} in {told}");
    page
}

/// What was not read is not zero, and was read in no way.
async fn a_run_that_read_nothing_shows_no_figures_of_what_it_read() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let away = program.set("WIX_BASE_URL", "http://127.0.0.1:9");
    let page = away.run(["sync"]).await.ends(5).says("Cannot reach Wix");
    let _ = hides(hides(page, "Read the shop"), "Products with stock");
    let told = report(&away.run(["sync", "--json"]).await.ends(5));
    assert_eq!(told["reading"], json!(null));

    let kind = FaultKind::Hang { duration: Duration::from_secs(30), timing: FaultTiming::BeforeApply };
    shop.break_with(shop.reading(), kind, 1);
    let program = between(&shop, &warehouse);
    let running = program.spawn(["sync", "--json"]);
    while shop.live().request_count(shop.reading()) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(running.stop().await, Some(130));
    let runs = program.run(["runs", "--json"]).await.ends(0).json();
    let id = runs["runs"][0]["run_id"].as_str().expect("a run");
    let page =
        program.run(["run", id]).await.ends(0).says("interrupted").says("Nothing was written to the shop");
    let _ = hides(hides(page, "Read the shop"), "Products with stock");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_does_not_tell_what_it_did_not_send() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    for words in [["plan", "--lang", "en"], ["sync", "--dry-run", "--json"]] {
        let _ = program.run(words).await.ends(0);
    }
    let page = program.run(["plan"]).await.ends(0).says("Planned changes: 1\n");
    let _ = hides(page, "not sent");
    let runs = program.run(["runs", "--json"]).await.ends(0).json();
    let id = runs["runs"][0]["run_id"].as_str().expect("a run");
    let _ = hides(program.run(["run", id]).await.ends(0).says("planned"), "not sent");
}

/// Like a SKU to be set that cannot be written: it was asked for by name, and could not be done.
async fn a_sku_that_nobody_knows_is_told_and_ends_with_a_code_of_its_own() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 2, 2)]).await;
    let program = between(&shop, &warehouse);
    let page = program.run(["sync", "--sku", "NOPE"]).await.ends(3);
    let _ = page
        .says("neither the warehouse nor the shop has these SKUs")
        .says("neither in the warehouse nor in the shop: NOPE")
        .says("hint");
    let page = program.run(["plan", "--sku", "NOPE", "--lang", "ru"]).await.ends(0);
    let _ = page
        .says("этих артикулов нет ни на складе, ни в магазине")
        .says("подсказка: артикулы должны совпадать точно");
    let told = report(&program.run(["sync", "--json", "--sku", "NOPE", "A"]).await.ends(3));
    assert_eq!((reasons(&told, "NOPE"), &told["updated_in_wix"]), (vec!["unknown_sku"], &json!(1)));
    assert_eq!((shop.level("A"), shop.level("B")), (15, 2));
    // One that stands on one side is left alone for that, as in every run.
    shop.live().remove_product(shop.live().find("B")[0].0).expect("a product");
    let told = report(&program.run(["sync", "--json", "--sku", "B"]).await.ends(0));
    assert_eq!(reasons(&told, "B"), ["not_in_wix"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_is_told_with_its_reason() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    shop.break_with(Endpoint::IncrementInventory, FaultKind::DropBeforeApply, 1);
    let page = between(&shop, &warehouse).run(["sync"]).await.ends(0);
    let _ = page
        .says("before reading quantities: an update without a clear answer may still arrive")
        .says("before reading quantities: some updates seem to be missing in the shop");
}
