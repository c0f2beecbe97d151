//! The guard against the guard paragraph of the design, in whole numbers.

use std::collections::BTreeSet;

use domain::plan::Facts;
use domain::plan::guard::Baseline;
use domain::plan::guard::{Past, TripCode, check};
use domain::{Listing, Plan, Policy, Scope, SoldOut, Stock};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::{option, sample};
use rust_decimal::Decimal;

use super::support::shop;
use super::support::sku::sku;
use super::support::{many_cases, some_cases};

/// Each sentence of the paragraph, one after the other.
fn sentences(f: &Facts, last: Option<u64>) -> BTreeSet<TripCode> {
    let wide = u128::from;
    let mut trips = BTreeSet::new();
    if f.matched >= 100 {
        // "more than 20 % of the listings that now show stock would go to zero": more than a fifth.
        if wide(f.to_zero) * 5 > wide(f.showing) {
            trips.insert(TripCode::TooManyToZero);
        }
        // "more than 50 % of all units shown would be taken away": more than a half.
        if wide(f.units_taken) * 2 > wide(f.units_shown) {
            trips.insert(TripCode::TooManyUnitsTaken);
        }
    } else if f.matched >= 20 {
        // "From 20: more than 50 % to zero."
        if wide(f.to_zero) * 2 > wide(f.showing) {
            trips.insert(TripCode::TooManyToZero);
        }
    } else if f.showing >= 5 && wide(f.to_zero) >= wide(f.showing) - 1 {
        // "Small shops (under 20 listings) are held too when all, or all but one, of at least five goods that show stock
        // would go to zero."
        trips.insert(TripCode::TooManyToZero);
    }
    // "more than half of at least 20 sold-out goods at once are held, but for a shop's first run."
    let sold_out = f.matched.saturating_sub(f.showing);
    if last.is_some() && sold_out >= 20 && 2 * wide(f.back_on_sale) > wide(sold_out) {
        trips.insert(TripCode::ManyBackOnSale);
    }
    // "Any size: an empty warehouse read;"
    if f.warehouse_skus == 0 || f.stock_rows == 0 {
        trips.insert(TripCode::WarehouseEmpty);
    } else {
        // "fewer than half the SKUs, or half the matches, of the largest good run of the last seven days;" an empty read
        // is reported as such.
        let shrunk = last.is_some_and(|last| wide(f.warehouse_skus) * 2 < wide(last));
        let collapsed = last.is_some_and(|last| wide(f.comparable) * 2 < wide(matches(last)));
        trips.extend(shrunk.then_some(TripCode::WarehouseShrunk));
        trips.extend(collapsed.then_some(TripCode::MatchesCollapsed));
    }
    // "more than three times the units shown would be added while more than half of the listings rise (unless
    // the shop shows nothing at all)."
    let added = wide(f.units_added) > 3 * wide(f.units_shown);
    if added && 2 * wide(f.rising) > wide(f.matched) && f.units_shown != 0 {
        trips.insert(TripCode::TooManyUnitsAdded);
    }
    trips
}

/// The matches of a good run with so many SKUs.
fn matches(skus: u64) -> u64 {
    skus / 2
}

/// The past of a shop whose largest good run had so many SKUs.
fn past(last: Option<u64>) -> Past {
    let baseline = last.map(|skus| Baseline { warehouse_skus: skus, comparable: matches(skus) });
    Past::of(baseline, false)
}

fn codes(facts: &Facts, last: Option<u64>) -> BTreeSet<TripCode> {
    let trips = check(facts, &past(last));
    let codes: BTreeSet<_> = trips.iter().map(|trip| trip.code).collect();
    assert_eq!(codes.len(), trips.len(), "a limit is reported twice");
    codes
}

/// Far above anything that a shop can hold, with room for the factors of the limits.
const ENORMOUS: u64 = 1 << 62;

fn figure() -> impl Strategy<Value = u64> {
    let edges = [0, 1, 19, 20, 21, 49, 50, 51, 99, 100, 101, ENORMOUS - 1, ENORMOUS];
    prop_oneof![4 => 0..130_u64, 2 => sample::select(edges.to_vec()), 1 => 0..=ENORMOUS]
}

/// Near `whole * numerator / denominator`, on both sides.
fn near(whole: u64, numerator: u64, denominator: u64) -> impl Strategy<Value = u64> {
    let share = u128::from(whole) * u128::from(numerator) / u128::from(denominator);
    let share = u64::try_from(share).unwrap();
    share.saturating_sub(2)..=share.saturating_add(2)
}

