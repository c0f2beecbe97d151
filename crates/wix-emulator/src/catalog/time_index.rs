//! The products in the order of a `lastUpdated`.

use std::collections::BTreeSet;
use std::ops::Bound;

use super::timestamp::Timestamp;

/// Which of the two `lastUpdated` of a product is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastUpdated {
    /// The product's own.
    Product,
    /// Its inventory item's.
    Item,
}

/// Times with their slots, ascending.
#[derive(Debug, Default)]
pub(super) struct TimeIndex(BTreeSet<(Timestamp, usize)>);

impl TimeIndex {
    pub(super) fn insert(&mut self, time: Timestamp, slot: usize) {
        self.0.insert((time, slot));
    }

    pub(super) fn remove(&mut self, time: Timestamp, slot: usize) {
        self.0.remove(&(time, slot));
    }

    /// Moves a slot to its new time.
    pub(super) fn update(&mut self, slot: usize, old: Timestamp, new: Timestamp) {
        if old != new {
            self.remove(old, slot);
            self.insert(new, slot);
        }
    }

    /// The slots from this time on.
    pub(super) fn since(&self, from: Bound<Timestamp>) -> impl Iterator<Item = usize> {
        let from = match from {
            Bound::Unbounded => Bound::Unbounded,
            Bound::Included(time) => Bound::Included((time, 0)),
            Bound::Excluded(time) => Bound::Excluded((time, usize::MAX)),
        };
        self.0.range((from, Bound::Unbounded)).map(|key| key.1)
    }
}

#[cfg(test)]
mod tests {
    use super::{TimeIndex, Timestamp};
    use std::ops::Bound;

    #[test]
    fn bounds_take_all_slots_of_a_time_or_none() {
        let at = Timestamp::from_millis;
        let mut times = TimeIndex::default();
        for (time, slot) in [(5, 0), (5, 3), (7, 1), (9, 2)] {
            times.insert(at(time), slot);
        }
        let since = |times: &TimeIndex, from| times.since(from).collect::<Vec<_>>();
        assert_eq!(since(&times, Bound::Included(at(5))), [0, 3, 1, 2]);
        assert_eq!(since(&times, Bound::Excluded(at(5))), [1, 2]);
        times.update(1, at(7), at(10));
        times.remove(at(9), 2);
        assert_eq!(since(&times, Bound::Included(at(6))), [1]);
        assert_eq!(since(&times, Bound::Unbounded), [0, 3, 1]);
    }
}
