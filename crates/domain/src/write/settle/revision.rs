//! Settling by revision: a write names the revision that it was planned on and takes effect only while the item has
//! that revision. Each change increments the revision by one, so the revision shows what a write did.
//!
//! A planned target is never set as it is after sales. What was sold since the plan's read is subtracted first.

use super::Reading;
use crate::plan::Change;
use crate::{LineState, Target};

/// How often a line is replanned in one run after conflicts. After that it is suspect.
pub const MOST_CONFLICTS: u32 = 3;

/// What the revision says about a line whose write had no clean answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The item still has the named revision, so nothing has landed. The same write may be sent again: the copy that
    /// lands first takes effect, the other does not.
    NotLanded,
    /// The next revision shows the target: our write landed.
    Converged,
    /// Our write landed, and units were sold since.
    MovedSince,
    /// Another writer changed the item first, so our write did not land and never will.
    Conflict,
    /// The evidence does not show whether it landed.
    Suspect,
}

/// Judges a line whose write had no clean answer by the current state of its item.
///
/// A revision below the named one comes from a stale read. Sending the same write again is safe then. The named revision
/// with another level belongs to another count: the shop has moved to another catalog and back.
#[must_use]
pub fn after_unclear(change: &Change, now: &Reading) -> Verdict {
    let (Some(named), Some(current)) = (change.revision, now.revision) else { return Verdict::Suspect };
    let (q0, q1, target) = (change.level.units(), now.level.units(), change.target.units());
    // Above the target nothing explains a raise but another program (I8).
    let landed_and_sold = if change.delta.raises() { q1 > q0 && q1 <= target } else { q1 < target };
    match current.changes_since(named) {
        Some(0) if q1 != q0 => Verdict::Suspect,
        None | Some(0) => Verdict::NotLanded,
        Some(1) if q1 == target => Verdict::Converged,
        Some(1) => Verdict::Conflict,
        Some(_) if landed_and_sold => Verdict::MovedSince,
        Some(_) => Verdict::Suspect,
    }
}

/// Judges as [`after_unclear`] does, by a read that can no longer be stale. A revision below the named one then belongs to
/// another count too.
#[must_use]
pub fn at_last(change: &Change, now: &Reading) -> Verdict {
    if now.revision < change.revision { Verdict::Suspect } else { after_unclear(change, now) }
}

/// The change that replaces one after a conflict, planned on the item as it is `now`. What was sold since the plan's
/// read is subtracted from the target. `None` if the item already shows that target.
#[must_use]
pub fn replanned(change: &Change, now: &Reading) -> Option<Change> {
    let sold = change.level.units().saturating_sub(now.level.units()).max(0);
    let units = change.target.units().saturating_sub(sold).max(0);
    // The value is at most the old target, so it is a valid target.
    let target = u32::try_from(units).ok().and_then(Target::new).unwrap_or(Target::ZERO);
    let delta = target.delta_from(now.level)?;
    Some(Change { level: now.level, revision: now.revision, target, delta, ..change.clone() })
}

/// The state of an acknowledged line, judged by the item that came with the answer. A success that shows another
/// level is not trusted, because Wix has given such answers without applying anything.
#[must_use]
pub fn acknowledged(change: &Change, after: &Reading) -> LineState {
    if after.level.units() == change.target.units() { LineState::Verified } else { LineState::Unresolved }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::Revision;
    use crate::{InventoryItemId, Level, ListingKey, ProductId, Sku, VariantId};

    fn change(q0: i64, target: u32, revision: i64) -> Change {
        let (level, target) = (Level::new(q0).unwrap(), Target::new(target).unwrap());
        Change {
            sku: Sku::parse("A").unwrap(),
            key: ListingKey::new(ProductId::new("p"), VariantId::new("v")),
            inventory_item: InventoryItemId::new("i"),
            level,
            target,
            revision: Some(Revision::new(revision)),
            delta: target.delta_from(level).unwrap(),
        }
    }

    fn reading(units: i64, revision: i64) -> Reading {
        let level = Level::new(units).unwrap();
        Reading { level, revision: Some(Revision::new(revision)), stamp: None, changed_at: None }
    }

    #[test]
    fn i2_the_revision_tells_what_became_of_an_unclear_write() {
        let judge = |change: &Change, units, revision| after_unclear(change, &reading(units, revision));
        let raise = change(10, 15, 7);
        assert_eq!(judge(&raise, 10, 7), Verdict::NotLanded);
        assert_eq!(judge(&raise, 9, 6), Verdict::NotLanded, "a read that lags");
        assert_eq!(judge(&raise, 15, 8), Verdict::Converged);
        assert_eq!(judge(&raise, 9, 8), Verdict::Conflict, "a sale came first");
        assert_eq!(judge(&raise, 20, 8), Verdict::Conflict, "an edit came first");
        assert_eq!(judge(&raise, 13, 9), Verdict::MovedSince, "ours, then two were sold");
        assert_eq!(judge(&raise, 10, 9), Verdict::Suspect, "ours and five sold, or two sold and given back");
        assert_eq!(judge(&raise, 49, 9), Verdict::Suspect, "above the target is an alarm");
        let lowering = change(10, 5, 7);
        assert_eq!(judge(&lowering, 5, 8), Verdict::Converged);
        assert_eq!(judge(&lowering, 8, 8), Verdict::Conflict);
        assert_eq!(judge(&lowering, 3, 9), Verdict::MovedSince);
        assert_eq!(judge(&lowering, 5, 9), Verdict::Suspect);
        assert_eq!(judge(&raise, 12, 7), Verdict::Suspect, "another count of revisions");
        assert_eq!(
            at_last(&raise, &reading(9, 6)),
            Verdict::Suspect,
            "another count, as nothing lags any more"
        );
        assert_eq!(at_last(&raise, &reading(10, 7)), Verdict::NotLanded);
        let without = Reading { revision: None, ..reading(15, 8) };
        assert_eq!(after_unclear(&raise, &without), Verdict::Suspect);
    }

    #[test]
    fn i2_a_conflict_is_planned_anew_less_what_was_sold() {
        let plan = |change: &Change, units| {
            let again = replanned(change, &reading(units, 9))?;
            assert_eq!((again.level.units(), again.revision), (units, Some(Revision::new(9))));
            Some((again.target.units(), again.delta.units()))
        };
        let raise = change(10, 15, 7);
        assert_eq!(plan(&raise, 8), Some((13, 5)), "two were sold");
        assert_eq!(plan(&raise, 10), Some((15, 5)), "something else of the item changed");
        assert_eq!(plan(&raise, 12), Some((15, 3)), "an edit raised it by two");
        assert_eq!(plan(&raise, 15), None, "it shows the target");
        let lowering = change(10, 2, 7);
        assert_eq!(plan(&lowering, 4), Some((0, -4)), "never below zero");
        assert_eq!(plan(&lowering, 0), None, "nothing is left to take");
        assert_eq!(plan(&lowering, -1), Some((0, 1)), "a paid order took more than there was");
    }

    #[test]
    fn a_success_that_shows_another_level_is_not_believed() {
        let raise = change(10, 15, 7);
        assert_eq!(acknowledged(&raise, &reading(15, 8)), LineState::Verified);
        assert_eq!(acknowledged(&raise, &reading(10, 8)), LineState::Unresolved);
    }
}
