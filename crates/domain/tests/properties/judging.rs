//! I2 and I8: what a level that is read after a write proves.

use std::cmp::Ordering::{Equal, Greater, Less};

use domain::write::settle::evidence::{self, Verdict};
use domain::write::settle::{self, Reading};
use domain::{
    Change, Delta, InventoryItemId, Level, LineState, ListingKey, ProductId, Sku, Target, VariantId,
};
use proptest::prelude::*;

use super::support::many_cases;
use super::support::shop::{any_level, level};

/// A valid write, and a read that is often near the expected level.
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

fn reading(level: Level, stamp: u8) -> Reading {
    Reading { level, stamp: Some(stamp.to_string().into()), changed_at: None, revision: None }
}

/// A change by `delta` of a listing that showed `before`.
fn change(before: Level, delta: Delta) -> Change {
    Change {
        revision: None,
        sku: Sku::parse("A").unwrap(),
        key: ListingKey::new(ProductId::new("p"), VariantId::whole_product()),
        inventory_item: InventoryItemId::new("i"),
        level: before,
        target: Target::ZERO,
        delta,
    }
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn acknowledged_lines_follow_the_table((before, delta, after) in read_after_write(), changed_at in 0..10_i64) {
        let expected = i128::from(before.units()) + i128::from(delta.units());
        let left_out = changed_at < 5;
        let state = match i128::from(after.units()).cmp(&expected) {
            Equal => LineState::Verified,
            // I8: the item has not changed since SENT, so nothing was sold, and nothing applied.
            Less if left_out => LineState::Unresolved,
            Less => LineState::MovedSince,
            Greater => LineState::Unresolved,
        };
        let (change, after) = (change(before, delta), Reading { changed_at: Some(changed_at), ..reading(after, 1) });
        prop_assert_eq!(settle::acknowledged(&change, 5, &after), state);
        prop_assert_eq!(settle::is_left_out(&change, 5, &after), left_out);
    }

    #[test]
    fn i2_first_looks_follow_the_table((before, delta, after) in read_after_write()) {
        let (q0, q1) = (i128::from(before.units()), i128::from(after.units()));
        let expected = q0 + i128::from(delta.units());
        let verdict = match (delta.units() > 0, q1.cmp(&q0), q1.cmp(&expected)) {
            // Risen to at most the expected level: applied, perhaps with sales. Lowered by exactly the delta:
            // applied.
            (true, Greater, Less | Equal) | (false, _, Equal) => Verdict::Converged,
            // Unchanged, or lowered by less than our write: it looks as if it was not applied.
            (true, Equal, _) | (false, _, Greater) => Verdict::LookAgain,
            // Higher than our write explains, lower than before a raise, or lowered by more than our write: unclear.
            (true, Greater, Greater) | (true, Less, _) | (false, _, Less) => Verdict::Suspect,
        };
        prop_assert_eq!(evidence::first_look(before, delta, &reading(after, 1)), verdict);
    }

    #[test]
    fn i2_second_looks_follow_the_table(
        (before, delta, after) in read_after_write(),
        first in any_level(),
        moved in any::<bool>(),
        touched in any::<bool>(),
    ) {
        let first = reading(first, 1);
        let second = reading(after, if moved { 2 } else { 1 });
        let verdict = evidence::second_look(before, delta, &first, &second, touched);
        let alone = evidence::first_look(before, delta, &second);
        // A second read decides. There is never a third.
        prop_assert_ne!(verdict, Verdict::LookAgain);
        match alone {
            Verdict::LookAgain if delta.raises() => {
                // Nothing may have changed between the two reads, nor since the write was sent.
                prop_assert_eq!(verdict == Verdict::NotApplied, first == second && !touched);
                prop_assert!(verdict != Verdict::Converged);
            }
            Verdict::LookAgain => prop_assert_eq!(verdict, Verdict::NotApplied),
            other => prop_assert_eq!(verdict, other),
        }
    }

    /// A line that is sent again has the same delta, and a lowering never takes more units than there are.
    #[test]
    fn i2_and_i4_the_same_delta_goes_out_again((before, delta, now) in read_after_write()) {
        let change = change(before, delta);
        match evidence::again(&change, now) {
            Some(again) if delta.raises() => prop_assert_eq!((again.level, again.delta), (now, delta)),
            Some(again) => {
                prop_assert!(!again.delta.raises());
                prop_assert_eq!(again.delta.units(), delta.units().max(-now.units()));
                prop_assert!(again.level.units() + again.delta.units() >= 0);
            }
            None => prop_assert!(!delta.raises() && now.units() <= 0),
        }
    }

    #[test]
    fn a_good_verdict_is_never_given_away((before, delta, after) in read_after_write()) {
        let (q0, d, q1) = (before.units(), delta.units(), after.units());
        let acknowledged = settle::acknowledged(&change(before, delta), 0, &reading(after, 1));
        prop_assert_eq!(acknowledged == LineState::Verified, q1 == q0 + d);
        if evidence::first_look(before, delta, &reading(after, 1)) == Verdict::Converged {
            prop_assert!(q1 <= q0 + d && q1 != q0);
            prop_assert!(d > 0 || q1 == q0 + d);
        }
        prop_assert!(LineState::Acked.step(acknowledged).is_ok());
    }
}

#[test]
fn no_delta_is_too_large_to_be_judged() {
    let edges = [i64::from(i32::MIN), -1, 0, 1, i64::from(i32::MAX)].map(level);
    for delta in [i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX].map(|units| Delta::new(units).unwrap()) {
        for before in edges {
            for after in edges {
                assert_ne!(
                    settle::acknowledged(&change(before, delta), 0, &reading(after, 1)),
                    LineState::Verified
                );
                // A huge raise explains any rise. No read is as low as the target of a huge lowering.
                let converged = delta.raises() && after > before;
                let verdict = evidence::first_look(before, delta, &reading(after, 1));
                assert_eq!(verdict == Verdict::Converged, converged);
            }
        }
    }
}
