//! Index lookups: the parts of a filter that an index can answer without a scan of all products.

use std::ops::Bound;

use uuid::Uuid;

use crate::catalog::{Catalog, LastUpdated, Timestamp};

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
}

/// A lookup that finds all rows that pass a filter, and perhaps others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lookup<'q> {
    Products(Vec<Uuid>),
    Items(Vec<Uuid>),
    Skus(Vec<&'q str>),
    Since(LastUpdated, Bound<Timestamp>),
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
        }
    }

    /// Whether it names rows one by one.
    pub(crate) fn is_list(&self) -> bool {
        !matches!(self, Self::Since(..))
    }
}
