//! What a refusal proposes works as it is printed, and leads to the right numbers.

use testkit::TestWarehouse;

use super::files::{Sheet, workbook};
use super::{row, with_list};

/// A refused list: what it is, its bytes, the option to paste, and the stock that comes of it.
struct Refused {
    what: &'static str,
    bytes: Vec<u8>,
    paste: &'static str,
    due: &'static [(&'static str, &'static str, &'static str)],
}

fn refused(
    what: &'static str,
    bytes: impl AsRef<[u8]>,
    paste: &'static str,
    due: &'static [(&'static str, &'static str, &'static str)],
) -> Refused {
    Refused { what, bytes: bytes.as_ref().to_vec(), paste, due }
}

fn stores() -> Vec<u8> {
    let sheet =
        Sheet::new("S").row(["Артикул", "Товар", "Остаток", ""]).row(["", "", "Склад А", "Склад \"Б\""]);
    workbook([sheet.row(["A-1", "Мыло", "=6", "=5"])])
}

fn all() -> Vec<Refused> {
    let balance = "Артикул;Остаток;Остаток за вычетом резерва\nA-1;10;7\n";
    let words = "Артикул;Остаток\nA-1;более 10\nA-2;нет\nA-3;7 шт\nKEPT;есть\n";
    let north = "Артикул;Север;;Юг;\n;Кол-во;Сумма;Кол-во;Сумма\nA-1;6;1;5;2\n";
    vec![
        refused("what is free", balance, "--column quantity=C", &[("A-1", "main", "7")]),
        refused("what is there", balance, "--column quantity=B", &[("A-1", "main", "10")]),
        refused(
            "a column for each store",
            north,
            "--column \"quantity[Север]=B\" --column \"quantity[Юг]=D\"",
            &[("A-1", "Север", "6"), ("A-1", "Юг", "5")],
        ),
        refused("one of the stores", north, "--column quantity=D", &[("A-1", "main", "5")]),
        refused("stores with quotation marks", stores(), "--column 'quantity[Склад А]=C'", &[]),
        refused(
            "words and units",
            words,
            "--strip-units --quantity-words \"более 10=keep,нет=0,есть=keep\"",
            &[("A-2", "main", "0"), ("A-3", "main", "7"), ("KEPT", "main", "5")],
        ),
        refused(
            "a total that is out of date",
            "Артикул;Товар;Остаток\nA-1;x;6\nИтого;;26\n",
            "--ignore-total",
            &[("A-1", "main", "6")],
        ),
        refused(
            "no warehouse for some",
            "sku;warehouse;qty\nA-1;main;1\nA-2;;2\n",
            "--column warehouse=none",
            &[("A-1", "main", "1"), ("A-2", "main", "2")],
        ),
        refused(
            "several sheets",
            workbook([
                Sheet::new("1").row(["Артикул", "Остаток"]).row(["A-1", "=5"]),
                Sheet::new("2").row(["Артикул", "Остаток"]).row(["B-1", "=7"]),
            ]),
            "--sheet all",
            &[("A-1", "main", "5"), ("B-1", "main", "7")],
        ),
        refused("an empty quantity", "sku;qty\nA-1;\n", "--empty-as-zero", &[("A-1", "main", "0")]),
        refused("lines to add up", "sku;qty\nA-1;1\nA-1;2\n", "--sum", &[("A-1", "main", "3")]),
        refused("thousands", "sku;qty\nA-1;1,500\n", "--decimal point", &[("A-1", "main", "1500")]),
        refused("no SKU", "sku;name;qty\nA-1;x;1\n;y;2\n", "--skip-without-sku", &[("A-1", "main", "1")]),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_refusal_proposes_works_as_it_is_printed() {
    for Refused { what, bytes, paste, due } in all() {
        let warehouse = TestWarehouse::of([("KEPT", 5)]).await;
        let program = with_list(&warehouse, bytes);
        let told = program.run(["import", "list"]).await.ends(5);
        let hint = told.stderr.lines().find(|line| line.starts_with("hint: ")).expect("a hint");
        if due.is_empty() {
            assert!(hint.contains("quantity[Склад А]=C") && hint.contains("Склад \"Б\""), "{what}: {hint}");
        } else {
            assert!(hint.contains(paste), "{what} should propose {paste}: {hint}");
        }
        let options = if due.is_empty() {
            let all = hint.split_once(": ").and_then(|(_, rest)| rest.split_once(": ")).expect("all").1;
            let all = all.split_once(". ").expect("an end").0;
            shlex::split(all).expect("words of a shell")
        } else {
            shlex::split(paste).expect("words of a shell")
        };
        let words = ["import", "list"].into_iter().chain(options.iter().map(String::as_str));
        let _ = program.run(words).await.ends(0);
        let mut rows: Vec<(String, String, String)> =
            due.iter().map(|(sku, warehouse, quantity)| row(sku, warehouse, quantity)).collect();
        if due.is_empty() {
            rows = vec![row("A-1", "Склад \"Б\"", "5"), row("A-1", "Склад А", "6")];
        }
        rows.sort();
        let mut found = warehouse.rows().await;
        found.sort();
        assert_eq!(found, rows, "{what}");
    }
}

/// What is not used is told by name, and a reserved column with the option that subtracts it.
#[tokio::test(flavor = "multi_thread")]
async fn columns_that_look_like_stock_are_told() {
    let warehouse = TestWarehouse::new().await;
    let program = with_list(&warehouse, "Артикул;Остаток;Резерв;В пути;Цена\nA-1;10;3;5;9\n");
    let told = program.run(["import", "list"]).await.ends(0);
    let told = told.says("Not used: Резерв (C), В пути (D)").says("--subtract reserved=C");
    assert!(!told.stdout.contains("Цена ("), "{}", told.stdout);
    let less = program.run(["import", "list", "--subtract", "reserved=C"]).await.ends(0);
    let _ = less.says("quantity = Остаток, reserved = Резерв").says("Not used: В пути (D)");
    assert_eq!(warehouse.rows().await, [row("A-1", "main", "7")]);
}

/// Several files are one list; a line of the second is told with the file.
#[tokio::test(flavor = "multi_thread")]
async fn several_files_are_one_list() {
    let warehouse = TestWarehouse::of([("OLD", 5)]).await;
    let program = with_list(&warehouse, "sku;qty\nA-1;1\n").file("more", "sku;qty\nA-2;2\nA-3;x\n");
    let told = program.run(["import", "list", "more"]).await.ends(5);
    let _ = told.says("list, more: 1 line is invalid").says("more, line 3: quantity \"x\" is not a number");
    let program = program.file("more", "sku;qty\nA-2;2\n");
    let _ = program.run(["import", "list", "more"]).await.ends(0).says("From list:").says("From more:");
    assert_eq!(warehouse.rows().await, [row("A-1", "main", "1"), row("A-2", "main", "2")]);
}

/// A list that is wrong in several ways is mended in one go.
#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_wrong_line_has_its_hint() {
    let list = "SKU;Stock\nA-1;many\n;4\nA-2;\nA-3;plenty\n";
    let warehouse = TestWarehouse::new().await;
    let program = with_list(&warehouse, list);
    let told = program.run(["import", "list", "--json"]).await.ends(5).json();
    let hints = told["hints"].as_array().expect("hints");
    assert_eq!(hints.iter().map(|hint| &hint["line"]).collect::<Vec<_>>(), [2, 3, 4], "{hints:#?}");
    let page = program.run(["import", "list"]).await.ends(5);
    for hint in hints {
        let (line, text) = (&hint["line"], hint["hint"].as_str().expect("a text"));
        let due = format!("hint: line {line} and others like it: {text}\n");
        assert!(page.stderr.contains(&due), "{due} in {}", page.stderr);
    }
}
