//! A damaged workbook that makes the workbook library panic.

#![expect(clippy::unwrap_used, reason = "a test helper fails the test by panicking")]

use std::io::{Cursor, Read, Write};

use stocklist::{Options, Refusal, read};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// A workbook with one list, after `change` was applied to its sheet's XML.
fn workbook(change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in ["sku", "qty"].iter().enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), *text).unwrap();
        sheet.write(1, u16::try_from(column).unwrap(), 7).unwrap();
    }
    let mut parts = ZipArchive::new(Cursor::new(book.save_to_buffer().unwrap())).unwrap();
    let mut changed = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).unwrap();
        let (name, mut content) = (part.name().unwrap().into_owned(), String::new());
        part.read_to_string(&mut content).unwrap();
        let content = if name.ends_with("sheet1.xml") { change(&content) } else { content };
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        changed.start_file(name, stored).unwrap();
        changed.write_all(content.as_bytes()).unwrap();
    }
    changed.finish().unwrap().into_inner()
}

#[test]
fn a_cell_at_an_impossible_place_refuses_the_workbook() {
    let sound = read(&workbook(str::to_owned), &Options::default()).unwrap();
    assert_eq!(sound.rows.len(), 1);
    for place in ["A99999999999", "AAAAAAAAAAAAAAAA2"] {
        let damaged = workbook(|sheet| sheet.replace("r=\"A2\"", &format!("r=\"{place}\"")));
        let refused = read(&damaged, &Options::default());
        assert!(matches!(refused, Err(Refusal::BrokenWorkbook { .. })), "{place}: {refused:?}");
    }
}
