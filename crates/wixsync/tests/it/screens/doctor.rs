//! `doctor`: a shop where all is well, and one with findings.
//!
//! One catalog: the screens of V3 differ in one figure, which `doctor.rs` compares.

use testkit::{CANARY, Program, TestShop, TestWarehouse};

use super::shown::{LANGS, assert_shown, both, plain, steady};
use crate::support::{between, world};

/// Shows the check-up in every language, without a terminal and at one.
async fn show(name: &str, code: i32, program: impl Fn() -> Program) {
    for lang in LANGS {
        let program = || program().set("WIXSYNC_LANG", lang);
        let piped = program().run(["doctor"]).await.ends(code);
        assert_shown(&format!("{name}_{lang}_piped"), &both(&piped));
        let seen = program().run_at_terminal(["doctor"]).await.ends(code);
        assert_shown(&format!("{name}_{lang}_terminal"), &both(&seen));
        assert_eq!(steady(&plain(&seen.stdout)), steady(&piped.stdout), "colours say nothing of their own");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_where_all_is_well() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 4, 4)]).await;
    show("doctor_well", 0, || between(&shop, &warehouse)).await;
    shop.assert_not_written();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_with_findings() {
    let shop = TestShop::builder()
        .product("A-1", 10)
        .product("ok-2", 5)
        .product("7", 5)
        .product("TWICE", 1)
        .product("TWICE", 2)
        .untracked("UNTRACKED")
        .start()
        .await;
    let stock = [("A-1", -2), ("OK-2", 5), ("007", 5), ("TWICE", 3), ("UNTRACKED", 1)];
    let warehouse = TestWarehouse::of(stock).await;
    show("doctor_findings", 3, || between(&shop, &warehouse)).await;
    shop.assert_not_written();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_wix_does_not_take() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = || between(&shop, &warehouse).set("WIX_API_KEY", format!("wrong-{CANARY}"));
    show("doctor_wrong_key", 5, program).await;
}
