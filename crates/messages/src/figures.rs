//! Numbers as a reader of a language writes them: thousands in groups, and the language's decimal mark.

use std::fmt::Display;

use crate::{Lang, Messages};

/// The digits of a group.
const GROUP: usize = 3;

impl Messages {
    /// A number with its thousands in groups: `1,234.5` in English, `1 234,5` in Russian (with a space that does not
    /// break). The sign stays. What is no decimal number comes back unchanged.
    #[must_use]
    pub fn figure(self, number: impl Display) -> String {
        written(self.lang(), &number.to_string())
    }

    /// A duration in seconds with one decimal.
    #[must_use]
    pub fn seconds(self, ms: u64) -> String {
        self.figure(format_args!("{}.{}", ms / 1_000, ms % 1_000 / 100))
    }
}

/// `number`, such as `-1234.5`, as it is written in `lang`.
pub(crate) fn written(lang: Lang, number: &str) -> String {
    let unsigned = number.strip_prefix(['-', '+']).unwrap_or(number);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let is_number = [Some(whole), fraction]
        .into_iter()
        .flatten()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_number {
        return number.to_owned();
    }
    let (group_mark, decimal_mark) = match lang {
        Lang::En => (',', '.'),
        Lang::Ru => ('\u{a0}', ','),
    };
    let mut text: String = number.chars().take_while(|sign| !sign.is_ascii_digit()).collect();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(GROUP) {
            text.push(group_mark);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push(decimal_mark);
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_their_language() {
        for (number, english, russian) in [
            ("0", "0", "0"),
            ("999", "999", "999"),
            ("1000", "1,000", "1\u{a0}000"),
            ("-99999", "-99,999", "-99\u{a0}999"),
            ("+1234567", "+1,234,567", "+1\u{a0}234\u{a0}567"),
            ("1234.50", "1,234.50", "1\u{a0}234,50"),
            ("0.3", "0.3", "0,3"),
        ] {
            assert_eq!(Messages::new(Lang::En).figure(number), english);
            assert_eq!(Messages::new(Lang::Ru).figure(number), russian);
        }
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in ["", "-", "1.", ".5", "1.2.3", "1e9", "SKU-1000", "1 000", "127.0.0.1"] {
            assert_eq!(Messages::new(Lang::Ru).figure(text), text);
        }
    }

    #[test]
    fn durations_have_one_decimal() {
        assert_eq!(Messages::new(Lang::En).seconds(349), "0.3");
        assert_eq!(Messages::new(Lang::Ru).seconds(61_250), "61,2");
        assert_eq!(Messages::new(Lang::Ru).seconds(1_234_000), "1\u{a0}234,0");
    }
}
