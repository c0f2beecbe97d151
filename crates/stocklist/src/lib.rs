//! Reads stock lists as shops and accounting programs write them: CSV files and spreadsheets become rows of SKU,
//! warehouse and quantity, or a list of every line that is wrong.
//!
//! All of it is pure: bytes in, rows out. Nothing is guessed where a guess could change a SKU or a quantity; then
//! the file is refused, and the refusal says which option settles it.

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
pub use field::{Field, Found, recognise, warehouse_of};
pub use kind::NotAList;
pub use layout::Column;
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
    /// The line of the headings; `None` where it has none.
    pub heading_line: Option<u64>,
    /// Which columns were taken for what, in the order of the file.
    pub columns: Vec<(Field, Column)>,
}

/// What kind of file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// Text with a delimiter between the cells.
    Delimited {
        /// The name of the encoding, as the WHATWG's Encoding Standard has it.
        encoding: &'static str,
        /// What stands between the cells.
        delimiter: char,
    },
    /// A sheet of a workbook.
    Sheet {
        /// The sheet's name.
        name: String,
    },
}

/// A stock list, read whole and without a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockList {
    /// One row for each SKU and warehouse, in the order of the file.
    pub rows: Vec<Row>,
    /// How the file was read.
    pub source: Source,
    /// Lines that name no goods.
    pub left_out: LeftOut,
    /// What is worth a look, though nothing is wrong with it.
    pub remarks: Vec<Remark>,
}

/// Reads a stock list.
///
/// # Errors
///
/// The whole file is refused when one of its lines is wrong, or when it cannot be told what stands where.
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
    // The library that reads workbooks counts without checks, so that a damaged one can end in a panic. Nothing of
    // what it touched is used afterwards.
    std::panic::catch_unwind(read)
        .unwrap_or_else(|_| Err(Refusal::BrokenWorkbook { detail: "its content does not add up".to_owned() }))
}
