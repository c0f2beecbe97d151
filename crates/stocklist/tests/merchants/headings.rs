//! Headings of several lines, groups, and the lists of the documentation.

use stocklist::{Mapping, Options, QuantityWord, read};

use crate::support::{Sheet, workbook};
use crate::{case, check, outcome};

#[test]
fn headings_take_up_to_four_lines() {
    let balance = || {
        Sheet::new("S")
            .row(["Ведомость по товарам на складах"])
            .row(["Артикул", "Номенклатура", "Реми", "", "", ""])
            .row(["", "", "Количество", "", "", ""])
            .row(["", "", "Начальный остаток", "Приход", "Расход", "Конечный остаток"])
            .row(["A-1", "Мыло", "=10", "=0", "=4", "=6"])
            .row(["A-2", "Крем", "=20", "=0", "=5", "=15"])
            .row(["Итого", "", "=30", "=0", "=9", "=21"])
    };
    let stores = || Sheet::new("S").row(["Артикул", "Номенклатура", "Остаток", ""]).merge("C1:D1");
    check(vec![
        case("a balance under two lines", balance().merge("C2:F2").bytes(), &["A-1=6", "A-2=15"]),
        case("the same without merged cells", balance().bytes(), &["A-1=6", "A-2=15"]),
        case(
            "stores under a merged heading",
            stores().row(["", "", "Склад А", "Склад Б"]).row(["A-1", "Мыло", "=6", "=5"]).bytes(),
            &["C[Склад А]?", "D[Склад Б]?"],
        ),
        case(
            "a merged heading over a column without one",
            stores().row(["A-1", "Мыло", "=6", "=5"]).bytes(),
            &["C?", "D?"],
        ),
        case(
            "a column without a heading by its number",
            Sheet::new("S")
                .row(["Артикул", "Остаток"])
                .row(["", "Склад А", "Склад Б"])
                .row(["A-1", "=6", "=5"])
                .merge("B1:C1")
                .bytes(),
            &["A-1@A=6", "A-1@B=5"],
        )
        .columns(&["quantity[A]=2", "quantity[B]=3"]),
    ]);
}

#[test]
fn upper_headings_name_stores_and_rule_out_what_is_no_stock() {
    check(vec![
        case(
            "a store whose name is a heading",
            Sheet::new("S")
                .row(["Артикул", "Номенклатура", "Основной склад", "", "Магазин", ""])
                .row(["", "", "Количество", "Сумма", "Количество", "Сумма"])
                .row(["A-1", "Мыло", "=6", "=600", "=5", "=500"])
                .merge("C1:D1")
                .merge("E1:F1")
                .bytes(),
            &["C[Основной склад]?", "E[Магазин]?"],
        ),
        case(
            "an article merged over its warehouses",
            Sheet::new("S")
                .row(["Артикул", "Склад", "Остаток"])
                .row(["A-1", "Юг", "=6"])
                .row(["", "Север", "=5"])
                .row(["A-2", "Юг", "=4"])
                .merge("A2:A3")
                .bytes(),
            &["A-1@Юг=6", "A-1@Север=5", "A-2@Юг=4"],
        ),
        case(
            "the same as text",
            "Артикул;Основной;;Магазин;\n;Кол-во;Сумма;Кол-во;Сумма\nA;6;1;5;2\n",
            &["B[Основной]?", "D[Магазин]?"],
        ),
        case("what came in is no stock", "Артикул;Приход;\n;Кол-во;Сумма\nA;6;1\n", &["no quantity"]),
        case(
            "the upper line has no SKU",
            ";;Приход;Остаток\nАртикул;Товар;Кол-во;Кол-во\nA;x;6;1\n",
            &["A=1"],
        ),
        case("one store", "Артикул;Основной склад;\n;Остаток;Сумма\nA-1;6;600\n", &["A-1=6"]),
        case("lines with the numbers of the columns", "Артикул;Товар;Остаток\n1;2;3\nA-1;x;6\n", &["A-1=6"]),
        case("such numbers in brackets", "Артикул;Товар;Остаток\n(1);(2);(3)\nA-1;x;6\n", &["A-1=6"]),
        case("numbers that are goods", "Артикул;Товар;Остаток\n1;2;3\n2;3;4\n", &["1=3", "2=4"]),
        case("by letter", "Артикул;Было;Стало\nA-1;5;6\n", &["A-1=6"]).columns(&["quantity=C"]),
        case("goods above the headings", "A-1;5\nsku;qty\nA-2;6\n", &["1:above_headings"]),
        case("by a Cyrillic letter", "Артикул;Было;Стало\nA-1;5;6\n", &["A-1=6"]).columns(&["quantity=С"]),
        case("units below the headings", "Артикул;Остаток\n;шт\nA-1;5\n", &["A-1=5"]),
        case("headings once more", "Артикул;Остаток\nA-1;5\nАртикул;Остаток\nA-2;6\n", &["A-1=5", "A-2=6"]),
    ]);
}

