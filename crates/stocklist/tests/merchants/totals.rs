//! Totals and hidden lines.

use stocklist::{Options, read};

use crate::support::Sheet;
use crate::{case, check, outcome};

#[test]
fn totals_are_left_out_and_compared() {
    check(vec![
        case(
            "of a pivot table",
            "Названия строк;Сумма по полю Остаток\nA-1;5\nA-2;6\nОбщий итог;11\n",
            &["A-1=5", "A-2=6"],
        )
        .columns(&["sku=1", "quantity=2"]),
        case(
            "in the column of warehouses",
            "Артикул;Склад;Остаток\nA-1;Основной склад;5\nA-1;В пути;3\nA-1;Итого;8\n",
            &["A-1@Основной склад=5", "A-1@В пути=3"],
        ),
        case(
            "of a SKU that is wrong",
            "Артикул;Склад;Остаток\nA-1;С;5\nA-1;В;3\nA-1;Всего;9\n",
            &["4:total_disagrees"],
        ),
        case(
            "that disagrees",
            "Артикул;Наименование;Остаток\nA-1;x;6\nA-2;y;15\nИтого;;26\n",
            &["4:total_disagrees"],
        ),
        case(
            "that may disagree",
            "Артикул;Наименование;Остаток\nA-1;x;6\nA-2;y;15\nИтого;;26\n",
            &["A-1=6", "A-2=15"],
        )
        .with(|options| options.ignore_total = true),
        case(
            "of groups and of all",
            "sku;qty\nA;1\nB;2\nSubtotal;3\nC;4\nSubtotal;4\nGrand total;7\n",
            &["A=1", "B=2", "C=4"],
        ),
        case(
            "of a group as Excel names it",
            "sku;qty\nA;1\nB;2\nSouth Total;3\nC;4\n",
            &["A=1", "B=2", "C=4"],
        ),
        case(
            "a SKU with such a name",
            "sku;qty\nA;1\nB;2\nColgate Total;9\n",
            &["A=1", "B=2", "Colgate Total=9"],
        ),
        case("in another column", "Артикул;Размер;Остаток\nA;S;1\nA;M;2\nA;Итого;3\n", &["A=3"])
            .with(|options| options.sum = true),
        case("before its lines", "Артикул;Размер;Остаток\nA;Всего;3\nA;S;1\nA;M;2\n", &["A=3"])
            .with(|options| options.sum = true),
        case(
            "an English one before its lines",
            "sku;size;qty\nA;Total;3\nA;S;1\nA;M;2\n",
            &["3:twice", "4:twice"],
        )
        .with(|options| options.sum = true),
        case("a brand named Total", "sku;brand;qty\nA;Total;1\nB;Total;2\n", &["A=1", "B=2"]),
        case("above the lines", "Артикул;Товар;Остаток\nИтого;;11\nA-1;x;5\nA-2;y;6\n", &["A-1=5", "A-2=6"]),
        case("of what has no SKU too", "Артикул;Товар;Остаток\nA-1;x;5\n;y;6\nИтого;;11\n", &["A-1=5"])
            .with(|options| options.skip_without_sku = true),
    ]);
}

#[test]
fn hidden_lines_are_told_or_left_out() {
    let sheet = || {
        Sheet::new("S")
            .row(["Артикул", "Остаток"])
            .row(["A-1", "=7"])
            .row(["A-2", "=5"])
            .row(["A-3", "=4"])
            .hide(3)
    };
    let told = read(&sheet().bytes(), &Options::default()).unwrap();
    assert_eq!((told.rows.len(), told.remarks[0].kind.code(), told.remarks[0].count), (3, "hidden", 1));
    let skip = Options { skip_hidden: true, ..Options::default() };
    let left = read(&sheet().bytes(), &skip);
    assert_eq!(outcome(&left), ["A-1=7", "A-3=4"]);
    assert_eq!(left.unwrap().left_out.hidden, [(3, "A-2 | 5".to_owned())]);
    for total in ["=16", "=11"] {
        let list = read(&sheet().row(["Итого", total]).bytes(), &skip);
        assert_eq!(outcome(&list), ["A-1=7", "A-3=4"], "a total with hidden lines or without: {total}");
    }
    assert_eq!(outcome(&read(&sheet().row(["Итого", "=12"]).bytes(), &skip)), ["5:total_disagrees"]);
}
