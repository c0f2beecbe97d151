//! Tables of `dBASE` and `FoxPro`.

use stocklist::{Encoding, Format, Options, read};

use crate::{case, check};

/// A table (dBASE III): columns as `name:type:length`, and rows of texts; a row that begins with `*` is deleted.
pub(crate) fn dbf(columns: &[&str], rows: &[&[&[u8]]]) -> Vec<u8> {
    let fields: Vec<(&str, u8, usize)> = columns
        .iter()
        .map(|column| {
            let mut parts = column.split(':');
            let mut next = || parts.next().unwrap();
            (next(), next().bytes().next().unwrap(), next().parse().unwrap())
        })
        .collect();
    let length = 1 + fields.iter().map(|(.., length)| length).sum::<usize>();
    let begin = 32 + 32 * fields.len() + 1;
    let two = |number: usize| u16::try_from(number).unwrap().to_le_bytes();
    let mut table = vec![0x03, 125, 3, 1];
    table.extend(u32::try_from(rows.len()).unwrap().to_le_bytes());
    table.extend([two(begin), two(length)].concat());
    table.resize(32, 0);
    for (name, kind, length) in &fields {
        let mut field = name.as_bytes().to_vec();
        field.resize(11, 0);
        field.extend([*kind, 0, 0, 0, 0, u8::try_from(length % 256).unwrap()]);
        field.push(if *kind == b'C' { u8::try_from(length / 256).unwrap() } else { 0 });
        field.resize(32, 0);
        table.extend(field);
    }
    table.push(0x0D);
    for row in rows {
        let (mark, values) = match row {
            [first, values @ ..] if *first == b"*" => (b'*', values),
            values => (b' ', *values),
        };
        table.push(mark);
        for ((_, kind, length), value) in fields.iter().zip(values) {
            let blanks = vec![b' '; length.saturating_sub(value.len())];
            let is_right = matches!(kind, b'N' | b'F');
            table.extend(if is_right { [&blanks, *value].concat() } else { [*value, &blanks].concat() });
        }
    }
    table.push(0x1A);
    table
}

#[test]
fn tables_are_read_digit_by_digit() {
    let goods = |kind: &str, rows: &[&[&[u8]]]| dbf(&["ARTIKUL:C:10", &format!("OSTATOK:{kind}:12")], rows);
    check(vec![
        case("numbers", goods("N", &[&[b"007", b"12.500"], &[b"A-2", b"0"]]), &["007=12.5", "A-2=0"]),
        case("a float", goods("F", &[&[b"007", b"16777217"]]), &["007=16777217"]),
        case(
            "a deleted line",
            goods("N", &[&[b"A", b"1"], &[b"*", b"B", b"2"], &[b"C", b"3"]]),
            &["A=1", "C=3"],
        ),
        case("no quantity", goods("N", &[&[b"A", b""]]), &["2:no_quantity"]),
        case("a number that did not fit", goods("N", &[&[b"A", b"************"]]), &["2:not_a_number"]),
        case("a number as the article", dbf(&["KOD:N:8", "KOLVO:N:5"], &[&[b"123", b"4"]]), &["123=4"]),
        case(
            "a memo as the article",
            dbf(&["KOD:M:10", "KOLVO:N:5"], &[&[b"        12", b"4"]]),
            &["2:odd_sku"],
        ),
        case("a long text", dbf(&["KOD:C:300", "KOLVO:N:5"], &[&[b"A-1", b"4"]]), &["A-1=4"]),
        case(
            "cut off",
            goods("N", &[&[b"A", b"1"], &[b"B", b"2"]]).into_iter().take(110).collect::<Vec<u8>>(),
            &["BrokenWorkbook"],
        ),
        case(
            "lengths that do not add up",
            {
                let mut table = goods("N", &[&[b"A", b"1"]]);
                table[10] += 1;
                table
            },
            &["Dbf"],
        ),
    ]);
}

#[test]
fn texts_of_a_table_have_the_encoding_of_the_header_or_their_letters() {
    let (cp866, _, _) = encoding_rs::IBM866.encode("Чайник заварочный белый");
    let table = |language: u8| {
        let mut table = dbf(&["KOD:C:40", "KOLVO:N:5"], &[&[&cp866, b"4"]]);
        table[29] = language;
        table
    };
    for (bytes, options) in [
        (table(0x65), Options::default()),
        (table(0), Options::default()),
        (table(0xC9), Options { encoding: Encoding::named("cp866"), ..Options::default() }),
    ] {
        let list = read(&bytes, &options).unwrap();
        assert_eq!(list.rows[0].sku.as_str(), "Чайник заварочный белый");
        assert_eq!(list.sources[0].format, Format::Dbf { encoding: "IBM866" });
    }
}
