//! `import`: stock lists as shops and accounting programs write them.
//!
//! One catalog: an import goes to the warehouse.

mod files;
mod hints;
mod profiles;
mod refused;

use serde_json::{Value, json};
use testkit::{Program, TestShop, TestWarehouse};

use crate::support::{assert_levels, between, program, sync};
use files::{Sheet, encoded};

/// The program with a warehouse and a file `list` in its folder.
fn with_list(warehouse: &TestWarehouse, list: impl AsRef<[u8]>) -> Program {
    program().warehouse(warehouse).file("list", list)
}

async fn imported(program: &Program, more: &[&str]) -> Value {
    let words = ["import", "list", "--json"].into_iter().chain(more.iter().copied());
    program.run(words).await.ends(0).json()
}

fn row(sku: &str, warehouse: &str, quantity: &str) -> (String, String, String) {
    (sku.to_owned(), warehouse.to_owned(), quantity.to_owned())
}

/// What newly comes in under another spelling sells nothing out; the run that follows leaves it alone too.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_sku_that_is_spelled_almost_the_same_sells_nothing_out() {
    let shop = TestShop::of([("A-1", 5), ("B-3", 2), ("C", 4)]).await;
    let warehouse = TestWarehouse::of([("A-1", 5), ("B-3", 2), ("C", 4)]).await;
    let list = "sku;quantity\nA-1\u{200b};7\nB-3;0\nb-3;6\n";
    let program = between(&shop, &warehouse).file("list", list);
    let told = imported(&program, &["--dry-run"]).await;
    let pair = |stored: &str, listed: &str, difference: &str| json!({"stored": stored, "listed": listed, "differences": [difference]});
    let due = json!([pair("A-1", "A-1\u{200b}", "spaces"), pair("B-3", "b-3", "case")]);
    assert_eq!((&told["near_misses"], &told["removed"]), (&due, &json!(1)), "{told:#}");
    let page = program.run(["import", "list"]).await.ends(0);
    let _ = page.says("2 SKUs are not sold out").says("A-1 in the warehouse, \"A-1\\u{200b}\" in the list");
    let rows = warehouse.rows().await;
    for (sku, units) in [("A-1", "5"), ("B-3", "2"), ("A-1\u{200b}", "7"), ("b-3", "6")] {
        assert!(rows.contains(&row(sku, "main", units)), "{sku}: {rows:?}");
    }
    // A second import finds the new SKUs in the database; then it is the run that leaves the old ones alone.
    let _ = imported(&program, &["--replace"]).await;
    let report = sync(&program, 0).await;
    assert_levels(&shop, [("A-1", 5), ("B-3", 2), ("C", 0)]);
    assert_eq!(report["near_misses_total"], 2, "{report:#}");
}

/// One list in every encoding and with every delimiter is the same stock.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_the_same_in_every_encoding_and_with_every_delimiter() {
    let lines: [&[&str]; 7] = [
        &["Остатки товаров на 01.03.2025"],
        &[],
        &["Артикул", "Номенклатура", "Склад", "Остаток, шт.", "Цена, руб."],
        &["007", "Кружка «Ёлка»", "Основной", "1\u{a0}234,5", "1 190,00"],
        &["А-2", "Чайник \"Уют\"; синий", "Основной", "12", "990,50"],
        &["B/3", "Блюдце", "Магазин", "0,000", ""],
        &["Итого", "", "", "1\u{a0}246,5", ""],
    ];
    let due = [row("007", "Основной", "1234.5"), row("B/3", "Магазин", "0"), row("А-2", "Основной", "12")];
    let encodings = [
        "utf-8",
        "utf-8 with a mark",
        "windows-1251",
        "ibm866",
        "koi8-r",
        "utf-16le with a mark",
        "utf-16be with a mark",
    ];
    for (delimiter, end) in [(';', "\r\n"), ('\t', "\n"), (',', "\r\n"), (';', "\r")] {
        let text = files::csv(&lines, delimiter, end);
        for encoding in encodings {
            // These old encodings have no « and ».
            let text = if matches!(encoding, "ibm866" | "koi8-r") {
                text.replace(['«', '»'], "'")
            } else {
                text.clone()
            };
            let warehouse = TestWarehouse::new().await;
            let told = imported(&with_list(&warehouse, encoded(&text, encoding)), &[]).await;
            assert_eq!(warehouse.rows().await, due, "{encoding} {delimiter:?}");
            assert_eq!(told["source"]["delimiter"], delimiter.to_string());
            assert_eq!(told["source"]["heading_line"], 3, "{encoding} {delimiter:?}");
            assert_eq!(told["left_out"]["totals"][0]["line"], 7);
            assert_eq!((&told["new"], &told["new_products"]), (&json!(3), &json!(3)));
            let counts = told["remarks"].as_array().expect("remarks").iter();
            assert_eq!(counts.map(|remark| &remark["code"]).collect::<Vec<_>>(), ["fraction"]);
        }
    }
}

