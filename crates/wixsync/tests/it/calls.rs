//! The guide's three calls, to the letter.
//!
//! One catalog: of the last two, the groups are those of V1's two questions for SKUs, and only V1 may refuse the
//! question.

use serde_json::json;
use testkit::emulator::{Behavior, Endpoint, FaultKind};
use testkit::{TestShop, TestWarehouse};

use crate::support::{assert_levels, between, keys, on_every_catalog, program};

on_every_catalog! {
    products_has_the_guide_s_shape,
    products_without_a_count_have_no_quantity,
    a_sku_on_a_product_and_on_a_variant_is_not_looked_up_as_the_product,
    a_sku_on_two_products_is_not_looked_up,
    inventory_updates_have_the_guide_s_shape,
    set_has_the_guide_s_shape_and_goes_through_the_journal,
    set_does_not_write_what_is_not_surely_meant,
    set_needs_no_warehouse,
    set_takes_whole_numbers_from_zero_only,
    set_takes_no_more_than_wix_can_show,
    a_look_up_that_fails_is_told_as_one_json_value,
    set_survives_a_lost_reply,
}

async fn shop() -> TestShop {
    TestShop::builder()
        .product("A", 5)
        .variants("Shirt", [("SHIRT-S", 1), ("SHIRT-L", 2)])
        .untracked("GIFT")
        .product("BOTH", 5)
        .variants("Other", [("BOTH", 6)])
        .start()
        .await
}

async fn products_has_the_guide_s_shape() {
    let shop = shop().await;
    let program = program().shop(&shop);
    let found = program.run(["products", "A", "SHIRT-L", "NONE", "--json"]).await.ends(0).json();
    shop.assert_not_written();
    assert_eq!(found.as_object().map(serde_json::Map::len), Some(2), "{found:#}");
    assert_eq!(keys(&found["A"]), ["product_id", "variant_id", "current_quantity", "inventory_item_id"]);
    for (sku, quantity) in [("A", 5), ("SHIRT-L", 2)] {
        let (product, variant) = shop.live().find(sku)[0];
        assert_eq!(found[sku]["product_id"], product.to_string());
        assert_eq!(found[sku]["variant_id"], variant.to_string());
        assert_eq!(found[sku]["current_quantity"], quantity);
        assert!(found[sku]["inventory_item_id"].as_str().is_some_and(|id| id.len() == 36));
    }
    let _ = program.run(["products", "A", "NONE"]).await.ends(0).says("NONE is not in the shop");
}

async fn products_without_a_count_have_no_quantity() {
    let shop = shop().await;
    let found = program().shop(&shop).run(["products", "GIFT", "--json"]).await.ends(0).json();
    assert_eq!(found["GIFT"]["current_quantity"], json!(null));
}

async fn a_sku_on_a_product_and_on_a_variant_is_not_looked_up_as_the_product() {
    let shop = shop().await;
    let program = program().shop(&shop);
    let found = program.run(["products", "BOTH", "--json"]).await.ends(0).json();
    assert_eq!(found, json!({}), "it stands on two listings, so none is surely meant");
    let found = program.run(["inventory-updates", "BOTH", "--json"]).await.ends(0).json();
    assert_eq!(found, json!([]));
}

async fn a_sku_on_two_products_is_not_looked_up() {
    let shop = TestShop::of([("TWICE", 1), ("TWICE", 2), ("ONCE", 3)]).await;
    let found = program().shop(&shop).run(["products", "TWICE", "ONCE", "--json"]).await.ends(0).json();
    assert_eq!(keys(&found), ["ONCE"]);
}

async fn inventory_updates_have_the_guide_s_shape() {
    let shop = shop().await;
    let program = program().shop(&shop);
    let found = program.run(["inventory-updates", "SHIRT-S", "NONE", "A", "--json"]).await.ends(0).json();
    shop.assert_not_written();
    let found = found.as_array().expect("a list");
    assert_eq!(found.len(), 2);
    for (entry, sku) in found.iter().zip(["SHIRT-S", "A"]) {
        assert_eq!(keys(entry), ["sku", "inventory_item_id", "variant_id", "quantity"]);
        let (_, variant) = shop.live().find(sku)[0];
        assert_eq!(entry["sku"], sku);
        assert_eq!(entry["variant_id"], variant.to_string());
        assert_eq!(entry["quantity"], 0);
    }
}

/// Where Wix filters variants by SKU, products and variants are asked for, a group a request.
#[tokio::test(flavor = "multi_thread")]
async fn many_skus_are_asked_for_in_groups() {
    let skus: Vec<String> = (0..250).map(|n| format!("S{n}")).collect();
    let filtering = Behavior { variants_sku_filter: true, ..Behavior::default() };
    let shop = TestShop::builder()
        .products(skus.iter().map(|sku| (sku.as_str(), 5)))
        .variants("Shirt", [("SHIRT-S", 2), ("SHIRT-L", 3)])
        .behavior(filtering)
        .start()
        .await;
    for (size, groups) in [("100", 3), ("10", 26)] {
        let count = |endpoint| shop.live().request_count(endpoint);
        let before = [Endpoint::QueryProducts, Endpoint::QueryStoreVariants].map(count);
        let words = ["products", "--json", "--batch-size", size, "SHIRT-L"].into_iter();
        let words: Vec<&str> = words.chain(skus.iter().map(String::as_str)).collect();
        let found = program().shop(&shop).run(words).await.ends(0).json();
        assert_eq!(found.as_object().map(serde_json::Map::len), Some(251));
        assert_eq!(found["SHIRT-L"]["current_quantity"], 3);
        let after = [Endpoint::QueryProducts, Endpoint::QueryStoreVariants].map(count);
        assert_eq!([after[0] - before[0], after[1] - before[1]], [groups, groups]);
    }
}

