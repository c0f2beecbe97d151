//! The file as records of cells, before the meaning of its columns is known.

use std::ops::{Range, RangeInclusive};

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
    /// The separator between the cells of a text.
    pub(crate) delimiter: Option<char>,
    /// Cells that are merged into one, by their first line.
    merges: Vec<Region>,
    /// The largest number of lines of merged cells.
    tallest: u64,
}

/// A rectangle of merged cells. Lines count from 1, columns from 0; both ends belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) lines: RangeInclusive<u64>,
    pub(crate) columns: RangeInclusive<usize>,
}

/// One line of a sheet, or one record of a text. A record of a text may span several lines.
#[derive(Debug)]
pub(crate) struct Record {
    /// The number of its first line, from 1, as an editor or a spreadsheet program counts it.
    pub(crate) line: u64,
    pub(crate) cells: Vec<Cell>,
    /// Its byte range in the text; empty for a sheet.
    pub(crate) bytes: Range<usize>,
    /// Whether the spreadsheet program hides the line, by a filter or by hand.
    pub(crate) is_hidden: bool,
}

impl Table {
    pub(crate) fn of_text(records: Vec<Record>, text: String, delimiter: u8) -> Self {
        let delimiter = Some(char::from(delimiter));
        Self { records, text, fixed_width: true, delimiter, merges: Vec::new(), tallest: 0 }
    }

    pub(crate) fn of_sheet(records: Vec<Record>, mut merges: Vec<Region>) -> Self {
        merges.sort_by_key(|region| *region.lines.start());
        let tallest =
            merges.iter().map(|region| region.lines.end() - region.lines.start()).max().unwrap_or(0);
        Self { records, text: String::new(), fixed_width: false, delimiter: None, merges, tallest }
    }

    /// The largest number of cells of a record.
    pub(crate) fn width(&self) -> usize {
        self.records.iter().map(|record| record.cells.len()).max().unwrap_or(0)
    }

    /// The merged cells that this cell belongs to.
    pub(crate) fn region_of(&self, line: u64, column: usize) -> Option<&Region> {
        let first = line.saturating_sub(self.tallest);
        let from = self.merges.partition_point(|region| *region.lines.start() < first);
        let near = self.merges.iter().skip(from).take_while(|region| *region.lines.start() <= line);
        near.into_iter().find(|region| region.lines.contains(&line) && region.columns.contains(&column))
    }

    /// Writes the text of cells that are merged over several lines into each of these lines.
    pub(crate) fn fill_down(&mut self, column: usize) {
        let is_tall =
            |region: &&Region| region.columns.contains(&column) && region.lines.start() < region.lines.end();
        for region in self.merges.iter().filter(is_tall) {
            let place = |line: &u64| self.records.binary_search_by_key(line, |record| record.line);
            let first = place(region.lines.start()).ok().and_then(|at| self.records.get(at));
            let Some(cell) = first.map(|record| record.cell(*region.columns.start()).clone()) else {
                continue;
            };
            let from = place(region.lines.start()).map_or_else(|at| at, |at| at + 1);
            let below =
                self.records.iter_mut().skip(from).take_while(|record| record.line <= *region.lines.end());
            for record in below.filter(|record| record.cell(column).is_blank()) {
                record.cells.resize(record.cells.len().max(column + 1), Cell::Empty);
                if let Some(own) = record.cells.get_mut(column) {
                    own.clone_from(&cell);
                }
            }
        }
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
    pub(crate) fn new(line: u64, cells: Vec<Cell>) -> Self {
        Self { line, cells, bytes: 0..0, is_hidden: false }
    }

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

    /// The indexes of its cells that are not blank.
    pub(crate) fn filled(&self) -> impl Iterator<Item = usize> {
        self.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank()).map(|(at, _)| at)
    }
}
