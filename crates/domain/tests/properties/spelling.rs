//! Near misses: what is suggested, what is not, and how much work a search may take.

use std::collections::BTreeSet;

use domain::Sku;
use domain::stock::near_miss::{Difference, alike, near_misses, slips, twins};
use proptest::prelude::*;
use proptest::sample;

use super::support::many_cases;
use super::support::sku::{sku, text};

fn side() -> impl Strategy<Value = Vec<Sku>> {
    proptest::collection::vec(text().prop_map(|text| sku(&text)), 0..24)
}

/// A plain SKU, and the same misspelt in the given ways.
fn misspelt() -> impl Strategy<Value = (Sku, Sku, Vec<Difference>)> {
    let ways = sample::subsequence(Difference::ALL.to_vec(), 1..=Difference::ALL.len());
    ("[1-9][0-9]{0,4}-[ABCEHKMOPTXY]{2,8}", ways, 0..4_usize).prop_map(|(plain, ways, at)| {
        let mut text = plain.clone();
        for way in &ways {
            text = match way {
                Difference::Spaces => {
                    let mut text = text;
                    let at = text.char_indices().map(|(at, _)| at).nth(at).unwrap_or(0);
                    text.insert(at, '\u{a0}');
                    text
                }
                Difference::Case => text.to_lowercase(),
                Difference::Lookalikes => text.chars().map(latin_to_cyrillic).collect(),
                Difference::Dashes => text.replace('-', "\u{2013}"),
                Difference::LeadingZeros => text,
            };
        }
        // First of all, because otherwise a space would separate the zeros from the number.
        if ways.contains(&Difference::LeadingZeros) {
            text = format!("00{text}");
        }
        (sku(&plain), sku(&text), ways)
    })
}

fn latin_to_cyrillic(letter: char) -> char {
    match letter {
        'A' => 'А',
        'a' => 'а',
        'K' => 'К',
        'k' => 'к',
        other => other,
    }
}

fn alone<'a>(own: &'a [Sku], other: &[Sku]) -> BTreeSet<&'a Sku> {
    own.iter().filter(|sku| !other.contains(sku)).collect()
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn a_pair_has_one_sku_of_each_side_and_one_without_a_match(warehouse in side(), shop in side()) {
        let (here, there) = (alone(&warehouse, &shop), alone(&shop, &warehouse));
        let found = near_misses(&warehouse, &shop);
        for near in &found {
            prop_assert!(near.warehouse != near.shop && !near.differences.is_empty());
            prop_assert!(warehouse.contains(&near.warehouse) && shop.contains(&near.shop));
            prop_assert!(here.contains(&near.warehouse) || there.contains(&near.shop));
        }
        let pairs: BTreeSet<_> = found.iter().map(|near| (&near.warehouse, &near.shop)).collect();
        prop_assert_eq!(pairs.len(), found.len(), "no pair is reported twice");
        prop_assert!(found.len() <= here.len() + there.len());
    }

    #[test]
    fn a_misspelling_is_found_and_told_by_what_was_done_to_it((plain, other, ways) in misspelt()) {
        let found = near_misses([&plain], [&other]);
        if plain == other {
            prop_assert!(found.is_empty());
            return Ok(());
        }
        prop_assert_eq!(found.len(), 1);
        prop_assert!(found[0].differences.iter().all(|one| ways.contains(one)), "{:?} of {:?}", found, ways);
    }

    #[test]
    fn both_sides_are_treated_alike_and_their_order_means_nothing(warehouse in side(), shop in side()) {
        let found = near_misses(&warehouse, &shop);
        let mirrored: BTreeSet<_> =
            near_misses(&shop, &warehouse).into_iter().map(|near| (near.shop, near.warehouse)).collect();
        let straight: BTreeSet<_> =
            found.iter().map(|near| (near.warehouse.clone(), near.shop.clone())).collect();
        prop_assert_eq!(straight, mirrored);
        let backwards: (Vec<_>, Vec<_>) = (warehouse.iter().rev().collect(), shop.iter().rev().collect());
        prop_assert_eq!(near_misses(backwards.0, backwards.1), found);
    }

    #[test]
    fn a_slip_is_any_sku_that_is_spelled_almost_like_another(sold_out in side(), others in side()) {
        let found = slips(&sold_out, &others);
        let named: BTreeSet<&Sku> = found.iter().map(|slip| &slip.sold_out).collect();
        prop_assert_eq!(named.len(), found.len(), "each once");
        for sku in &sold_out {
            let near = alike(sku, &others);
            prop_assert_eq!(named.contains(sku), !near.is_empty(), "{:?}", sku);
            let due = near.first().map(|near| (&near.sku, &near.differences));
            let told = found.iter().find(|slip| slip.sold_out == *sku);
            prop_assert_eq!(told.map(|slip| (&slip.instead, &slip.differences)), due);
        }
        let near: BTreeSet<&Sku> = twins(&sold_out, &others).into_iter().collect();
        for slip in &found {
            prop_assert!(near.contains(&slip.instead));
        }
    }

    #[test]
    fn sides_that_match_have_no_near_misses(skus in side()) {
        prop_assert!(near_misses(&skus, &skus).is_empty());
    }
}

/// Every spelling of one word on both sides: comparing each with each would take far too long.
#[test]
fn a_hundred_thousand_spellings_of_one_sku_are_paired_one_to_one() {
    let spellings = |ending: &str| -> Vec<Sku> {
        (0..100_000_u32)
            .map(|bits| {
                let letter = |at: u32| if bits >> at & 1 == 1 { 'A' } else { 'a' };
                sku(&format!("{}{ending}", (0..17).map(letter).collect::<String>()))
            })
            .collect()
    };
    let found = near_misses(&spellings(""), &spellings(" "));
    assert_eq!(found.len(), 100_000);
    let shop: BTreeSet<&Sku> = found.iter().map(|near| &near.shop).collect();
    assert_eq!(shop.len(), 100_000);
    assert!(found.iter().all(|near| near.differences == [Difference::Spaces]));
}
