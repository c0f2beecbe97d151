//! Why a file is refused.

use rust_decimal::Decimal;

use crate::{Column, ColumnChoice, Field, NotAList};

/// How many invalid lines are listed; the rest is only counted.
const MAX_LISTED: usize = 1_000;

/// Why a file is refused. A refused file gives no rows at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The file is empty.
    Empty,
    /// The file is not a stock list.
    NotAList(NotAList),
    /// The text is not Unicode and its encoding is ambiguous.
    UnclearEncoding {
        /// The possible encodings, each with the first line that differs as it reads in that encoding.
        readings: Vec<(&'static str, String)>,
    },
    /// The workbook cannot be opened.
    BrokenWorkbook {
        /// The error of the workbook library.
        detail: String,
    },
    /// The workbook is protected by a password.
    Protected,
    /// The workbook is too large after decompression.
    UnzippedTooLarge {
        /// The limit in MiB.
        mib: u64,
    },
    /// A cell of the workbook has more text than is accepted.
    LongCell,
    /// The caller named a sheet, but the file is not a workbook.
    NoSheets,
    /// The workbook has no sheet of this name.
    NoSuchSheet {
        /// The requested name.
        name: String,
        /// The sheets that exist.
        sheets: Vec<String>,
    },
    /// Several sheets contain a stock list.
    SeveralSheets {
        /// Their names.
        sheets: Vec<String>,
    },
    /// No line has headings for the required columns.
    NoHeadings {
        /// The fields that the closest line lacks.
        missing: Vec<Field>,
        /// The number of that line.
        line: u64,
        /// The columns that have a heading there.
        columns: Vec<Column>,
    },
    /// Several columns match one field.
    SeveralColumns {
        /// The field.
        field: Field,
        /// The columns.
        columns: Vec<ColumnChoice>,
    },
    /// A column that the caller named does not exist.
    NoSuchColumn {
        /// The field that it should hold.
        field: Field,
        /// The heading or number that the caller gave.
        column: String,
        /// The columns that have a heading in the closest line.
        columns: Vec<Column>,
    },
    /// A column to subtract belongs to no quantity column, or to more than one.
    SubtractFrom,
    /// Some parts of the list name warehouses and others do not.
    MixedWarehouses,
    /// An archive has several files.
    SeveralFiles {
        /// Their names.
        files: Vec<String>,
    },
    /// One sheet or file of several is refused.
    In {
        /// The sheet or the file.
        place: String,
        /// Why.
        refusal: Box<Refusal>,
    },
    /// The file has no headings, so the caller must give the numbers of the SKU and quantity columns.
    NumbersNeeded,
    /// The column that should hold quantities contains no number.
    NoNumbers {
        /// The number of the column, from 1.
        column: usize,
    },
    /// There are headings but no products below them.
    NoRows,
    /// Some lines are invalid.
    Bad {
        /// The first thousand invalid lines.
        lines: Vec<BadLine>,
        /// How many invalid lines there are.
        total: u64,
    },
}

impl Refusal {
    /// The same refusal with the sheet or the file that it is about.
    pub(crate) fn at(self, place: &str) -> Self {
        let joined = |inner: Option<String>| match inner {
            Some(inner) => format!("{place}, {inner}"),
            None => place.to_owned(),
        };
        match self {
            Self::Bad { mut lines, total } => {
                for line in &mut lines {
                    line.place = Some(joined(line.place.take()));
                }
                Self::Bad { lines, total }
            }
            Self::In { place: inner, refusal } => Self::In { place: joined(Some(inner)), refusal },
            other => Self::In { place: place.to_owned(), refusal: Box::new(other) },
        }
    }

    /// The refusal for these invalid lines.
    pub(crate) fn of_bad(mut lines: Vec<BadLine>) -> Self {
        let total = u64::try_from(lines.len()).unwrap_or(u64::MAX);
        lines.truncate(MAX_LISTED);
        Self::Bad { lines, total }
    }
}

/// An invalid line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// The sheet or the file that it is in, if several are read.
    pub place: Option<String>,
    /// Its number in the file, from 1.
    pub line: u64,
    /// Its text.
    pub text: String,
    /// What is wrong.
    pub reason: BadReason,
}

impl BadLine {
    pub(crate) fn new(line: u64, text: String, reason: BadReason) -> Self {
        Self { place: None, line, text, reason }
    }
}

