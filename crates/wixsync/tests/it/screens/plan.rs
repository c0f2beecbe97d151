//! `plan`: what a user reads before anything is written.
//!
//! One catalog: a plan of V3 looks alike but for the line that says how the shop was read, which `warm.rs`
//! compares.

use testkit::{TestShop, TestWarehouse};

use super::shown::{LANGS, assert_shown, both, plain, steady};
use crate::support::{between, world};

/// Every kind of change, and SKUs left alone for many reasons.
async fn a_bit_of_everything() -> (TestShop, TestWarehouse) {
    let shop = TestShop::builder()
        .product("TEA-GREEN-100", 112)
        .product("TEA-BLACK-50", 4)
        .product("КОФЕ-1", 9)
        .product("JUICE", 0)
        .product("CUP", 1)
        .product("SAME", 3)
        .product("MANY", 5)
        .product("BELOW", 2)
        .product("FRACTION", 2)
        .product("TWICE", 1)
        .product("TWICE", 2)
        .product("ONLY-WIX", 3)
        .product("", 8)
        .untracked("UNTRACKED")
        .start()
        .await;
    let stock = [
        ("TEA-GREEN-100", 0),
        ("TEA-BLACK-50", 0),
        ("КОФЕ-1", 7),
        ("JUICE", 25),
        ("CUP", 11),
        ("SAME", 3),
        ("MANY", 200_000),
        ("BELOW", -4),
        ("FRACTION", 0),
        ("TWICE", 4),
        ("UNTRACKED", 4),
        ("ONLY-HERE", 1),
        ("A-SKU-OF-MORE-THAN-THE-FORTY-CHARACTERS-OF-WIX", 1),
    ];
    let warehouse = TestWarehouse::of(stock).await;
    warehouse.execute("UPDATE stock SET quantity = '1.5' WHERE sku = 'FRACTION'").await;
    warehouse.execute("INSERT INTO stock VALUES ('ORPHAN', 'main', 3)").await;
    (shop, warehouse)
}

/// More changes than are shown, among them those that look like an accident.
async fn an_accident() -> (TestShop, TestWarehouse) {
    let skus: Vec<String> = (0..30).map(|n| format!("S-{n:02}")).collect();
    let shop = TestShop::of(skus.iter().map(|sku| (sku.as_str(), 10))).await;
    let left = skus.iter().enumerate().map(|(n, sku)| (sku.as_str(), if n < 21 { 0 } else { 10 }));
    let warehouse = TestWarehouse::of(left).await;
    (shop, warehouse)
}

/// Shows a plan in every language: without a terminal, at one, and at one without colours.
async fn show(name: &str, code: i32, shop: &TestShop, warehouse: &TestWarehouse) {
    for lang in LANGS {
        let program = || between(shop, warehouse).set("WIXSYNC_LANG", lang);
        let piped = program().run(["plan"]).await.ends(code);
        assert_shown(&format!("{name}_{lang}_piped"), &both(&piped));

        let coloured = program().run_at_terminal(["plan"]).await.ends(code);
        assert_shown(&format!("{name}_{lang}_terminal"), &both(&coloured));

        let bare = program().set("NO_COLOR", "1").run_at_terminal(["plan"]).await.ends(code);
        assert!(coloured.stdout.contains('\u{1b}') && !bare.stdout.contains('\u{1b}'), "{}", bare.stdout);
        let [coloured, bare, piped] = [coloured, bare, piped].map(|seen| steady(&plain(&seen.stdout)));
        assert_eq!(coloured, bare, "colours say nothing that words do not");
        assert_eq!(piped, bare, "no terminal is needed to read it");
    }
    shop.assert_not_written();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_with_a_bit_of_everything() {
    let (shop, warehouse) = a_bit_of_everything().await;
    show("plan", 0, &shop, &warehouse).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_the_guard_holds() {
    let (shop, warehouse) = an_accident().await;
    show("plan_held", 4, &shop, &warehouse).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_with_nothing_to_do() {
    let (shop, warehouse) = world(&[("A", 10, 10)]).await;
    for lang in LANGS {
        let program = between(&shop, &warehouse).set("WIXSYNC_LANG", lang);
        let seen = program.run_at_terminal(["plan"]).await.ends(0);
        assert_shown(&format!("plan_nothing_{lang}_terminal"), &both(&seen));
    }
}
