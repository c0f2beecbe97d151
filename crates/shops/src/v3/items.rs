//! What an inventory item of V3 says of a listing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::listing::{ItemLevel, Revision};
use domain::write::settle::Reading;
use domain::{InventoryItemId, Level, Listing, ListingKey, LocationId, ProductId, Sku, VariantId};
use wix::v3::inventory::InventoryItem;
use wix::v3::variants::Variant;

/// The items of a read, each once: rows may come twice while the catalog changes.
#[derive(Default)]
pub(super) struct Items {
    by_id: HashMap<String, InventoryItem>,
}

impl Items {
    /// Takes a page over. Of an item that comes twice, the higher revision is the newer.
    pub(super) fn take(&mut self, page: Vec<InventoryItem>) {
        for item in page {
            let is_newer = self.by_id.get(&item.id).is_none_or(|known| known.revision <= item.revision);
            if is_newer {
                self.by_id.insert(item.id.clone(), item);
            }
        }
    }

    pub(super) fn count(&self) -> u64 {
        u64::try_from(self.by_id.len()).unwrap_or(u64::MAX)
    }

    pub(super) fn ids(&self) -> HashSet<String> {
        self.by_id.keys().cloned().collect()
    }

    /// The items; those of a product stand together.
    pub(super) fn into_sorted(self) -> Vec<InventoryItem> {
        let mut items: Vec<InventoryItem> = self.by_id.into_values().collect();
        items.sort_by(|a, b| place(a).cmp(&place(b)));
        items
    }

    /// A listing for each item; those of a product stand together.
    pub(super) fn into_listings(self) -> Vec<Listing> {
        self.into_sorted().iter().map(listing_of).collect()
    }
}

fn place(item: &InventoryItem) -> (&str, &str, &str) {
    (&item.product_id, &item.variant_id, &item.id)
}

fn key_of(item: &InventoryItem) -> ListingKey {
    ListingKey::new(ProductId::new(&item.product_id), VariantId::new(&item.variant_id))
        .at(LocationId::new(&item.location_id))
}

/// The level of an item that Wix counts. Without a revision it cannot be written, so it counts as not shown.
fn shown(item: &InventoryItem) -> Option<Level> {
    item.revision?;
    item.quantity.filter(|_| item.is_counted()).and_then(Level::new)
}

/// The listing of an inventory item.
pub(super) fn listing_of(item: &InventoryItem) -> Listing {
    Listing {
        key: key_of(item),
        inventory_item: InventoryItemId::new(&item.id),
        sku: item.sku().and_then(|text| Sku::parse(text).ok()),
        tracked: item.is_counted(),
        level: shown(item),
        revision: item.revision.map(Revision::new),
    }
}

/// The listing of a variant that has no inventory item at `location`. It cannot be written, but its SKU is known.
pub(super) fn listing_without_item(variant: &Variant, location: &LocationId) -> Listing {
    let product = ProductId::new(&variant.product_data.product_id);
    Listing {
        key: ListingKey::new(product, VariantId::new(&variant.variant_id)).at(location.clone()),
        inventory_item: InventoryItemId::missing(),
        sku: variant.sku.as_deref().and_then(|text| Sku::parse(text).ok()),
        tracked: true,
        level: None,
        revision: None,
    }
}

/// The level of an item, as it is read back.
pub(super) fn level_of(item: &InventoryItem, wix_is_behind_ms: Option<i64>) -> ItemLevel {
    let changed_at = item.updated_ms().zip(wix_is_behind_ms).map(|(at, behind)| at.saturating_add(behind));
    ItemLevel {
        key: key_of(item),
        inventory_item: InventoryItemId::new(&item.id),
        tracked: item.is_counted(),
        level: shown(item),
        revision: item.revision.map(Revision::new),
        stamp: item.updated_date.as_deref().map(Arc::from),
        changed_at,
    }
}

/// The item in the answer to a write; `None` if it shows no level.
pub(super) fn reading_of(item: &InventoryItem) -> Option<Reading> {
    Reading::of(&level_of(item, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, revision: i64, quantity: i64) -> InventoryItem {
        let text = format!(
            r#"{{"id":"{id}","revision":"{revision}","variantId":"v","locationId":"l","productId":"p-{id}",
                "quantity":{quantity},"trackQuantity":true,"product":{{"variantSku":"S"}}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn an_item_that_comes_twice_is_one_listing_as_it_was_last() {
        let mut items = Items::default();
        items.take(vec![item("b", 1, 5), item("a", 4, 5)]);
        items.take(vec![item("b", 2, 3), item("a", 3, 9)]);
        assert_eq!(items.count(), 2);
        let levels: Vec<_> =
            items.into_listings().into_iter().map(|one| (one.key.product.to_string(), one.level)).collect();
        assert_eq!(levels, [("p-a".to_owned(), Level::new(5)), ("p-b".to_owned(), Level::new(3))]);
    }

    #[test]
    fn only_a_counted_item_with_a_revision_shows_a_level() {
        assert_eq!(listing_of(&item("a", 1, -2)).level, Level::new(-2), "sold more than there was");
        let by_status = InventoryItem { track_quantity: Some(false), ..item("a", 1, 2) };
        let listing = listing_of(&by_status);
        assert_eq!((listing.tracked, listing.level), (false, None));
        assert_eq!(listing_of(&InventoryItem { revision: None, ..item("a", 1, 2) }).level, None);
    }
}
