//! The guard: stops a plan that looks like an accident.
//!
//! A wrong warehouse, a half-filled table or a query that lost its rows all look like a plan that empties the shop.
//! All limits are checked in whole numbers, so rounding never decides.

use serde::{Deserialize, Serialize};

use crate::code::coded;
use crate::plan::Facts;
use crate::write::another_writer::AnotherWriter;

/// The strict limits apply from this many matched listings.
const STRICT_FROM: u64 = 100;
/// The loose limit applies from this many matched listings. Below it, percentages mean nothing.
const LOOSE_FROM: u64 = 20;
/// Strict: at most this percentage of the listings that show stock may go to zero.
const STRICT_ZERO_PERCENT: u64 = 20;
/// Loose: the same, for small shops.
const LOOSE_ZERO_PERCENT: u64 = 50;
/// Below the loose limits: from this many listings that show stock, not all of them may go to zero, nor all but one.
const SMALL_FROM: u64 = 5;
/// From this many matched listings that are sold out, at most half of them may go back on sale at once.
const MANY_SOLD_OUT: u64 = 20;
/// Strict: at most this percentage of all units shown may be taken away.
const STRICT_UNITS_PERCENT: u64 = 50;
/// If more than half of the listings rise, at most this many times the units shown may be added.
const ADDED_TIMES: u64 = 3;

coded! {
    /// What tripped the guard.
    TripCode {
        /// The last runs found that another program writes to the shop.
        AnotherWriter = "another_writer",
        /// The warehouse read gave no SKU, or no stock row for any of them.
        WarehouseEmpty = "warehouse_empty",
        /// The warehouse knows fewer than half the SKUs of the largest good run of late.
        WarehouseShrunk = "warehouse_shrunk",
        /// Fewer than half the SKUs match that matched in the largest good run of late.
        MatchesCollapsed = "matches_collapsed",
        /// Too many listings that show stock would go to zero.
        TooManyToZero = "too_many_to_zero",
        /// Too many of the units shown would be taken away.
        TooManyUnitsTaken = "too_many_units_taken",
        /// Several times the units shown would be added.
        TooManyUnitsAdded = "too_many_units_added",
        /// Too many sold-out goods would go back on sale at once.
        ManyBackOnSale = "many_back_on_sale",
    }
}

/// One limit that a plan exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// Which limit.
    pub code: TripCode,
    /// How many there would be: listings, units or SKUs, depending on the code.
    pub found: u64,
    /// Out of how many.
    pub of: u64,
}

/// What the guard compares a plan of the whole shop with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Baseline {
    /// The most SKUs that the warehouse listed.
    pub warehouse_skus: u64,
    /// The most SKUs that could be compared.
    pub comparable: u64,
}

/// What the guard knows of earlier runs of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Past {
    /// The good runs that a plan of the whole shop is compared with; `None` if there are none, and for a filtered plan.
    pub baseline: Option<Baseline>,
    /// Whether the shop has had a good run. A shop's first run may put anything on sale.
    pub had_good_run: bool,
    /// The evidence that another program writes to the shop, until a user lets a plan through.
    pub another_writer: Option<AnotherWriter>,
}

impl Past {
    /// The past of a shop with this baseline, for a plan that is limited to some SKUs or not.
    #[must_use]
    pub fn of(baseline: Option<Baseline>, filtered: bool) -> Self {
        // A filtered plan does not cover the whole warehouse.
        let own = baseline.filter(|_| !filtered);
        Self { baseline: own, had_good_run: baseline.is_some(), another_writer: None }
    }

    /// The same past, with this evidence.
    #[must_use]
    pub fn with(self, another_writer: Option<AnotherWriter>) -> Self {
        Self { another_writer, ..self }
    }
}

