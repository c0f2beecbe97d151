//! Near misses: SKUs of the two sides that differ only in their spelling, as if they were meant to match.
//!
//! Runs match SKUs exactly; near misses are suggestions to the user. Only one decision depends on them: a SKU is not
//! sold out while its units may stand under another spelling ([`slips`]).

use crate::Sku;
use crate::code::coded;
use crate::hash::{FastMap, FastSet};

coded! {
    /// How two spellings of a SKU differ.
    Difference {
        /// Spaces, tabs, line ends or invisible characters.
        Spaces = "spaces",
        /// Uppercase and lowercase letters.
        Case = "case",
        /// Cyrillic letters instead of Latin ones that look alike.
        Lookalikes = "lookalikes",
        /// Another dash character instead of a hyphen.
        Dashes = "dashes",
        /// Zeros before a number, which spreadsheets and people drop.
        LeadingZeros = "leading_zeros",
    }
}

/// Two SKUs, one of each side, that differ only in their spelling.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NearMiss {
    /// As the warehouse writes it.
    pub warehouse: Sku,
    /// As the shop writes it.
    pub shop: Sku,
    /// How they differ: the fewest differences that explain both spellings. Never empty.
    pub differences: Vec<Difference>,
}

/// The SKUs with the same skeleton.
#[derive(Default)]
struct Group<'a> {
    warehouse: Vec<&'a Sku>,
    shop: Vec<&'a Sku>,
}

/// Pairs each SKU that only one side has with a SKU of the other side that is spelled almost the same, preferring one
/// that has no match either. Sorted by the warehouse's spelling, then the shop's. Linear in both sides, apart from
/// sorting the result.
#[must_use]
pub fn near_misses<'a>(
    warehouse: impl IntoIterator<Item = &'a Sku>,
    shop: impl IntoIterator<Item = &'a Sku>,
) -> Vec<NearMiss> {
    let warehouse: FastSet<&Sku> = warehouse.into_iter().collect();
    let shop: FastSet<&Sku> = shop.into_iter().collect();
    let groups = by_skeleton(warehouse.iter().copied(), shop.iter().copied());
    let has_match = |sku: &Sku| warehouse.contains(sku) && shop.contains(sku);
    let mut found: Vec<NearMiss> = groups.into_values().flat_map(|group| group.pairs(&has_match)).collect();
    found.sort_by(|a, b| (&a.warehouse, &a.shop).cmp(&(&b.warehouse, &b.shop)));
    found
}

/// A SKU that a user named and a run left alone, and one that the user may have meant.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Misspelled {
    /// As the user named it.
    pub sku: Sku,
    /// As the warehouse or the shop writes one that is almost the same.
    pub meant: Sku,
    /// How they differ. Never empty.
    pub differences: Vec<Difference>,
}

/// Pairs each SKU that a user named with the first of `known` that is spelled almost the same. Linear in both.
#[must_use]
pub fn misspelled<'a>(
    named: impl IntoIterator<Item = &'a Sku>,
    known: impl IntoIterator<Item = &'a Sku>,
) -> Vec<Misspelled> {
    let named: Vec<&Sku> = named.into_iter().collect();
    let wanted: FastSet<String> = named.iter().map(|sku| skeleton(sku.as_str())).collect();
    let mut alike: FastMap<String, Vec<&Sku>> = FastMap::default();
    for sku in known {
        let skeleton = skeleton(sku.as_str());
        if wanted.contains(&skeleton) {
            alike.entry(skeleton).or_default().push(sku);
        }
    }
    let first = |sku: &&Sku| {
        let others = alike.get(&skeleton(sku.as_str()))?.iter().filter(|other| **other != *sku);
        let meant = (*others.min()?).clone();
        let differences = differences(sku.as_str(), meant.as_str());
        Some(Misspelled { sku: (*sku).clone(), meant, differences })
    };
    named.iter().filter_map(first).collect()
}

/// What a SKU has in common with those that are spelled almost so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    skeleton: String,
}

impl Spelling {
    /// That of `sku`.
    #[must_use]
    pub fn of(sku: &Sku) -> Self {
        Self { skeleton: skeleton(sku.as_str()) }
    }

    /// Whether the text is the SKU or spelled almost so.
    #[must_use]
    pub fn is_alike(&self, text: &str) -> bool {
        skeleton(text) == self.skeleton
    }
}

/// A SKU that is spelled almost like another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// As it is spelled.
    pub sku: Sku,
    /// How the two differ; never empty.
    pub differences: Vec<Difference>,
}

