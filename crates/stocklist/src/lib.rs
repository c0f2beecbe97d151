//! Reads stock lists from CSV files, spreadsheets, JSON and DBF tables, as shops and accounting programs export them.
//!
//! [`read`] takes the bytes of a file ([`read_all`]: of several) and returns a [`StockList`], or a [`Refusal`] that lists every
//! invalid line. The crate is pure: it opens no files and has no other input or output.
//!
//! The reader never guesses where a wrong guess could change a SKU or a quantity. It refuses the file instead, and the
//! refusal says which option resolves the question. What it leaves out, it tells.
//!
//! - [`Options`]: what the user says about the file; [`Field`]: what a column may hold; [`Row`]: one SKU in one
//!   warehouse.
//! - [`Remark`]: a warning about a valid row that is probably not what the user wants.
//!
//! Start with [`read`] and follow the file: `formats` makes a table of it, `columns` finds the headings and what each column
//! holds, `lines` reads the rows. The last two know no format; the first decides nothing.

mod cell;
mod columns;
mod formats;
mod join;
mod lines;
mod number;
mod options;
mod position;
mod refusal;
mod remark;
mod sheets;
mod table;
mod total;

pub use columns::field::{Field, Found, recognize, warehouse_of};
pub use columns::layout::{Column, ColumnChoice, UnusedColumn, UsedColumn};
pub use columns::sense::is_reserved;
pub use formats::decoding::Encoding;
pub use formats::kind::NotAList;
pub use lines::rows::{Details, LeftOut, Row};
pub use lines::words::{WordsHint, suggest_words};
pub use number::DecimalMark;
pub use options::{Mapping, Options, QuantityWord};
pub use refusal::{BadLine, BadReason, Refusal};
pub use remark::{Remark, RemarkKind};

use columns::layout::Layout;
use columns::search;
use formats::kind::Kind;
use formats::{archive, dbf, decoding, delimited, json, kind, spreadsheet};
use join::Part;
use lines::rows;
use table::Table;

/// How a file or a sheet was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name of the file, if several were read or it is in an archive.
    pub file: Option<String>,
    /// What kind of file it is.
    pub format: Format,
    /// The first line of the headings; `None` if the file has no headings.
    pub heading_line: Option<u64>,
    /// A line that was taken for headings though none of them is known.
    pub unknown_headings: Option<u64>,
    /// Which column holds which field, in the order of the file.
    pub columns: Vec<UsedColumn>,
    /// Columns that look like stock, or hold numbers without a heading, and are not used.
    pub unused: Vec<UnusedColumn>,
    /// Sheets of the workbook with content that are not read.
    pub passed_over: Vec<String>,
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
    /// JSON: an array of objects, or one object a line.
    Json,
    /// A table of `dBASE`.
    Dbf {
        /// The name of the encoding in the WHATWG Encoding Standard.
        encoding: &'static str,
    },
}

/// A complete stock list without errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockList {
    /// One row for each SKU and warehouse, in the order of the file.
    pub rows: Vec<Row>,
    /// How each sheet or file was read; at least one.
    pub sources: Vec<Source>,
    /// The lines that were skipped because they name no product.
    pub left_out: LeftOut,
    /// Warnings about valid rows that are probably not what the user wants.
    pub remarks: Vec<Remark>,
}

/// A file and its name.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// The name with which messages tell it from others.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// Reads a stock list.
///
/// # Errors
///
/// Refuses the whole list if a line is invalid or if the meaning of a column is unclear.
pub fn read(bytes: &[u8], options: &Options) -> Result<StockList, Refusal> {
    join::join(parts_of(bytes, options, false)?, options)
}

