//! Hash maps for texts from the merchant's own shop and warehouse. These texts are trusted, so a fast hash without a
//! random seed is enough. It also keeps this crate free of randomness.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

pub(crate) type FastMap<K, V> = HashMap<K, V, FixedState>;
pub(crate) type FastSet<K> = HashSet<K, FixedState>;

/// An empty map with room for this many entries.
pub(crate) fn map_for<K, V>(entries: usize) -> FastMap<K, V> {
    HashMap::with_capacity_and_hasher(entries, FixedState::default())
}