/// Those of `others` that differ from `sku` only in their spelling, sorted.
#[must_use]
pub fn alike<'a>(sku: &Sku, others: impl IntoIterator<Item = &'a Sku>) -> Vec<Alike> {
    let wanted = skeleton(sku.as_str());
    let is_alike = |other: &&Sku| *other != sku && skeleton(other.as_str()) == wanted;
    let mut found: Vec<&Sku> = others.into_iter().filter(is_alike).collect();
    found.sort_unstable();
    found.dedup();
    let alike =
        |other: &Sku| Alike { sku: other.clone(), differences: differences(sku.as_str(), other.as_str()) };
    found.into_iter().map(alike).collect()
}

/// A SKU that seems to be sold out, and another one that may hold its units: they differ only in their spelling. Its
/// stock is unknown, and unknown is never zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// The SKU that would be sold out.
    pub sold_out: Sku,
    /// The SKU that came in instead, or that no listing carries.
    pub instead: Sku,
    /// How they differ; never empty.
    pub differences: Vec<Difference>,
}

impl From<Slip> for NearMiss {
    fn from(slip: Slip) -> Self {
        Self { warehouse: slip.instead, shop: slip.sold_out, differences: slip.differences }
    }
}

/// Which of the SKUs `sold_out` are spelled almost like one of `others`; each with the first such, both sorted. Linear
/// in both, apart from sorting.
#[must_use]
pub fn slips<'a>(
    sold_out: impl IntoIterator<Item = &'a Sku>,
    others: impl IntoIterator<Item = &'a Sku>,
) -> Vec<Slip> {
    let groups = by_skeleton(sold_out, others);
    let mut found: Vec<Slip> = groups
        .into_values()
        .flat_map(|Group { warehouse: sold_out, shop: mut others }| {
            others.sort_unstable();
            sold_out.into_iter().filter_map(move |sku| {
                let instead = *others.iter().find(|other| **other != sku)?;
                let differences = differences(sku.as_str(), instead.as_str());
                Some(Slip { sold_out: sku.clone(), instead: instead.clone(), differences })
            })
        })
        .collect();
    found.sort_unstable_by(|a, b| a.sold_out.cmp(&b.sold_out));
    found.dedup();
    found
}

/// Those of `others` that are spelled almost like one of `skus`, sorted.
#[must_use]
pub fn twins<'a>(
    skus: impl IntoIterator<Item = &'a Sku>,
    others: impl IntoIterator<Item = &'a Sku>,
) -> Vec<&'a Sku> {
    let groups = by_skeleton(skus, others);
    let mut found: Vec<&Sku> = groups.into_values().flat_map(|group| group.shop).collect();
    found.sort_unstable();
    found
}

/// The SKUs of both sides by their skeleton; of the second, only those that the first has.
fn by_skeleton<'a>(
    first: impl IntoIterator<Item = &'a Sku>,
    second: impl IntoIterator<Item = &'a Sku>,
) -> FastMap<String, Group<'a>> {
    let mut groups: FastMap<String, Group<'a>> = FastMap::default();
    for sku in first {
        groups.entry(skeleton(sku.as_str())).or_default().warehouse.push(sku);
    }
    if groups.is_empty() {
        return groups;
    }
    for sku in second {
        if let Some(group) = groups.get_mut(&skeleton(sku.as_str())) {
            group.shop.push(sku);
        }
    }
    groups
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
                // One of the two has no match, so they never have the same text.
                let warehouse = here.get(at).unwrap_or(own).clone();
                let shop = there.get(at).unwrap_or(other).clone();
                let differences = differences(warehouse.as_str(), shop.as_str());
                NearMiss { warehouse, shop, differences }
            })
            .collect()
    }
}

/// How two spellings with the same skeleton differ. A difference is left out if the others already explain both
/// spellings.
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

/// The SKU without everything that people overlook. Near misses have the same skeleton.
fn skeleton(text: &str) -> String {
    fold(text, Difference::ALL)
}

/// The text without the `overlooked` differences.
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

/// The text without the leading zeros of its numbers.
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

/// Whether a character is invisible: white space, control characters, soft hyphens, fillers, and joiners, marks and
/// selectors of zero width.
#[must_use]
pub fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// A hyphen for every character that looks like one.
fn dash(letter: char) -> char {
    match letter {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        other => other,
    }
}

/// The Latin letter that looks like a Cyrillic one, in the same case.
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
            ("\u{2066}A-1\u{2069}", "A-1", vec![Spaces]),
            ("A-1\u{fe0f}", "A-1", vec![Spaces]),
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
        // Stock split over two spellings, where one spelling has a match.
        assert_eq!(
            found(&["A", "A "], &["A"]),
            [("A ".to_owned(), "A".to_owned(), vec![Difference::Spaces])]
        );
        assert_eq!(found(&["A"], &["A", "a"]), [("A".to_owned(), "a".to_owned(), vec![Difference::Case])]);
        assert_eq!(found(&["A", "a"], &["a", "A"]), []);
    }
}
