//! SKUs are text and match byte for byte, by every way in.

use testkit::{Program, TestShop, TestWarehouse};

use crate::support::{assert_levels, between, on_every_catalog, reasons, sync};

on_every_catalog! {
    awkward_skus_match_exactly_in_a_run,
    awkward_skus_match_exactly_on_variants,
    awkward_skus_match_exactly_in_a_filter,
    awkward_skus_are_looked_up_exactly,
    awkward_skus_are_set_exactly,
    near_duplicates_are_never_taken_for_each_other,
    a_sku_of_41_characters_is_listed_and_left_alone,
    an_empty_sku_in_the_warehouse_is_listed_and_left_alone,
    a_warehouse_that_folds_case_still_keeps_skus_apart,
    whole_numbers_as_skus_match_their_digits,
}

fn awkward() -> Vec<String> {
    let mut skus: Vec<String> = [
        "it's",
        "say \"hi\"",
        "back\\slash",
        "100%",
        "under_score",
        "$in",
        "$hasSome",
        "Футболка-Ж",
        "🙂-👍🏽",
        "007",
        "07",
        "7",
        " lead",
        "trail ",
        " both ",
        "abc",
        "ABC",
        "Abc",
        "caf\u{e9}",
        "cafe\u{301}",
        "a=b",
        "a,b;c",
        "{\"sku\":1}",
        "[x]",
        "null",
        "-dash",
        "--json",
        "tab\there",
        "line\nbreak",
        "a--/* b",
        "1e3",
        "1000",
        "ﬁ",
        "fi",
        "\u{200b}zero",
        "zero",
        "<b>&amp;",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect();
    skus.push("x".repeat(40));
    skus.push("Я".repeat(40));
    skus
}

struct AwkwardShop {
    skus: Vec<String>,
    shop: TestShop,
    warehouse: TestWarehouse,
}

impl AwkwardShop {
    /// Every level is 10; the stock is 11, 12, 13, …
    async fn new() -> Self {
        let skus = awkward();
        let shop = TestShop::of(skus.iter().map(|sku| (sku.as_str(), 10))).await;
        let warehouse = TestWarehouse::of(due(&skus)).await;
        Self { skus, shop, warehouse }
    }

    fn program(&self) -> Program {
        between(&self.shop, &self.warehouse)
    }
}

fn due(skus: &[String]) -> Vec<(&str, i64)> {
    skus.iter().map(String::as_str).zip(11..).collect()
}

async fn awkward_skus_match_exactly_in_a_run() {
    let awkward_shop = AwkwardShop::new().await;
    let report = sync(&awkward_shop.program(), 0).await;
    assert_levels(&awkward_shop.shop, due(&awkward_shop.skus));
    assert_eq!(report["updated_in_wix"], awkward_shop.skus.len());
    assert_eq!(report["skipped_total"], 0);
}

async fn awkward_skus_match_exactly_on_variants() {
    let skus = awkward();
    let shop = TestShop::builder().variants("All", skus.iter().map(|sku| (sku.as_str(), 10))).start().await;
    let warehouse = TestWarehouse::of(due(&skus)).await;
    let _ = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, due(&skus));
}

async fn awkward_skus_match_exactly_in_a_filter() {
    let awkward_shop = AwkwardShop::new().await;
    let program = awkward_shop.program();
    for one in ["abc", "7", " lead", "caf\u{e9}", "-dash"] {
        let report = program.run(["sync", "--json", &format!("--sku={one}")]).await.ends(0).json();
        assert_eq!(report["updated_in_wix"], 1, "{one:?}: {report:#}");
        let level =
            due(&awkward_shop.skus).into_iter().find(|(sku, _)| *sku == one).expect("it is one of them");
        assert_levels(&awkward_shop.shop, [level]);
    }
    assert_eq!(awkward_shop.shop.written().len(), 5, "near duplicates stay as they are");
    let words = awkward_shop.skus.iter().map(|sku| format!("--sku={sku}"));
    let words: Vec<String> = ["sync".to_owned(), "--json".to_owned()].into_iter().chain(words).collect();
    let _ = program.run(words).await.ends(0);
    assert_levels(&awkward_shop.shop, due(&awkward_shop.skus));
}

