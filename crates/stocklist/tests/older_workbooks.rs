//! Workbooks of `LibreOffice` (ODS) and of Excel before 2007 (XLS), built cell by cell.

#![expect(clippy::unwrap_used, reason = "a test helper fails the test by panicking")]

use std::io::{Cursor, Write};

use stocklist::{Format, Options, StockList, read};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const HEADINGS: [&str; 2] = ["Артикул", "Остаток"];
const GOODS: [(&str, f64); 2] = [("Чай-1", 12.0), ("007", 2.5)];

/// An `OpenDocument` 1.3 archive (parts 2 and 3): its type comes first, and `content.xml` holds the cells.
fn ods() -> Vec<u8> {
    let text = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let number =
        |number: f64| format!("<table:table-cell office:value-type=\"float\" office:value=\"{number}\"/>");
    let row = |cells: String| format!("<table:table-row>{cells}</table:table-row>");
    let mut rows = row(HEADINGS.map(text).concat());
    for (sku, units) in GOODS {
        rows += &row(text(sku) + &number(units));
    }
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
         <table:table table:name=\"Склад\">{rows}</table:table></office:spreadsheet></office:body>\
         </office:document-content>"
    );
    let manifest = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><manifest:manifest \
                    xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", &content),
        ("META-INF/manifest.xml", manifest),
    ] {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        archive.start_file(name, stored).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A BIFF8 record: number, length, content ([MS-XLS] 2.1.4).
fn record(number: u16, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap();
    [&number.to_le_bytes(), &length.to_le_bytes(), content].concat()
}

/// A text with two bytes per character; its length comes before it.
fn wide(text: &str) -> Vec<u8> {
    let letters: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [&[1], letters.as_slice()].concat()
}

/// The row, column and format of a cell.
fn place(row: u16, column: u16) -> Vec<u8> {
    [row, column, 0].iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let length = u16::try_from(text.encode_utf16().count()).unwrap();
    record(0x0204, &[place(row, column), length.to_le_bytes().to_vec(), wide(text)].concat())
}

/// A compound file ([MS-XLS]) whose stream `Workbook` has the globals, then the sheet.
fn xls() -> Vec<u8> {
    let begin = |kind: u16| {
        let content = [0x0600, kind, 0, 0].map(u16::to_le_bytes).concat();
        record(0x0809, &[content, vec![0; 8]].concat())
    };
    let end = record(0x000A, &[]);
    let name = "Склад";
    let bound = |at: u32| {
        let head = [&at.to_le_bytes()[..], &[0, 0, u8::try_from(name.chars().count()).unwrap()]].concat();
        record(0x0085, &[head, wide(name)].concat())
    };
    let globals = |at| [begin(0x0005), bound(at), end.clone()].concat();
    let sheet_at = u32::try_from(globals(0).len()).unwrap();
    let mut cells: Vec<u8> = (0..).zip(HEADINGS).flat_map(|(column, text)| label(0, column, text)).collect();
    for (row, (sku, units)) in (1..).zip(GOODS) {
        cells.extend(label(row, 0, sku));
        cells.extend(record(0x0203, &[place(row, 1), units.to_le_bytes().to_vec()].concat()));
    }
    let stream = [globals(sheet_at), begin(0x0010), cells, end].concat();
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("Workbook").unwrap().write_all(&stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn assert_goods(list: &StockList) {
    assert_eq!(list.sources.first().unwrap().format, Format::Sheet { name: "Склад".to_owned() });
    let rows: Vec<(&str, String)> =
        list.rows.iter().map(|row| (row.sku.as_str(), row.quantity.unwrap().to_string())).collect();
    assert_eq!(rows, [("Чай-1", "12".to_owned()), ("007", "2.5".to_owned())]);
}

#[test]
fn a_list_of_libreoffice_is_read() {
    assert_goods(&read(&ods(), &Options::default()).unwrap());
}

#[test]
fn a_list_of_an_old_excel_is_read() {
    assert_goods(&read(&xls(), &Options::default()).unwrap());
}

/// A file that was cut off anywhere is refused, unless only padding was lost. The reader never panics.
#[test]
fn half_a_workbook_is_no_list() {
    for whole in [ods(), xls()] {
        let (half, _) = whole.split_at(whole.len() / 2);
        assert!(read(half, &Options::default()).is_err());
        for length in (0..whole.len()).step_by(97) {
            if let Ok(list) = read(&whole[..length], &Options::default()) {
                assert_goods(&list);
            }
        }
    }
}
