//! Which listing a SKU means, and which listings are left alone.
//!
//! One catalog: only V1 has a variant whose id is all zeros.

use serde_json::json;
use testkit::emulator::{IMPLICIT_VARIANT, ProductData, VariantData};
use testkit::{TestShop, TestWarehouse};

use crate::support::{assert_levels, between, on_every_catalog, reasons, sync, untracked};

on_every_catalog! {
    sold_out_goods_go_to_zero,
    sold_out_goods_are_left_alone_where_the_rules_say_so,
    managed_variants_are_matched_by_their_own_sku,
    hidden_products_and_hidden_variants_are_kept_right_too,
    a_sku_on_two_products_is_not_written,
    a_sku_on_a_product_and_on_a_variant_is_not_written,
    a_sku_on_two_variants_of_one_product_is_not_written,
    skus_that_only_one_side_knows_are_listed_and_left_alone,
    stock_without_a_product_row_is_listed_and_left_alone,
    a_sku_on_a_tracked_and_an_untracked_product_is_not_written,
    untracked_products_are_not_written,
    what_is_left_alone_stands_beside_up_to_date,
    a_slip_in_spelling_sells_nothing_out,
}

async fn sold_out_goods_go_to_zero() {
    let shop = TestShop::of([("GONE", 7), ("NEVER-STOCKED", 3), ("THERE", 5)]).await;
    let warehouse = TestWarehouse::of([("GONE", 0), ("THERE", 5)]).await;
    warehouse.execute("INSERT INTO product (sku) VALUES ('NEVER-STOCKED')").await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("GONE", 0), ("NEVER-STOCKED", 0), ("THERE", 5)]);
    assert_eq!(report["details"]["sold_out_products"], 2);
    assert_eq!(report["total_products"], 1);
    assert_eq!(report["found_in_wix"], 1);
    assert_eq!(report["details"]["wix_products_found"], 3);
    assert_eq!(report["updated_in_wix"], 2);
}

async fn sold_out_goods_are_left_alone_where_the_rules_say_so() {
    let shop = TestShop::of([("GONE", 7), ("THERE", 5)]).await;
    let warehouse = TestWarehouse::of([("GONE", 0), ("THERE", 6)]).await;
    let program = between(&shop, &warehouse).toml("sold_out = \"ignore\"\n");
    let report = sync(&program, 0).await;
    assert_levels(&shop, [("GONE", 7), ("THERE", 6)]);
    assert_eq!(reasons(&report, "GONE"), ["sold_out_ignored"]);
}

async fn managed_variants_are_matched_by_their_own_sku() {
    let shop =
        TestShop::builder().variants("Shirt", [("SHIRT-S", 4), ("SHIRT-M", 5), ("SHIRT-L", 6)]).start().await;
    let warehouse = TestWarehouse::of([("SHIRT-M", 9), ("SHIRT-L", 1)]).await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("SHIRT-S", 4), ("SHIRT-M", 9), ("SHIRT-L", 1)]);
    assert_eq!(shop.written_to("SHIRT-S"), [], "the first variant is not the one that is meant");
    assert_eq!(reasons(&report, "SHIRT-S"), ["not_in_warehouse"]);
    assert_eq!(report["found_in_wix"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_with_unmanaged_choices_is_its_one_all_zero_variant() {
    let shop = TestShop::builder().choices("MUG", 12, &["red", "blue", "green"]).start().await;
    let warehouse = TestWarehouse::of([("MUG", 20)]).await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("MUG", 20)]);
    let written = shop.written();
    assert_eq!(written.len(), 1);
    assert_eq!(written[0].variant, IMPLICIT_VARIANT);
    assert_eq!(report["updated_in_wix"], 1);
}

async fn hidden_products_and_hidden_variants_are_kept_right_too() {
    let hidden = VariantData { visible: false, ..VariantData::new("V-HIDDEN", 2) };
    let shop = TestShop::builder()
        .hidden("OLD", 3)
        .product("NEW", 3)
        .raw(ProductData::with_variants("Cap", vec![VariantData::new("V-SHOWN", 2), hidden]))
        .start()
        .await;
    let due = [("OLD", 5), ("NEW", 4), ("V-SHOWN", 3), ("V-HIDDEN", 4)];
    let warehouse = TestWarehouse::of(due).await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, due);
    assert_eq!(report["found_in_wix"], 4);
}

