//! Reads workbooks: their sheets and the cells of each.

use std::io::Cursor;

use calamine::{Data, DataRef, DataType, Ods, Range, Reader, SheetType, SheetVisible, Xls, Xlsx, XlsxError};

use crate::Refusal;
use crate::cell::{Cell, Face};
use crate::formats::face::{self, NumberMask};
use crate::formats::kind::Workbook;
use crate::formats::marks::{Marks, SheetMarks};
use crate::formats::unzipped;
use crate::position::MAX_COLUMNS;
use crate::table::{Record, Region, Table};

type Bytes<'a> = Cursor<&'a [u8]>;

/// An open workbook.
pub(crate) struct Book<'a> {
    format: Format<'a>,
    marks: Marks,
}

enum Format<'a> {
    Xlsx(Box<Xlsx<Bytes<'a>>>),
    Xls(Box<Xls<Bytes<'a>>>),
    Ods(Box<Ods<Bytes<'a>>>),
}

/// Opens a workbook.
pub(crate) fn open(bytes: &[u8], kind: Workbook) -> Result<Book<'_>, Refusal> {
    let marks = unzipped::check(bytes)?;
    if marks.is_unbalanced && kind == Workbook::Ods {
        return Err(broken(&"its elements are not closed as they were opened"));
    }
    let cursor = Cursor::new(bytes);
    let format = match kind {
        Workbook::Xlsx => Format::Xlsx(Box::new(Xlsx::new(cursor).map_err(xlsx_error)?)),
        // A password-protected workbook of any kind is wrapped in a compound file, like XLS.
        Workbook::Xls => match Xlsx::new(cursor.clone()) {
            Err(XlsxError::Password) => return Err(Refusal::Protected),
            _ => Format::Xls(Box::new(Xls::new(cursor).map_err(|error| broken(&error))?)),
        },
        Workbook::Ods => Format::Ods(Box::new(Ods::new(cursor).map_err(|error| broken(&error))?)),
    };
    Ok(Book { format, marks })
}

impl Book<'_> {
    /// The names of the worksheets, and whether each is visible.
    pub(crate) fn sheets(&self) -> Vec<(String, bool)> {
        let sheets = match &self.format {
            Format::Xlsx(book) => book.sheets_metadata(),
            Format::Xls(book) => book.sheets_metadata(),
            Format::Ods(book) => book.sheets_metadata(),
        };
        let with_cells = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        with_cells.map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible)).collect()
    }

    /// The cells of a sheet that are not empty.
    pub(crate) fn table(&mut self, name: &str) -> Result<Table, Refusal> {
        let marks = self.marks.of(name);
        let mut merges = marks.map(|marks| marks.merges.clone()).unwrap_or_default();
        let records = match &mut self.format {
            Format::Xlsx(book) => stream(book, name, marks, self.marks.are_results_missing)?,
            Format::Xls(book) => {
                merges = xls_merges(book, name);
                of_range(&book.worksheet_range(name).map_err(|error| broken(&error))?, marks)
            }
            Format::Ods(book) => {
                of_range(&book.worksheet_range(name).map_err(|error| broken(&error))?, marks)
            }
        };
        Ok(Table::of_sheet(records, merges))
    }
}

fn xls_merges(book: &Xls<Bytes<'_>>, name: &str) -> Vec<Region> {
    let merges = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    let index = |column: u32| usize::try_from(column).unwrap_or(usize::MAX);
    let regions = merges.into_iter().map(|merge| Region {
        lines: u64::from(merge.start.0) + 1..=u64::from(merge.end.0) + 1,
        columns: index(merge.start.1)..=index(merge.end.1),
    });
    regions.collect()
}

