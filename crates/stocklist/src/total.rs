//! Recognizes totals by their words, and compares them with the lines that they sum up.

use std::collections::HashMap;

use rust_decimal::Decimal;

/// Whole texts of totals, beside those that begin or end with a word for it.
const WHOLE: &[&str] = &[
    "итог",
    "итоги",
    "общий итог",
    "общие итоги",
    "общий результат",
    "итог результат",
    "итоговая сумма",
    "промежуточный итог",
    "промежуточные итоги",
    "все склады",
    "по всем складам",
    "в сумме",
    "total",
    "totals",
    "sum total",
    "grand total",
    "grand totals",
    "sub total",
    "sub totals",
    "subtotal",
    "subtotals",
    "total result",
    "total sum",
    "all warehouses",
    "all locations",
    "all stores",
];

/// Words with which only a total begins.
const FIRST_WORDS: &[&str] = &["итого", "всего"];

/// Words with which a line of a group ends in Excel: `Юг Итог`, `South Total`.
const LAST_WORDS: &[&str] = &["итог", "итого", "всего", "total", "subtotal"];

/// Words with which the texts of totals begin.
const BEGINNINGS: &[&str] = &[
    "итог",
    "итоги",
    "итого",
    "итоговая",
    "всего",
    "общий",
    "общие",
    "промежуточный",
    "промежуточные",
    "все",
    "по",
    "в",
    "total",
    "totals",
    "sum",
    "grand",
    "sub",
    "subtotal",
    "subtotals",
    "all",
];

/// A quick look at the first word, without a copy of the text.
fn begins_like_one(text: &str) -> bool {
    let first = text.split(is_between).find(|word| !word.is_empty()).unwrap_or_default();
    let is_same = |known: &&&str| first.chars().flat_map(char::to_lowercase).eq(known.chars());
    BEGINNINGS.iter().any(|known| is_same(&known))
}

/// Whether a text can only be a total.
pub(crate) fn is_total(text: &str) -> bool {
    if !begins_like_one(text) {
        return false;
    }
    let words = words(text);
    let is_whole = WHOLE.contains(&words.join(" ").as_str());
    is_whole || words.first().is_some_and(|first| FIRST_WORDS.contains(&first.as_str()))
}

/// Whether a total has a Russian word, which no brand is named.
pub(crate) fn is_russian(text: &str) -> bool {
    text.contains(|c| matches!(c, '\u{400}'..='\u{4ff}'))
}

/// A quick look at whether a text can be a total at all: all words for it have one of these letters.
pub(crate) fn has_letters_of_one(text: &str) -> bool {
    text.contains(['т', 'Т', 'о', 'О', 'в', 'В', 't', 'T', 'l', 'L'])
}

/// Whether a text may be a total in a line that has no SKU.
pub(crate) fn may_be_total(text: &str) -> bool {
    if !has_letters_of_one(text) {
        return false;
    }
    let words = words(text);
    let begins = matches!(words.first().map(String::as_str), Some("total" | "totals" | "subtotal" | "итог"));
    let ends = words.len() > 1 && words.last().is_some_and(|last| LAST_WORDS.contains(&last.as_str()));
    is_total(text) || begins || ends
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | '.' | ',' | '-' | '–' | '—' | '*' | '=')
}

fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower.split(is_between).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A difference up to this is one of rounding.
const ROUNDING: i64 = 1;
/// Sums are compared in thousandths.
const THOUSANDTHS: u32 = 3;

/// The sums of the lines of one column so far, and where groups begin and end.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    lines: u64,
    sum: Decimal,
    bounds: Vec<Bound>,
}

/// A place between two lines.
#[derive(Debug, Clone, Copy)]
struct Bound {
    lines: u64,
    sum: Decimal,
}

/// A total of the file that must agree with its lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stated {
    /// Its place among the lines.
    lines: u64,
    sum: Decimal,
    pub(crate) total: Decimal,
}

impl Sums {
    /// Counts a line.
    pub(crate) fn add(&mut self, quantity: Decimal) {
        self.lines += 1;
        self.sum = self.sum.saturating_add(quantity);
    }

    /// Marks the beginning or the end of a group.
    pub(crate) fn bound(&mut self) {
        let (lines, sum) = (self.lines, self.sum);
        if self.bounds.last().is_none_or(|last| last.lines != lines) {
            self.bounds.push(Bound { lines, sum });
        }
    }

    /// A total at this place, which is also the end of a group.
    pub(crate) fn state(&mut self, total: Decimal) -> Stated {
        self.bound();
        Stated { lines: self.lines, sum: self.sum, total }
    }

