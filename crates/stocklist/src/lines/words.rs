//! Proposes what to say about quantities in words, so that the proposal works as it is printed.

use crate::lines::quantity::bare;
use crate::{BadLine, BadReason};

/// The largest number of words that are proposed.
const MAX_WORDS: usize = 12;

/// Words that can only mean that there is no stock.
const NONE: &[&str] =
    &["нет", "нет в наличии", "отсутствует", "распродано", "no", "none", "out of stock", "sold out"];

/// Options with which the quantities of invalid lines can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordsHint {
    /// Whether some quantities have a unit of measure.
    pub strip_units: bool,
    /// The value of the option for words: words for no stock are 0, the stock of the others is kept.
    pub words: Option<String>,
}

/// Proposes options for lines whose quantities are not numbers; `None` if no option helps with all of them.
#[must_use]
pub fn suggest_words(lines: &[BadLine]) -> Option<WordsHint> {
    let mut hint = WordsHint::default();
    let mut words: Vec<String> = Vec::new();
    for line in lines {
        match &line.reason {
            BadReason::NotANumber { value } if bare(value).1.is_some() => hint.strip_units = true,
            BadReason::NotANumber { value } if is_plain(value) => {
                let lower = value.to_lowercase();
                let word = format!("{value}={}", if NONE.contains(&lower.as_str()) { "0" } else { "keep" });
                if !words.contains(&word) {
                    words.push(word);
                }
            }
            BadReason::NotANumber { .. } => return None,
            _ => {}
        }
    }
    if words.len() > MAX_WORDS || (words.is_empty() && !hint.strip_units) {
        return None;
    }
    hint.words = (!words.is_empty()).then(|| words.join(","));
    Some(hint)
}

/// Whether a shell takes the text between quotation marks as it is.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(['"', '$', '`', '\\', '!', '%', '=', ','])
        && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_or_are_nothing() {
        let lines = |values: &[&str]| -> Vec<BadLine> {
            let reason = |value: &&str| BadReason::NotANumber { value: (*value).to_owned() };
            values.iter().map(|value| BadLine::new(1, String::new(), reason(value))).collect()
        };
        let of = |values: &[&str]| suggest_words(&lines(values));
        let hint = of(&["есть", ">50", "Нет", "есть", "5 шт"]).unwrap();
        assert_eq!((hint.words.as_deref(), hint.strip_units), (Some("есть=keep,>50=keep,Нет=0"), true));
        assert_eq!(of(&["5 шт"]), Some(WordsHint { strip_units: true, words: None }));
        assert_eq!(of(&["a\"b"]), None);
        assert_eq!(of(&[]), None);
    }
}