async fn a_sku_on_two_products_is_not_written() {
    let shop = TestShop::of([("TWICE", 5), ("TWICE", 6), ("ONCE", 5)]).await;
    let warehouse = TestWarehouse::of([("TWICE", 9), ("ONCE", 9)]).await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_eq!(shop.live().levels_by_sku()["TWICE"], [Some(5), Some(6)]);
    assert_levels(&shop, [("ONCE", 9)]);
    assert_eq!(reasons(&report, "TWICE"), ["duplicate_sku"]);
    assert_eq!(report["skipped_total"], 1);
}

async fn a_sku_on_a_product_and_on_a_variant_is_not_written() {
    let shop =
        TestShop::builder().product("BOTH", 5).variants("Shirt", [("BOTH", 6), ("OTHER", 7)]).start().await;
    let warehouse = TestWarehouse::of([("BOTH", 9), ("OTHER", 9)]).await;
    let program = between(&shop, &warehouse);
    let report = sync(&program, 0).await;
    assert_eq!(shop.live().levels_by_sku()["BOTH"], [Some(5), Some(6)]);
    assert_levels(&shop, [("OTHER", 9)]);
    assert_eq!(reasons(&report, "BOTH"), ["duplicate_sku"]);

    let report = program.run(["sync", "--sku", "BOTH", "--json"]).await.ends(0).json();
    assert_eq!(shop.live().levels_by_sku()["BOTH"], [Some(5), Some(6)]);
    assert_eq!(reasons(&report, "BOTH"), ["duplicate_sku"]);
}

async fn a_sku_on_two_variants_of_one_product_is_not_written() {
    let shop = TestShop::builder().variants("Shirt", [("SAME", 5), ("SAME", 6)]).start().await;
    let warehouse = TestWarehouse::of([("SAME", 9)]).await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    shop.assert_not_written();
    assert_eq!(reasons(&report, "SAME"), ["duplicate_sku"]);
}

async fn a_sku_on_a_tracked_and_an_untracked_product_is_not_written() {
    let shop = TestShop::builder().product("MIXED", 5).untracked("MIXED").start().await;
    let warehouse = TestWarehouse::of([("MIXED", 9)]).await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    shop.assert_not_written();
    assert_eq!(reasons(&report, "MIXED"), ["duplicate_sku"]);
}

async fn untracked_products_are_not_written() {
    let shop = TestShop::builder().untracked("GIFT").product("A", 1).start().await;
    let warehouse = TestWarehouse::of([("GIFT", 5), ("A", 2)]).await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("A", 2)]);
    assert_eq!(shop.written().len(), 1);
    assert_eq!(reasons(&report, "GIFT"), [untracked()]);
}

async fn skus_that_only_one_side_knows_are_listed_and_left_alone() {
    let shop = TestShop::builder().product("BOTH", 1).product("ONLY-WIX", 3).product("", 8).start().await;
    let warehouse = TestWarehouse::of([("BOTH", 2), ("ONLY-HERE", 4)]).await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("BOTH", 2), ("ONLY-WIX", 3)]);
    assert_eq!(shop.live().levels_by_sku()[""], [Some(8)]);
    assert_eq!(shop.written().len(), 1);
    assert_eq!(reasons(&report, "ONLY-WIX"), ["not_in_warehouse"]);
    assert_eq!(reasons(&report, "ONLY-HERE"), ["not_in_wix"]);
    assert_eq!(report["total_products"], 2);
    assert_eq!(report["found_in_wix"], 1);
}

async fn stock_without_a_product_row_is_listed_and_left_alone() {
    let shop = TestShop::of([("A", 1), ("STRAY", 3)]).await;
    let warehouse = TestWarehouse::of([("A", 2)]).await;
    warehouse.execute("INSERT INTO stock VALUES ('STRAY', 'main', 9)").await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("A", 2), ("STRAY", 3)]);
    assert_eq!(reasons(&report, "STRAY"), ["no_product_row"]);
}

