//! The products in the order of their numeric ids.

use std::ops::Bound;

/// Numeric ids with their slots, ascending. A range is two binary searches, and its length costs nothing.
#[derive(Debug, Default)]
pub(crate) struct Order {
    keys: Vec<(u128, usize)>,
}

impl Order {
    pub(crate) fn insert(&mut self, numeric_id: u128, slot: usize) {
        let at = self.below(numeric_id);
        self.keys.insert(at, (numeric_id, slot));
    }

    pub(crate) fn remove(&mut self, numeric_id: u128) {
        let at = self.below(numeric_id);
        if self.keys.get(at).is_some_and(|key| key.0 == numeric_id) {
            self.keys.remove(at);
        }
    }

    pub(crate) fn contains(&self, numeric_id: u128) -> bool {
        self.keys.get(self.below(numeric_id)).is_some_and(|key| key.0 == numeric_id)
    }

    pub(crate) fn all(&self) -> &[(u128, usize)] {
        &self.keys
    }

    /// The keys within these bounds.
    pub(crate) fn range(&self, from: Bound<u128>, to: Bound<u128>) -> &[(u128, usize)] {
        let start = match from {
            Bound::Unbounded => 0,
            Bound::Included(id) => self.below(id),
            Bound::Excluded(id) => self.through(id),
        };
        let end = match to {
            Bound::Unbounded => self.keys.len(),
            Bound::Included(id) => self.through(id),
            Bound::Excluded(id) => self.below(id),
        };
        self.keys.get(start..end).unwrap_or(&[])
    }

    fn below(&self, numeric_id: u128) -> usize {
        self.keys.partition_point(|key| key.0 < numeric_id)
    }

    fn through(&self, numeric_id: u128) -> usize {
        self.keys.partition_point(|key| key.0 <= numeric_id)
    }
}