#[test]
fn groups_are_left_out_and_told() {
    let list =
        read("Артикул;Товар;Остаток\nПосуда;;\nA-1;x;5\nМебель;;\nA-2;y;6\n".as_bytes(), &Options::default());
    assert_eq!(outcome(&list), ["A-1=5", "A-2=6"]);
    let groups = list.unwrap().left_out.groups;
    assert_eq!(groups, [(2, "Посуда;;".to_owned()), (4, "Мебель;;".to_owned())]);
    check(vec![
        case("goods without a quantity", "Артикул;Остаток\nA-1;5\nA-2;\n", &["3:no_quantity"]),
        case(
            "named goods without a quantity",
            "Артикул;Товар;Остаток\nA-1;x;5\nA-2;y;\n",
            &["3:no_quantity"],
        ),
        case(
            "goods without a quantity below a total of a group",
            "Артикул;Товар;Остаток\nA-1;x;5\nИтого;;5\nA-2;y;\nA-3;z;1\n",
            &["4:no_quantity"],
        ),
        case("a signature", "Артикул;Товар;Остаток\nA-1;x;5\nИтого;;5\nПетров;кладовщик;\n", &["A-1=5"]),
    ]);
}

/// The lists that docs/import.md shows, with the options that it gives for them.
#[test]
fn the_lists_of_the_documentation_are_read() {
    let balance = Sheet::new("S")
        .row(["Article", "Product", "Main", "", "", ""])
        .row(["", "", "Quantity", "", "", ""])
        .row(["", "", "Opening stock", "In", "Out", "Closing stock"])
        .row(["000123", "Mug", "=10", "=0", "=4", "=6"])
        .row(["10-A", "Teapot", "=20", "=0", "=5", "=15"])
        .row(["Total", "", "=30", "=0", "=9", "=21"])
        .merge("C1:F1")
        .merge("C2:F2");
    let stores = Sheet::new("S")
        .row(["Article", "North", "", "South", ""])
        .row(["", "Quantity", "Amount", "Quantity", "Amount"])
        .row(["A-1", "=6", "=600", "=5", "=500"])
        .merge("B1:C1")
        .merge("D1:E1");
    let group = |name, sku| Sheet::new(name).row(["Article", "Stock", "Reserve"]).row([sku, "=10", "=3"]);
    check(vec![
        case("a balance", balance.bytes(), &["000123=6", "10-A=15"]),
        case("stores", stores.clone().bytes(), &["B[North]?", "D[South]?"]),
        case("stores by name", stores.bytes(), &["A-1@North=6", "A-1@South=5"])
            .columns(&["quantity[North]=B", "quantity[South]=D"]),
        case(
            "a price list",
            "SKU;Name;In stock\nM-1;Mug;7 pcs\nM-2;Cup;>50\nM-3;Plate;no\n",
            &["M-1=7", "M-2=50", "M-3=0"],
        )
        .with(|options| {
            options.strip_units = true;
            options.words = QuantityWord::parse_all(">50=50,no=0").unwrap();
        }),
        case("groups", workbook([group("1", "A-1"), group("2", "A-2")]), &["A-1=7", "A-2=7"]).with(
            |options| {
                options.sheet = Some("all".to_owned());
                options.subtract = vec![Mapping::parse_reserved("reserved=C").unwrap()];
            },
        ),
    ]);
}
