//! The file as records of cells, before the meaning of its columns is known.

use std::borrow::Cow;
use std::ops::Range;

use crate::cell::{Cell, clipped};

/// All records of a file that are not empty, in the order of the file.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) records: Vec<Record>,
    /// The text that the records come from; empty for a sheet.
    text: String,
    /// Whether a record may have no more cells than the headings. This holds for text, where an extra cell means an
    /// extra delimiter or quotation mark. A sheet may have notes beside its table.
    pub(crate) fixed_width: bool,
}

/// One line of a sheet, or one record of a text. A record of a text may span several lines.
#[derive(Debug)]
pub(crate) struct Record {
    /// The number of its first line, from 1, as an editor or a spreadsheet program counts it.
    pub(crate) line: u64,
    pub(crate) cells: Vec<Cell>,
    /// Its byte range in the text; empty for a sheet.
    pub(crate) bytes: Range<usize>,
}

impl Table {
    pub(crate) fn of_text(records: Vec<Record>, text: String) -> Self {
        Self { records, text, fixed_width: true }
    }

    pub(crate) fn of_sheet(records: Vec<Record>) -> Self {
        Self { records, text: String::new(), fixed_width: false }
    }

    /// The record as a person sees it in the file, shortened if it is long.
    pub(crate) fn text_of(&self, record: &Record) -> String {
        match self.text.get(record.bytes.clone()).map(str::trim_end) {
            Some(text) if !text.is_empty() => clipped(text),
            _ => clipped(&record.cells.iter().map(Cell::text).collect::<Vec<_>>().join(" | ")),
        }
    }
}

impl Record {
    /// The cell of a column; empty if the record has no such cell.
    pub(crate) fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }

    /// The trimmed texts of its cells.
    pub(crate) fn headings(&self) -> Vec<String> {
        self.cells.iter().map(|cell| cell.text().trim().to_owned()).collect()
    }

    /// The trimmed text of its first cell that is not blank.
    pub(crate) fn first_text(&self) -> Cow<'_, str> {
        let first = self.cells.iter().find(|cell| !cell.is_blank()).map(Cell::text).unwrap_or_default();
        match first {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }
    }
}
