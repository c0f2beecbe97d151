//! The listing maps: which listings carry which SKU, remembered between runs.

use async_trait::async_trait;
use domain::ShopName;
use domain::listing::map::{ListingMap, MapUpdate};

use super::{Fence, StateError};

/// The listing maps, one for each shop. Each change is one transaction under the shop's lease.
#[async_trait]
pub trait ListingMaps: Send + Sync {
    /// The map of a shop; `None` if there is none yet. The listings of a product are adjacent.
    async fn load_map(&self, shop: &ShopName) -> Result<Option<ListingMap>, StateError>;

    /// Replaces the stored map with `map`.
    async fn replace_map(&self, fence: &Fence, map: &ListingMap) -> Result<(), StateError>;

    /// Changes the stored map.
    async fn update_map(&self, fence: &Fence, update: &MapUpdate) -> Result<(), StateError>;

    /// Deletes the map, so that the next run reads the whole shop.
    async fn forget_map(&self, fence: &Fence) -> Result<(), StateError>;
}
