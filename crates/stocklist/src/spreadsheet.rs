//! Reads workbooks: chooses the sheet with the list and reads its cells.

use std::io::Cursor;

use calamine::{Data, DataRef, DataType, Ods, Range, Reader, SheetType, SheetVisible, Xls, Xlsx, XlsxError};

use crate::cell::Cell;
use crate::kind::Workbook;
use crate::layout::{self, Layout};
use crate::table::{Record, Table};
use crate::{Options, Refusal, unzipped};

type Bytes<'a> = Cursor<&'a [u8]>;

/// An open workbook.
pub(crate) enum Book<'a> {
    Xlsx(Box<Xlsx<Bytes<'a>>>),
    Xls(Box<Xls<Bytes<'a>>>),
    Ods(Box<Ods<Bytes<'a>>>),
}

/// Opens a workbook.
pub(crate) fn open(bytes: &[u8], kind: Workbook) -> Result<Book<'_>, Refusal> {
    unzipped::check(bytes)?;
    let cursor = Cursor::new(bytes);
    match kind {
        Workbook::Xlsx => Xlsx::new(cursor).map(Box::new).map(Book::Xlsx).map_err(xlsx_error),
        // A password-protected workbook of any kind is wrapped in a compound file, like XLS.
        Workbook::Xls => match Xlsx::new(cursor.clone()) {
            Err(XlsxError::Password) => Err(Refusal::Protected),
            _ => Xls::new(cursor).map(Box::new).map(Book::Xls).map_err(|error| broken(&error)),
        },
        Workbook::Ods => Ods::new(cursor).map(Box::new).map(Book::Ods).map_err(|error| broken(&error)),
    }
}

/// Chooses the sheet that the caller names, or the only visible sheet with a stock list.
pub(crate) fn choose_sheet(
    book: &mut Book<'_>,
    options: &Options,
) -> Result<(String, Table, Layout), Refusal> {
    let sheets = book.sheets();
    if let Some(name) = &options.sheet {
        if !sheets.iter().any(|(sheet, _)| sheet == name) {
            let sheets = sheets.into_iter().map(|(name, _)| name).collect();
            return Err(Refusal::NoSuchSheet { name: name.clone(), sheets });
        }
        let table = book.table(name)?;
        let layout = layout::find(&table, options)?;
        return Ok((name.clone(), table, layout));
    }
    let mut found = Vec::new();
    let mut first: Option<Refusal> = None;
    for (name, _) in sheets.into_iter().filter(|(_, visible)| *visible) {
        let table = book.table(&name)?;
        match layout::find(&table, options) {
            Ok(layout) => found.push((name, table, layout)),
            // The refusal of a sheet with content says more than that of an empty sheet.
            Err(refusal) if first.as_ref().is_none_or(|first| *first == Refusal::Empty) => {
                first = Some(refusal);
            }
            Err(_) => {}
        }
    }
    if found.len() > 1 {
        return Err(Refusal::SeveralSheets { sheets: found.into_iter().map(|(name, ..)| name).collect() });
    }
    found.pop().ok_or_else(|| first.unwrap_or(Refusal::Empty))
}

impl Book<'_> {
    /// The names of the worksheets, and whether each is visible.
    fn sheets(&self) -> Vec<(String, bool)> {
        let sheets = match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
            Self::Ods(book) => book.sheets_metadata(),
        };
        let with_cells = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        with_cells.map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible)).collect()
    }

    fn table(&mut self, name: &str) -> Result<Table, Refusal> {
        let records = match self {
            Self::Xlsx(book) => stream(book, name)?,
            Self::Xls(book) => of_range(&book.worksheet_range(name).map_err(|error| broken(&error))?),
            Self::Ods(book) => of_range(&book.worksheet_range(name).map_err(|error| broken(&error))?),
        };
        Ok(Table::of_sheet(records))
    }
}

/// Reads the cells one by one. Loading a sheet as a grid would use too much memory if one cell is far away.
fn stream(book: &mut Xlsx<Bytes<'_>>, name: &str) -> Result<Vec<Record>, Refusal> {
    let mut cells = book.worksheet_cells_reader(name).map_err(xlsx_error)?;
    let mut records: Vec<Record> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(xlsx_error)? {
        let (row, column) = cell.get_position();
        let value = cell.get_value().as_cell();
        if value.is_blank() {
            continue;
        }
        let line = u64::from(row) + 1;
        if records.last().is_none_or(|record| record.line != line) {
            records.push(Record { line, cells: Vec::new(), bytes: 0..0 });
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if let Some(record) = records.last_mut().filter(|_| column < MAX_COLUMNS) {
            record.cells.resize(record.cells.len().max(column + 1), Cell::Empty);
            if let Some(cell) = record.cells.get_mut(column) {
                *cell = value;
            }
        }
    }
    Ok(records)
}

/// The largest number of columns that a sheet can have.
const MAX_COLUMNS: usize = 16_384;

fn of_range(range: &Range<Data>) -> Vec<Record> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let before = usize::try_from(first_column).unwrap_or(0);
    let records = range.rows().zip(u64::from(first_row) + 1..).map(|(row, line)| {
        let blanks = std::iter::repeat_n(Cell::Empty, before);
        Record { line, cells: blanks.chain(row.iter().map(AsCell::as_cell)).collect(), bytes: 0..0 }
    });
    records.filter(|record| !record.is_blank()).collect()
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
    value.as_f64().map_or(Cell::Empty, Cell::Number)
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
