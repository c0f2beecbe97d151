//! What a filter asks for that an index can find without a walk over all products.

use std::ops::Bound;

use uuid::Uuid;

use crate::catalog::{Catalog, Whose};
use crate::stamp::Stamp;

/// The index over a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Index {
    /// The product's id.
    Product,
    /// The inventory item's id.
    Item,
    /// A SKU, of the product or of one of its variants.
    Sku,
    /// A `lastUpdated`.
    Time(Whose),
}

/// Products among which all rows are that pass a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lookup<'q> {
    Products(Vec<Uuid>),
    Items(Vec<Uuid>),
    Skus(Vec<&'q str>),
    Since(Whose, Bound<Stamp>),
}

/// A walk is as good as an index that gives more than one in so many products.
const WORTH: usize = 4;

impl Lookup<'_> {
    /// The slots, in any order and perhaps more than once; `None` when there are too many to be worth it.
    pub(crate) fn slots(&self, catalog: &Catalog) -> Option<Vec<usize>> {
        match self {
            Self::Products(ids) => Some(ids.iter().filter_map(|id| catalog.by_id(*id)).collect()),
            Self::Items(ids) => Some(ids.iter().filter_map(|id| catalog.by_item(*id)).collect()),
            Self::Skus(skus) => {
                let places = skus.iter().flat_map(|sku| catalog.by_sku(sku));
                Some(places.map(|place| place.0).collect())
            }
            Self::Since(whose, from) => {
                let most = catalog.slots() / WORTH;
                let slots: Vec<usize> = catalog.since(*whose, *from).take(most + 1).collect();
                (slots.len() <= most).then_some(slots)
            }
        }
    }

    /// Whether it names rows one by one.
    pub(crate) fn is_list(&self) -> bool {
        !matches!(self, Self::Since(..))
    }
}
