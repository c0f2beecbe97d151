//! A written stock list is read back unchanged, and any other input is refused without a panic.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test helper fails the test by panicking")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use stocklist::{Encoding, Field, Mapping, Options, Refusal, read};

/// An arbitrary valid SKU: no control characters, no scientific notation, no word for totals or headings.
fn sku() -> impl Strategy<Value = String> {
    let plain = "[A-Za-z0-9А-Яа-яЁё _./\"';,|-]{1,24}";
    let any = "\\PC{1,12}";
    let text = prop_oneof![4 => plain, 1 => any];
    text.prop_filter("is no SKU", |text| {
        let lower = text.trim().to_lowercase();
        let words = ["итого", "всего", "total", "grand", "subtotal", "sku", "sep="];
        !lower.is_empty()
            && !words.iter().any(|word| lower.starts_with(word))
            && !text.contains(['\u{fffd}', '\u{feff}', '<', '%', '{', '['])
            && !lower.starts_with(['\'', '='])
            && !["итог", "total", "всего"].iter().any(|word| lower.contains(word))
            && !lower.contains("e+")
    })
}

fn thousandths() -> impl Strategy<Value = i64> {
    prop_oneof![4 => -2_000_i64..5_000_000, 1 => -99_999_999_999_i64..99_999_999_999]
}

/// How a program writes a number.
#[derive(Debug, Clone, Copy)]
struct Style {
    comma: bool,
    space: Option<char>,
    /// Whether to write three decimals always, as 1C does.
    fixed: bool,
}

fn style() -> impl Strategy<Value = Style> {
    let spaces = proptest::option::of(prop_oneof![Just(' '), Just('\u{a0}'), Just('\u{202f}')]);
    (any::<bool>(), spaces, any::<bool>()).prop_map(|(comma, space, fixed)| Style { comma, space, fixed })
}

fn written(thousandths: i64, style: Style) -> String {
    let (whole, rest) = (thousandths.unsigned_abs() / 1_000, thousandths.unsigned_abs() % 1_000);
    let digits = whole.to_string();
    let mut text = String::from(if thousandths < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.extend(style.space);
        }
        text.push(digit);
    }
    let decimals = format!("{rest:03}");
    let decimals = if style.fixed { decimals.as_str() } else { decimals.trim_end_matches('0') };
    if !decimals.is_empty() {
        text.push(if style.comma { ',' } else { '.' });
        text.push_str(decimals);
    }
    text
}

fn csv(rows: &[(String, i64)], delimiter: u8, style: Style) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(["Артикул", "Остаток"]).unwrap();
    for (sku, quantity) in rows {
        writer.write_record([sku.as_str(), &written(*quantity, style)]).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn rows() -> impl Strategy<Value = Vec<(String, i64)>> {
    proptest::collection::vec((sku(), thousandths()), 1..30).prop_map(|rows| {
        let mut seen = BTreeSet::new();
        rows.into_iter().filter(|(sku, _)| seen.insert(sku.clone())).collect()
    })
}

/// What is read; what was written if the numbers could mean thousands or decimals.
fn read_back(bytes: &[u8], options: &Options, written: &[(String, i64)]) -> Vec<(String, i64)> {
    let list = match read(bytes, options) {
        Ok(list) => list,
        Err(Refusal::Bad { lines, .. })
            if lines.iter().all(|line| line.reason.code() == "unclear_number") =>
        {
            return written.to_vec();
        }
        Err(refusal) => panic!("{refusal:?}"),
    };
    let thousandths = |row: &stocklist::Row| {
        let mut quantity = row.quantity.unwrap();
        quantity.rescale(3);
        i64::try_from(quantity.mantissa()).unwrap()
    };
    list.rows.iter().map(|row| (row.sku.to_string(), thousandths(row))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(
        rows in rows(),
        delimiter in prop_oneof![Just(b';'), Just(b'\t'), Just(b','), Just(b'|')],
        mark in any::<bool>(),
        ends in prop_oneof![Just("\n"), Just("\r\n")],
        style in style(),
    ) {
        let text = csv(&rows, delimiter, style).replace('\n', ends);
        let text = format!("{}{text}", if mark { "\u{feff}" } else { "" });
        prop_assert_eq!(read_back(text.as_bytes(), &Options::default(), &rows), rows);
    }

    #[test]
    fn an_older_encoding_is_read_as_the_same(rows in rows(), style in style()) {
        let style = Style { space: style.space.map(|_| '\u{a0}'), ..style };
        let rows: Vec<_> = rows.into_iter().filter(|(sku, _)| fits(sku)).collect();
        prop_assume!(!rows.is_empty());
        let text = csv(&rows, b';', style);
        let bytes: Vec<u8> = text.chars().map(|c| byte(c).unwrap()).collect();
        prop_assert_eq!(&read_back(&bytes, &Options::default(), &rows), &rows);
        let named = Options { encoding: Encoding::named("cp1251"), ..Options::default() };
        prop_assert_eq!(read_back(&bytes, &named, &rows), rows);
    }

    #[test]
    fn numbers_of_columns_are_as_good_as_headings(rows in rows(), style in style()) {
        let text = csv(&rows, b';', style);
        let below = text.split_once('\n').unwrap().1;
        let column = |field, column: &str| Mapping { field, warehouse: None, column: column.to_owned() };
        let columns = vec![column(Field::Sku, "1"), column(Field::Quantity, "2")];
        let decimal = if style.comma { stocklist::DecimalMark::Comma } else { stocklist::DecimalMark::Point };
        let options = Options {
            columns, headings: false, decimal: Some(decimal), delimiter: Some(b';'), ..Options::default()
        };
        prop_assert_eq!(read_back(below.as_bytes(), &options, &[]), rows);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, &Options::default());
    }

    #[test]
    fn no_text_makes_it_panic(text in "[a-zА-Я0-9;,\t\"\r\n .+E-]{0,200}", headings in any::<bool>()) {
        let text = if headings { format!("sku;qty\n{text}") } else { text };
        let _ = read(text.as_bytes(), &Options::default());
        let _ = read(text.as_bytes(), &Options { sum: true, empty_as_zero: true, ..Options::default() });
    }

    #[test]
    fn no_damage_to_a_workbook_makes_it_panic(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = workbook();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let _ = read(&bytes, &Options::default());
    }
}

/// The windows-1251 byte of a character that the tests use.
fn byte(c: char) -> Option<u8> {
    match c {
        '\0'..='\u{7f}' => u8::try_from(u32::from(c)).ok(),
        '\u{a0}' => Some(0xA0),
        'Ё' => Some(0xA8),
        'ё' => Some(0xB8),
        'А'..='я' => u8::try_from(u32::from(c) - u32::from('А') + 0xC0).ok(),
        _ => None,
    }
}

fn fits(text: &str) -> bool {
    text.chars().all(|c| byte(c).is_some())
}

fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Артикул").unwrap();
    sheet.write(0, 1, "Остаток").unwrap();
    for row in 1..20 {
        sheet.write(row, 0, format!("A-{row}")).unwrap();
        sheet.write(row, 1, row).unwrap();
    }
    book.save_to_buffer().unwrap()
}