/// Reads several files as one list.
///
/// # Errors
///
/// As for one file; what is said about a line or a sheet also names the file.
pub fn read_all(files: &[File<'_>], options: &Options) -> Result<StockList, Refusal> {
    let mut parts = Vec::new();
    for file in files {
        let of_file = parts_of(file.bytes, options, false).map_err(|refusal| refusal.at(file.name))?;
        parts.extend(of_file.into_iter().map(|part| part.in_file(file.name)));
    }
    join::join(parts, options)
}

fn parts_of(bytes: &[u8], options: &Options, is_unpacked: bool) -> Result<Vec<Part>, Refusal> {
    match kind::of(bytes)? {
        Kind::Text => Ok(vec![of_text(bytes, options)?]),
        Kind::Workbook(kind) => of_workbook(bytes, kind, options),
        Kind::Dbf => Ok(vec![of_dbf(bytes, options)?]),
        Kind::Archive if is_unpacked => Err(Refusal::NotAList(NotAList::Archive)),
        Kind::Archive => {
            let (name, content) = archive::only_file(bytes)?;
            let parts = parts_of(&content, options, true)?;
            Ok(parts.into_iter().map(|part| part.in_file(&name)).collect())
        }
    }
}

fn of_text(bytes: &[u8], options: &Options) -> Result<Part, Refusal> {
    if options.sheet.is_some() {
        return Err(Refusal::NoSheets);
    }
    let decoded = decoding::decode(bytes, options.encoding)?;
    if options.delimiter.is_none() && json::is_json(&decoded.text) {
        let table = json::table(&decoded.text)?;
        let layout = search::find(&table, options)?;
        return part(table, &layout, Format::Json, options);
    }
    let (text, declared) = delimited::declared_delimiter(decoded.text);
    let chosen = options.delimiter.or(declared);
    let delimiter = chosen.unwrap_or_else(|| delimited::detect(&text, options));
    let table = delimited::table(text, delimiter)?;
    let layout = search::find(&table, options)?;
    let format = Format::Delimited { encoding: decoded.encoding, delimiter: char::from(delimiter) };
    part(table, &layout, format, options)
}

fn of_dbf(bytes: &[u8], options: &Options) -> Result<Part, Refusal> {
    if options.sheet.is_some() {
        return Err(Refusal::NoSheets);
    }
    let (table, encoding) = dbf::table(bytes, options.encoding)?;
    let layout = search::find(&table, options)?;
    part(table, &layout, Format::Dbf { encoding }, options)
}

fn of_workbook(bytes: &[u8], kind: kind::Workbook, options: &Options) -> Result<Vec<Part>, Refusal> {
    let read = || {
        let mut book = spreadsheet::open(bytes, kind)?;
        let chosen = sheets::choose(&mut book, options)?;
        let is_one = chosen.sheets.len() == 1;
        let mut parts = Vec::new();
        for sheet in chosen.sheets {
            let format = Format::Sheet { name: sheet.name.clone() };
            let read = part(sheet.table, &sheet.layout, format, options);
            let place = (!is_one).then_some(sheet.name);
            let read = read.map_err(|refusal| match &place {
                Some(sheet) => refusal.at(sheet),
                None => refusal,
            })?;
            parts.push(Part { place, ..read });
        }
        if let Some(first) = parts.first_mut() {
            first.source.passed_over = chosen.passed_over;
        }
        Ok(parts)
    };
    // The workbook library does unchecked arithmetic and can panic on a damaged file. Nothing that it touched is
    // used after a panic.
    std::panic::catch_unwind(read)
        .unwrap_or_else(|_| Err(Refusal::BrokenWorkbook { detail: "its content does not add up".to_owned() }))
}

fn part(mut table: Table, layout: &Layout, format: Format, options: &Options) -> Result<Part, Refusal> {
    for column in std::iter::once(&layout.sku).chain(&layout.warehouse) {
        table.fill_down(column.index);
    }
    let read = rows::read(&table, layout, options)?;
    let source = Source {
        file: None,
        format,
        heading_line: layout.heading_line,
        unknown_headings: layout.unknown_headings,
        columns: layout.columns(),
        unused: layout.unused.clone(),
        passed_over: Vec::new(),
    };
    Ok(Part { place: None, source, read })
}
