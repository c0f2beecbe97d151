//! Wix's official JavaScript client, driven against the emulator: `tests/conformance` in the folder of the workspace.
//! `cargo xtask test` installs it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wix_emulator::{
    CatalogVersion, Config, DEFAULT_API_KEY, DEFAULT_APP_ID, DEFAULT_APP_SECRET, DEFAULT_INSTANCE_ID,
    DEFAULT_SITE_ID, Emulator, ShopData,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance")
}

/// 126 products, one hidden, one with two variants.
fn products() -> Vec<Value> {
    let mut products = vec![
        json!({"sku": "APPLE", "name": "Apple", "quantity": 5, "price": 1.5, "elsewhere": {"Warehouse": 70}}),
        json!({"sku": "LAMP", "name": "Lamp", "quantity": 9}),
        json!({"sku": "GIFT", "name": "Gift card", "trackInventory": false}),
        json!({"sku": "HIDDEN", "name": "Hidden", "quantity": 3, "visible": false}),
        json!({"name": "Shirt", "variants": [
            {"choices": {"Size": "S"}, "sku": "SHIRT-S", "quantity": 1},
            {"choices": {"Size": "L"}, "sku": "SHIRT-L", "quantity": 2}]}),
    ];
    let filler = |number: usize| json!({"sku": format!("FILLER-{number:03}"), "quantity": 10});
    products.extend((0..121).map(filler));
    products
}

/// Two more without an inventory item.
fn products_of_v3() -> Vec<Value> {
    let mut products = products();
    products.push(json!({"sku": "BARE", "inventoryItem": false}));
    products.push(json!({"sku": "BARE-2", "inventoryItem": false}));
    products
}

/// Runs one file of the suite against an emulator of its own.
async fn passes(file: &str, catalog: CatalogVersion, products: Vec<Value>) {
    let data = json!({"locations": [{"name": "Shop"}, {"name": "Warehouse"}], "products": products});
    let mut config = Config::new(ShopData::from_json(&data.to_string()).unwrap());
    config.catalog = catalog;
    let emulator = Emulator::start(config).await.unwrap();
    let mut command = tokio::process::Command::new("node");
    command
        .args(["--test", "--test-reporter=tap", file])
        .current_dir(folder())
        .env("EMULATOR_URL", emulator.base_url())
        .env("EMULATOR_KEY", DEFAULT_API_KEY)
        .env("EMULATOR_SITE", DEFAULT_SITE_ID)
        .env("EMULATOR_APP", DEFAULT_APP_ID)
        .env("EMULATOR_SECRET", DEFAULT_APP_SECRET)
        .env("EMULATOR_INSTANCE", DEFAULT_INSTANCE_ID);
    let output =
        command.output().await.expect("Node.js runs the official client: `cargo xtask test` needs it");
    let report = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{file} fails; `cargo xtask test` installs the client.\n{report}\n{errors}"
    );
    // A suite that runs nothing would pass too.
    let passed = report.lines().find_map(|line| line.strip_prefix("# pass ")).unwrap_or("0");
    assert!(passed.parse::<u32>().unwrap() > 3, "{report}");
    emulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_reads_and_writes_v1() {
    passes("v1.test.mjs", CatalogVersion::V1Catalog, products()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_reads_and_writes_v3() {
    passes("v3.test.mjs", CatalogVersion::V3Catalog, products_of_v3()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_gets_and_renews_tokens() {
    passes("app.test.mjs", CatalogVersion::V3Catalog, products_of_v3()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_sends_what_is_on_record() {
    passes("calls.test.mjs", CatalogVersion::V1Catalog, products()).await;
}
