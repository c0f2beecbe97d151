//! A plan reaches every target, touches nothing else, and reports every SKU.

use std::collections::{BTreeMap, BTreeSet};

use domain::plan::Change;
use domain::plan::guard;
use domain::plan::guard::Baseline;
use domain::{Listing, Plan, Policy, Scope, SkipReason, Stock};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::support::naive::{self, Due};
use super::support::plan_input::{PlanInput, plan_input};
use super::support::shop;
use super::support::sku::sku;
use super::support::some_cases;

/// The shop after Wix has added every delta to the listing that it names.
fn applied(changes: &[Change], listings: &[Listing]) -> Vec<Listing> {
    let mut after = listings.to_vec();
    for change in changes {
        let listing = after.iter_mut().find(|listing| listing.key == change.key).unwrap();
        assert_eq!(listing.inventory_item, change.inventory_item);
        listing.level = Some(shop::level(listing.level.unwrap().units() + change.delta.units()));
    }
    after
}

fn skips(plan: &Plan) -> BTreeSet<(String, SkipReason)> {
    plan.skips.iter().map(|skip| (skip.sku.to_string(), skip.reason)).collect()
}

proptest! {
    #![proptest_config(some_cases())]

    #[test]
    fn applying_a_plan_reaches_every_target_and_moves_nothing_else(input in plan_input()) {
        let (stock, plan) = (input.stock(), input.plan());
        let after = applied(&plan.changes, &input.listings);

        let mut targets = BTreeMap::new();
        for due in naive::all_due(&stock, &input.listings, input.policy, &input.scope).values() {
            if let Due::Show(listing, target) = due {
                targets.insert(listing.key.clone(), *target);
            }
        }
        for (before, after) in input.listings.iter().zip(&after) {
            if let Some(target) = targets.get(&before.key) {
                prop_assert_eq!(after.level.unwrap().units(), *target);
            } else {
                prop_assert_eq!(before, after);
            }
        }

        let second = Plan::make(&stock, &after, input.policy, &input.scope);
        prop_assert_eq!(&second.changes, &[]);
        prop_assert_eq!(second.facts.in_step, second.facts.matched);
        prop_assert_eq!(second.facts.matched, plan.facts.matched);
        prop_assert_eq!(skips(&second), skips(&plan));
        prop_assert_eq!(&second.notes, &plan.notes);
    }

    #[test]
    fn i4_no_write_leaves_the_range_that_wix_shows(input in plan_input()) {
        for change in input.plan().changes {
            let target = change.target.units();
            prop_assert!((0..=99_999).contains(&target));
            prop_assert_eq!(change.level.units() + change.delta.units(), target);
            prop_assert_ne!(change.delta.units(), 0);
            prop_assert_eq!(change.delta.raises(), change.delta.units() > 0);
            prop_assert_eq!(change.delta.magnitude(), change.delta.units().unsigned_abs());
        }
    }

    #[test]
    fn a_change_is_one_whole_listing_and_is_due(input in plan_input()) {
        let stock = input.stock();
        let mut written = BTreeSet::new();
        for change in input.plan().changes {
            prop_assert!(written.insert(change.key.clone()), "{:?} is written twice", change.key);
            let carriers = naive::listings_of(change.sku.as_str(), &input.listings);
            prop_assert_eq!(carriers.len(), 1);
            prop_assert!(carriers[0].tracked);
            prop_assert_eq!(&carriers[0].key, &change.key);
            prop_assert_eq!(&carriers[0].inventory_item, &change.inventory_item);
            prop_assert_eq!(carriers[0].level, Some(change.level));
            prop_assert!(change.sku.as_str().chars().count() <= 40);
            prop_assert!(naive::in_scope(&input.scope, change.sku.as_str()));
            let amount = stock.get(change.sku.as_str()).unwrap();
            match naive::due(change.sku.as_str(), amount, &input.listings, input.policy) {
                Due::Show(_, target) => prop_assert_eq!(change.target.units(), target),
                Due::Leave(reasons) => prop_assert!(false, "{change:?} in spite of {reasons:?}"),
            }
        }
    }

    #[test]
    fn every_sku_is_accounted_for_once(input in plan_input()) {
        let (stock, plan) = (input.stock(), input.plan());
        let mut reported = BTreeMap::new();
        for skip in &plan.skips {
            let twice = reported.insert(skip.sku.to_string(), skip.reason).is_some();
            prop_assert!(!twice, "{:?} is skipped twice", skip.sku);
        }
        let mut changed = BTreeSet::new();
        for change in &plan.changes {
            prop_assert!(changed.insert(change.sku.to_string()), "{:?} is changed twice", change.sku);
        }
        let mut in_step = 0;
        for (sku, due) in naive::all_due(&stock, &input.listings, input.policy, &input.scope) {
            let (skipped, changed) = (reported.remove(&sku), changed.remove(&sku));
            match due {
                Due::Leave(reasons) => {
                    prop_assert!(!changed);
                    let reported = skipped.is_some_and(|reason| reasons.contains(&reason));
                    prop_assert!(reported, "{sku:?}: {skipped:?} is none of {reasons:?}");
                }
                Due::Show(listing, target) => {
                    prop_assert_eq!(skipped, None);
                    let shows_it = listing.level.unwrap().units() == target;
                    prop_assert_eq!(changed, !shows_it);
                    in_step += u64::from(shows_it);
                }
            }
        }
        prop_assert_eq!(plan.facts.in_step, in_step);
        prop_assert!(changed.is_empty(), "changed, and not local: {changed:?}");

        let without_sku = reported.remove("");
        let due = stock.rows_without_sku() > 0 && input.scope == Scope::All;
        prop_assert_eq!(without_sku, due.then_some(SkipReason::SkuEmpty));
        let foreign = naive::foreign(&stock, &input.listings, &input.scope);
        prop_assert_eq!(reported.keys().cloned().collect::<BTreeSet<_>>(), foreign);
        for (sku, reason) in reported {
            let shown = input.listings.iter().any(|one| one.sku.as_ref().is_some_and(|own| *own.as_str() == *sku));
            prop_assert_eq!(reason, if shown { SkipReason::NotInWarehouse } else { SkipReason::UnknownSku });
        }
    }

    #[test]
    fn the_figures_equal_a_recount(input in plan_input()) {
        let counted = naive::facts(&input.stock(), &input.listings, input.policy, &input.scope);
        prop_assert_eq!(input.plan().facts, counted);
    }

    #[test]
    fn every_target_that_differs_from_its_stock_is_noted(input in plan_input()) {
        let (stock, plan) = (input.stock(), input.plan());
        let mut noted = BTreeMap::new();
        for note in &plan.notes {
            prop_assert!(noted.insert(note.sku.clone(), note.clone()).is_none());
            prop_assert_eq!(stock.get(note.sku.as_str()), Some(domain::stock::Amount::Known(note.stock)));
            let (target, code) = naive::rule(input.policy, note.stock);
            prop_assert_eq!(Some(note.code), code);
            prop_assert_eq!(note.target.map(domain::Target::units), target);
        }
        for change in &plan.changes {
            let whole = stock.get(change.sku.as_str())
                == Some(domain::stock::Amount::Known(Decimal::from(change.target.units())));
            prop_assert_eq!(noted.contains_key(&change.sku), !whole);
        }
        for code in domain::plan::NoteCode::ALL {
            prop_assert_eq!(plan.notes_with(*code), plan.notes.iter().filter(|n| n.code == *code).count());
        }
    }

    #[test]
    fn lowering_comes_first_and_targets_ascend(input in plan_input()) {
        for pair in input.plan().changes.windows(2) {
            let [a, b] = pair else { unreachable!() };
            prop_assert!(!a.delta.raises() || b.delta.raises());
            prop_assert!(a.delta.raises() != b.delta.raises() || a.target <= b.target);
        }
    }

    #[test]
    fn the_order_of_the_reads_decides_nothing(
        (input, listings) in plan_input().prop_flat_map(|input| {
            let listings = Just(input.listings.clone()).prop_shuffle();
            (Just(input), listings)
        }),
    ) {
        let plan = input.plan();
        let other = PlanInput { listings, ..input }.plan();
        prop_assert_eq!(&other.changes, &plan.changes);
        prop_assert_eq!(skips(&other), skips(&plan));
        prop_assert_eq!(other.facts, plan.facts);
    }

    /// A page that is read twice shows a listing twice. The SKU then has two entries.
    #[test]
    fn a_listing_that_was_read_twice_is_not_written(input in plan_input(), again in vec(any::<prop::sample::Index>(), 1..4)) {
        let mut listings = input.listings.clone();
        if !listings.is_empty() {
            listings.extend(again.iter().map(|index| index.get(&input.listings).clone()));
        }
        let plan = PlanInput { listings: listings.clone(), ..input.clone() }.plan();
        for twice in &listings[input.listings.len()..] {
            prop_assert!(plan.changes.iter().all(|change| change.key != twice.key));
        }
    }

    #[test]
    fn a_filtered_plan_is_a_part_of_the_whole_plan(input in plan_input()) {
        let whole = PlanInput { scope: Scope::All, ..input.clone() }.plan();
        let inside = |change: &Change| naive::in_scope(&input.scope, change.sku.as_str());
        let expected: Vec<_> = whole.changes.into_iter().filter(inside).collect();
        prop_assert_eq!(input.plan().changes, expected);
    }

    #[test]
    fn no_input_makes_the_guard_overflow(input in plan_input(), last in any::<Option<u64>>()) {
        let facts = input.plan().facts;
        let baseline = last.map(|size| Baseline { warehouse_skus: size, comparable: size });
        let past = guard::Past::of(baseline, false);
        for trip in guard::check(&facts, &past) {
            prop_assert!(trip.found <= trip.of || trip.code == guard::TripCode::TooManyUnitsAdded);
        }
    }
}

/// The shop answers with one listing under two SKUs when its SKU is changed while the pages are read. Both
/// deltas together would take the level from 10 to −10.
#[test]
fn a_listing_that_was_read_under_two_skus_is_written_at_most_once() {
    let mut listings: Vec<_> =
        ["old", "new"].iter().map(|text| shop::listing(0, Some(text), true, Some(shop::level(10)))).collect();
    listings.push(shop::listing(1, Some("other"), true, Some(shop::level(10))));
    let stock = Stock::explicit(["old", "new", "other"].map(|text| (sku(text), Decimal::ZERO)));
    let plan = Plan::make(&stock, &listings, Policy::default(), &Scope::All);
    let written = plan.changes.iter().filter(|change| change.key == shop::key(0)).count();
    assert!(written <= 1, "{:?}", plan.changes);
    assert!(plan.changes.iter().any(|change| change.key == shop::key(1)));
}
