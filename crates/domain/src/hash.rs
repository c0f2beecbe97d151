//! Maps for texts of the merchant's own shop and warehouse: nobody attacks them, so a quick hash does, and one
//! without a random seed keeps this crate free of randomness.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

pub(crate) type FastMap<K, V> = HashMap<K, V, FixedState>;
pub(crate) type FastSet<K> = HashSet<K, FixedState>;

/// An empty map with room for so many.
pub(crate) fn map_for<K, V>(entries: usize) -> FastMap<K, V> {
    HashMap::with_capacity_and_hasher(entries, FixedState::default())
}