/// Every limit that the plan exceeds; if there are none, the plan may be applied.
#[must_use]
pub fn check(facts: &Facts, past: &Past) -> Vec<Trip> {
    let mut trips = Vec::new();
    let mut trip_if = |trips_it: bool, code, found, of| {
        if trips_it {
            trips.push(Trip { code, found, of });
        }
    };
    let f = facts;
    let seen = past.another_writer.unwrap_or(AnotherWriter { lines: 0, of: 0 });
    trip_if(past.another_writer.is_some(), TripCode::AnotherWriter, seen.lines, seen.of);
    // A product table alone says nothing about stock: without stock rows every target would be zero.
    let empty = f.warehouse_skus == 0 || f.stock_rows == 0;
    trip_if(empty, TripCode::WarehouseEmpty, 0, f.listings);
    if let Some(before) = past.baseline.filter(|_| !empty) {
        let (skus, matches) = (f.warehouse_skus, f.comparable);
        let shrunk = skus.saturating_mul(2) < before.warehouse_skus;
        trip_if(shrunk, TripCode::WarehouseShrunk, skus, before.warehouse_skus);
        let collapsed = matches.saturating_mul(2) < before.comparable;
        trip_if(collapsed, TripCode::MatchesCollapsed, matches, before.comparable);
    }
    trip_if(empties_shop(f), TripCode::TooManyToZero, f.to_zero, f.showing);
    if f.matched >= STRICT_FROM {
        let too_many = exceeds(f.units_taken, STRICT_UNITS_PERCENT, f.units_shown);
        trip_if(too_many, TripCode::TooManyUnitsTaken, f.units_taken, f.units_shown);
    }
    let swells = f.units_shown > 0 && f.units_added > f.units_shown.saturating_mul(ADDED_TIMES);
    let most_rise = f.rising.saturating_mul(2) > f.matched;
    trip_if(swells && most_rise, TripCode::TooManyUnitsAdded, f.units_added, f.units_shown);
    let sold_out = f.matched.saturating_sub(f.showing);
    let many = past.had_good_run && sold_out >= MANY_SOLD_OUT && f.back_on_sale.saturating_mul(2) > sold_out;
    trip_if(many, TripCode::ManyBackOnSale, f.back_on_sale, sold_out);
    trips
}

/// Whether too many of the listings that show stock would go to zero.
fn empties_shop(f: &Facts) -> bool {
    match f.matched {
        STRICT_FROM.. => exceeds(f.to_zero, STRICT_ZERO_PERCENT, f.showing),
        LOOSE_FROM.. => exceeds(f.to_zero, LOOSE_ZERO_PERCENT, f.showing),
        _ => f.showing >= SMALL_FROM && f.to_zero.saturating_add(1) >= f.showing,
    }
}

