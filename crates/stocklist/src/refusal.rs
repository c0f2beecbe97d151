//! Why a file is refused.

use crate::{Field, NotAList};

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
        /// The texts of that line.
        headings: Vec<String>,
    },
    /// Several columns match one field.
    SeveralColumns {
        /// The field.
        field: Field,
        /// Their headings.
        headings: Vec<String>,
    },
    /// A column that the caller named does not exist.
    NoSuchColumn {
        /// The field that it should hold.
        field: Field,
        /// The heading or number that the caller gave.
        column: String,
        /// The headings of the closest line.
        headings: Vec<String>,
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
    /// Its number in the file, from 1.
    pub line: u64,
    /// Its text.
    pub text: String,
    /// What is wrong.
    pub reason: BadReason,
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
    /// An earlier line has the same SKU and warehouse.
    Twice {
        /// The number of the earlier line.
        first: u64,
    },
}

impl BadReason {
    /// The code that programs read. Released codes never change.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotInEncoding { .. } => "not_in_encoding",
            Self::OpenQuote => "open_quote",
            Self::TooManyCells { .. } => "too_many_cells",
            Self::LongCell => "long_cell",
            Self::NoSku => "no_sku",
            Self::LongSku { .. } => "long_sku",
            Self::ShortenedSku { .. } => "shortened_sku",
            Self::LongNumberSku { .. } => "long_number_sku",
            Self::DateSku => "date_sku",
            Self::OddSku { .. } => "odd_sku",
            Self::ControlInSku => "control_in_sku",
            Self::DamagedSku => "damaged_sku",
            Self::NoWarehouse => "no_warehouse",
            Self::NoQuantity => "no_quantity",
            Self::NotANumber { .. } => "not_a_number",
            Self::UnclearNumber { .. } => "unclear_number",
            Self::LongNumber { .. } => "long_number",
            Self::Twice { .. } => "twice",
        }
    }
}
