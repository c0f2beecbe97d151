//! Near misses: SKUs that do not match byte for byte and look as if they were meant to.
//!
//! They are only ever suggested. What a run writes is matched exactly, whatever stands here.

use crate::Sku;
use crate::code::coded;
use crate::hash::{FastMap, FastSet, map_for};

coded! {
    /// In what two spellings of a SKU differ.
    Difference {
        /// Spaces, tabs, line ends or invisible characters.
        Spaces = "spaces",
        /// Capital and small letters.
        Case = "case",
        /// Cyrillic letters in the place of Latin ones that look alike.
        Lookalikes = "lookalikes",
        /// Another character for a hyphen.
        Dashes = "dashes",
        /// Zeros before a number, which spreadsheets and people drop.
        LeadingZeros = "leading_zeros",
    }
}

/// Two SKUs, one of each side, that differ in their spelling alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// As the warehouse writes it.
    pub warehouse: Sku,
    /// As the shop writes it.
    pub shop: Sku,
    /// In what they differ: no more than is needed to make the two one, in the order of [`Difference::ALL`].
    /// Never empty.
    pub differences: Vec<Difference>,
}

/// The SKUs of one skeleton.
#[derive(Default)]
struct Group<'a> {
    warehouse: Vec<&'a Sku>,
    shop: Vec<&'a Sku>,
}

/// Pairs each SKU that only one side has with one of the other side that is spelt nearly so: with one that has no
/// match either, as long as there are such. Sorted by the warehouse's spelling, then the shop's. Linear in the
/// length of both sides, but for the sorting of what is found.
#[must_use]
pub fn near_misses<'a>(
    warehouse: impl IntoIterator<Item = &'a Sku>,
    shop: impl IntoIterator<Item = &'a Sku>,
) -> Vec<NearMiss> {
    let warehouse: FastSet<&Sku> = warehouse.into_iter().collect();
    let shop: FastSet<&Sku> = shop.into_iter().collect();
    let mut groups: FastMap<String, Group<'_>> = map_for(warehouse.len());
    for sku in &warehouse {
        groups.entry(skeleton(sku.as_str())).or_default().warehouse.push(sku);
    }
    for sku in &shop {
        if let Some(group) = groups.get_mut(&skeleton(sku.as_str())) {
            group.shop.push(sku);
        }
    }
    let has_match = |sku: &Sku| warehouse.contains(sku) && shop.contains(sku);
    let mut found: Vec<NearMiss> = groups.into_values().flat_map(|group| group.pairs(&has_match)).collect();
    found.sort_by(|a, b| (&a.warehouse, &a.shop).cmp(&(&b.warehouse, &b.shop)));
    found
}

impl Group<'_> {
    fn pairs(mut self, has_match: &impl Fn(&Sku) -> bool) -> Vec<NearMiss> {
        self.warehouse.sort();
        self.shop.sort();
        let (Some(own), Some(other)) = (self.warehouse.first(), self.shop.first()) else {
            return Vec::new();
        };
        let alone = |skus: &[&Sku]| -> Vec<Sku> {
            skus.iter().filter(|sku| !has_match(sku)).map(|sku| (*sku).clone()).collect()
        };
        let (here, there) = (alone(&self.warehouse), alone(&self.shop));
        (0..here.len().max(there.len()))
            .map(|at| {
                // One of the two has no match, so they are never the same text.
                let warehouse = here.get(at).unwrap_or(own).clone();
                let shop = there.get(at).unwrap_or(other).clone();
                let differences = differences(warehouse.as_str(), shop.as_str());
                NearMiss { warehouse, shop, differences }
            })
            .collect()
    }
}

/// In what two spellings of one skeleton differ: what can be left out without making them two is left out.
fn differences(a: &str, b: &str) -> Vec<Difference> {
    let mut needed = Difference::ALL.to_vec();
    for one in Difference::ALL {
        let without: Vec<Difference> = needed.iter().copied().filter(|kept| kept != one).collect();
        if fold(a, &without) == fold(b, &without) {
            needed = without;
        }
    }
    needed
}

/// What is left of a SKU when all that people do not see, or do not mind, is taken away.
fn skeleton(text: &str) -> String {
    fold(text, Difference::ALL)
}