/// Whether `part` is more than `percent` of `whole`.
fn exceeds(part: u64, percent: u64, whole: u64) -> bool {
    u128::from(part) * 100 > u128::from(whole) * u128::from(percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(facts: Facts, last: Option<u64>) -> Vec<TripCode> {
        let size = |size| Baseline { warehouse_skus: size, comparable: size };
        check(&facts, &Past::of(last.map(size), false)).into_iter().map(|trip| trip.code).collect()
    }

    fn shop(matched: u64) -> Facts {
        Facts {
            warehouse_skus: matched,
            stock_rows: matched,
            comparable: matched,
            listings: matched,
            matched,
            showing: matched,
            units_shown: matched * 10,
            ..Facts::default()
        }
    }

    #[test]
    fn strict_shares_from_a_hundred_listings() {
        assert_eq!(codes(Facts { to_zero: 20, units_taken: 200, ..shop(100) }, None), []);
        assert_eq!(
            codes(Facts { to_zero: 21, units_taken: 210, ..shop(100) }, None),
            [TripCode::TooManyToZero]
        );
        assert_eq!(codes(Facts { units_taken: 500, ..shop(100) }, None), []);
        assert_eq!(codes(Facts { units_taken: 501, ..shop(100) }, None), [TripCode::TooManyUnitsTaken]);
    }

    #[test]
    fn the_share_is_of_listings_that_show_stock() {
        let facts = Facts { showing: 10, to_zero: 3, units_shown: 100, ..shop(200) };
        assert_eq!(codes(facts, None), [TripCode::TooManyToZero]);
    }

    #[test]
    fn loose_share_from_twenty_listings_and_none_below() {
        assert_eq!(codes(Facts { to_zero: 10, ..shop(20) }, None), []);
        assert_eq!(codes(Facts { to_zero: 11, ..shop(20) }, None), [TripCode::TooManyToZero]);
        assert_eq!(codes(Facts { to_zero: 50, ..shop(99) }, None), [TripCode::TooManyToZero]);
        assert_eq!(codes(Facts { to_zero: 17, units_taken: 190, ..shop(19) }, None), []);
    }

    #[test]
    fn a_small_shop_is_not_emptied_nor_left_with_one() {
        for showing in 5..20 {
            let emptied = |to_zero| codes(Facts { to_zero, ..shop(showing) }, None);
            assert_eq!(emptied(showing), [TripCode::TooManyToZero], "all of {showing}");
            assert_eq!(emptied(showing - 1), [TripCode::TooManyToZero], "all but one of {showing}");
            assert_eq!(emptied(showing - 2), [], "all but two of {showing}");
        }
        assert_eq!(codes(Facts { to_zero: 4, ..shop(4) }, None), [], "too few to tell");
        let sold_out = Facts { showing: 5, to_zero: 4, ..shop(19) };
        assert_eq!(codes(sold_out, None), [TripCode::TooManyToZero], "of those that show stock");
    }

    #[test]
    fn matches_collapse_below_half_whatever_the_number_of_skus() {
        let past = Past::of(Some(Baseline { warehouse_skus: 100, comparable: 80 }), false);
        let judged = |comparable, past: &Past| {
            let trips = check(&Facts { comparable, ..shop(100) }, past);
            trips.into_iter().map(|trip| (trip.code, trip.found, trip.of)).collect::<Vec<_>>()
        };
        assert_eq!(judged(40, &past), []);
        assert_eq!(judged(39, &past), [(TripCode::MatchesCollapsed, 39, 80)]);
        assert_eq!(judged(0, &past), [(TripCode::MatchesCollapsed, 0, 80)]);
        assert_eq!(judged(0, &Past::default()), [], "nothing to compare with");
        let filtered = Past::of(past.baseline, true);
        assert_eq!(judged(0, &filtered), [], "a filtered plan covers a part");
        assert_eq!(
            codes(Facts { comparable: 0, stock_rows: 0, ..shop(9) }, Some(9)),
            [TripCode::WarehouseEmpty]
        );
    }

    #[test]
    fn any_plan_is_held_while_another_program_writes() {
        let past = Past::default().with(Some(AnotherWriter { lines: 3, of: 7 }));
        let trips = check(&shop(1), &past);
        assert_eq!(trips, [Trip { code: TripCode::AnotherWriter, found: 3, of: 7 }]);
    }

    #[test]
    fn many_goods_do_not_go_back_on_sale_at_once_but_in_the_first_run() {
        let judged = |sold_out: u64, back_on_sale, last| {
            let facts = Facts { showing: 40, back_on_sale, ..shop(40 + sold_out) };
            codes(Facts { warehouse_skus: 60, comparable: 60, ..facts }, last)
        };
        assert_eq!(judged(20, 10, Some(60)), []);
        assert_eq!(judged(20, 11, Some(60)), [TripCode::ManyBackOnSale]);
        assert_eq!(judged(19, 19, Some(60)), [], "too few to tell");
        assert_eq!(judged(20, 20, None), [], "the first run of a shop");
        let filtered = Past { had_good_run: true, ..Past::default() };
        let facts = Facts { showing: 0, back_on_sale: 20, units_shown: 0, ..shop(20) };
        assert_eq!(check(&facts, &filtered).len(), 1, "a filtered plan, within its filter");
    }

    #[test]
    fn an_empty_or_shrunken_warehouse_trips_at_any_size() {
        assert_eq!(codes(Facts { warehouse_skus: 0, ..shop(3) }, None), [TripCode::WarehouseEmpty]);
        assert_eq!(codes(Facts { stock_rows: 0, ..shop(3) }, None), [TripCode::WarehouseEmpty]);
        assert_eq!(codes(shop(50), Some(100)), []);
        assert_eq!(codes(Facts { comparable: 50, ..shop(49) }, Some(100)), [TripCode::WarehouseShrunk]);
        assert_eq!(codes(shop(49), Some(100)), [TripCode::WarehouseShrunk, TripCode::MatchesCollapsed]);
    }

    #[test]
    fn swelling_trips_unless_few_rise_or_nothing_is_shown() {
        let swollen = Facts { units_added: 31, rising: 2, ..shop(1) };
        assert_eq!(codes(swollen, None), [TripCode::TooManyUnitsAdded]);
        assert_eq!(codes(Facts { units_added: 30, rising: 1, ..shop(1) }, None), []);
        assert_eq!(codes(Facts { units_added: 1_000, rising: 2, ..shop(4) }, None), []);
        assert_eq!(codes(Facts { units_added: 1_000, rising: 4, units_shown: 0, ..shop(4) }, None), []);
    }
}
