//! Reads stock lists from CSV files and spreadsheets, as shops and accounting programs export them.
//!
//! [`read`] takes the bytes of a file and returns a [`StockList`], or a [`Refusal`] that lists every invalid line. The
//! crate is pure: it opens no files and has no other input or output.
//!
//! The reader never guesses where a wrong guess could change a SKU or a quantity. It refuses the file instead, and the
//! refusal says which option resolves the question.
//!
//! - [`Options`]: what the user says about the file; [`Field`]: what a column may hold; [`Row`]: one SKU in one
//!   warehouse.
//! - [`Remark`]: a warning about a valid row that is probably not what the user wants.
//!
//! Start with [`read`] and follow the file: kind, table, layout, rows.

mod cell;
mod decoding;
mod delimited;
mod field;
mod kind;
mod layout;
mod number;
mod options;
mod refusal;
mod remark;
mod rows;
mod spreadsheet;
mod table;
mod unzipped;

pub use decoding::Encoding;
pub use field::{Field, Found, recognize, warehouse_of};
pub use kind::NotAList;
pub use layout::{Column, UsedColumn};
pub use number::DecimalMark;
pub use options::{Mapping, Options};
pub use refusal::{BadLine, BadReason, Refusal};
pub use remark::{Remark, RemarkKind};
pub use rows::{Details, LeftOut, Row};

use kind::Kind;
use layout::Layout;
use table::Table;

/// How the file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What kind of file it is.
    pub format: Format,
    /// The line of the headings; `None` if the file has no headings.
    pub heading_line: Option<u64>,
    /// Which column holds which field, in the order of the file.
    pub columns: Vec<UsedColumn>,
}

/// What kind of file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// Text with a delimiter between the cells.
    Delimited {
        /// The name of the encoding in the WHATWG Encoding Standard.
        encoding: &'static str,
        /// The character that separates the cells.
        delimiter: char,
    },
    /// A sheet of a workbook.
    Sheet {
        /// The sheet's name.
        name: String,
    },
}

/// A complete stock list without errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockList {
    /// One row for each SKU and warehouse, in the order of the file.
    pub rows: Vec<Row>,
    /// How the file was read.
    pub source: Source,
    /// The lines that were skipped because they name no product.
    pub left_out: LeftOut,
    /// Warnings about valid rows that are probably not what the user wants.
    pub remarks: Vec<Remark>,
}

/// Reads a stock list.
///
/// # Errors
///
/// Refuses the whole file if a line is invalid or if the meaning of a column is unclear.
pub fn read(bytes: &[u8], options: &Options) -> Result<StockList, Refusal> {
    let (table, format, layout) = match kind::of(bytes)? {
        Kind::Text => of_text(bytes, options)?,
        Kind::Workbook(kind) => of_workbook(bytes, kind, options)?,
    };
    let (rows, left_out, remarks) = rows::read(&table, &layout, options)?;
    let source = Source { format, heading_line: layout.heading_line, columns: layout.columns() };
    Ok(StockList { rows, source, left_out, remarks })
}

fn of_text(bytes: &[u8], options: &Options) -> Result<(Table, Format, Layout), Refusal> {
    if options.sheet.is_some() {
        return Err(Refusal::NoSheets);
    }
    let decoded = decoding::decode(bytes, options.encoding)?;
    let (text, declared) = delimited::declared_delimiter(decoded.text);
    let chosen = options.delimiter.or(declared);
    let delimiter = chosen.unwrap_or_else(|| delimited::detect(&text, options));
    let table = delimited::table(text, delimiter)?;
    let layout = layout::find(&table, options)?;
    let format = Format::Delimited { encoding: decoded.encoding, delimiter: char::from(delimiter) };
    Ok((table, format, layout))
}

fn of_workbook(
    bytes: &[u8],
    kind: kind::Workbook,
    options: &Options,
) -> Result<(Table, Format, Layout), Refusal> {
    let read = || {
        let mut book = spreadsheet::open(bytes, kind)?;
        let (name, table, layout) = spreadsheet::choose_sheet(&mut book, options)?;
        Ok((table, Format::Sheet { name }, layout))
    };
    // The workbook library does unchecked arithmetic and can panic on a damaged file. Nothing that it touched is
    // used after a panic.
    std::panic::catch_unwind(read)
        .unwrap_or_else(|_| Err(Refusal::BrokenWorkbook { detail: "its content does not add up".to_owned() }))
}
