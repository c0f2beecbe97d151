//! Keys, sites and catalogs that do not fit.
//!
//! One catalog: the key and the site are checked by the question for the catalog itself, before anything differs.

use testkit::emulator::CatalogVersion;
use testkit::{CANARY, TestShop, TestWarehouse};

use crate::support::{between, sync, world};

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_told_and_nothing_is_written() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).set("WIX_API_KEY", format!("wrong-{CANARY}"));
    let report = sync(&program, 5).await;
    shop.assert_not_written();
    assert_eq!(report["status"], "error");
    assert_eq!(report["outcome"], "failed");
    let _ = program.run(["sync"]).await.ends(5).says("Check the API key");
    assert!(shop.live().total_requests() <= 2, "a refused key is not tried again and again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_site_is_told_and_nothing_is_written() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).set("WIX_SITE_ID", "5e000000-0000-4000-8000-0000000000ff");
    let report = sync(&program, 5).await;
    shop.assert_not_written();
    assert_eq!(report["outcome"], "failed");
    let _ = program.run(["sync"]).await.ends(5).says("the site id is not that of a site");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_without_stores_is_told_and_nothing_is_written() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    shop.set_catalog(CatalogVersion::StoresNotInstalled);
    let report = sync(&between(&shop, &warehouse), 5).await;
    shop.assert_not_written();
    let message = report["message"].as_str().expect("a message");
    assert!(message.contains("does not have Wix Stores"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wix_out_of_reach_is_told() {
    let shop = TestShop::of([("A", 10)]).await;
    let warehouse = TestWarehouse::of([("A", 15)]).await;
    let program = between(&shop, &warehouse);
    drop(shop);
    let report = sync(&program, 5).await;
    assert_eq!(report["status"], "error");
    assert_eq!(report["outcome"], "failed");
    assert_eq!(report["updated_in_wix"], 0);
    let _ = program.run(["products", "A", "--json"]).await.ends(5).says("\"status\":\"error\"");
}
