//! Numbers, words, quotation marks and JSON.

use stocklist::{Mapping, Options, QuantityWord, read};

use crate::support::Sheet;
use crate::{case, check};

#[test]
fn cells_are_what_a_person_sees() {
    let sheet = || Sheet::new("S").row(["Артикул", "Остаток"]);
    check(vec![
        case(
            "zeros of a format",
            sheet().row(["#00000#123", "=7"]).row(["#00-0000#51234", "=5"]).row(["=45", "=4"]).bytes(),
            &["00123=7", "05-1234=5", "45=4"],
        ),
        case("decimals of a format", sheet().row(["#0.00#1.1", "=7"]).bytes(), &["2:formatted_sku"]),
        case(
            "guards",
            "sku;qty\n=\"00123\";5\n'00124;6\n\"=\"\"7\"\"\";'8\n",
            &["00123=5", "00124=6", "7=8"],
        ),
        case("an apostrophe that is kept", "sku;qty\n'A;5\n", &["'A=5"]),
        case(
            "formulas without results",
            sheet().row(["A-1", "~SUM(3,4)"]).row(["A-2", "=5"]).bytes(),
            &["2:no_result"],
        )
        .with(|options| options.empty_as_zero = true),
        case("an article without a result", sheet().row(["~B2", "=5"]).bytes(), &["2:no_result"]),
        case("an end mark of DOS", b"sku;qty\nA;5\n\x1a", &["A=5"]),
        case("decimals of two kinds", "SKU;Qty\nA-1;1.234\nA-2;1,5\n", &["2:unclear_number"]),
        case("thousands beside small numbers", "Артикул;Остаток\nA-1;1,500\nA-2;7\n", &["2:unclear_number"]),
        case("points alone", "sku;qty\nA-1;1.500\nA-2;2.000\n", &["2:unclear_number", "3:unclear_number"]),
    ]);
}

#[test]
fn words_and_units_are_read_as_the_user_says() {
    check(vec![
        case(
            "words",
            "Артикул;Остаток\nA-1;более 10\nA-2;>50\nA-3;Есть\nA-4;нет\nA-5;5\nA-6;(5)\n",
            &["A-1=keep", "A-2=50", "A-3=5", "A-4=0", "A-5=5", "A-6=-5"],
        )
        .with(|options| {
            options.words = QuantityWord::parse_all("есть=5,>50=50,нет=0,более 10=keep").unwrap();
        }),
        case("words without a meaning", "Артикул;Остаток\nA-1;есть\nA-2;5\n", &["2:not_a_number"]),
        case(
            "units of measure",
            "Артикул;Остаток\nA-1;5 шт\nA-2;7 шт.\nA-3;8\n",
            &["A-1=5", "A-2=7", "A-3=8"],
        )
        .with(|options| options.strip_units = true),
        case("units of two kinds", "Артикул;Остаток\nA-1;5 шт\nA-2;7 кг\n", &["3:mixed_units"])
            .with(|options| options.strip_units = true),
        case("a first line of words is no heading", "A-1;есть\nA-2;5\n", &["A-2=5"])
            .columns(&["sku=1", "quantity=2"]),
        case("two of them", "x;y\nA-1;есть\nA-2;5\n", &["2:not_a_number"]).columns(&["sku=1", "quantity=2"]),
    ]);
    let first = read(
        b"A-1;x\nA-2;5\n",
        &Options {
            columns: ["sku=1", "quantity=2"].map(|text| Mapping::parse(text).unwrap()).to_vec(),
            ..Options::default()
        },
    );
    assert_eq!(first.unwrap().sources[0].unknown_headings, Some(1), "it is told");
    let prices = read(
        "Артикул;Остаток;Цена\nA-1;3;10.00 USD\nA-2;3;по запросу\nA-3;3;1 190,50\n".as_bytes(),
        &Options::default(),
    );
    let prices = prices.unwrap();
    assert_eq!((prices.remarks[0].kind.code(), prices.remarks[0].count), ("odd_price", 2));
    assert_eq!(&*prices.rows[2].details.texts[0].1, "1190.5");
}

#[test]
fn quotation_marks_swallow_nothing() {
    check(vec![
        case(
            "two open marks",
            "Артикул;Наименование;Остаток\nA-1;\"Кабель 5м;7\nA-2;\"Кабель 10м;5\nA-3;Провод;4\n",
            &["2:open_quote"],
        ),
        case(
            "a mark closed three lines below",
            "sku;name;qty\nA-1;\"Cable;7\nA-2;Wire;5\nA-3;\";4\n",
            &["2:lines_in_cell"],
        ),
        case(
            "the same with commas",
            "sku,name,qty\nA-1,\"Cable,7\nA-2,Wire,5\nA-3,\",4\n",
            &["2:lines_in_cell"],
        ),
        case(
            "a mark in the last column",
            "sku;qty;name\nA-1;7;\"Cable\nA-2;5;Wire\"\n",
            &["2:lines_in_cell"],
        ),
        case("text after a mark", "sku;name;qty\nA-1;\"Cable\" 5m;7\n", &["2:text_after_quote"]),
        case("marks inside a text", "sku;name;qty\nA-1;19\" screen;7\n", &["A-1=7"]),
        case("a text of two lines", "sku;name;qty\nA-1;\"Cable\nblack\";7\n", &["A-1=7"]),
        case(
            "a long description with commas",
            "sku,qty,text,x\nA-1,7,\"red, blue\nsoft, 5 pcs, new\",1\n",
            &["A-1=7"],
        ),
    ]);
}

#[test]
fn json_is_read_by_its_keys() {
    check(vec![
        case(
            "lines",
            "{\"sku\":\"A-1\",\"qty\":5}\n{\"qty\":2.5,\"sku\":\"007\",\"name\":\"x\"}\n",
            &["A-1=5", "007=2.5"],
        ),
        case("an array", "[{\"sku\":4601234567890,\"qty\":\"5\"}]", &["4601234567890=5"]),
        case("a broken line", "{\"sku\":\"A-1\",\"qty\":5}\n{\"sku\":\n", &["2:not_json"]),
        case("a key twice", "{\"sku\":\"A-1\",\"qty\":5,\"qty\":7}\n", &["B?", "C?"]),
        case("an object for a quantity", "{\"sku\":\"A-1\",\"qty\":{\"a\":5}}\n", &["1:not_a_number"]),
        case(
            "no quantity",
            "{\"sku\":\"A-1\",\"qty\":5}\n{\"sku\":\"A-2\",\"qty\":null}\n",
            &["2:no_quantity"],
        ),
    ]);
}
