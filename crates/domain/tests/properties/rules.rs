//! From stock sums to targets.

use domain::quantity::CEILING;
use domain::{Delta, Level, Policy, Target};
use proptest::prelude::*;

use super::support::many_cases;
use super::support::naive;
use super::support::plan_input::policy;
use super::support::shop::any_level;
use super::support::warehouse::{any_decimal, common_decimal};

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn the_rules_are_those_of_the_design(policy in policy(), sum in prop_oneof![any_decimal(), common_decimal()]) {
        let ruled = policy.rule(sum);
        prop_assert_eq!((ruled.target.map(Target::units), ruled.note), naive::rule(policy, sum));
    }

    #[test]
    fn more_stock_is_never_a_lower_target(a in any_decimal(), b in prop_oneof![any_decimal(), common_decimal()]) {
        let target = |sum| Policy::default().rule(sum).target.unwrap();
        prop_assert!(target(a.min(b)) <= target(a.max(b)));
    }

    #[test]
    fn a_sum_that_is_written_with_more_zeros_is_the_same(policy in policy(), units in -200_000..200_000_i64, zeros in 0..8_u32) {
        let mut padded = rust_decimal::Decimal::from(units);
        padded.rescale(zeros);
        prop_assert_eq!(policy.rule(padded), policy.rule(padded.normalize()));
    }

    #[test]
    fn a_delta_brings_any_level_to_its_target(level in any_level(), units in 0..=CEILING) {
        let target = Target::new(units).unwrap();
        let delta = target.delta_from(level).map_or(0, Delta::units);
        prop_assert_eq!(level.units() + delta, i64::from(units));
        prop_assert_eq!(i128::from(level.shown()), i128::from(level.units().max(0)));
    }

    #[test]
    fn numbers_outside_their_range_are_refused(wide: i64, units: u32) {
        let fits = i32::try_from(wide).is_ok();
        prop_assert_eq!(Level::new(wide).map(Level::units), fits.then_some(wide));
        prop_assert_eq!(Target::new(units).is_some(), units <= 99_999);
        prop_assert_eq!(Delta::new(wide).map(Delta::units), (wide != 0).then_some(wide));
    }
}

#[test]
fn the_edges_of_a_target() {
    assert_eq!(CEILING, 99_999);
    assert_eq!(Target::new(99_999), Some(Target::MAX));
    assert_eq!(Target::new(100_000), None);
    assert_eq!(Target::new(0), Some(Target::ZERO));
    assert_eq!(Delta::new(0), None);
}

/// A float of −0.0 or a truncated small negative number becomes a zero with a sign.
#[test]
fn a_zero_with_a_sign_is_zero() {
    for zero in ["0", "0.000"] {
        let zero = -zero.parse::<rust_decimal::Decimal>().unwrap();
        assert!(zero.is_zero() && zero.is_sign_negative());
        let ruled = Policy::default().rule(zero);
        assert_eq!((ruled.target, ruled.note), (Some(Target::ZERO), None));
        assert_eq!(Policy { sold_out: domain::SoldOut::Ignore }.rule(zero).target, None);
    }
}
