//! One cell: a text, or a typed value of a spreadsheet.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::number;

/// Significant digits that a spreadsheet program keeps of a number.
const DIGITS: usize = 15;

/// The largest accepted size of a cell's text in bytes. Spreadsheet programs allow far less (Excel: 32,767
/// characters).
pub(crate) const MAX_CELL_BYTES: usize = 1 << 20;
/// Characters of a text that an error message shows.
const SHOWN_CHARS: usize = 1_000;

/// The text as an error message shows it: shortened if it is long.
pub(crate) fn clipped(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// How a spreadsheet program shows a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Face {
    /// By its digits, perhaps rounded or with separators.
    Digits,
    /// By a mask such as `00000` or `00-0000`: this text is what a person sees.
    Mask(Box<str>),
    /// With decimals or signs that are not among its digits, so that it is unclear which of the two is meant.
    Dressed(Box<str>),
}

/// A cell's value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    /// A number of a spreadsheet.
    Number(f64, Face),
    /// A date or a time of a spreadsheet.
    Date,
    /// A formula whose result the file does not hold.
    NoResult,
    /// `TRUE`, `#N/A` and the like, as the program shows it.
    Other(String),
}

impl Cell {
    /// A text cell; an empty text becomes [`Cell::Empty`].
    pub(crate) fn of_text(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    /// Whether the cell shows nothing.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Number(..) | Self::Date | Self::NoResult | Self::Other(_) => false,
        }
    }

    /// A number that is shown by its digits.
    pub(crate) fn of_number(number: f64) -> Self {
        Self::Number(number, Face::Digits)
    }

    /// Whether the cell holds a number, or a text that is written like one.
    pub(crate) fn is_number(&self) -> bool {
        match self {
            Self::Number(..) => true,
            Self::Text(text) => number::is_number(text),
            Self::Empty | Self::Date | Self::NoResult | Self::Other(_) => false,
        }
    }

    /// The cell as text: a text unchanged, a number as its mask shows it or without an exponent.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Other(text) => Cow::Borrowed(text),
            Self::Number(_, Face::Mask(shown)) => Cow::Borrowed(shown),
            Self::Number(number, _) => Cow::Owned(digits_of(*number)),
            Self::Date => Cow::Borrowed("(date)"),
            Self::NoResult => Cow::Borrowed("(formula)"),
        }
    }
}

/// The digits of a number, without an exponent.
pub(crate) fn digits_of(number: f64) -> String {
    decimal_of(number).map_or_else(|| number.to_string(), |decimal| decimal.to_string())
}

/// The number that a spreadsheet program shows: rounded to 15 significant digits, so that 0.1 + 0.2 is 0.3.
/// `None` if the number has no exact decimal.
pub(crate) fn decimal_of(number: f64) -> Option<Decimal> {
    let rounded = format!("{number:.*e}", DIGITS - 1);
    Decimal::from_scientific(&rounded).ok().map(|decimal| decimal.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_the_program_shows() {
        let text = |number: f64| Cell::of_number(number).text().into_owned();
        assert_eq!(text(12_345.0), "12345");
        assert_eq!(text(0.1 + 0.2), "0.3");
        assert_eq!(text(123_456_789_012_345.0), "123456789012345");
        assert_eq!(text(-2.5), "-2.5");
        assert_eq!(text(1e10), "10000000000");
        assert_eq!(decimal_of(f64::INFINITY), None);
        assert_eq!(decimal_of(1e300), None);
    }
}