    /// Whether a total is the sum of a group of at least two lines that ends here.
    pub(crate) fn ends_group(&self, total: Decimal) -> bool {
        let start = Bound { lines: 0, sum: Decimal::ZERO };
        let mut groups = self.bounds.iter().chain(std::iter::once(&start));
        groups.any(|bound| bound.lines + 1 < self.lines && self.sum.saturating_sub(bound.sum) == total)
    }

    /// The totals that agree with no group of lines above or below them, each with the sum that comes nearest.
    pub(crate) fn wrong(mut self, stated: &[Stated]) -> Vec<(usize, Decimal)> {
        self.bounds.insert(0, Bound { lines: 0, sum: Decimal::ZERO });
        self.bound();
        let mut places: HashMap<i128, (u64, u64)> = HashMap::new();
        for bound in &self.bounds {
            let place = places.entry(thousandths(bound.sum)).or_insert((bound.lines, bound.lines));
            *place = (place.0.min(bound.lines), place.1.max(bound.lines));
        }
        let agrees = |one: &Stated| {
            let near = |sum: Decimal| {
                let sum = thousandths(sum);
                (-ROUNDING..=ROUNDING)
                    .filter_map(|by| places.get(&(sum + i128::from(by))))
                    .collect::<Vec<_>>()
            };
            let above = near(one.sum.saturating_sub(one.total)).iter().any(|(first, _)| *first < one.lines);
            above || near(one.sum.saturating_add(one.total)).iter().any(|(_, last)| *last > one.lines)
        };
        let wrong = stated.iter().enumerate().filter(|(_, one)| !agrees(one));
        wrong.map(|(at, one)| (at, self.nearest(one))).collect()
    }

    fn nearest(&self, one: &Stated) -> Decimal {
        let of = |bound: &Bound| {
            let difference = one.sum.saturating_sub(bound.sum);
            if bound.lines < one.lines { difference } else { -difference }
        };
        let groups = self.bounds.iter().filter(|bound| bound.lines != one.lines).map(of);
        groups.min_by_key(|sum| sum.saturating_sub(one.total).abs()).unwrap_or_default().normalize()
    }
}

fn thousandths(number: Decimal) -> i128 {
    let rounded = number.round_dp(THOUSANDTHS);
    let scale = THOUSANDTHS.saturating_sub(rounded.scale());
    rounded.mantissa().saturating_mul(10_i128.saturating_pow(scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_have_words() {
        for text in [
            "Итого",
            "ИТОГО:",
            "Итого по складу",
            "Всего",
            "Всего по группе 2",
            "Общий итог",
            "Итог",
            "Grand Total",
            "Total",
            "total:",
            "Subtotal",
            "Sub-total",
            "Total Result",
            "Промежуточный итог",
            "Все склады",
        ] {
            assert!(is_total(text), "{text}");
        }
        for text in ["Юг Итог", "South Total", "Total for main", "Всего: 5"] {
            assert!(may_be_total(text), "{text}");
        }
        for text in ["", "Total Quartz 9000", "Тотальная", "Итальянский стул", "Totally", "A-1"]
        {
            assert!(!is_total(text), "{text}");
        }
        assert!(!may_be_total("Colgate"));
    }

    fn wrong(lines: &[(&str, i64)]) -> Vec<(usize, Decimal)> {
        let (mut sums, mut stated) = (Sums::default(), Vec::new());
        for (kind, number) in lines {
            match *kind {
                "total" => stated.push(sums.state(Decimal::from(*number))),
                "group" => sums.bound(),
                _ => sums.add(Decimal::from(*number)),
            }
        }
        sums.wrong(&stated)
    }

    #[test]
    fn a_total_agrees_with_a_group_of_lines() {
        assert_eq!(wrong(&[("", 6), ("", 15), ("total", 21)]), []);
        assert_eq!(wrong(&[("", 6), ("", 15), ("total", 26)]), [(0, Decimal::from(21))]);
        assert_eq!(wrong(&[("total", 21), ("", 6), ("", 15)]), []);
        assert_eq!(wrong(&[("", 1), ("total", 1), ("", 2), ("total", 2), ("total", 3)]), []);
        assert_eq!(
            wrong(&[("group", 0), ("", 1), ("group", 0), ("", 2), ("", 3), ("total", 5), ("total", 6)]),
            []
        );
        assert_eq!(wrong(&[("", 1), ("total", 1), ("", 2), ("total", 7)]), [(1, Decimal::from(3))]);
        assert_eq!(wrong(&[("", 1), ("total", 0)]), [(0, Decimal::ONE)]);
        assert_eq!(wrong(&[("", 0), ("total", 0)]), []);
        assert_eq!(wrong(&[("total", 5)]), [(0, Decimal::ZERO)]);
    }
}
