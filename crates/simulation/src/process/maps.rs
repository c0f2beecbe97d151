//! The port of the listing maps.

use async_trait::async_trait;
use domain::ShopName;
use domain::listing::map::{ListingMap, MapUpdate};
use sync::ports::{Fence, ListingMaps, StateError};

use super::Process;
use crate::profile::Defect;

#[async_trait]
impl ListingMaps for Process {
    async fn load_map(&self, shop: &ShopName) -> Result<Option<ListingMap>, StateError> {
        let mut found = self.query(self.installation.store.load_map(shop)).await?;
        if let Some(map) = found.as_mut().filter(|_| self.has(Defect::ForgetMapCatalog)) {
            map.catalog = self.terms().catalog.into();
        }
        Ok(found)
    }

    async fn replace_map(&self, fence: &Fence, map: &ListingMap) -> Result<(), StateError> {
        let fence = self.effective_fence(fence);
        self.commit("replace map", self.installation.store.replace_map(&fence, map)).await
    }

    async fn update_map(&self, fence: &Fence, update: &MapUpdate) -> Result<(), StateError> {
        let fence = self.effective_fence(fence);
        self.commit("update map", self.installation.store.update_map(&fence, update)).await
    }

    async fn forget_map(&self, fence: &Fence) -> Result<(), StateError> {
        let fence = self.effective_fence(fence);
        self.commit("forget map", self.installation.store.forget_map(&fence)).await
    }
}