async fn awkward_skus_are_looked_up_exactly() {
    let awkward_shop = AwkwardShop::new().await;
    let program = awkward_shop.program();
    let ask = |command: &'static str| {
        let words = [command, "--json", "--"].into_iter().chain(awkward_shop.skus.iter().map(String::as_str));
        program.run(words.collect::<Vec<_>>())
    };
    let found = ask("products").await.ends(0).json();
    assert_eq!(found.as_object().map(serde_json::Map::len), Some(awkward_shop.skus.len()));
    for sku in &awkward_shop.skus {
        let (product, _) = awkward_shop.shop.live().find(sku)[0];
        assert_eq!(found[sku]["product_id"], product.to_string(), "{sku:?}");
    }
    let found = ask("inventory-updates").await.ends(0).json();
    let named: Vec<_> = found.as_array().expect("a list").iter().map(|one| one["sku"].clone()).collect();
    assert_eq!(named, awkward_shop.skus, "in the order in which they were asked for");
    awkward_shop.shop.assert_not_written();
    for (asked, there) in [("aBc", "abc"), ("0007", "007"), ("both", " both "), ("CAF\u{e9}", "caf\u{e9}")] {
        assert!(awkward_shop.skus.iter().any(|sku| sku == there));
        let found = program.run(["products", "--json", asked]).await.ends(0).json();
        assert_eq!(found, serde_json::json!({}), "{asked:?} is not {there:?}");
    }
}

async fn awkward_skus_are_set_exactly() {
    let awkward_shop = AwkwardShop::new().await;
    let words = awkward_shop.skus.iter().zip(21..).map(|(sku, units)| format!("{sku}={units}"));
    let words: Vec<String> = ["set", "--json", "--"].into_iter().map(str::to_owned).chain(words).collect();
    let report = awkward_shop.program().run(words).await.ends(0).json();
    assert_levels(&awkward_shop.shop, awkward_shop.skus.iter().map(String::as_str).zip(21..));
    assert_eq!(report["updated"], awkward_shop.skus.len());
}

async fn near_duplicates_are_never_taken_for_each_other() {
    let there = ["abc", "7", "caf\u{e9}", "trim", "K"];
    let asked = ["ABC", "007", "cafe\u{301}", " trim", "\u{212a}"];
    let shop = TestShop::of(there.map(|sku| (sku, 3))).await;
    let warehouse = TestWarehouse::of(asked.map(|sku| (sku, 9))).await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    shop.assert_not_written();
    assert_eq!(report["found_in_wix"], 0);
    for sku in asked {
        assert_eq!(reasons(&report, sku), ["not_in_wix"], "{sku:?}");
    }
    for sku in there {
        assert_eq!(reasons(&report, sku), ["not_in_warehouse"], "{sku:?}");
    }
}

async fn a_sku_of_41_characters_is_listed_and_left_alone() {
    let (fits, long) = ("Ж".repeat(40), "Ж".repeat(41));
    let shop = TestShop::of([(fits.as_str(), 3)]).await;
    let warehouse = TestWarehouse::of([(fits.as_str(), 5), (long.as_str(), 9)]).await;
    let program = between(&shop, &warehouse);
    let report = sync(&program, 0).await;
    assert_levels(&shop, [(fits.as_str(), 5)]);
    assert_eq!(reasons(&report, &long), ["sku_too_long"]);
    let found = program.run(["products", "--json", &long]).await.ends(0).json();
    assert_eq!(found, serde_json::json!({}));
}

async fn an_empty_sku_in_the_warehouse_is_listed_and_left_alone() {
    let shop = TestShop::of([("", 3), ("A", 3)]).await;
    let warehouse = TestWarehouse::of([("", 5), ("A", 4)]).await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("A", 4)]);
    assert_eq!(shop.written().len(), 1);
    assert_eq!(reasons(&report, ""), ["sku_empty"]);
}

async fn a_warehouse_that_folds_case_still_keeps_skus_apart() {
    let shop = TestShop::of([("abc", 3), ("ABC", 3)]).await;
    let warehouse = TestWarehouse::custom(
        "CREATE TABLE product (sku TEXT COLLATE NOCASE);
         CREATE TABLE stock (sku TEXT COLLATE NOCASE, warehouse TEXT COLLATE NOCASE, quantity);
         INSERT INTO product VALUES ('abc'), ('ABC');
         INSERT INTO stock VALUES ('abc', 'w', 4), ('ABC', 'W', 5);",
    )
    .await;
    let _ = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("abc", 4), ("ABC", 5)]);
}

async fn whole_numbers_as_skus_match_their_digits() {
    let shop = TestShop::of([("1001", 3), ("007", 3)]).await;
    let warehouse = TestWarehouse::custom(
        "CREATE TABLE product (sku); CREATE TABLE stock (sku, warehouse, quantity);
         INSERT INTO product VALUES (1001), (7);
         INSERT INTO stock VALUES (1001, 'w', 4), (7, 'w', 5);",
    )
    .await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("1001", 4), ("007", 3)]);
    assert_eq!(reasons(&report, "7"), ["not_in_wix"]);
}
