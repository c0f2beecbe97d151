//! Index lookups: the parts of a filter that an index can answer without a scan of all products.

use std::ops::Bound;

use uuid::Uuid;

use crate::catalog::{Catalog, ItemPosition, ItemTime, LastUpdated, Timestamp};

/// The index over a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Index {
    /// The numeric id, by which the catalog is ordered.
    NumericId,
    /// The product's id.
    Product,
    /// The inventory item's id.
    Item,
    /// A SKU, of the product or of one of its variants.
    Sku,
    /// A `lastUpdated`.
    Time(LastUpdated),
    /// The id of a variant in V3.
    Variant,
    /// The id of an inventory item in V3.
    StockItem,
    /// A time of an inventory item in V3.
    ItemTime(ItemTime),
}

/// A lookup that finds all rows that pass a filter, and perhaps others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lookup<'q> {
    Products(Vec<Uuid>),
    Items(Vec<Uuid>),
    Skus(Vec<&'q str>),
    Since(LastUpdated, Bound<Timestamp>),
    Variants(Vec<Uuid>),
    StockItems(Vec<Uuid>),
    ItemsSince(ItemTime, Bound<Timestamp>),
}

/// A scan is as good as a lookup that finds more than one in this many products.
const SCAN_FROM: usize = 4;

impl Lookup<'_> {
    /// The slots, in any order and perhaps more than once; `None` when there are so many that a scan is as good.
    pub(crate) fn slots(&self, catalog: &Catalog) -> Option<Vec<usize>> {
        match self {
            Self::Products(ids) => Some(ids.iter().filter_map(|id| catalog.by_id(*id)).collect()),
            Self::Items(ids) => Some(ids.iter().filter_map(|id| catalog.by_item(*id)).collect()),
            Self::Skus(skus) => {
                let positions = skus.iter().flat_map(|sku| catalog.by_sku(sku));
                Some(positions.map(|position| position.slot).collect())
            }
            Self::Since(which, from) => {
                let most = catalog.slots() / SCAN_FROM;
                let slots: Vec<usize> = catalog.since(*which, *from).take(most + 1).collect();
                (slots.len() <= most).then_some(slots)
            }
            Self::Variants(ids) => {
                Some(ids.iter().flat_map(|id| catalog.by_variant(*id)).map(|listing| listing.slot).collect())
            }
            Self::StockItems(_) | Self::ItemsSince(..) => {
                let items = self.items(catalog)?;
                Some(items.into_iter().map(|item| item.listing().slot).collect())
            }
        }
    }

    /// The items of these slots or times, in any order and perhaps more than once; `None` when there are so many that a
    /// scan is as good.
    pub(crate) fn items(&self, catalog: &Catalog) -> Option<Vec<ItemPosition>> {
        match self {
            Self::StockItems(ids) => Some(ids.iter().filter_map(|id| catalog.items().by_id(*id)).collect()),
            Self::ItemsSince(which, from) => {
                let most = catalog.items().len() / SCAN_FROM;
                let from = match from {
                    Bound::Included(time) => Bound::Included((*time, ItemPosition::FIRST)),
                    Bound::Excluded(time) => Bound::Excluded((*time, ItemPosition::LAST)),
                    Bound::Unbounded => Bound::Unbounded,
                };
                let since = catalog.items().by_time(*which, from, Bound::Unbounded);
                let items: Vec<ItemPosition> = since.map(|key| key.1).take(most + 1).collect();
                (items.len() <= most).then_some(items)
            }
            Self::Skus(skus) => {
                let listings = skus.iter().flat_map(|sku| catalog.by_sku(sku));
                Some(listings.flat_map(|listing| catalog.items_of(*listing)).collect())
            }
            Self::Variants(ids) => {
                let listings = ids.iter().flat_map(|id| catalog.by_variant(*id));
                Some(listings.flat_map(|listing| catalog.items_of(listing)).collect())
            }
            Self::Products(_) | Self::Items(_) | Self::Since(..) => {
                let slots = self.slots(catalog)?;
                Some(slots.into_iter().flat_map(|slot| catalog.items_in(slot)).collect())
            }
        }
    }

    /// Whether it names rows one by one.
    pub(crate) fn is_list(&self) -> bool {
        !matches!(self, Self::Since(..) | Self::ItemsSince(..))
    }
}