/// A report of 1C: a heading over two lines, groups, totals, a signature; articles as texts.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_1c_is_read_from_a_workbook() {
    let sheet = Sheet::new("TDSheet")
        .row(["Ведомость по товарам на складах"])
        .row(["Параметры:", "Период: 01.03.2025 - 31.03.2025"])
        .row([""; 0])
        .row(["Артикул", "Номенклатура", "Ед. изм.", "Количество", "", "", ""])
        .row(["", "", "", "Начальный остаток", "Приход", "Расход", "Конечный остаток"])
        .row(["", "Посуда"])
        .row(["000123", "Кружка", "шт", "5", "10", "3", "=12"])
        .row(["10-А", "Чайник", "шт", "1", "", "1", "=0"])
        .row(["", "Итого по группе", "", "6", "10", "4", "=12"])
        .row([""; 0])
        .row(["", "Ответственный", "", "Петров"]);
    let warehouse = TestWarehouse::new().await;
    let told = imported(&with_list(&warehouse, files::workbook([sheet])), &[]).await;
    assert_eq!(warehouse.rows().await, [row("000123", "main", "12"), row("10-А", "main", "0")]);
    assert_eq!(told["source"]["sheet"], "TDSheet");
    assert_eq!(told["left_out"]["totals"][0]["line"], 9);
    assert_eq!((&told["source"]["heading_line"], &told["left_out"]["headings"]), (&json!(4), &json!(2)));
}

/// Numbers in a sheet: an article never becomes 12345.0 or 1.2E+10, and lost zeros are told.
#[tokio::test(flavor = "multi_thread")]
async fn numbers_of_a_sheet_become_the_text_that_a_person_sees() {
    let sheet = Sheet::new("Sheet1")
        .row(["Item No.", "Description", "Qty on hand"])
        .row(["=12345", "as a number", "=7"])
        .row(["=12000000000", "a long number", "=2.5"])
        .row(["00123", "as text", "1,234"])
        .row(["1.10", "as text", "=0.30000000000000004"]);
    let empty = Sheet::new("Notes").row(["Counted on Friday"]);
    let warehouse = TestWarehouse::new().await;
    let told =
        imported(&with_list(&warehouse, files::workbook([empty, sheet])), &["--decimal", "point"]).await;
    let due = [("00123", "1234"), ("1.10", "0.3"), ("12000000000", "2.5"), ("12345", "7")];
    assert_eq!(warehouse.rows().await, due.map(|(sku, quantity)| row(sku, "main", quantity)));
    let number = told["remarks"].as_array().expect("remarks").iter().find(|one| one["code"] == "number_sku");
    assert_eq!(number.expect("a remark")["skus"], json!(["12345", "12000000000"]));
    let again =
        with_list(&warehouse, files::workbook([Sheet::new("S").row(["sku", "qty"]).row(["=5", "=1"])]));
    let page = again.run(["import", "list", "--merge"]).await.ends(0);
    let _ = page.says("1 SKU is stored as a number; if it had leading zeros, they are lost: 5");
}

