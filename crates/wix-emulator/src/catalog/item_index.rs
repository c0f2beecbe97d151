//! The inventory items by id, and in the order of their times.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;

use uuid::Uuid;

use super::ListingPosition;
use super::item::Item;
use super::timestamp::Timestamp;

/// The position of an inventory item in the catalog. Small, because an index of a large shop holds millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ItemPosition {
    slot: u32,
    variant: u16,
    location: u16,
}

impl ItemPosition {
    /// Before and after all others.
    pub(crate) const FIRST: Self = Self { slot: 0, variant: 0, location: 0 };
    pub(crate) const LAST: Self = Self { slot: u32::MAX, variant: u16::MAX, location: u16::MAX };

    pub(crate) fn new(listing: ListingPosition, location: usize) -> Self {
        Self {
            slot: u32::try_from(listing.slot).unwrap_or(u32::MAX),
            variant: u16::try_from(listing.variant).unwrap_or(u16::MAX),
            location: u16::try_from(location).unwrap_or(u16::MAX),
        }
    }

    pub(crate) fn listing(self) -> ListingPosition {
        ListingPosition {
            slot: usize::try_from(self.slot).unwrap_or(usize::MAX),
            variant: usize::from(self.variant),
        }
    }

    pub(crate) fn location(self) -> usize {
        usize::from(self.location)
    }

    /// As numbers, for a cursor.
    pub(crate) fn parts(self) -> [u64; 3] {
        [u64::from(self.slot), u64::from(self.variant), u64::from(self.location)]
    }

    pub(crate) fn from_parts([slot, variant, location]: [u64; 3]) -> Option<Self> {
        Some(Self {
            slot: u32::try_from(slot).ok()?,
            variant: u16::try_from(variant).ok()?,
            location: u16::try_from(location).ok()?,
        })
    }
}

/// Which time of an item is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemTime {
    Created,
    Updated,
}

/// A time of an item with the item's position.
pub(crate) type TimedItem = (Timestamp, ItemPosition);

/// The indexes over all inventory items that exist.
#[derive(Debug, Default)]
pub(crate) struct ItemIndex {
    by_id: HashMap<Uuid, ItemPosition>,
    created: BTreeSet<TimedItem>,
    updated: BTreeSet<TimedItem>,
    /// How many items each location has.
    counts: Vec<usize>,
}

impl ItemIndex {
    /// Adds an item, if it exists.
    pub(super) fn insert(&mut self, item: &Item, at: ItemPosition) {
        if !item.exists {
            return;
        }
        self.by_id.insert(item.id, at);
        self.created.insert((item.created, at));
        self.updated.insert((item.updated, at));
        if self.counts.len() <= item.location {
            self.counts.resize(item.location + 1, 0);
        }
        if let Some(count) = self.counts.get_mut(item.location) {
            *count += 1;
        }
    }

    /// Removes an item, if it was there.
    pub(super) fn remove(&mut self, item: &Item, at: ItemPosition) {
        if self.by_id.remove(&item.id).is_none() {
            return;
        }
        self.created.remove(&(item.created, at));
        self.updated.remove(&(item.updated, at));
        if let Some(count) = self.counts.get_mut(item.location) {
            *count = count.saturating_sub(1);
        }
    }

    pub(crate) fn by_id(&self, id: Uuid) -> Option<ItemPosition> {
        self.by_id.get(&id).copied()
    }

    /// The number of items of all locations.
    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// The number of items of a location.
    pub(crate) fn count_at(&self, location: usize) -> usize {
        self.counts.get(location).copied().unwrap_or(0)
    }

    /// The items within these bounds, ascending by a time and then by position.
    pub(crate) fn by_time(
        &self,
        which: ItemTime,
        from: Bound<TimedItem>,
        to: Bound<TimedItem>,
    ) -> impl DoubleEndedIterator<Item = TimedItem> {
        let times = match which {
            ItemTime::Created => &self.created,
            ItemTime::Updated => &self.updated,
        };
        let is_empty = match (from, to) {
            (Bound::Included(from), Bound::Included(to)) => from > to,
            (Bound::Included(from) | Bound::Excluded(from), Bound::Included(to) | Bound::Excluded(to)) => {
                from >= to
            }
            _ => false,
        };
        // A range that ends before it begins would panic.
        let range = (!is_empty).then(|| times.range((from, to)));
        range.into_iter().flatten().copied()
    }
}
