//! Settling: what a level that is read after a write says about that write.

pub mod evidence;
pub mod revision;

use std::cmp::Ordering;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::listing::{ItemLevel, Revision};
use crate::{Delta, Level, LineState, UnixMillis};

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

/// The state of a line that Wix acknowledged and that was read back at `after`.
///
/// A level that is higher than expected never confirms the line: another writer raised it, or the write was applied
/// twice.
#[must_use]
pub fn acknowledged(before: Level, delta: Delta, after: Level) -> LineState {
    let expected = before.units().saturating_add(delta.units());
    match after.units().cmp(&expected) {
        Ordering::Equal => LineState::Verified,
        Ordering::Less => LineState::MovedSince,
        Ordering::Greater => LineState::Unresolved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acknowledged_lines() {
        let judge = |q0, d, q1| {
            let level = |units| Level::new(units).unwrap();
            acknowledged(level(q0), Delta::new(d).unwrap(), level(q1))
        };
        assert_eq!(judge(10, 5, 15), LineState::Verified);
        assert_eq!(judge(10, 5, 13), LineState::MovedSince);
        assert_eq!(judge(10, 5, 20), LineState::Unresolved);
        assert_eq!(judge(10, -5, 5), LineState::Verified);
        assert_eq!(judge(10, -5, 4), LineState::MovedSince);
        assert_eq!(judge(10, -5, 10), LineState::Unresolved);
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
