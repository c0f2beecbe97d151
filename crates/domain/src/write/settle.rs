//! Settling: what a level that is read after a write says about that write.

pub mod evidence;
pub mod revision;

use std::cmp::Ordering;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::listing::{ItemLevel, Revision};
use crate::plan::Change;
use crate::{Level, LineState, UnixMillis};

/// How to find out what a write without a clean answer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settling {
    /// Writes are deltas and carry no version. Levels are read twice, one settle time apart, and judged as
    /// [`evidence`].
    Evidence,
    /// Writes are compare-and-swap: each names the [`revision`] that it was planned on, so it takes effect at most
    /// once however often it is sent.
    Revision,
}

/// A level that was read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The level.
    pub level: Level,
    /// The item's revision; `None` where the catalog has none.
    pub revision: Option<Revision>,
    /// Wix's own timestamp of the item's last change, if the read gives one.
    pub stamp: Option<Arc<str>>,
    /// The latest time, by our clock, at which that change can have happened, if the read gives one.
    pub changed_at: Option<UnixMillis>,
}

impl Reading {
    /// The level of an item; `None` if it shows none.
    #[must_use]
    pub fn of(item: &ItemLevel) -> Option<Self> {
        let (level, revision, stamp, changed_at) =
            (item.level?, item.revision, item.stamp.clone(), item.changed_at);
        Some(Self { level, revision, stamp, changed_at })
    }

    /// Whether the item may have changed at `moment` or later: its last change may be that late, or its timestamp
    /// cannot be converted to our clock. Without a timestamp there is no evidence of a change.
    #[must_use]
    pub fn may_have_changed_since(&self, moment: UnixMillis) -> bool {
        self.changed_at.map_or(self.stamp.is_some(), |at| at >= moment)
    }

    /// Whether the other read shows the same state, so that nothing changed in between.
    #[must_use]
    pub fn shows_the_same(&self, other: &Self) -> bool {
        (self.level, self.revision, &self.stamp) == (other.level, other.revision, &other.stamp)
    }
}

/// The detail that the journal keeps of an unresolved line that Wix acknowledged and did not apply. The next run sends
/// such a line alone, so that the answer is about nothing else.
pub const LEFT_OUT: &str = "left_out";

/// The detail of an unresolved line that the answers do not name and whose item has not changed.
pub const NOT_NAMED: &str = "not_named";

/// The detail of a suspect line that meets conflicts while the reads show no change of its item.
pub const NO_CHANGE_SHOWN: &str = "no_change_shown";

/// The detail of a rejected line that Wix counted as failed without a reason.
pub const NO_REASON: &str = "no_reason";

/// The state of a line that Wix acknowledged after `sent_at` and that was read back as `after`.
///
/// A level that is higher than expected never confirms the line: another writer raised it, or the write was applied
/// twice. A lower level is a sale, unless the item has not changed since: then the write was never applied (I8).
#[must_use]
pub fn acknowledged(change: &Change, sent_at: UnixMillis, after: &Reading) -> LineState {
    let expected = change.level.units().saturating_add(change.delta.units());
    match after.level.units().cmp(&expected) {
        Ordering::Equal => LineState::Verified,
        Ordering::Less if is_left_out(change, sent_at, after) => LineState::Unresolved,
        Ordering::Less => LineState::MovedSince,
        Ordering::Greater => LineState::Unresolved,
    }
}

