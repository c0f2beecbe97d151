//! How a spreadsheet program shows a number: an article is what a person sees, so `00123` and not 123.

use crate::cell::{Face, digits_of};

/// A number format, reduced to what matters for an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NumberMask {
    /// It shows the digits.
    Digits,
    /// It shows the digits in places, among other signs.
    Places(Vec<Place>),
    /// It shows this many decimals.
    Decimals(usize),
    /// It shows something else: a percentage, a currency, or what depends on a condition.
    Other,
}

/// A part of a mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A digit; 0 if the number has none there.
    Digit,
    /// A digit, if the number has one there.
    Optional,
    /// All digits.
    All,
    /// Any other sign.
    Sign(char),
}

/// A token of a format's first section.
enum Token {
    Place(Place),
    Point,
    Exponent,
    Percent,
    Condition,
}

impl NumberMask {
    /// Reads a number format such as `00-0000` or `0.00`.
    pub(crate) fn of(format: &str) -> Self {
        let tokens = tokens(format);
        let has = |wanted: fn(&Token) -> bool| tokens.iter().any(wanted);
        if has(|token| matches!(token, Token::Exponent)) {
            return Self::Digits;
        }
        if has(|token| matches!(token, Token::Percent | Token::Condition)) {
            return Self::Other;
        }
        if let Some(point) = tokens.iter().position(|token| matches!(token, Token::Point)) {
            let after = tokens.iter().skip(point);
            return Self::Decimals(after.filter(|token| matches!(token, Token::Place(_))).count());
        }
        let places: Vec<Place> = tokens
            .into_iter()
            .filter_map(|token| match token {
                Token::Place(place) => Some(place),
                _ => None,
            })
            .collect();
        let zeros = places.iter().filter(|place| **place == Place::Digit).count();
        let signs = places.iter().any(|place| matches!(place, Place::Sign(sign) if !sign.is_whitespace()));
        if zeros <= 1 && !signs { Self::Digits } else { Self::Places(places) }
    }

    /// How the number is shown.
    pub(crate) fn face(&self, number: f64) -> Face {
        let digits = digits_of(number);
        let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
        let shown = match self {
            Self::Digits => return Face::Digits,
            Self::Places(places) if is_whole => return Face::Mask(masked(places, &digits).into_boxed_str()),
            Self::Decimals(decimals) => format!("{number:.decimals$}"),
            Self::Places(_) | Self::Other => String::new(),
        };
        if shown == digits { Face::Digits } else { Face::Dressed(shown.into_boxed_str()) }
    }
}

/// The face of a number with a text that the file says is shown, such as `00123` for 123.
pub(crate) fn of_shown(number: f64, shown: &str) -> Face {
    let digits = digits_of(number);
    let of_shown: String = shown.chars().filter(char::is_ascii_digit).collect();
    let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    let same = of_shown.trim_start_matches('0') == digits.trim_start_matches('0');
    let is_grouped = shown.contains([',', '.', '%', '\'']) || shown.contains(char::is_whitespace);
    if shown.is_empty() || shown == digits || !is_whole || is_grouped || !same {
        return Face::Digits;
    }
    Face::Mask(shown.into())
}

/// The digits in their places, from the right; digits that are left over come before the first place.
fn masked(places: &[Place], digits: &str) -> String {
    let mut left: Vec<char> = digits.trim_start_matches('0').chars().collect();
    let first = places.iter().position(|place| !matches!(place, Place::Sign(_)));
    let mut shown: Vec<char> = Vec::new();
    for (at, place) in places.iter().enumerate().rev() {
        match place {
            Place::Sign(sign) => shown.push(*sign),
            Place::Digit => shown.push(left.pop().unwrap_or('0')),
            Place::Optional => shown.extend(left.pop()),
            Place::All if left.is_empty() => shown.push('0'),
            Place::All => {}
        }
        if Some(at) == first {
            shown.extend(left.drain(..).rev());
        }
    }
    shown.into_iter().rev().collect()
}

/// The tokens of the first section, which is that of numbers above zero.
fn tokens(format: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = format;
    for general in ["General", "Standard", "Основной"] {
        if let Some(after) = rest.strip_prefix(general) {
            tokens.push(Token::Place(Place::All));
            rest = after;
        }
    }
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => {
                let quoted = std::iter::from_fn(|| chars.next_if(|next| *next != '"'));
                tokens.extend(quoted.map(|sign| Token::Place(Place::Sign(sign))));
                let _ = chars.next();
            }
            '[' => {
                let inner: String = std::iter::from_fn(|| chars.next_if(|next| *next != ']')).collect();
                let _ = chars.next();
                let is_condition = inner.starts_with(['<', '>', '=']);
                let is_currency = inner.strip_prefix('$').is_some_and(|sign| !sign.starts_with('-'));
                tokens.extend((is_condition || is_currency).then_some(Token::Condition));
            }
            '\\' => tokens.extend(chars.next().map(|sign| Token::Place(Place::Sign(sign)))),
            '_' | '*' => {
                let _ = chars.next();
            }
            '0' => tokens.push(Token::Place(Place::Digit)),
            '#' | '?' => tokens.push(Token::Place(Place::Optional)),
            '@' => tokens.push(Token::Place(Place::All)),
            '.' => tokens.push(Token::Point),
            '%' => tokens.push(Token::Percent),
            'E' | 'e' if matches!(chars.peek(), Some('+' | '-')) => tokens.push(Token::Exponent),
            // Between digits it separates thousands.
            ',' => {}
            sign => tokens.push(Token::Place(Place::Sign(sign))),
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_shows_what_a_person_sees() {
        for (format, number, due) in [
            ("00000", 123.0, "00123"),
            ("00-0000", 51_234.0, "05-1234"),
            ("00-0000", 1_234_567.0, "123-4567"),
            ("\"A-\"000", 7.0, "A-007"),
            ("000\\-000\\.00", 1_234_567.0, "012-345.67"),
            ("#-00", 5.0, "-05"),
            ("General\" шт\"", 5.0, "5 шт"),
            ("[$-419]000", 5.0, "005"),
            ("000;-000;\"нет\"", 5.0, "005"),
        ] {
            assert_eq!(NumberMask::of(format).face(number), Face::Mask(due.into()), "{format}");
        }
        for format in ["General", "0", "#", "@", "#,##0", "0.00E+00", "##0"] {
            assert_eq!(NumberMask::of(format).face(12_345.0), Face::Digits, "{format}");
        }
        for (format, number, shown) in
            [("0.00", 1.1, "1.10"), ("0.00", 5.0, "5.00"), ("0%", 5.0, ""), ("[<5]0;00", 7.0, "")]
        {
            assert_eq!(NumberMask::of(format).face(number), Face::Dressed(shown.into()), "{format}");
        }
        assert_eq!(NumberMask::of("0.00").face(1.25), Face::Digits);
    }

    #[test]
    fn a_shown_text_is_the_face_if_it_has_the_same_digits() {
        assert_eq!(of_shown(123.0, "00123"), Face::Mask("00123".into()));
        assert_eq!(of_shown(51_234.0, "05-1234"), Face::Mask("05-1234".into()));
        for (number, shown) in [(123.0, "123"), (1_234.0, "1 234"), (1.5, "1,50"), (5.0, ""), (0.5, "50%")] {
            assert_eq!(of_shown(number, shown), Face::Digits, "{shown}");
        }
    }
}
