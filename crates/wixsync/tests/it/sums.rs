//! From stock rows to a target.

use testkit::{Program, TestShop, TestWarehouse};

use crate::support::{assert_levels, between, notes, on_every_catalog, reasons, sync};

on_every_catalog! {
    several_warehouses_are_summed,
    a_negative_sum_counts_as_zero_and_is_noted,
    a_fraction_is_rounded_down_and_noted,
    tenths_stored_as_floats_sum_exactly,
    null_is_unknown_and_never_zero,
    text_that_is_no_number_is_skipped_and_text_that_is_one_counts,
    more_than_wix_can_show_is_clamped_and_noted,
    a_sum_beyond_an_exact_decimal_is_skipped,
    only_the_chosen_warehouses_are_summed,
    an_empty_list_of_warehouses_is_an_error,
    warehouses_of_which_none_stands_in_a_row_are_an_error,
    a_warehouse_that_stands_in_no_row_beside_others_is_told,
    a_query_without_a_warehouse_column,
    a_query_with_a_warehouse_column_is_summed_over_the_chosen_ones,
    duplicate_rows_of_a_query_are_skipped,
    duplicate_rows_of_one_sku_and_warehouse_are_skipped,
    a_null_of_a_query_is_skipped,
    a_missing_column_is_named,
    a_query_that_writes_changes_nothing,
}

/// A shop where everything shows 10, and a warehouse of the default schema with these stock rows.
async fn stocked(skus: &[&str], rows: &str) -> (TestShop, TestWarehouse) {
    let shop = TestShop::of(skus.iter().map(|sku| (*sku, 10))).await;
    let warehouse = TestWarehouse::new().await;
    for sku in skus {
        warehouse.execute(&format!("INSERT INTO product (sku) VALUES ('{sku}')")).await;
    }
    warehouse.execute(&format!("INSERT INTO stock VALUES {rows}")).await;
    (shop, warehouse)
}

/// A shop where everything shows 10, and a custom query over these rows.
async fn queried(skus: &[&str], columns: &str, rows: &str) -> (TestShop, TestWarehouse) {
    let shop = TestShop::of(skus.iter().map(|sku| (*sku, 10))).await;
    let sql = format!("CREATE TABLE goods ({columns}); INSERT INTO goods VALUES {rows};");
    (shop, TestWarehouse::custom(&sql).await)
}

fn with_query(shop: &TestShop, warehouse: &TestWarehouse, query: &str) -> Program {
    between(shop, warehouse).toml(&format!("[warehouse]\nquery = '''{query}'''\n"))
}

async fn several_warehouses_are_summed() {
    let (shop, warehouse) =
        stocked(&["A", "B"], "('A','north',3),('A','south',4),('A','south',5),('B','north',0),('B','x',1)")
            .await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("A", 12), ("B", 1)]);
    assert_eq!(report["total_products"], 2);
}

async fn a_negative_sum_counts_as_zero_and_is_noted() {
    let (shop, warehouse) =
        stocked(&["A", "B"], "('A','north',3),('A','south',-5),('B','n',-1),('B','s',9)").await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("A", 0), ("B", 8)]);
    assert_eq!(notes(&report, "A"), ["negative_stock"]);
    assert!(notes(&report, "B").is_empty());
}

async fn a_fraction_is_rounded_down_and_noted() {
    let (shop, warehouse) = stocked(&["A", "B"], "('A','n',12.75),('B','n',1.5),('B','s',1.5)").await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("A", 12), ("B", 3)]);
    assert_eq!(notes(&report, "A"), ["fraction_dropped"]);
    assert!(notes(&report, "B").is_empty());
}

async fn tenths_stored_as_floats_sum_exactly() {
    let tenths: Vec<String> = (0..10).map(|n| format!("('A','w{n}',CAST(0.1 AS REAL))")).collect();
    let rows = format!("{},('B','n',0.7),('B','s',0.1),('B','t',0.2)", tenths.join(","));
    let (shop, warehouse) = stocked(&["A", "B"], &rows).await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("A", 1), ("B", 1)]);
    assert_eq!(report["notes"].as_array().map(Vec::len), Some(0), "{:#}", report["notes"]);
}

