//! The products in the order of a time.

use std::collections::BTreeSet;
use std::ops::Bound;

use crate::stamp::Stamp;

/// Whose `lastUpdated`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    Product,
    Item,
}

/// Times with their slots, ascending.
#[derive(Debug, Default)]
pub(super) struct Times(BTreeSet<(Stamp, usize)>);

impl Times {
    pub(super) fn insert(&mut self, time: Stamp, slot: usize) {
        self.0.insert((time, slot));
    }

    pub(super) fn remove(&mut self, time: Stamp, slot: usize) {
        self.0.remove(&(time, slot));
    }

    pub(super) fn moved(&mut self, slot: usize, from: Stamp, to: Stamp) {
        if from != to {
            self.remove(from, slot);
            self.insert(to, slot);
        }
    }

    /// The slots from this time on.
    pub(super) fn since(&self, from: Bound<Stamp>) -> impl Iterator<Item = usize> {
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
    use super::Times;
    use crate::stamp::Stamp;
    use std::ops::Bound;

    #[test]
    fn bounds_take_all_slots_of_a_time_or_none() {
        let at = Stamp::from_millis;
        let mut times = Times::default();
        for (time, slot) in [(5, 0), (5, 3), (7, 1), (9, 2)] {
            times.insert(at(time), slot);
        }
        let since = |times: &Times, from| times.since(from).collect::<Vec<_>>();
        assert_eq!(since(&times, Bound::Included(at(5))), [0, 3, 1, 2]);
        assert_eq!(since(&times, Bound::Excluded(at(5))), [1, 2]);
        times.moved(1, at(7), at(10));
        times.remove(at(9), 2);
        assert_eq!(since(&times, Bound::Included(at(6))), [1]);
        assert_eq!(since(&times, Bound::Unbounded), [0, 3, 1]);
    }
}
