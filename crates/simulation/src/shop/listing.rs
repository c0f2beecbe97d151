//! A listing of the shop, and what it showed at each moment.

use domain::listing::Revision;
use domain::{InventoryItemId, Level, Listing, ListingKey, Sku, UnixMillis};

use crate::profile::CatalogKind;

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
    /// The revision of its inventory item.
    pub(crate) revision: i64,
}

/// A listing of the shop.
#[derive(Debug)]
pub(crate) struct ShopListing {
    pub(crate) key: ListingKey,
    pub(crate) sku: Option<String>,
    pub(crate) level: i64,
    pub(crate) tracked: bool,
    pub(crate) exists: bool,
    /// How often its inventory item changed.
    pub(crate) revision: i64,
    pub(super) changed_at: UnixMillis,
    pub(super) product_changed_at: UnixMillis,
    history: Vec<ListingVersion>,
}

impl ShopListing {
    /// A listing that does not exist yet.
    pub(super) fn unpublished(key: ListingKey, sku: Option<String>, level: i64, tracked: bool) -> Self {
        let (changed_at, product_changed_at, history) = (0, 0, Vec::new());
        let (exists, revision) = (false, 0);
        let mut listing =
            Self { key, sku, level, tracked, exists, revision, changed_at, product_changed_at, history };
        listing.remember(0);
        listing
    }

    /// When the item of the product last changed.
    pub(crate) fn changed_at(&self) -> UnixMillis {
        self.changed_at
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
            revision: self.revision,
        });
    }

    /// What a read shows that sees the state as of `at`.
    pub(crate) fn version_at(&self, at: UnixMillis) -> &ListingVersion {
        self.history.iter().rev().find(|version| version.at <= at).unwrap_or(&self.history[0])
    }
}

impl ListingVersion {
    pub(crate) fn listing(&self, key: &ListingKey, catalog: CatalogKind) -> Listing {
        Listing {
            revision: self.revision_in(catalog),
            key: catalog.key(key),
            inventory_item: InventoryItemId::new(key.product.as_str()),
            sku: self.sku.as_deref().and_then(|text| Sku::parse(text).ok()),
            tracked: self.tracked,
            level: Level::new(self.level),
        }
    }

    /// The revision of its item as a catalog shows it.
    pub(crate) fn revision_in(&self, catalog: CatalogKind) -> Option<Revision> {
        (catalog == CatalogKind::Revisions).then_some(Revision::new(self.revision))
    }
}
