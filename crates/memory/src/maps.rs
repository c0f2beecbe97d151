//! The listing maps in memory.

use async_trait::async_trait;
use domain::ShopName;
use domain::listing::map::{ListingMap, MapUpdate, MappedListing};
use sync::ports::{Fence, ListingMaps, StateError};

use crate::MemoryStore;

#[async_trait]
impl ListingMaps for MemoryStore {
    async fn load_map(&self, shop: &ShopName) -> Result<Option<ListingMap>, StateError> {
        Ok(self.tables().maps.get(shop).cloned())
    }

    async fn replace_map(&self, fence: &Fence, map: &ListingMap) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.pass(fence)?;
        let mut map = map.clone();
        tidy(&mut map.listings);
        tables.maps.insert(fence.shop.clone(), map);
        Ok(())
    }

    async fn update_map(&self, fence: &Fence, update: &MapUpdate) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.pass(fence)?;
        let missing = || StateError::defect(format_args!("shop {} has no listing map", fence.shop));
        let map = tables.maps.get_mut(&fence.shop).ok_or_else(missing)?;
        (map.fresh_from, map.products) = (update.fresh_from, update.products);
        let replaced = |one: &MappedListing| {
            let product = &one.key.product;
            update.removed.contains(product) || update.changed.iter().any(|changed| changed.id == *product)
        };
        map.listings.retain(|one| !replaced(one));
        map.listings.extend(update.listings.iter().cloned());
        map.listings.extend(update.changed.iter().flat_map(|product| &product.listings).map(Into::into));
        tidy(&mut map.listings);
        Ok(())
    }

    async fn forget_map(&self, fence: &Fence) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.pass(fence)?;
        tables.maps.remove(&fence.shop);
        Ok(())
    }
}

/// By product and variant. If a listing occurs twice, the later one counts.
fn tidy(listings: &mut Vec<MappedListing>) {
    listings.reverse();
    listings.sort_by(|a, b| a.key.cmp(&b.key));
    listings.dedup_by(|a, b| a.key == b.key);
}
