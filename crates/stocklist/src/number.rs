//! Parses quantities as people and programs write them, with decimal commas and thousands separators.

use rust_decimal::Decimal;

/// The character before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalMark {
    /// `12,5`; a point separates thousands.
    Comma,
    /// `12.5`; a comma separates thousands.
    Point,
}

impl DecimalMark {
    /// `comma` or `point`, or the mark itself.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        match text {
            "comma" | "," => Some(Self::Comma),
            "point" | "." => Some(Self::Point),
            _ => None,
        }
    }
}

/// What a comma or a point before three digits means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// `1,500` is one and a half.
    Decimal,
    /// `1,500` is fifteen hundred.
    Thousands,
    /// It could be either.
    Unclear,
}

/// What commas and points mean in a column of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NumberFormat {
    pub(crate) comma: Sign,
    pub(crate) point: Sign,
}

impl NumberFormat {
    /// For the question of whether a text is a number at all.
    pub(crate) const LENIENT: Self = Self { comma: Sign::Decimal, point: Sign::Decimal };
}

/// Why a text is not a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotANumber {
    /// It is not a number.
    Malformed,
    /// It can be read as two different numbers.
    Unclear,
    /// It has more digits than a database stores exactly.
    TooLong,
}

/// Significant digits that a database stores exactly in a column of any type.
const DIGITS: usize = 15;

impl From<DecimalMark> for NumberFormat {
    fn from(mark: DecimalMark) -> Self {
        match mark {
            DecimalMark::Comma => Self { comma: Sign::Decimal, point: Sign::Thousands },
            DecimalMark::Point => Self { comma: Sign::Thousands, point: Sign::Decimal },
        }
    }
}

/// What the numbers of a column show about commas and points.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a sign of its own")]
struct Evidence {
    decimal_comma: bool,
    decimal_point: bool,
    comma_groups: bool,
    point_groups: bool,
    /// Whole numbers below 1000, which are not written with three decimals.
    small: bool,
}

impl Evidence {
    fn take(&mut self, parts: &Parts) {
        let may_be_thousands = parts.may_be_thousands();
        match (parts.commas(), parts.points()) {
            (0, 0) => self.small |= parts.body.trim_start_matches('0').len() <= 3 && parts.body != "0",
            (1, 0) | (0, 1) if may_be_thousands => {}
            (1, 0) => self.decimal_comma = true,
            (0, 1) => self.decimal_point = true,
            (2.., 0) => self.comma_groups = true,
            (0, 2..) => self.point_groups = true,
            _ if parts.last == Some(',') => (self.decimal_comma, self.point_groups) = (true, true),
            _ => (self.decimal_point, self.comma_groups) = (true, true),
        }
    }
}

/// Detects what commas and points mean in a column with these texts. `russian` says whether the headings are in
/// Russian: Russian programs write a decimal comma and separate thousands by spaces.
pub(crate) fn detect_format<'a>(texts: impl IntoIterator<Item = &'a str>, russian: bool) -> NumberFormat {
    let mut seen = Evidence::default();
    for parts in texts.into_iter().filter_map(Parts::of) {
        seen.take(&parts);
    }
    // Where no number shows it, a Russian program that writes three decimals writes them everywhere.
    let unproven = if russian && !seen.small { Sign::Decimal } else { Sign::Unclear };
    let beside_point = if russian { Sign::Unclear } else { Sign::Thousands };
    let of = |[decimal, groups, other_decimal, other_groups]: [bool; 4], beside_other| {
        match (decimal || other_groups, groups) {
            (true, true) => Sign::Unclear,
            (true, false) if decimal && other_decimal => Sign::Unclear,
            (true, false) => Sign::Decimal,
            (false, true) => Sign::Thousands,
            // The other sign stands before decimals, so this one separates thousands or is of another hand.
            (false, false) if other_decimal => beside_other,
            (false, false) => unproven,
        }
    };
    let of_comma = [seen.decimal_comma, seen.comma_groups, seen.decimal_point, seen.point_groups];
    let of_point = [seen.decimal_point, seen.point_groups, seen.decimal_comma, seen.comma_groups];
    let (comma, point) = (of(of_comma, beside_point), of(of_point, Sign::Unclear));
    NumberFormat { comma, point }
}

/// Whether a text is a number, whatever its commas and points mean.
pub(crate) fn is_number(text: &str) -> bool {
    parse(text, NumberFormat::LENIENT).is_ok()
}

