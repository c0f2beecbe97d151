//! I2 and I8: what a level read after a write tells.

use std::cmp::Ordering::{Equal, Greater, Less};

use domain::{Delta, Level, LineState, judge};
use proptest::prelude::*;

use super::support::many_cases;
use super::support::shop::{any_level, level};

/// A write as the crate can make one, and a read that often is near what it should be.
fn read_after_write() -> impl Strategy<Value = (Level, Delta, Level)> {
    let delta = prop_oneof![6 => -8..=8_i64, 1 => -2_200_000_000..=2_200_000_000_i64];
    let delta = delta.prop_filter_map("a delta is never zero", Delta::new);
    let write = (prop_oneof![2 => (-9..9_i64).prop_map(level), 1 => any_level()], delta);
    write.prop_flat_map(|(before, delta)| {
        let expected = before.units() + delta.units();
        let near = |units: i64| (units - 2..=units + 2).prop_map(Level::new);
        let after = prop_oneof![near(before.units()), near(expected), any_level().prop_map(Some)];
        (Just(before), Just(delta), after.prop_filter_map("no shop shows it", |after| after))
    })
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn acknowledged_lines_follow_the_table((before, delta, after) in read_after_write()) {
        let expected = i128::from(before.units()) + i128::from(delta.units());
        let state = match i128::from(after.units()).cmp(&expected) {
            Equal => LineState::Verified,
            Less => LineState::MovedSince,
            Greater => LineState::Unresolved,
        };
        prop_assert_eq!(judge::acknowledged(before, delta, after), state);
    }

    #[test]
    fn unknown_lines_follow_the_table((before, delta, after) in read_after_write()) {
        let (q0, q1) = (i128::from(before.units()), i128::from(after.units()));
        let expected = q0 + i128::from(delta.units());
        let state = match (delta.units() > 0, q1.cmp(&q0), q1.cmp(&expected)) {
            // Up, and no higher than it should be: applied, some perhaps sold. Down to the unit: applied.
            (true, Greater, Less | Equal) | (false, Less, Equal) => LineState::Converged,
            // Nothing moved: not applied. Down by less than ours: not applied, some sold.
            (_, Equal, _) | (false, Less, Greater) => LineState::Unresolved,
            // Higher than our write explains, lower than before a raise, down by more than ours, up in spite
            // of a lowering: no telling.
            (true, Greater, Greater) | (true, Less, _) | (false, Less, Less) | (false, Greater, _) => {
                LineState::Suspect
            }
        };
        prop_assert_eq!(judge::unknown(before, delta, after), state);
    }

    #[test]
    fn a_good_verdict_is_never_given_away((before, delta, after) in read_after_write()) {
        let (q0, d, q1) = (before.units(), delta.units(), after.units());
        let acknowledged = judge::acknowledged(before, delta, after);
        let unknown = judge::unknown(before, delta, after);
        prop_assert_eq!(acknowledged == LineState::Verified, q1 == q0 + d);
        prop_assert_ne!(unknown, LineState::Verified);
        if unknown == LineState::Converged {
            prop_assert!(q1 <= q0 + d && q1 != q0);
            prop_assert!(d > 0 || q1 == q0 + d);
        }
        prop_assert!(LineState::Acked.step(acknowledged).is_ok());
        prop_assert!(LineState::Unknown.step(unknown).is_ok());
    }
}

#[test]
fn no_delta_is_too_large_to_be_judged() {
    let edges = [i64::from(i32::MIN), -1, 0, 1, i64::from(i32::MAX)].map(level);
    for delta in [i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX].map(|units| Delta::new(units).unwrap()) {
        for before in edges {
            for after in edges {
                assert_ne!(judge::acknowledged(before, delta, after), LineState::Verified);
                // A huge raise explains any rise; no read is as low as a huge lowering asks for.
                let converged = delta.raises() && after > before;
                assert_eq!(judge::unknown(before, delta, after) == LineState::Converged, converged);
            }
        }
    }
}
