//! Several sheets and files, and archives.

use stocklist::{File, Options, Refusal, read, read_all};

use crate::support::{Sheet, archive, workbook};
use crate::{case, check, outcome};

#[test]
fn sheets_and_files_are_one_list() {
    let sheet = |name, sku| Sheet::new(name).row(["Артикул", "Остаток"]).row([sku, "=5"]);
    let two = || workbook([sheet("TDSheet", "A-1"), sheet("Тарелки", "B-1"), Sheet::new("Notes").row(["x"])]);
    let all = |options: &mut Options| options.sheet = Some("all".to_owned());
    check(vec![
        case("which sheet", two(), &["SeveralSheets"]),
        case("all sheets", two(), &["A-1=5", "B-1=5"]).with(all),
        case("a SKU in two sheets", workbook([sheet("1", "A"), sheet("2", "A")]), &["2:twice"]).with(all),
        case("their sum", workbook([sheet("1", "A"), sheet("2", "A")]), &["A=10"]).with(|options| {
            all(options);
            options.sum = true;
        }),
        case(
            "a second list whose column is unclear",
            workbook([
                sheet("1", "A"),
                Sheet::new("2").row(["Артикул", "Остаток", "Остаток Юг"]).row(["B", "=1", "=2"]),
            ]),
            &["SeveralSheets"],
        ),
        case(
            "a second list without a known column",
            workbook([sheet("1", "A"), Sheet::new("2").row(["Артикул", "Штучки"]).row(["B", "=1"])]),
            &["2: no quantity"],
        )
        .with(all),
        case("in an archive", archive(&[("stock.csv", b"sku;qty\nA;5\n"), ("__MACOSX/x", b"")]), &["A=5"]),
        case("a workbook in an archive", archive(&[("a/b.xlsx", &two())]), &["A-1=5", "B-1=5"]).with(all),
        case(
            "two files in an archive",
            archive(&[("a.csv", b"sku;qty\nA;5\n"), ("b.csv", b"")]),
            &["SeveralFiles"],
        ),
        case("an archive in an archive", archive(&[("a.zip", &archive(&[("b", b"")]))]), &["Archive"]),
        case(
            "a DBF table that does not add up",
            [b"\x03\x7a\x0c\x01\x01\0\0\0\x41\0\x10\0".as_slice(), &[0; 100]].concat(),
            &["Dbf"],
        ),
    ]);
    let notes = read(&two(), &Options { sheet: Some("all".to_owned()), ..Options::default() }).unwrap();
    assert_eq!(notes.sources[0].passed_over, ["Notes"]);
}

#[test]
fn files_are_one_list() {
    let file = |name, bytes| File { name, bytes };
    let files =
        [file("a.csv", "sku;qty\nA;5\n".as_bytes()), file("b.csv", "Артикул;Остаток\nB;6\n".as_bytes())];
    assert_eq!(outcome(&read_all(&files, &Options::default())), ["A=5", "B=6"]);
    let again = [files[0], file("c.csv", b"sku;qty\nB;1\nA;2\n")];
    let Err(Refusal::Bad { lines, .. }) = read_all(&again, &Options::default()) else {
        panic!("A is there twice")
    };
    assert_eq!((lines[0].place.as_deref(), lines[0].line), (Some("c.csv"), 3));
    let mixed = [files[0], file("c.csv", b"sku;warehouse;qty\nB;M;1\n")];
    assert_eq!(outcome(&read_all(&mixed, &Options::default())), ["MixedWarehouses"]);
    let refused = [files[0], file("c.csv", b"sku;name\nB;x\n")];
    assert_eq!(outcome(&read_all(&refused, &Options::default())), ["c.csv: no quantity"]);
}
