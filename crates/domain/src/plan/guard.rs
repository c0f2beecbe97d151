//! The guard: stops a plan that looks like an accident.
//!
//! A wrong warehouse, a half-filled table or a query that lost its rows all look like a plan that empties the shop.
//! All limits are checked in whole numbers, so rounding never decides.

use serde::{Deserialize, Serialize};

use crate::code::coded;
use crate::plan::Facts;

/// The strict limits apply from this many matched listings.
const STRICT_FROM: u64 = 100;
/// The loose limit applies from this many matched listings. Below it, percentages mean nothing.
const LOOSE_FROM: u64 = 20;
/// Strict: at most this percentage of the listings that show stock may go to zero.
const STRICT_ZERO_PERCENT: u64 = 20;
/// Loose: the same, for small shops.
const LOOSE_ZERO_PERCENT: u64 = 50;
/// Strict: at most this percentage of all units shown may be taken away.
const STRICT_UNITS_PERCENT: u64 = 50;
/// If more than half of the listings rise, at most this many times the units shown may be added.
const ADDED_TIMES: u64 = 3;

coded! {
    /// What tripped the guard.
    TripCode {
        /// The warehouse read gave no SKU, or no stock row for any of them.
        WarehouseEmpty = "warehouse_empty",
        /// The warehouse knows fewer than half the SKUs of the last good run.
        WarehouseShrunk = "warehouse_shrunk",
        /// Too many listings that show stock would go to zero.
        TooManyToZero = "too_many_to_zero",
        /// Too many of the units shown would be taken away.
        TooManyUnitsTaken = "too_many_units_taken",
        /// Several times the units shown would be added.
        TooManyUnitsAdded = "too_many_units_added",
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

/// Every limit that the plan exceeds; if there are none, the plan may be applied. `last_good_skus` is the number of
/// SKUs that the warehouse listed in the shop's last good run over the whole shop, if there was one.
#[must_use]
pub fn check(facts: &Facts, last_good_skus: Option<u64>) -> Vec<Trip> {
    let mut trips = Vec::new();
    let mut trip_if = |trips_it: bool, code, found, of| {
        if trips_it {
            trips.push(Trip { code, found, of });
        }
    };
    let f = facts;
    // A product table alone says nothing about stock: without stock rows every target would be zero.
    let empty = f.warehouse_skus == 0 || f.stock_rows == 0;
    trip_if(empty, TripCode::WarehouseEmpty, 0, f.listings);
    if let Some(before) = last_good_skus {
        let shrunk = !empty && f.warehouse_skus.saturating_mul(2) < before;
        trip_if(shrunk, TripCode::WarehouseShrunk, f.warehouse_skus, before);
    }
    let zero_percent = match f.matched {
        STRICT_FROM.. => Some(STRICT_ZERO_PERCENT),
        LOOSE_FROM.. => Some(LOOSE_ZERO_PERCENT),
        _ => None,
    };
    if let Some(percent) = zero_percent {
        trip_if(exceeds(f.to_zero, percent, f.showing), TripCode::TooManyToZero, f.to_zero, f.showing);
    }
    if f.matched >= STRICT_FROM {
        let too_many = exceeds(f.units_taken, STRICT_UNITS_PERCENT, f.units_shown);
        trip_if(too_many, TripCode::TooManyUnitsTaken, f.units_taken, f.units_shown);
    }
    let swells = f.units_shown > 0 && f.units_added > f.units_shown.saturating_mul(ADDED_TIMES);
    let most_rise = f.rising.saturating_mul(2) > f.matched;
    trip_if(swells && most_rise, TripCode::TooManyUnitsAdded, f.units_added, f.units_shown);
    trips
}

/// Whether `part` is more than `percent` of `whole`.
fn exceeds(part: u64, percent: u64, whole: u64) -> bool {
    u128::from(part) * 100 > u128::from(whole) * u128::from(percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(facts: Facts, last: Option<u64>) -> Vec<TripCode> {
        check(&facts, last).into_iter().map(|trip| trip.code).collect()
    }

    fn shop(matched: u64) -> Facts {
        Facts {
            warehouse_skus: matched,
            stock_rows: matched,
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
        assert_eq!(codes(Facts { to_zero: 19, units_taken: 190, ..shop(19) }, None), []);
    }

    #[test]
    fn an_empty_or_shrunken_warehouse_trips_at_any_size() {
        assert_eq!(codes(Facts { warehouse_skus: 0, ..shop(3) }, None), [TripCode::WarehouseEmpty]);
        assert_eq!(codes(Facts { stock_rows: 0, ..shop(3) }, None), [TripCode::WarehouseEmpty]);
        assert_eq!(codes(shop(50), Some(100)), []);
        assert_eq!(codes(shop(49), Some(100)), [TripCode::WarehouseShrunk]);
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
