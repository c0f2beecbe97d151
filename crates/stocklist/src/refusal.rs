//! Why a file is not read.

use crate::{Field, NotAList};

/// So many wrong lines are told one by one; the rest is counted.
const TOLD: usize = 1_000;

/// Why a file is refused. Nothing of it is taken then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The file holds nothing.
    Empty,
    /// The file is something else.
    NotAList(NotAList),
    /// The letters are not Unicode's, and it cannot be told which encoding has them.
    UnclearEncoding {
        /// Encodings, and the first line with such letters as it reads in each.
        readings: Vec<(&'static str, String)>,
    },
    /// The workbook cannot be opened.
    BrokenWorkbook {
        /// What its reader says.
        detail: String,
    },
    /// The workbook is protected by a password.
    Protected,
    /// The workbook is too large once it is unzipped.
    UnzippedTooLarge {
        /// How many MiB it may have.
        mib: u64,
    },
    /// A cell of the workbook has more text than any that a list needs.
    LongCell,
    /// A sheet is asked for, and the file is no workbook.
    NoSheets,
    /// The workbook has no sheet of this name.
    NoSuchSheet {
        /// The name.
        name: String,
        /// The sheets that it has.
        sheets: Vec<String>,
    },
    /// Several sheets hold a stock list.
    SeveralSheets {
        /// Their names.
        sheets: Vec<String>,
    },
    /// No line names the columns that are needed.
    NoHeadings {
        /// What was not found in the line that comes nearest.
        missing: Vec<Field>,
        /// That line.
        line: u64,
        /// What stands in it.
        headings: Vec<String>,
    },
    /// Several columns may be meant.
    SeveralColumns {
        /// For what.
        field: Field,
        /// Their headings.
        headings: Vec<String>,
    },
    /// A column that the caller names is not there.
    NoSuchColumn {
        /// What should stand in it.
        field: Field,
        /// Its heading or number.
        column: String,
        /// The headings of the line that comes nearest.
        headings: Vec<String>,
    },
    /// Without headings the columns of SKU and quantity must be named by their numbers.
    NumbersNeeded,
    /// The column that should hold quantities holds no number at all.
    NoNumbers {
        /// Its number, from 1.
        column: usize,
    },
    /// There are headings and no goods below them.
    NoRows,
    /// Some lines are wrong.
    Bad {
        /// The first thousand of them.
        lines: Vec<BadLine>,
        /// How many there are.
        total: u64,
    },
}

impl Refusal {
    /// Lines that are wrong.
    pub(crate) fn of_bad(mut lines: Vec<BadLine>) -> Self {
        let total = u64::try_from(lines.len()).unwrap_or(u64::MAX);
        lines.truncate(TOLD);
        Self::Bad { lines, total }
    }
}

/// A line that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Its number in the file, from 1.
    pub line: u64,
    /// What stands in it.
    pub text: String,
    /// What is wrong.
    pub reason: BadReason,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadReason {
    /// It holds bytes that the encoding does not have.
    NotInEncoding {
        /// The encoding.
        encoding: &'static str,
    },
    /// A quotation mark opens here and is never closed.
    OpenQuote,
    /// It has cells beyond the last heading.
    TooManyCells {
        /// How many it has.
        cells: usize,
        /// How many there are headings.
        headings: usize,
    },
    /// A cell has more text than any that a list needs.
    LongCell,
    /// A quantity without a SKU.
    NoSku,
    /// The SKU is longer than any.
    LongSku {
        /// How many characters it may have.
        most: usize,
    },
    /// A program has written the number that the SKU was in short: `1.2E+10`. Its digits are lost.
    ShortenedSku {
        /// What stands there.
        value: String,
    },
    /// The SKU stands as a number with more digits than a spreadsheet keeps.
    LongNumberSku {
        /// What stands there.
        value: String,
    },
    /// A spreadsheet program has taken the SKU for a date.
    DateSku,
    /// The SKU is no text: `TRUE`, `#N/A`.
    OddSku {
        /// What stands there.
        value: String,
    },
    /// The SKU holds a line break or another control character.
    ControlInSku,
    /// Letters of the SKU were lost in an earlier conversion.
    DamagedSku,
    /// The cell of the warehouse is empty.
    NoWarehouse,
    /// The cell of the quantity is empty.
    NoQuantity,
    /// The quantity is no number.
    NotANumber {
        /// What stands there.
        value: String,
    },
    /// The quantity may be read in two ways.
    UnclearNumber {
        /// What stands there.
        value: String,
    },
    /// The quantity has more than 15 digits, or the sum of several lines has.
    LongNumber {
        /// What stands there, or the sum.
        value: String,
    },
    /// An earlier line has the same SKU and warehouse.
    Twice {
        /// That line.
        first: u64,
    },
}

impl BadReason {
    /// The code that programs read; it never changes.
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
