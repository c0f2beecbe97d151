//! Reads the SKU of a line, and takes away the marks that keep a spreadsheet program from changing a text.

use std::borrow::Cow;

use domain::Sku;

use crate::BadReason;
use crate::cell::{Cell, Face, clipped, decimal_of, digits_of};

/// The largest number of characters of a SKU. Wix stores only 40, which gives a remark; a text longer than this is
/// a description in the wrong column.
const MAX_SKU_CHARS: usize = 1_000;

/// A spreadsheet stores whole numbers below this exactly.
pub(crate) const EXACT_BELOW: f64 = 1e15;

/// A SKU, and how it came to be.
pub(crate) struct Article {
    pub(crate) sku: Sku,
    /// Whether the spreadsheet stores it as a number, without zeros before it.
    pub(crate) is_number: bool,
    /// Whether a mark was taken away.
    pub(crate) is_unguarded: bool,
}

/// The SKU of a cell.
pub(crate) fn read(cell: &Cell) -> Result<Article, BadReason> {
    let value = || clipped(&cell.text());
    match cell {
        Cell::Number(number, _) if number.abs() >= EXACT_BELOW || decimal_of(*number).is_none() => {
            return Err(BadReason::LongNumberSku { value: value() });
        }
        Cell::Number(number, Face::Dressed(shown)) => {
            return Err(BadReason::FormattedSku { value: digits_of(*number), shown: shown.to_string() });
        }
        Cell::Date => return Err(BadReason::DateSku),
        Cell::NoResult => return Err(BadReason::NoResult),
        Cell::Other(_) => return Err(BadReason::OddSku { value: value() }),
        Cell::Text(text) => check(text)?,
        Cell::Empty | Cell::Number(..) => {}
    }
    let text = cell.text();
    let plain = unguarded(&text);
    let sku = Sku::parse(&plain).map_err(|_| BadReason::NoSku)?;
    let is_number = matches!(cell, Cell::Number(_, Face::Digits));
    Ok(Article { sku, is_number, is_unguarded: plain.len() != text.len() })
}

fn check(text: &str) -> Result<(), BadReason> {
    if text.chars().nth(MAX_SKU_CHARS).is_some() {
        return Err(BadReason::LongSku { most: MAX_SKU_CHARS });
    }
    if is_shortened(text) {
        return Err(BadReason::ShortenedSku { value: clipped(text) });
    }
    if text.contains(char::is_control) {
        return Err(BadReason::ControlInSku);
    }
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err(BadReason::DamagedSku);
    }
    Ok(())
}

/// The text without a mark that keeps it a text: `="007"`, or an apostrophe before a digit or a sign.
pub(crate) fn unguarded(text: &str) -> Cow<'_, str> {
    let quoted = text.trim().strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = quoted.filter(|inner| !inner.replace("\"\"", "").contains('"')) {
        return Cow::Owned(inner.replace("\"\"", "\""));
    }
    let rest = text.strip_prefix('\'').filter(|rest| !rest.contains('\''));
    let rest = rest.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || "=+-@".contains(c)));
    Cow::Borrowed(rest.unwrap_or(text))
}

/// Whether a text is a number in scientific notation, such as `1.2E+10`. Spreadsheet programs write long numbers
/// this way; no shop uses it as a SKU.
fn is_shortened(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.trim().split_once("E+") else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once([',', '.']).unwrap_or((mantissa, "0"));
    whole.len() == 1 && digits(whole) && digits(fraction) && exponent.len() >= 2 && digits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_spreadsheets_are_taken_away() {
        for (text, due) in [
            ("=\"00123\"", "00123"),
            ("=\"5\"\" tv\"", "5\" tv"),
            ("'00124", "00124"),
            ("'-5", "-5"),
            ("'A-1", "'A-1"),
            ("'00124'", "'00124'"),
            ("=\"a\"b\"", "=\"a\"b\""),
            ("=A1", "=A1"),
            ("A'1", "A'1"),
        ] {
            assert_eq!(unguarded(text), due, "{text}");
        }
    }
}