/// What a shop sells is set by lists alone: the first fills the warehouse, the next one sells goods out.
#[tokio::test(flavor = "multi_thread")]
async fn goods_that_the_next_list_lacks_are_sold_out_in_the_shop() {
    let shop = TestShop::of([("A", 8), ("B", 21), ("C", 28)]).await;
    let warehouse = TestWarehouse::new().await;
    std::fs::remove_file(warehouse.path()).expect("there is no database yet");
    let program = between(&shop, &warehouse).file("list", "sku;qty\nA;10\nB;20\nC;30\n");
    let first = imported(&program, &[]).await;
    assert_eq!((&first["new"], &first["units_after"]), (&json!(3), &json!("60")));
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 10), ("B", 20), ("C", 30)]);

    let program = program.file("list", "sku;qty\nA;10\nB;25\nD;1\n");
    let dry = imported(&program, &["--dry-run"]).await;
    let second = imported(&program, &[]).await;
    for told in [&dry, &second] {
        let counts = ["new", "changed", "removed", "unchanged"].map(|key| told[key].clone());
        assert_eq!(counts, [1, 1, 1, 1], "{told:#}");
        assert_eq!((&told["units_before"], &told["units_after"]), (&json!("60"), &json!("36")));
        assert_eq!(
            told["largest"][0],
            json!({"sku": "C", "warehouse": "main", "before": "30", "after": null})
        );
    }
    assert_eq!((&dry["dry_run"], &second["dry_run"]), (&json!(true), &json!(false)));
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 10), ("B", 25), ("C", 0)]);

    let part = program.file("list", "sku;qty\nC;4\n");
    let _ = imported(&part, &["--merge"]).await;
    let _ = sync(&part, 0).await;
    assert_levels(&shop, [("A", 10), ("B", 25), ("C", 4)]);
    let third = imported(&part, &["--merge"]).await;
    assert_eq!((&third["unchanged"], &third["new"], &third["changed"]), (&json!(1), &json!(0), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_writes_nothing() {
    let warehouse = TestWarehouse::of([("A", 1)]).await;
    let program = with_list(&warehouse, "sku;qty\nB;2\n");
    let page = program.run(["import", "list", "--dry-run"]).await.ends(0);
    let _ = page.says("nothing was written").says("Units: 1 -> 2").says("A  main  1 -> -");
    for (lang, says, not) in [
        ("en", "list: 1 row would be imported into", "row imported"),
        ("ru", "list: 1 строка была бы загружена в", "загружена 1"),
    ] {
        let page = program.run(["import", "list", "--dry-run", "--lang", lang]).await.ends(0).says(says);
        assert!(!page.stdout.contains(not), "{}", page.stdout);
        let told =
            program.run(["import", "list", "--dry-run", "--json", "--lang", lang]).await.ends(0).json();
        assert_eq!((&told["status"], &told["outcome"]), (&json!("success"), &json!("planned")));
    }
    assert_eq!(warehouse.rows().await, [row("A", "main", "1")]);
    let nowhere = program.set("WIXSYNC_WAREHOUSE_URL", "sqlite://none.db");
    assert_eq!(imported(&nowhere, &["--dry-run"]).await["new"], 1);
    assert!(!nowhere.path("none.db").exists());
}

/// A list that lacks most goods is more likely a part of the stock than the whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_lacks_most_goods_must_be_said_to_be_the_whole() {
    let skus: Vec<String> = (0..30).map(|n| format!("S{n:02}")).collect();
    let warehouse = TestWarehouse::of(skus.iter().map(|sku| (sku.as_str(), 2))).await;
    let before = warehouse.rows().await;
    let program = with_list(&warehouse, "sku;qty\nS01;5\nS02;2\n");
    let held = program.run(["import", "list", "--json"]).await.ends(4).says("28 of 30 SKUs with stock");
    let told = held.json();
    assert_eq!((&told["status"], &told["outcome"]), (&json!("success"), &json!("held_by_guard")));
    assert_eq!(told["removed"], json!(28));
    let told = program.run(["import", "list"]).await.ends(4).stdout;
    assert!(told.contains("nothing was written") && told.contains("2 rows would be imported into"), "{told}");
    assert_eq!(warehouse.rows().await, before);
    let merged = imported(&program, &["--merge"]).await;
    assert_eq!(
        (&merged["changed"], &merged["removed"], &merged["mode"]),
        (&json!(1), &json!(0), &json!("merge"))
    );
    let replaced = imported(&program, &["--replace"]).await;
    assert_eq!((&replaced["removed"], &replaced["units_after"]), (&json!(28), &json!("7")));
    assert_eq!(warehouse.rows().await, [row("S01", "main", "5"), row("S02", "main", "2")]);
}

/// A list of one warehouse leaves the others alone; where the list does not say which it is, it must be said.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_one_warehouse_leaves_the_others_alone() {
    let warehouse = TestWarehouse::new().await;
    warehouse.add("North", [("A", 1), ("B", 2)]).await;
    warehouse.add("South", [("A", 5)]).await;
    let program = with_list(&warehouse, "sku;qty\nA;9\n");
    let told = program.run(["import", "list"]).await.ends(2).says("North, South").says("--warehouse NAME");
    assert_eq!(told.stdout, "");
    let told = imported(&program, &["--warehouse", "North"]).await;
    assert_eq!((&told["changed"], &told["removed"]), (&json!(1), &json!(1)));
    assert_eq!(warehouse.rows().await, [row("A", "North", "9"), row("A", "South", "5")]);

    let names = with_list(&warehouse, "Артикул;Склад;Остаток\nA;South ;7\n");
    let _ = names.run(["import", "list", "--warehouse", "North"]).await.ends(2).says("leave --warehouse out");
    let _ = imported(&names, &[]).await;
    assert_eq!(warehouse.rows().await, [row("A", "South", "7")]);
    let chosen = names.toml("[warehouse]\nwarehouses = [\"North\"]\n");
    let _ = chosen.run(["import", "list"]).await.ends(0).says("Runs ignore the stock").says("South");
}