/// Reads the cells one by one. Loading a sheet as a grid would use too much memory if one cell is far away.
fn stream(
    book: &mut Xlsx<Bytes<'_>>,
    name: &str,
    marks: Option<&SheetMarks>,
    are_results_missing: bool,
) -> Result<Vec<Record>, Refusal> {
    let mut cells = book.worksheet_cells_reader(name).map_err(xlsx_error)?;
    let formats: Vec<NumberMask> = cells.styles().iter().map(mask_of).collect();
    let mut records: Vec<Record> = Vec::new();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(xlsx_error)? {
        let (row, column) = cell.get_position();
        let (line, column) = (u64::from(row) + 1, usize::try_from(column).unwrap_or(usize::MAX));
        let formula = marks.and_then(|marks| marks.formulas.get(&(line, column)));
        let has_no_result = formula.is_some_and(|has_result| are_results_missing || !has_result);
        let mut value = if has_no_result { Cell::NoResult } else { cell.get_value().as_cell() };
        if let (Cell::Number(number, face), Some(mask)) = (&mut value, formats.get(style)) {
            *face = mask.face(*number);
        }
        if value.is_blank() || column >= MAX_COLUMNS {
            continue;
        }
        if records.last().is_none_or(|record| record.line != line) {
            let is_hidden = marks.is_some_and(|marks| marks.is_hidden(line));
            records.push(Record { is_hidden, ..Record::new(line, Vec::new()) });
        }
        if let Some(record) = records.last_mut() {
            record.cells.resize(record.cells.len().max(column + 1), Cell::Empty);
            if let Some(cell) = record.cells.get_mut(column) {
                *cell = value;
            }
        }
    }
    Ok(records)
}

fn mask_of(style: &calamine::Style) -> NumberMask {
    let format = style.number_format.as_ref().map(|format| format.format_code.as_str());
    format.map_or(NumberMask::Digits, NumberMask::of)
}

fn of_range(range: &Range<Data>, marks: Option<&SheetMarks>) -> Vec<Record> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let before = usize::try_from(first_column).unwrap_or(0);
    let records = range.rows().zip(u64::from(first_row) + 1..).map(|(row, line)| {
        let blanks = std::iter::repeat_n(Cell::Empty, before);
        let cells =
            row.iter().zip(before..).map(|(cell, column)| marked(cell.as_cell(), (line, column), marks));
        let is_hidden = marks.is_some_and(|marks| marks.is_hidden(line));
        Record { is_hidden, ..Record::new(line, blanks.chain(cells).collect()) }
    });
    records.filter(|record| !record.is_blank()).collect()
}

/// The cell with what the marks say about it.
fn marked(cell: Cell, place: (u64, usize), marks: Option<&SheetMarks>) -> Cell {
    let Some(marks) = marks else { return cell };
    if marks.formulas.get(&place) == Some(&false) {
        return Cell::NoResult;
    }
    match (cell, marks.shown.get(&place)) {
        (Cell::Number(number, Face::Digits), Some(shown)) => {
            Cell::Number(number, face::of_shown(number, shown))
        }
        (cell, _) => cell,
    }
}

/// A cell in one of the two forms of the workbook library.
trait AsCell {
    fn as_cell(&self) -> Cell;
}

impl AsCell for Data {
    fn as_cell(&self) -> Cell {
        match self {
            Self::Empty => Cell::Empty,
            Self::String(text) => Cell::of_text(text),
            Self::Int(_) | Self::Float(_) => number(self),
            Self::DateTime(_) | Self::DateTimeIso(_) | Self::DurationIso(_) => Cell::Date,
            Self::Bool(_) | Self::Error(_) => Cell::Other(self.to_string()),
        }
    }
}

impl AsCell for DataRef<'_> {
    fn as_cell(&self) -> Cell {
        match self {
            Self::Empty => Cell::Empty,
            Self::String(text) => Cell::of_text(text),
            Self::SharedString(text) => Cell::of_text(text),
            other => Data::from(other.clone()).as_cell(),
        }
    }
}

fn number(value: &Data) -> Cell {
    value.as_f64().map_or(Cell::Empty, Cell::of_number)
}

fn xlsx_error(error: XlsxError) -> Refusal {
    match error {
        XlsxError::Password => Refusal::Protected,
        other => broken(&other),
    }
}

fn broken(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::BrokenWorkbook { detail: error.to_string() }
}
