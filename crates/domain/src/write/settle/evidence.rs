//! Settling by evidence: writes are deltas, and the level, read twice, is all that shows what a write did.
//!
//! These rules never use the target, because a sale in between must not be mistaken for a part of our write.

use std::cmp::Ordering;

use super::Reading;
use crate::plan::Change;
use crate::{Delta, Level};

/// What the evidence says about a write with an unknown outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It was applied.
    Converged,
    /// It was certainly not applied and cannot land any more.
    NotApplied,
    /// It seems not to have been applied. The level must be read again, one settle time later.
    LookAgain,
    /// The evidence does not show whether it was applied.
    Suspect,
}

/// The first look at a line without a clean answer. It must not happen before no request of ours can land any more.
///
/// If there were only sales in between, a raise was applied if the level is above q0, and a lowering was not applied
/// if the level is above q0 + d. A level above q0 + d after a raise is an alarm.
#[must_use]
pub fn first_look(before: Level, delta: Delta, after: &Reading) -> Verdict {
    let (q0, q1) = (before.units(), after.level.units());
    let expected = q0.saturating_add(delta.units());
    if delta.raises() {
        match (q1.cmp(&q0), q1 <= expected) {
            (Ordering::Greater, true) => Verdict::Converged,
            (Ordering::Equal, _) => Verdict::LookAgain,
            (Ordering::Greater, false) | (Ordering::Less, _) => Verdict::Suspect,
        }
    } else {
        match q1.cmp(&expected) {
            Ordering::Equal => Verdict::Converged,
            Ordering::Greater => Verdict::LookAgain,
            Ordering::Less => Verdict::Suspect,
        }
    }
}

/// The second look, one settle time after the `first`. A raise counts as not applied only if nothing changed between
/// the two looks and, by the item's timestamp, nothing changed since the write was sent (`touched`). A change that
/// leaves the level as it was may be our raise together with as many sales.
#[must_use]
pub fn second_look(before: Level, delta: Delta, first: &Reading, second: &Reading, touched: bool) -> Verdict {
    match first_look(before, delta, second) {
        Verdict::LookAgain if !delta.raises() => Verdict::NotApplied,
        Verdict::LookAgain if !touched && first.shows_the_same(second) => Verdict::NotApplied,
        Verdict::LookAgain => Verdict::Suspect,
        verdict => verdict,
    }
}

/// The change to send again after it was not applied: the same delta, a lowering capped at the current level. `None`
/// if the cap leaves nothing to take.
#[must_use]
pub fn again(change: &Change, now: Level) -> Option<Change> {
    let delta = if change.delta.raises() {
        change.delta
    } else {
        Delta::new(change.delta.units().max(-now.units().max(0)))?
    };
    Some(Change { level: now, delta, ..change.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(units: i64) -> Level {
        Level::new(units).unwrap()
    }

    fn reading(units: i64, stamp: &str) -> Reading {
        Reading { level: level(units), stamp: Some(stamp.into()), changed_at: None, revision: None }
    }

    fn delta(units: i64) -> Delta {
        Delta::new(units).unwrap()
    }

    #[test]
    fn i2_first_looks() {
        let look = |q0, d, q1| first_look(level(q0), delta(d), &reading(q1, "s"));
        assert_eq!(look(10, 5, 15), Verdict::Converged);
        assert_eq!(look(10, 5, 13), Verdict::Converged, "applied, then two were sold");
        assert_eq!(look(10, 5, 10), Verdict::LookAgain);
        assert_eq!(look(10, 5, 20), Verdict::Suspect, "above q0 + d is an alarm");
        assert_eq!(look(10, 5, 9), Verdict::Suspect, "sold, and no telling whether it was applied");
        assert_eq!(look(10, -5, 5), Verdict::Converged);
        assert_eq!(look(10, -5, 10), Verdict::LookAgain);
        assert_eq!(look(10, -5, 8), Verdict::LookAgain, "two were sold");
        assert_eq!(look(10, -5, 4), Verdict::Suspect);
    }

    #[test]
    fn i2_second_looks() {
        let look = |q0, d, first: &Reading, q2, stamp| {
            second_look(level(q0), delta(d), first, &reading(q2, stamp), false)
        };
        let still = reading(10, "s");
        assert_eq!(look(10, 5, &still, 10, "s"), Verdict::NotApplied);
        assert_eq!(look(10, 5, &still, 10, "t"), Verdict::Suspect, "applied and as many sold, perhaps");
        assert_eq!(look(10, 5, &still, 15, "t"), Verdict::Converged, "it landed late");
        assert_eq!(look(10, 5, &still, 9, "t"), Verdict::Suspect);
        assert_eq!(look(10, -5, &still, 9, "t"), Verdict::NotApplied, "one was sold");
        assert_eq!(look(10, -5, &still, 5, "t"), Verdict::Converged);
        assert_eq!(look(10, -5, &still, 3, "t"), Verdict::Suspect);
    }

    #[test]
    fn i2_a_level_that_stayed_while_its_item_changed() {
        let still = reading(10, "s");
        let look = |d, touched| second_look(level(10), delta(d), &still, &still, touched);
        assert_eq!(look(5, false), Verdict::NotApplied);
        assert_eq!(
            look(5, true),
            Verdict::Suspect,
            "raised, and as many sold before the first look, perhaps"
        );
        assert_eq!(look(-5, true), Verdict::NotApplied, "a lowering that is missing is missing");
    }
}
