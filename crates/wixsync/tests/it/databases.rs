//! Databases that cannot be opened or read.
//!
//! One catalog: nothing is asked of the shop, or only whether it was written to.

use serde_json::Value;
use testkit::{Program, TestShop, TestWarehouse};

use crate::support::{between, report, sync, world};

/// What a command says that could not do its work.
fn failure(value: &Value) -> String {
    assert_eq!(value["status"], "error", "{value:#}");
    value["message"].as_str().expect("a message").to_owned()
}

async fn state(program: Program, shop: &TestShop) {
    for words in [["sync", "--json"], ["plan", "--json"], ["runs", "--json"]] {
        let told = program.run(words).await.ends(5).says("WIXSYNC_STATE_URL").json();
        let _ = failure(&told);
    }
    shop.assert_not_written();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_database_that_cannot_be_made_stops_every_write() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).file("plain", "a file");
    let below = format!("sqlite://{}", program.path("plain/inner/state.db").display());
    state(program.set("WIXSYNC_STATE_URL", below), &shop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_state_database_stops_every_write() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    state(between(&shop, &warehouse).file("state.db", "no database at all, ".repeat(300)), &shop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_merchant_s_database_is_never_taken_for_the_state() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let before = std::fs::read(warehouse.path()).expect("read");
    let program = between(&shop, &warehouse).set("WIXSYNC_STATE_URL", warehouse.url());
    let told = program.run(["sync", "--json"]).await;
    assert!(before == std::fs::read(warehouse.path()).expect("read"), "the merchant's file is only read");
    let _ = told.ends(2).says("WIXSYNC_STATE_URL");
    shop.assert_not_written();
}

async fn unreadable(program: Program, shop: &TestShop, word: &str) {
    let told = sync(&program, 5).await;
    shop.assert_not_written();
    assert_eq!(told["outcome"], "failed");
    let message = failure(&told);
    assert!(message.contains(word), "{message}");
    let told = report(&program.run(["plan", "--json"]).await.ends(5));
    let _ = failure(&told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_warehouse_is_told_and_not_made() {
    let shop = TestShop::of([("A", 10)]).await;
    let program = crate::support::program().shop(&shop);
    let path = program.path("nowhere.db");
    let url = format!("sqlite://{}", path.display());
    unreadable(program.set("WIXSYNC_WAREHOUSE_URL", url), &shop, "nowhere.db").await;
    assert!(!path.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warehouse_that_is_no_database_is_told() {
    let shop = TestShop::of([("A", 10)]).await;
    let program = crate::support::program().shop(&shop).file("w.db", "sku;quantity\nA;5\n".repeat(100));
    let url = format!("sqlite://{}", program.path("w.db").display());
    unreadable(program.set("WIXSYNC_WAREHOUSE_URL", url), &shop, "warehouse").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warehouse_without_tables_is_told() {
    let shop = TestShop::of([("A", 10)]).await;
    let warehouse = TestWarehouse::custom("CREATE TABLE other (x)").await;
    unreadable(between(&shop, &warehouse), &shop, "product").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_file_as_a_warehouse_is_told() {
    let shop = TestShop::of([("A", 10)]).await;
    let program = crate::support::program().shop(&shop).file("w.db", "");
    let url = format!("sqlite://{}", program.path("w.db").display());
    unreadable(program.set("WIXSYNC_WAREHOUSE_URL", url), &shop, "product").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stock_table_without_its_column_is_told() {
    let shop = TestShop::of([("A", 10)]).await;
    let warehouse =
        TestWarehouse::custom("CREATE TABLE product (sku); CREATE TABLE stock (sku, place, quantity)").await;
    unreadable(between(&shop, &warehouse), &shop, "warehouse").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_is_no_sql_is_told() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).toml("[warehouse]\nquery = 'SELEKT sku'\n");
    unreadable(program, &shop, "SELEKT").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_warehouse_is_only_read() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let before = std::fs::read(warehouse.path()).expect("read");
    let _ = sync(&between(&shop, &warehouse), 0).await;
    assert!(before == std::fs::read(warehouse.path()).expect("read"));
    let folder = warehouse.path();
    let beside = std::fs::read_dir(folder.parent().expect("a folder")).expect("read").count();
    assert_eq!(beside, 1, "no journal is left beside it");
}
