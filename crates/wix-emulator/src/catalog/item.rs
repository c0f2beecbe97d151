//! An inventory item: the stock of one variant at one location (Wix: Inventory Items V3). Catalog V1 knows the items of
//! the default location only, as the levels of a product's variants.

use uuid::Uuid;

use super::timestamp::Timestamp;

/// The default location. It is the first in the list, and the only one that Catalog V1 has.
pub(crate) const DEFAULT_LOCATION: usize = 0;

/// The stock of a variant at a location.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) id: Uuid,
    /// The index of its location.
    pub(crate) location: usize,
    /// Whether Catalog V3 has the item. A variant without one has no level.
    pub(crate) exists: bool,
    /// Counts up by one with each change (Wix: Inventory Items V3).
    pub(crate) revision: u64,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    /// Whether Wix counts the stock.
    pub(crate) tracked: bool,
    pub(crate) quantity: i64,
    /// What an untracked item shows instead of a quantity.
    pub(crate) in_stock: bool,
    pub(crate) preorder: Option<Box<Preorder>>,
}

/// Whether and how an item can be preordered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Preorder {
    pub(crate) enabled: bool,
    pub(crate) message: Option<String>,
    pub(crate) limit: Option<u64>,
    /// The units that were preordered.
    pub(crate) counter: u64,
}

/// The settings of an item that was never open for preorders.
static NO_PREORDER: Preorder = Preorder { enabled: false, message: None, limit: None, counter: 0 };

impl Item {
    pub(crate) fn preorder(&self) -> &Preorder {
        self.preorder.as_deref().unwrap_or(&NO_PREORDER)
    }

    /// The level; `None` when Wix does not count it.
    pub(crate) fn level(&self) -> Option<i64> {
        (self.exists && self.tracked).then_some(self.quantity)
    }

    /// Whether buyers can have one now, without a preorder.
    pub(crate) fn is_in_stock(&self) -> bool {
        if self.tracked { self.quantity > 0 } else { self.in_stock }
    }
}