async fn null_is_unknown_and_never_zero() {
    let (shop, warehouse) = stocked(&["A", "B"], "('A','n',NULL),('A','s',5),('B','n',11)").await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("A", 10), ("B", 11)]);
    assert_eq!(reasons(&report, "A"), ["quantity_unknown"]);
}

async fn text_that_is_no_number_is_skipped_and_text_that_is_one_counts() {
    let rows =
        "('A','n','many'),('B','n',''),('C','n','12'),('D','n',' 1e1 '),('E','n','12,5'),('F','n',x'00')";
    let (shop, warehouse) = stocked(&["A", "B", "C", "D", "E", "F"], rows).await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("A", 10), ("B", 10), ("C", 12), ("D", 10), ("E", 10), ("F", 10)]);
    for sku in ["A", "B", "E", "F"] {
        assert_eq!(reasons(&report, sku), ["quantity_not_a_number"], "{sku}");
    }
}

async fn more_than_wix_can_show_is_clamped_and_noted() {
    // Few listings rise, so that the guard has nothing to say.
    let skus = ["A", "B", "C", "D", "E"];
    let (shop, warehouse) =
        stocked(&skus, "('A','n',100000),('B','n',99999),('C','n',10),('D','n',10),('E','n',10)").await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    assert_levels(&shop, [("A", 99_999), ("B", 99_999)]);
    assert_eq!(notes(&report, "A"), ["clamped_to_ceiling"]);
    assert!(notes(&report, "B").is_empty());
    let again = sync(&between(&shop, &warehouse), 0).await;
    assert_eq!(again["updated_in_wix"], 0);
}

async fn a_sum_beyond_an_exact_decimal_is_skipped() {
    let nines = "9".repeat(40);
    let (shop, warehouse) = stocked(&["A", "B"], &format!("('A','n','{nines}'),('B','n',1e300)")).await;
    let report = sync(&between(&shop, &warehouse), 0).await;
    shop.assert_not_written();
    assert_eq!(reasons(&report, "A"), ["quantity_out_of_range"]);
    assert_eq!(reasons(&report, "B"), ["quantity_out_of_range"]);
}

async fn only_the_chosen_warehouses_are_summed() {
    let (shop, warehouse) =
        stocked(&["A", "B", "C"], "('A','n',3),('A','s',4),('A','x',50),('B','x',9),('C','s',11)").await;
    let program = between(&shop, &warehouse).toml("[warehouse]\nwarehouses = ['n', 's']\n");
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 7), ("B", 0), ("C", 11)]);
}

async fn an_empty_list_of_warehouses_is_an_error() {
    let (shop, warehouse) = stocked(&["A"], "('A','n',3)").await;
    let program = between(&shop, &warehouse).toml("[warehouse]\nwarehouses = []\n");
    let _ = program.run(["sync", "--json"]).await.ends(2).says("warehouses");
    shop.assert_not_written();
    assert_eq!(shop.live().total_requests(), 0);
}

async fn warehouses_of_which_none_stands_in_a_row_are_an_error() {
    let (shop, warehouse) = stocked(&["A"], "('A','north',3)").await;
    let program = between(&shop, &warehouse).toml("[warehouse]\nwarehouses = ['North', 'south']\n");
    let report = sync(&program, 5).await;
    shop.assert_not_written();
    assert_eq!(report["outcome"], "failed");
    let message = report["message"].as_str().expect("a message");
    assert!(message.contains("North") && message.contains("south"), "{message}");
}

async fn a_warehouse_that_stands_in_no_row_beside_others_is_told() {
    let (shop, warehouse) = stocked(&["A"], "('A','north',3)").await;
    let program = between(&shop, &warehouse).toml("[warehouse]\nwarehouses = ['north', 'North']\n");
    let finished = program.run(["sync", "--json"]).await.ends(0);
    assert_levels(&shop, [("A", 3)]);
    assert!(finished.stderr.contains("North"), "{}", finished.stderr);
}