/// Parses a text to its exact value.
pub(crate) fn parse(text: &str, signs: NumberFormat) -> Result<Decimal, NotANumber> {
    let parts = Parts::of(text).ok_or(NotANumber::Malformed)?;
    let decimals = parts.decimal_sign(signs)?;
    let (whole, fraction) = match decimals {
        Some(sign) => parts.body.rsplit_once(sign).ok_or(NotANumber::Malformed)?,
        None => (parts.body.as_str(), ""),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || (decimals.is_some() && fraction.is_empty()) {
        return Err(NotANumber::Malformed);
    }
    let whole = without_separators(whole).ok_or(NotANumber::Malformed)?;
    exact(parts.negative, &whole, fraction)
}

fn exact(negative: bool, whole: &str, fraction: &str) -> Result<Decimal, NotANumber> {
    let fraction = fraction.trim_end_matches('0');
    let significant = format!("{whole}{fraction}").trim_start_matches('0').len();
    if significant > DIGITS || fraction.len() > DIGITS {
        return Err(NotANumber::TooLong);
    }
    let sign = if negative { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let text =
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") };
    Decimal::from_str_exact(&text).map_err(|_| NotANumber::TooLong)
}

/// Whether a database stores all digits of a number in a column of any type.
pub(crate) fn is_exact(number: Decimal) -> bool {
    let number = number.normalize();
    let digits = number.mantissa().unsigned_abs().to_string().len();
    digits <= DIGITS && usize::try_from(number.scale()).is_ok_and(|scale| scale <= DIGITS)
}

/// The digits of a whole part without thousands separators. `None` if the groups are malformed: every group but
/// the first must have three digits, and all separators must be the same.
fn without_separators(whole: &str) -> Option<String> {
    let signs: Vec<char> = whole.chars().filter(|c| !c.is_ascii_digit()).collect();
    let Some(sign) = signs.first() else { return Some(whole.to_owned()) };
    if signs.iter().any(|other| other != sign) {
        return None;
    }
    let mut groups = whole.split(*sign);
    let first = groups.next()?;
    let well_formed = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    well_formed.then(|| whole.chars().filter(char::is_ascii_digit).collect())
}

/// The parts of a number's text that can be parsed without knowing the column.
struct Parts {
    negative: bool,
    /// Digits, commas and points; every kind of space and apostrophe is replaced by a plain space.
    body: String,
    /// The last comma or point, if there is one.
    last: Option<char>,
}

impl Parts {
    fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        // Accountants put what is below zero in parentheses.
        let in_parentheses = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let (negative, text) = match (in_parentheses, text.strip_prefix(['-', '\u{2212}'])) {
            (Some(inner), _) => (true, inner.trim()),
            (None, Some(rest)) => (true, rest.trim_start()),
            (None, None) => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let mut body = String::with_capacity(text.len());
        for c in text.chars() {
            body.push(match c {
                '0'..='9' | ',' | '.' => c,
                '\'' | '\u{2019}' => ' ',
                space if space.is_whitespace() && !space.is_control() => ' ',
                _ => return None,
            });
        }
        let last = body.chars().rfind(|c| matches!(c, ',' | '.'));
        body.contains(|c: char| c.is_ascii_digit()).then_some(Self { negative, body, last })
    }

    fn commas(&self) -> usize {
        self.body.matches(',').count()
    }

    fn points(&self) -> usize {
        self.body.matches('.').count()
    }

    /// Whether its one comma or point could be a thousands separator: in `1,500`, but not in `0,500`, `1,5`,
    /// `1500,500` or `1 500,500`.
    fn may_be_thousands(&self) -> bool {
        self.body.split_once([',', '.']).is_some_and(|(before, after)| {
            after.len() == 3
                && (1..=3).contains(&before.len())
                && !before.starts_with('0')
                && !before.contains(' ')
        })
    }

    /// The character before the decimals; `None` if there are no decimals.
    fn decimal_sign(&self, signs: NumberFormat) -> Result<Option<char>, NotANumber> {
        let lone = |sign, meaning| match meaning {
            _ if !self.may_be_thousands() => Ok(Some(sign)),
            Sign::Decimal => Ok(Some(sign)),
            Sign::Thousands => Ok(None),
            Sign::Unclear => Err(NotANumber::Unclear),
        };
        match (self.commas(), self.points()) {
            (0 | 2.., 0) | (0, 2..) => Ok(None),
            (1, 0) => lone(',', signs.comma),
            (0, 1) => lone('.', signs.point),
            _ => Ok(self.last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNCLEAR: NumberFormat = NumberFormat { comma: Sign::Unclear, point: Sign::Unclear };

    fn value(text: &str, signs: NumberFormat) -> Result<String, NotANumber> {
        parse(text, signs).map(|decimal| decimal.to_string())
    }

    #[test]
    fn numbers_in_every_writing() {
        let cases = [
            ("5", "5"),
            ("  12 ", "12"),
            ("-3", "-3"),
            ("\u{2212}3", "-3"),
            ("+4", "4"),
            ("12,5", "12.5"),
            ("12.50", "12.5"),
            ("1 234", "1234"),
            ("1\u{a0}234,50", "1234.5"),
            ("1\u{202f}234\u{202f}567", "1234567"),
            ("1'234.5", "1234.5"),
            ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1,234,567", "1234567"),
            ("1.234.567", "1234567"),
            ("0,500", "0.5"),
            ("1234,567", "1234.567"),
            ("007", "7"),
            ("0,0", "0"),
            (",5", "0.5"),
            ("1 234,500", "1234.5"),
            ("(5)", "-5"),
        ];
        for (text, due) in cases {
            assert_eq!(value(text, UNCLEAR).as_deref(), Ok(due), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            " ",
            "-",
            ",",
            "много",
            "12 шт",
            ">10",
            "1,2,3",
            "12 34",
            "1 2345",
            "1e5",
            "0x10",
            "1,23.4,5",
            "1.2.3",
            "5-",
            "(-5)",
            "(5",
            "1\n2",
            "12,",
            "5.",
            "--5",
            "1,234.567.8",
        ] {
            assert_eq!(value(text, UNCLEAR), Err(NotANumber::Malformed), "{text:?}");
        }
        assert_eq!(value("1234567890123456", UNCLEAR), Err(NotANumber::TooLong));
        assert_eq!(value("0,1234567890123456", UNCLEAR), Err(NotANumber::TooLong));
        assert_eq!(value("123456789012345", UNCLEAR).as_deref(), Ok("123456789012345"));
    }

    #[test]
    fn three_digits_after_a_comma_mean_what_the_column_says() {
        assert_eq!(value("1,500", UNCLEAR), Err(NotANumber::Unclear));
        assert_eq!(value("1,500", NumberFormat::LENIENT).as_deref(), Ok("1.5"));
        assert_eq!(value("1,500", DecimalMark::Comma.into()).as_deref(), Ok("1.5"));
        assert_eq!(value("1,500", DecimalMark::Point.into()).as_deref(), Ok("1500"));
        assert_eq!(value("1.500", NumberFormat::LENIENT).as_deref(), Ok("1.5"));
        assert_eq!(value("1.500", DecimalMark::Comma.into()).as_deref(), Ok("1500"));
    }

    #[test]
    fn a_column_says_what_its_signs_mean() {
        use Sign::{Decimal, Thousands, Unclear};
        let of = |texts: &[&str], russian| {
            let NumberFormat { comma, point } = detect_format(texts.iter().copied(), russian);
            (comma, point)
        };
        for (texts, russian, due) in [
            (&["1,500", "12,5"][..], false, (Decimal, Unclear)),
            (&["1,500", "0,250"], false, (Decimal, Unclear)),
            (&["1,500", "1.234,5"], false, (Decimal, Thousands)),
            (&["1,500", "1,234.5"], false, (Thousands, Decimal)),
            (&["1,500", "1,234,567"], false, (Thousands, Decimal)),
            (&["1,500", "12.5"], false, (Thousands, Decimal)),
            (&["1,500", "12.5"], true, (Unclear, Decimal)),
            (&["1.234", "1,5"], true, (Decimal, Unclear)),
            (&["12,5", "2.5"], true, (Unclear, Unclear)),
            (&["1,500", "12,000"], true, (Decimal, Decimal)),
            (&["1,500", "0"], true, (Decimal, Decimal)),
            (&["1,500", "7"], true, (Unclear, Unclear)),
            (&["1,500", "7"], false, (Unclear, Unclear)),
            (&["1.500", "2.000"], false, (Unclear, Unclear)),
            (&["5.000", "0.000"], false, (Thousands, Decimal)),
            (&["1.500.000", "2.000"], false, (Decimal, Thousands)),
            (&["12,5", "1,234.5"], true, (Unclear, Unclear)),
        ] {
            assert_eq!(of(texts, russian), due, "{texts:?}");
        }
    }
}
