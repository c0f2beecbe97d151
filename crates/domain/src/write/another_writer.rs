//! Evidence inside a run that another program writes to the same shop.
//!
//! Two installations with databases of their own plan the same changes, and each adds its own. A raise then reads back
//! beyond its target, and a lowering has moved by its delta once more. Single lines say nothing: a buyer may have bought
//! as much, a user may have edited a level.

use serde::{Deserialize, Serialize};

use crate::count::count;
use crate::{Delta, Level};

/// Fewer raises beyond their target say nothing.
const FEW_RAISES: usize = 3;
/// From this percentage of all raises on, those beyond their target are too many for edits by hand.
const RAISES_PERCENT: usize = 10;
/// Fewer lowerings by several units that moved twice say nothing.
const FEW_LOWERINGS: usize = 3;
/// Fewer lowerings that moved twice say nothing where they are by a single unit, which a buyer buys most.
const FEW_SINGLE_UNITS: usize = 20;
/// From this percentage of all lowerings on, those that moved twice are too many for sales.
const LOWERINGS_PERCENT: usize = 50;

/// The evidence that a run found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnotherWriter {
    /// How many changes look as if another program had made them too.
    pub lines: u64,
    /// Of how many that were read back.
    pub of: u64,
}

/// A change that Wix acknowledged, as it was read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadBack {
    /// The level that it was planned on.
    pub before: Level,
    /// The change.
    pub delta: Delta,
    /// The level that was read back.
    pub after: Level,
}

impl ReadBack {
    /// How far the level moved beyond what was asked; zero where the change was read back as it was meant.
    fn beyond(&self) -> i64 {
        self.after.units().saturating_sub(self.before.units()).saturating_sub(self.delta.units())
    }

    /// Whether a raise is beyond its target, or a lowering moved by exactly its delta once more.
    fn looks_doubled(&self) -> bool {
        if self.delta.raises() { self.beyond() > 0 } else { self.beyond() == self.delta.units() }
    }
}

/// Whether the changes of a run look as if another program wrote to the shop meanwhile.
#[must_use]
pub fn found_in(lines: impl IntoIterator<Item = ReadBack>) -> Option<AnotherWriter> {
    let (raises, lowerings): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.delta.raises());
    let beyond = raises.iter().filter(|line| line.looks_doubled()).count();
    let twice = lowerings.iter().filter(|line| line.looks_doubled()).count();
    let by_several =
        lowerings.iter().filter(|line| line.looks_doubled() && line.delta.magnitude() > 1).count();
    let by_raises = beyond >= FEW_RAISES && is_share(beyond, RAISES_PERCENT, raises.len());
    let enough = by_several >= FEW_LOWERINGS || twice >= FEW_SINGLE_UNITS;
    let by_lowerings = enough && is_share(twice, LOWERINGS_PERCENT, lowerings.len());
    (by_raises || by_lowerings)
        .then(|| AnotherWriter { lines: count(beyond + twice), of: count(raises.len() + lowerings.len()) })
}

/// Whether `part` is at least `percent` of `whole`.
fn is_share(part: usize, percent: usize, whole: usize) -> bool {
    part.saturating_mul(100) >= whole.saturating_mul(percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many changes by `delta` that were read back `beyond` what was asked.
    fn lines(times: usize, delta: i64, beyond: i64) -> Vec<ReadBack> {
        let level = |units| Level::new(units).unwrap();
        let line = ReadBack {
            before: level(100),
            delta: Delta::new(delta).unwrap(),
            after: level(100 + delta + beyond),
        };
        vec![line; times]
    }

    fn found(parts: &[Vec<ReadBack>]) -> Option<(u64, u64)> {
        found_in(parts.concat()).map(|found| (found.lines, found.of))
    }

    #[test]
    fn two_installations_are_seen_by_raises_and_by_lowerings() {
        assert_eq!(found(&[lines(300, -4, -4)]), Some((300, 300)), "which were told as sold");
        assert_eq!(found(&[lines(300, -1, -1)]), Some((300, 300)));
        assert_eq!(found(&[lines(40, 7, 7), lines(60, 7, 0)]), Some((40, 100)));
        assert_eq!(found(&[lines(3, 7, 7), lines(3, -4, -4)]), Some((6, 6)));
    }

    #[test]
    fn sales_returns_and_edits_by_hand_are_no_other_program() {
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[lines(300, 5, 0), lines(300, -5, 0)]), None);
        assert_eq!(found(&[lines(300, 5, -2), lines(300, -5, -2)]), None, "sold");
        assert_eq!(found(&[lines(2, 5, 1), lines(1, -5, -5)]), None, "too few");
        assert_eq!(found(&[lines(29, 5, 5), lines(271, 5, 0)]), None, "less than a tenth of the raises");
        assert_eq!(found(&[lines(19, -1, -1)]), None, "buyers buy single units");
        assert_eq!(found(&[lines(49, -5, -5), lines(51, -5, 0)]), None, "less than half of the lowerings");
        assert_eq!(found(&[lines(300, -5, 3)]), None, "not as low as asked, which is told as unresolved");
    }

    #[test]
    fn the_limits_are_exact() {
        assert_eq!(found(&[lines(2, 5, 1)]), None);
        assert_eq!(found(&[lines(3, 5, 1), lines(27, 5, 0)]), Some((3, 30)));
        assert_eq!(found(&[lines(3, 5, 1), lines(28, 5, 0)]), None);
        assert_eq!(found(&[lines(3, -2, -2), lines(3, -2, 0)]), Some((3, 6)));
        assert_eq!(found(&[lines(3, -2, -2), lines(4, -2, 0)]), None);
        assert_eq!(found(&[lines(20, -1, -1), lines(20, -1, 0)]), Some((20, 40)));
    }
}