async fn a_query_without_a_warehouse_column() {
    let (shop, warehouse) = queried(&["A", "B"], "code, units", "('A', 15), ('B', 4)").await;
    let program = with_query(&shop, &warehouse, "SELECT code AS sku, units AS quantity FROM goods");
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 15), ("B", 4)]);
}

async fn a_query_with_a_warehouse_column_is_summed_over_the_chosen_ones() {
    let (shop, warehouse) =
        queried(&["A", "B"], "code, place, units", "('A','n',15), ('A','s',1), ('A','x',7), ('B','x',4)")
            .await;
    let query = "SELECT code AS SKU, place AS Warehouse, units AS quantity FROM goods";
    let program = with_query(&shop, &warehouse, query);
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 23), ("B", 4)]);
    let chosen = format!("[warehouse]\nquery = '{query}'\nwarehouses = ['n', 's']\n");
    let _ = sync(&between(&shop, &warehouse).toml(&chosen), 0).await;
    assert_levels(&shop, [("A", 16), ("B", 0)]);
}

async fn duplicate_rows_of_a_query_are_skipped() {
    let (shop, warehouse) = queried(&["A", "B"], "sku, quantity", "('A', 15), ('A', 15), ('B', 4)").await;
    let program = with_query(&shop, &warehouse, "SELECT sku, quantity FROM goods");
    let report = sync(&program, 0).await;
    assert_levels(&shop, [("A", 10), ("B", 4)]);
    assert_eq!(reasons(&report, "A"), ["duplicate_row"]);
}

async fn duplicate_rows_of_one_sku_and_warehouse_are_skipped() {
    let (shop, warehouse) = queried(
        &["A", "B"],
        "sku, warehouse, quantity",
        "('A','n',1),('A','s',2),('A','n',3),('B','n',4),('B','s',4)",
    )
    .await;
    let program = with_query(&shop, &warehouse, "SELECT sku, warehouse, quantity FROM goods");
    let report = sync(&program, 0).await;
    assert_levels(&shop, [("A", 10), ("B", 8)]);
    assert_eq!(reasons(&report, "A"), ["duplicate_row"]);
}

async fn a_null_of_a_query_is_skipped() {
    let (shop, warehouse) = queried(&["A", "B"], "sku, quantity", "('A', NULL), ('B', 4)").await;
    let program = with_query(&shop, &warehouse, "SELECT sku, quantity FROM goods");
    let report = sync(&program, 0).await;
    assert_levels(&shop, [("A", 10), ("B", 4)]);
    assert_eq!(reasons(&report, "A"), ["quantity_unknown"]);
}

async fn a_missing_column_is_named() {
    let (shop, warehouse) = queried(&["A"], "sku, units", "('A', 3)").await;
    let program = with_query(&shop, &warehouse, "SELECT sku, units FROM goods");
    let report = sync(&program, 5).await;
    shop.assert_not_written();
    assert!(report["message"].as_str().expect("a message").contains("quantity"), "{report:#}");

    let query = "[warehouse]\nquery = 'SELECT sku, units AS quantity FROM goods'\nwarehouses = ['n']\n";
    let report = sync(&between(&shop, &warehouse).toml(query), 5).await;
    shop.assert_not_written();
    assert!(report["message"].as_str().expect("a message").contains("warehouse"), "{report:#}");
}

async fn a_query_that_writes_changes_nothing() {
    let (shop, warehouse) = queried(&["A"], "sku, quantity", "('A', 3)").await;
    let program = with_query(&shop, &warehouse, "DELETE FROM goods RETURNING sku, quantity");
    let report = sync(&program, 5).await;
    shop.assert_not_written();
    assert_eq!(report["outcome"], "failed");
    let program = with_query(&shop, &warehouse, "SELECT sku, quantity FROM goods");
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 3)]);
}
