//! Files as programs write them.

use std::io::{Cursor, Read, Write};

use encoding_rs::{Encoding, UTF_8};
use rust_xlsxwriter::{Format, Workbook};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Lines with cells, quoted where that is needed.
pub(super) fn csv(lines: &[&[&str]], delimiter: char, end: &str) -> String {
    let cell = |text: &str| {
        if text.contains([delimiter, '"', '\n']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let line = |cells: &&[&str]| {
        cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(&delimiter.to_string())
    };
    lines.iter().map(line).flat_map(|text| [text, end.to_owned()]).collect()
}

/// The text in an encoding, `with a mark` at its beginning.
pub(super) fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    let (name, mark) = match encoding.strip_suffix(" with a mark") {
        Some(name) => (name, "\u{feff}"),
        None => (encoding, ""),
    };
    let text = format!("{mark}{text}");
    match name {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => {
            let encoding = Encoding::for_label(name.as_bytes()).unwrap_or(UTF_8);
            let (bytes, used, lost) = encoding.encode(&text);
            assert!(used == encoding && !lost, "{name} has no letters for {text}");
            bytes.into_owned()
        }
    }
}

/// A sheet of texts; `=5` is the number 5, `@5` the date of that number, `!` a wrong formula.
pub(super) struct Sheet {
    name: &'static str,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, rows: Vec::new() }
    }

    pub(super) fn row<const N: usize>(mut self, cells: [&str; N]) -> Self {
        self.rows.push(cells.map(str::to_owned).to_vec());
        self
    }
}

/// A workbook of these sheets.
pub(super) fn workbook(sheets: impl IntoIterator<Item = Sheet>) -> Vec<u8> {
    let mut book = Workbook::new();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(sheet.name).expect("a name");
        for (row, cells) in (0..).zip(&sheet.rows) {
            for (column, text) in (0..).zip(cells) {
                let (kind, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
                let number = || rest.parse::<f64>().expect("a number");
                let done = match kind {
                    "" => continue,
                    "=" => page.write_number(row, column, number()),
                    "@" => page.write_number_with_format(
                        row,
                        column,
                        number(),
                        &Format::new().set_num_format("dd.mm.yyyy"),
                    ),
                    "!" => page.write_boolean(row, column, true),
                    _ => page.write_string(row, column, text),
                };
                done.expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

/// A workbook with a part of the XML of its first sheet replaced.
pub(super) fn damaged(book: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    let mut parts = ZipArchive::new(Cursor::new(book)).expect("a workbook");
    let mut changed = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).expect("a part");
        let (name, mut content) = (part.name().expect("a name").into_owned(), String::new());
        part.read_to_string(&mut content).expect("XML");
        if name.ends_with("sheet1.xml") {
            assert!(content.contains(from), "{content}");
            content = content.replace(from, to);
        }
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        changed.start_file(name, stored).expect("a part begins");
        changed.write_all(content.as_bytes()).expect("a part");
    }
    changed.finish().expect("a workbook").into_inner()
}
