//! What several modules need.

use serde_json::Value;
use testkit::emulator::CatalogVersion;
use testkit::{Finished, Program, TestShop, TestWarehouse, catalog};

/// The program with nothing configured.
pub(crate) fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_wixsync"))
}

/// The program between a shop and a warehouse.
pub(crate) fn between(shop: &TestShop, warehouse: &TestWarehouse) -> Program {
    program().shop(shop).warehouse(warehouse)
}

/// A shop and a warehouse, from SKU, level and stock.
pub(crate) async fn world(rows: &[(&str, i64, i64)]) -> (TestShop, TestWarehouse) {
    let shop = TestShop::of(rows.iter().map(|(sku, level, _)| (*sku, *level))).await;
    let warehouse = TestWarehouse::of(rows.iter().map(|(sku, _, stock)| (*sku, *stock))).await;
    (shop, warehouse)
}

/// `sync --json` that must end with this code; its report, whose counters add up.
pub(crate) async fn sync(program: &Program, code: i32) -> Value {
    report(&program.run(["sync", "--json"]).await.ends(code))
}

/// The report on stdout; its counters add up (I8) and agree with the guide's figures.
pub(crate) fn report(finished: &Finished) -> Value {
    let report = finished.json();
    let count = |name: &str| {
        report["counters"][name].as_u64().unwrap_or_else(|| panic!("no counter {name} in {report:#}"))
    };
    let executed = count("verified") + count("moved_since") + count("converged");
    let errors = count("rejected") + count("suspect") + count("unresolved");
    let planned = executed + errors + count("not_sent") + count("skipped_in_apply");
    assert_eq!(count("planned"), planned, "the counters add up: {report:#}");
    assert_eq!(report["updated_in_wix"], executed, "{report:#}");
    assert_eq!(report["details"]["updates_executed"], executed, "{report:#}");
    assert_eq!(report["details"]["updates_prepared"], planned, "{report:#}");
    assert_eq!(report["errors"], errors, "{report:#}");
    report
}

/// Fails unless each SKU has its level in the shop's own books.
pub(crate) fn assert_levels<'a>(shop: &TestShop, levels: impl IntoIterator<Item = (&'a str, i64)>) {
    let wrong: Vec<_> = levels
        .into_iter()
        .map(|(sku, due)| (sku, due, shop.level(sku)))
        .filter(|(_, due, level)| due != level)
        .collect();
    assert!(wrong.is_empty(), "(sku, due, level): {wrong:?}");
}

/// The reasons for which a SKU is listed as left alone.
pub(crate) fn reasons<'a>(report: &'a Value, sku: &str) -> Vec<&'a str> {
    let skipped = report["skipped"].as_array().expect("a list of SKUs left alone");
    skipped.iter().filter(|skip| skip["sku"] == sku).filter_map(|skip| skip["reason"].as_str()).collect()
}

/// The name of the shops' catalog, as programs read it.
pub(crate) fn catalog_name() -> &'static str {
    if catalog() == CatalogVersion::V3Catalog { "v3" } else { "v1" }
}

/// What `doctor` says of the shop's catalog.
pub(crate) fn told_catalog() -> String {
    format!("The site has catalog {}", catalog_name().to_uppercase())
}

/// Why a listing whose stock Wix does not count is left alone.
pub(crate) fn untracked() -> &'static str {
    if catalog() == CatalogVersion::V3Catalog { "tracked_by_status" } else { "untracked" }
}

/// The codes noted for a SKU.
pub(crate) fn notes<'a>(report: &'a Value, sku: &str) -> Vec<&'a str> {
    let notes = report["notes"].as_array().expect("a list of notes");
    notes.iter().filter(|note| note["sku"] == sku).filter_map(|note| note["code"].as_str()).collect()
}

/// The keys of an object, in order.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// Makes tests of functions that must hold for a shop on every catalog: one test for each catalog.
macro_rules! on_every_catalog {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use testkit::emulator::CatalogVersion;
            use testkit::on_catalog;

            #[tokio::test(flavor = "multi_thread")]
            async fn v1() {
                on_catalog(CatalogVersion::V1Catalog, super::$name()).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn v3() {
                on_catalog(CatalogVersion::V3Catalog, super::$name()).await;
            }
        }
    )+};
}

pub(crate) use on_every_catalog;