/// Figures around every limit. Parts may exceed their whole, because the guard accepts any figures.
fn facts() -> impl Strategy<Value = (Facts, Option<u64>)> {
    (figure(), figure(), figure(), figure(), any::<bool>()).prop_flat_map(
        |(warehouse_skus, matched, showing, units_shown, strict)| {
            let to_zero = near(showing, 1, if strict { 5 } else { 2 });
            let added = near(units_shown, 3, 1);
            let parts = (to_zero, near(units_shown, 1, 2), added, near(matched, 1, 2));
            let last = option::weighted(0.8, prop_oneof![near(warehouse_skus, 2, 1), figure()]);
            let back_on_sale = near(matched.saturating_sub(showing), 1, 2);
            let rest = (last, near(warehouse_skus, 1, 2), back_on_sale);
            (parts, rest).prop_map(move |((to_zero, units_taken, units_added, rising), rest)| {
                let (last, comparable, back_on_sale) = rest;
                let listings = matched;
                let facts = Facts {
                    warehouse_skus,
                    stock_rows: warehouse_skus / 2,
                    listings,
                    matched,
                    showing,
                    to_zero,
                    units_shown,
                    units_taken,
                    units_added,
                    rising,
                    comparable,
                    back_on_sale,
                    ..Facts::default()
                };
                (facts, last)
            })
        },
    )
}

/// One listing for each pair of level and stock; the first of each is what the shop shows.
fn plan(pairs: &[(i64, i64)], policy: Policy) -> Plan {
    let name = |at: usize| format!("S{at}");
    let listings: Vec<Listing> = pairs
        .iter()
        .enumerate()
        .map(|(at, (shown, _))| shop::listing(at, Some(&name(at)), true, Some(shop::level(*shown))))
        .collect();
    let stock = pairs.iter().enumerate().map(|(at, (_, stock))| (sku(&name(at)), Decimal::from(*stock)));
    Plan::make(&Stock::explicit(stock), &listings, policy, &Scope::All)
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn i11_trips_are_those_of_the_design((facts, last) in facts()) {
        prop_assert_eq!(codes(&facts, last), sentences(&facts, last));
    }

    #[test]
    fn taking_more_away_never_lets_a_plan_through((facts, last) in facts(), more in (figure(), figure(), figure())) {
        let before = codes(&facts, last);
        let worse = Facts {
            to_zero: facts.to_zero.saturating_add(more.0),
            units_taken: facts.units_taken.saturating_add(more.1),
            ..facts
        };
        prop_assert!(codes(&worse, last).is_superset(&before));

        let fewer_skus = Facts {
            warehouse_skus: facts.warehouse_skus.saturating_sub(more.2),
            comparable: facts.comparable.saturating_sub(more.2),
            ..facts
        };
        let warehouse = [TripCode::WarehouseEmpty, TripCode::WarehouseShrunk, TripCode::MatchesCollapsed];
        let trips = |codes: &BTreeSet<_>| warehouse.iter().any(|code| codes.contains(code));
        prop_assert!(!trips(&before) || trips(&codes(&fewer_skus, last)));

        let swollen = Facts {
            units_added: facts.units_added.saturating_add(more.0),
            rising: facts.rising.saturating_add(more.1),
            back_on_sale: facts.back_on_sale.saturating_add(more.2),
            ..facts
        };
        prop_assert!(codes(&swollen, last).is_superset(&before));
    }

    #[test]
    fn a_trip_tells_the_figures_that_it_judged((facts, last) in facts()) {
        for trip in check(&facts, &past(last)) {
            let figures = match trip.code {
                TripCode::AnotherWriter => unreachable!("no evidence"),
                TripCode::WarehouseEmpty => (0, facts.listings),
                TripCode::WarehouseShrunk => (facts.warehouse_skus, last.unwrap()),
                TripCode::MatchesCollapsed => (facts.comparable, matches(last.unwrap())),
                TripCode::ManyBackOnSale => (facts.back_on_sale, facts.matched - facts.showing),
                TripCode::TooManyToZero => (facts.to_zero, facts.showing),
                TripCode::TooManyUnitsTaken => (facts.units_taken, facts.units_shown),
                TripCode::TooManyUnitsAdded => (facts.units_added, facts.units_shown),
            };
            prop_assert_eq!((trip.found, trip.of), figures);
        }
    }

    #[test]
    fn no_figures_are_too_large(figures in vec(prop_oneof![Just(u64::MAX), any::<u64>()], 10), last in any::<u64>()) {
        let [
            warehouse_skus, matched, showing, to_zero, units_shown, units_taken, units_added, rising, comparable,
            back_on_sale,
        ] = figures[..] else { unreachable!() };
        let facts = Facts {
            warehouse_skus, matched, showing, to_zero, units_shown, units_taken, units_added, rising, comparable,
            back_on_sale,
            stock_rows: warehouse_skus,
            ..Facts::default()
        };
        prop_assert!(check(&facts, &past(Some(last))).len() <= 6);
    }
}