/// The text without the differences that are to be overlooked.
fn fold(text: &str, overlooked: &[Difference]) -> String {
    let overlooks = |difference| overlooked.contains(&difference);
    let (case, lookalikes) = (overlooks(Difference::Case), overlooks(Difference::Lookalikes));
    let (spaces, dashes) = (overlooks(Difference::Spaces), overlooks(Difference::Dashes));
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !(spaces && is_unseen(*letter))) {
        let letter = if dashes { dash(letter) } else { letter };
        let letter = if lookalikes { latin(letter) } else { letter };
        match letter {
            _ if !case => folded.push(letter),
            ascii if ascii.is_ascii() => folded.push(ascii.to_ascii_lowercase()),
            other => folded.extend(other.to_lowercase()),
        }
    }
    if overlooks(Difference::LeadingZeros) { without_leading_zeros(&folded) } else { folded }
}

/// The text without the zeros that stand before each of its numbers.
fn without_leading_zeros(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    let mut in_number = false;
    while let Some(letter) = letters.next() {
        let leads = letter == '0' && !in_number && letters.peek().is_some_and(char::is_ascii_digit);
        if !leads {
            in_number = letter.is_ascii_digit();
            kept.push(letter);
        }
    }
    kept
}

/// Whether a letter takes room at the most: white space, control characters, and what joins or parts words unseen.
fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// A hyphen for everything that looks like one.
fn dash(letter: char) -> char {
    match letter {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        other => other,
    }
}

/// The Latin letter for a Cyrillic one of the same shape, capital for capital.
fn latin(letter: char) -> char {
    match letter {
        'А' => 'A',
        'В' => 'B',
        'Е' => 'E',
        'К' => 'K',
        'М' => 'M',
        'Н' => 'H',
        'О' => 'O',
        'Р' => 'P',
        'С' => 'C',
        'Т' => 'T',
        'У' => 'Y',
        'Х' => 'X',
        'І' => 'I',
        'Ј' => 'J',
        'Ѕ' => 'S',
        'а' => 'a',
        'в' => 'b',
        'е' => 'e',
        'к' => 'k',
        'м' => 'm',
        'н' => 'h',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'т' => 't',
        'у' => 'y',
        'х' => 'x',
        'і' => 'i',
        'ј' => 'j',
        'ѕ' => 's',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skus(texts: &[&str]) -> Vec<Sku> {
        texts.iter().map(|text| Sku::parse(text).unwrap()).collect()
    }

    fn found(warehouse: &[&str], shop: &[&str]) -> Vec<(String, String, Vec<Difference>)> {
        near_misses(&skus(warehouse), &skus(shop))
            .into_iter()
            .map(|near| (near.warehouse.to_string(), near.shop.to_string(), near.differences))
            .collect()
    }

    #[test]
    fn each_kind_of_difference_is_named_and_no_other() {
        use Difference::{Case, Dashes, LeadingZeros, Lookalikes, Spaces};
        for (warehouse, shop, due) in [
            ("A-1", "a-1", vec![Case]),
            ("A 1", "A1", vec![Spaces]),
            ("A-1\u{a0}", "A-1", vec![Spaces]),
            ("\u{feff}A-1", "A-1", vec![Spaces]),
            ("0012", "12", vec![LeadingZeros]),
            ("A-007", "A-7", vec![LeadingZeros]),
            ("A00-01", "A0-1", vec![LeadingZeros]),
            ("АВС-1", "ABC-1", vec![Lookalikes]),
            ("кт-1", "kt-1", vec![Lookalikes]),
            ("A–1", "A-1", vec![Dashes]),
            ("ав-1 ", "AB-1", vec![Spaces, Case, Lookalikes]),
            (" 007", "7", vec![Spaces, LeadingZeros]),
        ] {
            assert_eq!(found(&[warehouse], &[shop]), [(warehouse.to_owned(), shop.to_owned(), due)]);
        }
    }

    #[test]
    fn what_differs_in_more_than_spelling_is_no_near_miss() {
        for (warehouse, shop) in
            [("A-1", "A-10"), ("0", "00A"), ("0A", "A"), ("Я1", "R1"), ("10", "1"), ("A-70", "A-7")]
        {
            assert_eq!(found(&[warehouse], &[shop]), []);
        }
    }

    #[test]
    fn a_sku_without_a_match_meets_others_without_one_first() {
        let pairs = found(&["A", "a"], &["A", " A"]);
        assert_eq!(pairs, [("a".to_owned(), " A".to_owned(), vec![Difference::Spaces, Difference::Case])]);
        // Stock that is split over two spellings, one of which has its match.
        assert_eq!(
            found(&["A", "A "], &["A"]),
            [("A ".to_owned(), "A".to_owned(), vec![Difference::Spaces])]
        );
        assert_eq!(found(&["A"], &["A", "a"]), [("A".to_owned(), "a".to_owned(), vec![Difference::Case])]);
        assert_eq!(found(&["A", "a"], &["a", "A"]), []);
    }
}