/// Columns by name and by number, several of them for several warehouses, and lists without headings.
#[tokio::test(flavor = "multi_thread")]
async fn columns_can_be_named() {
    let wide = "Код;Товар;Центр;Север\n7;Чай;1;2\n8;Кофе;;3\n";
    let warehouse = TestWarehouse::new().await;
    let columns = ["--column", "quantity[C]=Центр", "--column", "quantity[N]=4", "--empty-as-zero"];
    let by_warehouse = with_list(&warehouse, wide);
    let told = imported(&by_warehouse, &columns).await;
    let of_north =
        json!({"field": "quantity", "warehouse": "N", "subtracted": false, "column": 4, "heading": "Север"});
    assert_eq!(told["source"]["columns"][3], of_north);
    assert_eq!(told["source"]["columns"][2]["warehouse"], "C");
    let dry = ["import", "list", "--dry-run"].iter().chain(&columns);
    let shown = by_warehouse.run(dry).await.ends(0);
    assert!(shown.stdout.contains("quantity[C] = Центр, quantity[N] = Север"), "{}", shown.stdout);
    let due = [row("7", "C", "1"), row("7", "N", "2"), row("8", "C", "0"), row("8", "N", "3")];
    assert_eq!(warehouse.rows().await, due);

    let bare = with_list(&warehouse, "Чай|7|5\nКофе|8|6\n");
    let _ = bare.run(["import", "list", "--no-headings"]).await.ends(5).says("--column sku=1");
    let told = imported(
        &bare,
        &["--no-headings", "--column", "sku=2", "--column", "quantity=3", "--warehouse", "C"],
    )
    .await;
    assert_eq!((&told["changed"], &told["source"]["heading_line"]), (&json!(2), &Value::Null));
    let two = with_list(&warehouse, "sku;mine;qty;free\nA;x;1;2\n");
    let _ = imported(&two, &["--column", "sku=mine", "--column", "quantity=qty", "--warehouse", "C"]).await;
    assert!(warehouse.rows().await.contains(&row("x", "C", "1")));
}

/// Lines for one SKU and warehouse are added up only when that is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn lines_are_added_up_on_request() {
    let warehouse = TestWarehouse::new().await;
    let program = with_list(&warehouse, "sku;qty\nA;0.1\nB;1\nA;0.2\n");
    let told = program.run(["import", "list", "--json"]).await.ends(5).json();
    assert_eq!((&told["bad_lines"][0]["code"], &told["bad_lines"][0]["line"]), (&json!("twice"), &json!(4)));
    let _ = imported(&program, &["--sum"]).await;
    assert_eq!(warehouse.rows().await, [row("A", "main", "0.3"), row("B", "main", "1")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn stdin_and_the_other_language() {
    let warehouse = TestWarehouse::new().await;
    let list = encoded("Артикул;Остаток\nА-1;5\n", "windows-1251");
    let program = program().warehouse(&warehouse);
    let page = program.run_with(["import", "-", "--lang", "ru"], &list).await.ends(0);
    let _ = page.says("загружена 1 строка").says("windows-1251").says("sku = Артикул");
    assert_eq!(warehouse.rows().await, [row("А-1", "main", "5")]);
    let _ = program.run(["import", "-"]).await.ends(5).says("is empty");
}

/// 100,000 lines, and then a thousand of them anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_lines() {
    let warehouse = TestWarehouse::new().await;
    std::fs::remove_file(warehouse.path()).expect("there is no database yet");
    let list = |lines: u32, more: u32| {
        let lines = (0..lines).map(|n| format!("ART-{n:06};Товар номер {n};{},5", n % 900 + more));
        let all = std::iter::once("Артикул;Наименование;Остаток".to_owned()).chain(lines);
        all.collect::<Vec<_>>().join("\r\n")
    };
    let told = imported(&with_list(&warehouse, encoded(&list(100_000, 0), "windows-1251")), &[]).await;
    assert_eq!((&told["new"], &told["new_products"]), (&json!(100_000), &json!(100_000)));
    let told = imported(&with_list(&warehouse, list(1_000, 1)), &["--merge"]).await;
    assert_eq!((&told["changed"], &told["unchanged"]), (&json!(1_000), &json!(0)));
    let rows = warehouse.rows().await;
    assert_eq!(rows[999], row("ART-000999", "main", "100.5"));
    assert_eq!(rows[99_999], row("ART-099999", "main", "99.5"));
}
