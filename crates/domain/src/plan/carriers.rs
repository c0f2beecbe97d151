//! The listings that carry each SKU.

use crate::hash::{FastMap, map_for};
use crate::{Level, Listing, ListingKey, SkipReason, Sku};

/// How many listings carry a SKU.
enum ListingMatch {
    One(usize),
    Several,
}

/// The listings by SKU.
pub(crate) struct Carriers<'a> {
    listings: &'a [Listing],
    by_sku: FastMap<&'a str, ListingMatch>,
}

impl<'a> Carriers<'a> {
    /// A listing that was read twice is ambiguous, because its SKU or level changed while the pages were read.
    pub(crate) fn of(listings: &'a [Listing]) -> Self {
        let mut read: FastMap<&ListingKey, usize> = map_for(listings.len());
        for listing in listings {
            *read.entry(&listing.key).or_default() += 1;
        }
        let mut by_sku = map_for(listings.len());
        for (at, listing) in listings.iter().enumerate() {
            if let Some(sku) = &listing.sku {
                let once = read.get(&listing.key) == Some(&1);
                let found = if once { ListingMatch::One(at) } else { ListingMatch::Several };
                let several = |found: &mut ListingMatch| *found = ListingMatch::Several;
                by_sku.entry(sku.as_str()).and_modify(several).or_insert(found);
            }
        }
        Self { listings, by_sku }
    }

    /// The one listing that carries the SKU.
    pub(crate) fn of_sku(&self, sku: &Sku) -> Result<&'a Listing, SkipReason> {
        match self.by_sku.get(sku.as_str()) {
            None => Err(SkipReason::NotInWix),
            Some(ListingMatch::Several) => Err(SkipReason::DuplicateSku),
            Some(ListingMatch::One(at)) => self.listings.get(*at).ok_or(SkipReason::NotInWix),
        }
    }

    /// Whether any listing carries the SKU.
    pub(crate) fn has(&self, sku: &Sku) -> bool {
        self.by_sku.contains_key(sku.as_str())
    }
}

/// The level of a listing that a run may write.
pub(crate) fn writable(listing: &Listing) -> Result<(&Listing, Level), SkipReason> {
    if listing.inventory_item.is_missing() {
        return Err(SkipReason::NoInventoryItem);
    }
    if !listing.tracked {
        // A catalog with locations keeps a status for what it does not count.
        let by_status = listing.key.location.is_some();
        return Err(if by_status { SkipReason::TrackedByStatus } else { SkipReason::Untracked });
    }
    listing.level.map(|level| (listing, level)).ok_or(SkipReason::LevelUnknown)
}