proptest! {
    #![proptest_config(some_cases())]

    #[test]
    fn a_lower_stock_never_lets_a_shrinking_plan_through(
        mut pairs in vec((0..6_i64, 0..4_i64), 1..130),
        lowered in vec(any::<sample::Index>(), 1..20),
    ) {
        let judged = |pairs: &[(i64, i64)]| {
            let mut codes = codes(&plan(pairs, Policy::default()).facts, None);
            codes.remove(&TripCode::TooManyUnitsAdded);
            codes
        };
        let mut before = judged(&pairs);
        for index in lowered {
            let at = index.index(pairs.len());
            let (_, stock) = &mut pairs[at];
            *stock = 0.max(*stock - 2);
            let after = judged(&pairs);
            prop_assert!(after.is_superset(&before));
            before = after;
        }
    }

    #[test]
    fn leaving_sold_out_goods_alone_never_sends_a_listing_to_zero(pairs in vec((0..6_i64, -1..4_i64), 0..130)) {
        let facts = plan(&pairs, Policy { sold_out: SoldOut::Ignore }).facts;
        prop_assert_eq!(facts.to_zero, 0);
        prop_assert!(!codes(&facts, None).contains(&TripCode::TooManyToZero));
    }
}

/// `matched` listings that show ten units each; the first `zero` have no stock.
fn emptied(matched: usize, zero: usize) -> BTreeSet<TripCode> {
    let pairs: Vec<_> = (0..matched).map(|at| (10, if at < zero { 0 } else { 10 })).collect();
    codes(&plan(&pairs, Policy::default()).facts, None)
}

#[test]
fn shares_to_zero_are_exact() {
    for (matched, allowed) in
        [(20, 10), (21, 10), (99, 49), (100, 20), (101, 20), (104, 20), (105, 21), (500, 100)]
    {
        assert_eq!(emptied(matched, allowed), BTreeSet::new(), "{allowed} of {matched}");
        let tripped = emptied(matched, allowed + 1);
        assert_eq!(tripped, BTreeSet::from([TripCode::TooManyToZero]), "{} of {matched}", allowed + 1);
    }
    for matched in 1..5 {
        assert_eq!(emptied(matched, matched), BTreeSet::new(), "all of {matched}");
    }
    for matched in 5..20 {
        assert_eq!(emptied(matched, matched - 2), BTreeSet::new(), "all but two of {matched}");
        for left in [0, 1] {
            let tripped = emptied(matched, matched - left);
            assert_eq!(tripped, BTreeSet::from([TripCode::TooManyToZero]), "all but {left} of {matched}");
        }
    }
}

#[test]
fn the_share_of_units_is_exact_and_begins_at_a_hundred() {
    let taken = |matched: usize, more: i64| {
        let pairs: Vec<_> = (0..matched).map(|at| (10, if at == 0 { 5 - more } else { 5 })).collect();
        codes(&plan(&pairs, Policy::default()).facts, None)
    };
    assert_eq!(taken(100, 0), BTreeSet::new());
    assert_eq!(taken(100, 1), BTreeSet::from([TripCode::TooManyUnitsTaken]));
    assert_eq!(taken(99, 1), BTreeSet::new());
}

#[test]
fn three_times_the_units_while_most_rise_is_exact() {
    let added = |rising: usize, each: i64| {
        // Four listings that show 6 units together. The added units are spread over the listings that rise.
        let shown = [3, 1, 1, 1];
        let pairs: Vec<_> =
            shown.iter().enumerate().map(|(at, l)| (*l, if at < rising { l + each } else { *l })).collect();
        codes(&plan(&pairs, Policy::default()).facts, None)
    };
    assert_eq!(added(3, 6), BTreeSet::new(), "18 added to 6");
    assert_eq!(added(3, 7), BTreeSet::from([TripCode::TooManyUnitsAdded]), "21 added to 6");
    assert_eq!(added(2, 50), BTreeSet::new(), "half of the listings rise");
    let from_nothing: Vec<_> = (0..4).map(|_| (0, 1_000)).collect();
    assert_eq!(codes(&plan(&from_nothing, Policy::default()).facts, None), BTreeSet::new());
}

#[test]
fn half_of_the_last_good_run_is_exact() {
    for (last, allowed) in [(1, 1), (2, 1), (3, 2), (4, 2), (99, 50), (100, 50), (101, 51)] {
        let trips = |warehouse_skus| {
            let facts = Facts { warehouse_skus, stock_rows: 1, comparable: last, ..Facts::default() };
            codes(&facts, Some(last))
        };
        assert_eq!(trips(allowed), BTreeSet::new(), "{allowed} after {last}");
        let fewer = if allowed == 1 { TripCode::WarehouseEmpty } else { TripCode::WarehouseShrunk };
        assert_eq!(trips(allowed - 1), BTreeSet::from([fewer]), "{} after {last}", allowed - 1);
    }
    assert_eq!(codes(&Facts::default(), None), BTreeSet::from([TripCode::WarehouseEmpty]));
}
