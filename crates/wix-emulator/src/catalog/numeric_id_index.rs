//! The products in the order of their numeric ids.

use std::ops::Bound;

/// Numeric ids with their slots, ascending. Finding a range takes two binary searches, however long the range is.
#[derive(Debug, Default)]
pub(crate) struct NumericIdIndex {
    keys: Vec<(u128, usize)>,
}

impl NumericIdIndex {
    pub(super) fn insert(&mut self, numeric_id: u128, slot: usize) {
        let at = self.first_from(numeric_id);
        self.keys.insert(at, (numeric_id, slot));
    }

    pub(super) fn remove(&mut self, numeric_id: u128) {
        let at = self.first_from(numeric_id);
        if self.keys.get(at).is_some_and(|key| key.0 == numeric_id) {
            self.keys.remove(at);
        }
    }

    pub(super) fn contains(&self, numeric_id: u128) -> bool {
        self.keys.get(self.first_from(numeric_id)).is_some_and(|key| key.0 == numeric_id)
    }

    pub(crate) fn all(&self) -> &[(u128, usize)] {
        &self.keys
    }

    /// The keys within these bounds.
    pub(crate) fn range(&self, from: Bound<u128>, to: Bound<u128>) -> &[(u128, usize)] {
        let start = match from {
            Bound::Unbounded => 0,
            Bound::Included(id) => self.first_from(id),
            Bound::Excluded(id) => self.first_after(id),
        };
        let end = match to {
            Bound::Unbounded => self.keys.len(),
            Bound::Included(id) => self.first_after(id),
            Bound::Excluded(id) => self.first_from(id),
        };
        self.keys.get(start..end).unwrap_or(&[])
    }

    /// The position of the first key that is this id or a higher one.
    fn first_from(&self, numeric_id: u128) -> usize {
        self.keys.partition_point(|key| key.0 < numeric_id)
    }

    /// The position of the first key that is higher than this id.
    fn first_after(&self, numeric_id: u128) -> usize {
        self.keys.partition_point(|key| key.0 <= numeric_id)
    }
}