/// Whether an acknowledged line was never applied: the item has not changed since the write was sent, by its revision or
/// by its mark. An item without both says so by a level that is where it was.
#[must_use]
pub fn is_left_out(change: &Change, sent_at: UnixMillis, after: &Reading) -> bool {
    match (change.revision, after.changed_at) {
        (Some(named), _) => after.revision == Some(named),
        (None, Some(changed_at)) => changed_at < sent_at,
        (None, None) => after.stamp.is_none() && after.level == change.level,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Delta, InventoryItemId, ListingKey, ProductId, Sku, Target, VariantId};

    fn change(q0: i64, d: i64, revision: Option<i64>) -> Change {
        let level = Level::new(q0).unwrap();
        Change {
            sku: Sku::parse("A").unwrap(),
            key: ListingKey::new(ProductId::new("p"), VariantId::new("v")),
            inventory_item: InventoryItemId::new("i"),
            level,
            target: Target::new(u32::try_from(q0 + d).unwrap()).unwrap(),
            revision: revision.map(Revision::new),
            delta: Delta::new(d).unwrap(),
        }
    }

    /// An item with this level that changed at this moment.
    fn read(level: i64, changed_at: UnixMillis) -> Reading {
        let level = Level::new(level).unwrap();
        Reading { level, revision: None, stamp: Some("s".into()), changed_at: Some(changed_at) }
    }

    #[test]
    fn acknowledged_lines() {
        let judge = |q0, d, q1| acknowledged(&change(q0, d, None), 7, &read(q1, 7));
        assert_eq!(judge(10, 5, 15), LineState::Verified);
        assert_eq!(judge(10, 5, 13), LineState::MovedSince);
        assert_eq!(judge(10, 5, 20), LineState::Unresolved);
        assert_eq!(judge(10, -5, 5), LineState::Verified);
        assert_eq!(judge(10, -5, 4), LineState::MovedSince);
        assert_eq!(judge(10, -5, 10), LineState::Unresolved);
    }

    #[test]
    fn i8_acknowledged_and_not_applied_is_never_told_as_sold() {
        let raise = change(10, 5, None);
        let judge = |after: &Reading| (acknowledged(&raise, 7, after), is_left_out(&raise, 7, after));
        assert_eq!(judge(&read(10, 6)), (LineState::Unresolved, true));
        assert_eq!(judge(&read(10, 7)), (LineState::MovedSince, false), "raised, and as many sold");
        assert_eq!(judge(&read(9, 6)), (LineState::Unresolved, true), "sold before it was sent");
        assert_eq!(
            acknowledged(&raise, 7, &read(15, 6)),
            LineState::Verified,
            "it shows the target all the same"
        );
        let without_mark = Reading { stamp: None, changed_at: None, ..read(10, 6) };
        assert_eq!(judge(&without_mark), (LineState::Unresolved, true), "nothing tells of a change");
        let sold = Reading { level: Level::new(9).unwrap(), ..without_mark };
        assert_eq!(judge(&sold), (LineState::MovedSince, false));
        let undated = Reading { changed_at: None, ..read(10, 6) };
        assert_eq!(judge(&undated), (LineState::MovedSince, false));
        let lowering = change(10, -5, None);
        assert!(is_left_out(&lowering, 7, &read(10, 6)) && !is_left_out(&lowering, 7, &read(10, 7)));
        let named = change(10, 5, Some(3));
        let at = |revision| Reading { revision: Some(Revision::new(revision)), ..read(10, 9) };
        assert_eq!(
            acknowledged(&named, 7, &at(3)),
            LineState::Unresolved,
            "the revision says more than a mark"
        );
        assert_eq!(acknowledged(&named, 7, &at(4)), LineState::MovedSince);
    }

    #[test]
    fn a_change_counts_from_its_moment_on() {
        let reading = Reading {
            level: Level::new(1).unwrap(),
            revision: None,
            stamp: Some("s".into()),
            changed_at: None,
        };
        let at = |changed_at| Reading { changed_at, ..reading.clone() };
        assert!(at(Some(7)).may_have_changed_since(7));
        assert!(!at(Some(6)).may_have_changed_since(7));
        assert!(at(None).may_have_changed_since(7), "a mark that cannot be dated");
        assert!(!Reading { stamp: None, ..at(None) }.may_have_changed_since(7), "no mark tells nothing");
        assert!(at(Some(1)).shows_the_same(&at(Some(2))), "the same mark, read through a clock that moved");
    }
}