/// Why a line is invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadReason {
    /// It contains bytes that are invalid in the encoding.
    NotInEncoding {
        /// The encoding.
        encoding: &'static str,
    },
    /// A quotation mark that is opened here is never closed.
    OpenQuote,
    /// Text follows the quotation mark that closes a cell.
    TextAfterQuote,
    /// A cell holds what looks like the end of this line and other lines: a quotation mark was left open.
    LinesInCell,
    /// It is not a JSON object, as the lines above it are.
    NotJson,
    /// It has more cells than there are headings.
    TooManyCells {
        /// How many cells the line has.
        cells: usize,
        /// How many headings there are.
        headings: usize,
    },
    /// A cell has more text than is accepted.
    LongCell,
    /// A quantity without a SKU.
    NoSku,
    /// The SKU is longer than is accepted.
    LongSku {
        /// The limit in characters.
        most: usize,
    },
    /// A program replaced the SKU by a number in scientific notation, such as `1.2E+10`. Its digits are lost.
    ShortenedSku {
        /// The content of the cell.
        value: String,
    },
    /// The spreadsheet stores the SKU as a number and has more digits than a spreadsheet keeps.
    LongNumberSku {
        /// The content of the cell.
        value: String,
    },
    /// A spreadsheet program turned the SKU into a date.
    DateSku,
    /// The SKU is a value such as `TRUE` or `#N/A`, not a text.
    OddSku {
        /// The content of the cell.
        value: String,
    },
    /// The spreadsheet shows the SKU otherwise than it stores it.
    FormattedSku {
        /// What it stores.
        value: String,
        /// What it shows; empty if that is not known.
        shown: String,
    },
    /// It looks like goods, but stands above the headings.
    AboveHeadings,
    /// A formula whose result the file does not hold.
    NoResult,
    /// The SKU contains a line break or another control character.
    ControlInSku,
    /// An earlier conversion lost characters of the SKU.
    DamagedSku,
    /// The warehouse cell is empty.
    NoWarehouse,
    /// The quantity cell is empty.
    NoQuantity,
    /// The quantity is not a number.
    NotANumber {
        /// The content of the cell.
        value: String,
    },
    /// The quantity can be read in two ways.
    UnclearNumber {
        /// The content of the cell.
        value: String,
    },
    /// The quantity, or the sum of several lines, has more than 15 digits.
    LongNumber {
        /// The content of the cell, or the sum.
        value: String,
    },
    /// The quantity has another unit of measure than those above.
    MixedUnits {
        /// The content of the cell.
        value: String,
    },
    /// An earlier line has the same SKU and warehouse.
    Twice {
        /// The number of the earlier line.
        first: u64,
        /// The sheet or the file of the earlier line, if it is another one.
        place: Option<String>,
    },
    /// A total is not the sum of the lines that it stands for.
    TotalDisagrees {
        /// The total in the file.
        total: Decimal,
        /// The sum of the lines.
        sum: Decimal,
    },
}

impl BadReason {
    /// The code that programs read. Released codes never change.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotInEncoding { .. } => "not_in_encoding",
            Self::OpenQuote => "open_quote",
            Self::NotJson => "not_json",
            Self::TextAfterQuote => "text_after_quote",
            Self::LinesInCell => "lines_in_cell",
            Self::TooManyCells { .. } => "too_many_cells",
            Self::LongCell => "long_cell",
            Self::NoSku => "no_sku",
            Self::LongSku { .. } => "long_sku",
            Self::ShortenedSku { .. } => "shortened_sku",
            Self::LongNumberSku { .. } => "long_number_sku",
            Self::DateSku => "date_sku",
            Self::OddSku { .. } => "odd_sku",
            Self::FormattedSku { .. } => "formatted_sku",
            Self::AboveHeadings => "above_headings",
            Self::NoResult => "no_result",
            Self::ControlInSku => "control_in_sku",
            Self::DamagedSku => "damaged_sku",
            Self::NoWarehouse => "no_warehouse",
            Self::NoQuantity => "no_quantity",
            Self::NotANumber { .. } => "not_a_number",
            Self::UnclearNumber { .. } => "unclear_number",
            Self::LongNumber { .. } => "long_number",
            Self::MixedUnits { .. } => "mixed_units",
            Self::Twice { .. } => "twice",
            Self::TotalDisagrees { .. } => "total_disagrees",
        }
    }
}
