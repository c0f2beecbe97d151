//! A listing of the shop, and what it showed at every moment.

use domain::{InventoryItemId, Level, Listing, ListingKey, Sku, UnixMillis};

/// What a listing showed from a moment on.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) at: UnixMillis,
    pub(crate) sku: Option<String>,
    pub(crate) level: i64,
    pub(crate) stamp: UnixMillis,
    /// When the product it belongs to last changed: its SKUs, its variants, perhaps its stock.
    pub(crate) product_stamp: UnixMillis,
    pub(crate) tracked: bool,
    pub(crate) exists: bool,
}

/// A listing of the shop.
#[derive(Debug)]
pub(crate) struct Shelf {
    pub(crate) key: ListingKey,
    pub(crate) sku: Option<String>,
    pub(crate) level: i64,
    pub(crate) tracked: bool,
    pub(crate) exists: bool,
    pub(super) stamp: UnixMillis,
    pub(super) product_stamp: UnixMillis,
    history: Vec<Shown>,
}

impl Shelf {
    /// A listing that is about to be.
    pub(super) fn before_its_time(key: ListingKey, sku: Option<String>, level: i64, tracked: bool) -> Self {
        let (stamp, product_stamp, history) = (0, 0, Vec::new());
        let mut shelf = Self { key, sku, level, tracked, exists: false, stamp, product_stamp, history };
        shelf.remember(0);
        shelf
    }

    pub(super) fn remember(&mut self, now: UnixMillis) {
        self.history.push(Shown {
            at: now,
            sku: self.sku.clone(),
            level: self.level,
            stamp: self.stamp,
            product_stamp: self.product_stamp,
            tracked: self.tracked,
            exists: self.exists,
        });
    }

    /// What a read shows that sees nothing younger than `at`.
    pub(crate) fn shown(&self, at: UnixMillis) -> &Shown {
        self.history.iter().rev().find(|shown| shown.at <= at).unwrap_or(&self.history[0])
    }
}

impl Shown {
    pub(crate) fn listing(&self, key: &ListingKey) -> Listing {
        Listing {
            revision: None,
            key: key.clone(),
            inventory_item: InventoryItemId::new(key.product.as_str()),
            sku: self.sku.as_deref().and_then(|text| Sku::parse(text).ok()),
            tracked: self.tracked,
            level: Level::new(self.level),
        }
    }
}