/// Where it does not, the whole catalog is read, once.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_filter_by_sku_the_catalog_is_read() {
    let skus: Vec<String> = (0..250).map(|n| format!("S{n}")).collect();
    let shop = TestShop::of(skus.iter().map(|sku| (sku.as_str(), 5))).await;
    let words = ["products", "--json", "S7", "S100"];
    let found = program().shop(&shop).run(words).await.ends(0).json();
    assert_eq!(found.as_object().map(serde_json::Map::len), Some(2));
    assert_eq!(shop.live().request_count(Endpoint::QueryProducts), 3);
    assert_eq!(shop.live().request_count(Endpoint::QueryStoreVariants), 1);
}

async fn a_look_up_that_fails_is_told_as_one_json_value() {
    let shop = shop().await;
    shop.break_with(shop.reading(), FaultKind::Status { code: 403, body: None }, u32::MAX);
    let told = program().shop(&shop).run(["products", "A", "--json"]).await.ends(5).json();
    assert_eq!(told["status"], "error");
}

async fn set_has_the_guide_s_shape_and_goes_through_the_journal() {
    let shop = shop().await;
    let warehouse = TestWarehouse::of([("A", 99)]).await;
    let program = between(&shop, &warehouse);
    let told = program.run(["set", "A=9", "SHIRT-L=0", "SHIRT-S=1", "--json"]).await.ends(0).json();
    assert_levels(&shop, [("A", 9), ("SHIRT-L", 0), ("SHIRT-S", 1)]);
    let due = ["status", "message", "total_sku", "processed", "updated", "errors", "details"];
    assert_eq!(keys(&told), due);
    assert_eq!(keys(&told["details"]), ["inventory_updates_created", "batches_processed"]);
    assert_eq!(told["status"], "success");
    assert_eq!(told["total_sku"], 3);
    assert_eq!(told["processed"], 3);
    assert_eq!(told["updated"], 2);
    assert_eq!(told["errors"], 0);
    let batches = shop.write_requests().len();
    assert_eq!(told["details"], json!({"inventory_updates_created": 2, "batches_processed": batches}));
    let runs = program.run(["runs", "--json"]).await.ends(0).json();
    assert_eq!(runs["runs"][0]["kind"], "set");
}

async fn set_does_not_write_what_is_not_surely_meant() {
    let shop = shop().await;
    let warehouse = TestWarehouse::of([("A", 99)]).await;
    let program = between(&shop, &warehouse);
    let told = program.run(["set", "BOTH=9", "GIFT=4", "NONE=3", "A=6", "--json"]).await.ends(3).json();
    assert_eq!(shop.live().levels_by_sku()["BOTH"], [Some(5), Some(6)]);
    assert_levels(&shop, [("A", 6)]);
    assert_eq!(shop.written().len(), 1);
    assert_eq!(told["total_sku"], 4);
    assert_eq!(told["updated"], 1);
}

async fn set_survives_a_lost_reply() {
    let shop = shop().await;
    let warehouse = TestWarehouse::of([("A", 99)]).await;
    let program = between(&shop, &warehouse).set("WIXSYNC_HTTP_TIMEOUT", "500ms");
    shop.break_with(shop.raising(), FaultKind::DropAfterApply, 1);
    let told = program.run(["set", "A=9", "--json"]).await.ends(0).json();
    assert_eq!(shop.written_to("A"), [(5, 9)]);
    assert_eq!(told["updated"], 1);
}

async fn set_needs_no_warehouse() {
    let shop = shop().await;
    let _ = program().shop(&shop).run(["set", "A=7", "--json"]).await.ends(0);
    assert_levels(&shop, [("A", 7)]);
}

async fn set_takes_whole_numbers_from_zero_only() {
    let shop = shop().await;
    let program = program().shop(&shop);
    for bad in ["A", "A=", "A=-1", "A=1.5", "A=many", "=5", "A=99999999999"] {
        let _ = program.run(["set", bad]).await.ends(2);
    }
    let _ = program.run(["set", "A=1", "A=2"]).await.ends(2);
    shop.assert_not_written();
}

async fn set_takes_no_more_than_wix_can_show() {
    let shop = TestShop::of([("A", 99_990)]).await;
    let warehouse = TestWarehouse::of([("A", 99)]).await;
    let program = between(&shop, &warehouse);
    let _ = program.run(["set", "A=100000"]).await.ends(2);
    shop.assert_not_written();
    let _ = program.run(["set", "A=99999", "--json"]).await.ends(0);
    assert_levels(&shop, [("A", 99_999)]);
}
