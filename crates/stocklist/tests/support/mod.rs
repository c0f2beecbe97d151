//! Workbooks and archives as programs write them.

#![allow(dead_code, reason = "each test file uses what it needs")]

pub(crate) mod dice;

use std::io::{Cursor, Write};

use rust_xlsxwriter::{Format, Workbook, Worksheet};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A sheet of texts; `=5` is the number 5, `#00000#5` that number in a format, `~SUM(A1)` a formula without a result.
#[derive(Clone)]
pub(crate) struct Sheet {
    name: String,
    rows: Vec<Vec<String>>,
    merges: Vec<String>,
    hidden: Vec<u32>,
}

impl Sheet {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), rows: Vec::new(), merges: Vec::new(), hidden: Vec::new() }
    }

    pub(crate) fn row<'a>(mut self, cells: impl IntoIterator<Item = &'a str>) -> Self {
        self.rows.push(cells.into_iter().map(str::to_owned).collect());
        self
    }

    /// Merges cells, as `B1:C1`.
    pub(crate) fn merge(mut self, cells: &str) -> Self {
        self.merges.push(cells.to_owned());
        self
    }

    /// Hides a line, counted from 1.
    pub(crate) fn hide(mut self, line: u32) -> Self {
        self.hidden.push(line);
        self
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        workbook([self])
    }
}

pub(crate) fn workbook(sheets: impl IntoIterator<Item = Sheet>) -> Vec<u8> {
    let mut book = Workbook::new();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(&sheet.name).unwrap();
        for merge in &sheet.merges {
            let (from, to) = merge.split_once(':').unwrap();
            let ((top, left), (bottom, right)) = (place(from), place(to));
            page.merge_range(top, left, bottom, right, "", &Format::new()).unwrap();
        }
        for (row, cells) in (0..).zip(&sheet.rows) {
            for (column, text) in (0..).zip(cells) {
                write(page, row, column, text);
            }
        }
        for line in &sheet.hidden {
            page.set_row_hidden(line - 1).unwrap();
        }
    }
    // The writer asks the program that opens the file for all results; a program that stores them does not.
    rewritten(&book.save_to_buffer().unwrap(), &|path, text| match path {
        "xl/workbook.xml" => text.replace(" fullCalcOnLoad=\"1\"", ""),
        _ => text.replace("<v>#none#</v>", "<v></v>").replace(" t=\"str\"><f>", "><f>"),
    })
}

fn write(page: &mut Worksheet, row: u32, column: u16, text: &str) {
    let (kind, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
    let number = |text: &str| text.parse::<f64>().unwrap();
    let _ = match kind {
        "" => return,
        "=" => page.write_number(row, column, number(rest)),
        "#" => {
            let (format, digits) = rest.split_once('#').unwrap();
            page.write_number_with_format(row, column, number(digits), &Format::new().set_num_format(format))
        }
        "~" => page.write_formula(row, column, rust_xlsxwriter::Formula::new(rest).set_result("#none#")),
        _ => page.write_string(row, column, text),
    }
    .unwrap();
}

fn place(name: &str) -> (u32, u16) {
    let letter = u16::from(name.bytes().next().unwrap() - b'A');
    (name[1..].parse::<u32>().unwrap() - 1, letter)
}

/// A workbook with its XML changed, by path.
pub(crate) fn rewritten(book: &[u8], change: &dyn Fn(&str, String) -> String) -> Vec<u8> {
    let mut parts = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut files = Vec::new();
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).unwrap();
        let (path, mut text) = (part.name().unwrap().into_owned(), String::new());
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        let text = change(&path, text);
        files.push((path, text));
    }
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())).collect();
    archive(&files)
}

pub(crate) fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (path, content) in files {
        archive.start_file(*path, stored).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
