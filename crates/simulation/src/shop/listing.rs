//! A listing of the shop, and what it showed at each moment.

use domain::{InventoryItemId, Level, Listing, ListingKey, Sku, UnixMillis};

/// What a listing showed from a moment on.
#[derive(Debug, Clone)]
pub(crate) struct ListingVersion {
    pub(crate) at: UnixMillis,
    pub(crate) sku: Option<String>,
    pub(crate) level: i64,
    pub(crate) changed_at: UnixMillis,
    /// When the product it belongs to last changed: its SKUs, its variants, perhaps its stock.
    pub(crate) product_changed_at: UnixMillis,
    pub(crate) tracked: bool,
    pub(crate) exists: bool,
}

/// A listing of the shop.
#[derive(Debug)]
pub(crate) struct ShopListing {
    pub(crate) key: ListingKey,
    pub(crate) sku: Option<String>,
    pub(crate) level: i64,
    pub(crate) tracked: bool,
    pub(crate) exists: bool,
    pub(super) changed_at: UnixMillis,
    pub(super) product_changed_at: UnixMillis,
    history: Vec<ListingVersion>,
}

impl ShopListing {
    /// A listing that does not exist yet.
    pub(super) fn unpublished(key: ListingKey, sku: Option<String>, level: i64, tracked: bool) -> Self {
        let (changed_at, product_changed_at, history) = (0, 0, Vec::new());
        let mut listing =
            Self { key, sku, level, tracked, exists: false, changed_at, product_changed_at, history };
        listing.remember(0);
        listing
    }

    pub(super) fn remember(&mut self, now: UnixMillis) {
        self.history.push(ListingVersion {
            at: now,
            sku: self.sku.clone(),
            level: self.level,
            changed_at: self.changed_at,
            product_changed_at: self.product_changed_at,
            tracked: self.tracked,
            exists: self.exists,
        });
    }

    /// What a read shows that sees the state as of `at`.
    pub(crate) fn version_at(&self, at: UnixMillis) -> &ListingVersion {
        self.history.iter().rev().find(|version| version.at <= at).unwrap_or(&self.history[0])
    }
}

impl ListingVersion {
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