/// With the default tables and with a query: a SKU is not sold out while the warehouse has units under a spelling that
/// is almost the same, unless the shop sells that one too.
async fn a_slip_in_spelling_sells_nothing_out() {
    let query = "[warehouse]\nquery = 'SELECT sku, quantity FROM stock'\n";
    for (toml, stray) in [("", "no_product_row"), (query, "not_in_wix")] {
        let shop = TestShop::of([("A-1", 7), ("B", 5), ("C", 4), ("c", 2), ("D", 3)]).await;
        let warehouse =
            TestWarehouse::of([("A-1", 0), ("B", 0), ("b", 3), ("C", 0), ("c", 2), ("D", 0)]).await;
        warehouse.execute("INSERT INTO stock VALUES ('A-1\u{200b}', 'main', 9), ('D ', 'main', 0)").await;
        let program = between(&shop, &warehouse).toml(toml);
        for sku in ["A-1", "B"] {
            let filtered = program.run(["sync", "--sku", sku, "--json"]).await.ends(0).json();
            assert_eq!(reasons(&filtered, sku), ["near_miss"], "{filtered:#}");
            assert_eq!(filtered["near_misses_total"], 1, "{filtered:#}");
        }
        let _ = program.run(["sync", "--sku", "C"]).await.ends(0);
        assert_levels(&shop, [("A-1", 7), ("B", 5), ("C", 0), ("c", 2)]);

        let report = sync(&program, 0).await;
        assert_levels(&shop, [("A-1", 7), ("B", 5), ("C", 0), ("c", 2), ("D", 0)]);
        assert_eq!((reasons(&report, "A-1"), reasons(&report, "B")), (vec!["near_miss"], vec!["near_miss"]));
        assert_eq!(reasons(&report, "A-1\u{200b}"), [stray]);
        let told = program.run(["explain", "A-1", "--json"]).await.ends(0).json();
        assert_eq!(told["next"]["reason"], "near_miss", "{told:#}");
        let alike = json!([{"sku": "A-1\u{200b}", "differences": ["spaces"]}]);
        assert_eq!(told["nearly_the_same"]["warehouse"], alike, "{told:#}");
        let page = program.run(["plan"]).await.ends(0);
        let _ = page.says("\"A-1\\u{200b}\" in the warehouse, A-1 in Wix").says("seems sold out, but");
    }
}

/// "Up to date" says what was left alone and how much of it is new, and what nearly matches is named.
async fn what_is_left_alone_stands_beside_up_to_date() {
    let shop = TestShop::of([("A", 5), ("B-1", 5), ("Чай", 5)]).await;
    let warehouse = TestWarehouse::of([("A", 5), ("b-001", 4)]).await;
    let program = between(&shop, &warehouse);
    let first = program.run(["sync"]).await.ends(0);
    let _ = first
        .says("up to date; skipped: 3\n")
        .says("b-001 in the warehouse, B-1 in Wix (upper and lower case");
    warehouse.add("main", [("NEW", 1)]).await;
    let second = program.run(["sync"]).await.ends(0);
    let _ = second.says("up to date; skipped: 4, of them new since the last run: 1\n");
    let plan = program.run(["plan"]).await.ends(0);
    let _ = plan.says("nearly match and are not synchronized: 1").says("leading zeros");
    let report = sync(&program, 0).await;
    assert_eq!((&report["skipped_total"], &report["skipped_new"]), (&json!(4), &json!(0)));
    let pair = json!({"warehouse": "b-001", "shop": "B-1", "differences": ["case", "leading_zeros"]});
    assert_eq!((&report["near_misses_total"], &report["near_misses"]), (&json!(1), &json!([pair])));
    let filtered = program.run(["sync", "--sku", "NEW", "--json"]).await.ends(0).json();
    assert_eq!((&filtered["skipped_new"], &filtered["near_misses"]), (&json!(null), &json!([])));

    let told = program.run(["explain", "b-001", "--json"]).await.ends(0).json();
    let alike = json!([{"sku": "B-1", "differences": ["case", "leading_zeros"]}]);
    assert_eq!(told["nearly_the_same"], json!({"warehouse": [], "wix": alike}));
    let page = program.run(["explain", "B-1"]).await.ends(0);
    let _ = page.says("nearly the same here: b-001 (upper and lower case, leading zeros)");
}
