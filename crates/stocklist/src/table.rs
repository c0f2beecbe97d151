//! The file as records of cells, before anything is known about its columns.

use std::borrow::Cow;
use std::ops::Range;

use crate::cell::{Cell, clipped};

/// All records of a file that hold anything, in its order.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) records: Vec<Record>,
    /// The text that the records were cut from; empty for a sheet.
    text: String,
    /// Whether every record should have as many cells as the headings: a text whose cells run over has a
    /// delimiter or a quotation mark too many. A sheet may have notes beside its table.
    pub(crate) fixed_width: bool,
}

/// One line of a sheet, or one record of a text, which may go over several of its lines.
#[derive(Debug)]
pub(crate) struct Record {
    /// Its (first) line as an editor or a spreadsheet program counts it, from 1.
    pub(crate) line: u64,
    pub(crate) cells: Vec<Cell>,
    /// Where it stands in the text.
    pub(crate) place: Range<usize>,
}

impl Table {
    pub(crate) fn of_text(records: Vec<Record>, text: String) -> Self {
        Self { records, text, fixed_width: true }
    }

    pub(crate) fn of_sheet(records: Vec<Record>) -> Self {
        Self { records, text: String::new(), fixed_width: false }
    }

    /// The record as a person sees it in the file; a long one is cut.
    pub(crate) fn text_of(&self, record: &Record) -> String {
        match self.text.get(record.place.clone()).map(str::trim_end) {
            Some(text) if !text.is_empty() => clipped(text),
            _ => clipped(&record.cells.iter().map(Cell::text).collect::<Vec<_>>().join(" | ")),
        }
    }
}

impl Record {
    /// The cell of a column; cells that a record does not have are empty.
    pub(crate) fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }

    /// The texts of its cells, without the space around them.
    pub(crate) fn headings(&self) -> Vec<String> {
        self.cells.iter().map(|cell| cell.text().trim().to_owned()).collect()
    }

    /// Its first cell that holds anything, without the space around it.
    pub(crate) fn first_text(&self) -> Cow<'_, str> {
        let first = self.cells.iter().find(|cell| !cell.is_blank()).map(Cell::text).unwrap_or_default();
        match first {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }
    }
}
