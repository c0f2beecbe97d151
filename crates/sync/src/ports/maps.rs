//! The listing maps: what is remembered between runs of which SKU stands where.

use async_trait::async_trait;
use domain::ShopName;
use domain::listing_map::{ListingMap, MapUpdate};

use super::{Fence, StateError};

/// One listing map a shop. Written under the shop's lease, whole changes at a time.
#[async_trait]
pub trait ListingMaps: Send + Sync {
    /// The map of a shop, once there is one; the listings of a product stand together.
    async fn load_map(&self, shop: &ShopName) -> Result<Option<ListingMap>, StateError>;

    /// Puts `map` in the place of the one that is kept.
    async fn replace_map(&self, fence: &Fence, map: &ListingMap) -> Result<(), StateError>;

    /// Changes the map that is kept.
    async fn update_map(&self, fence: &Fence, update: &MapUpdate) -> Result<(), StateError>;

    /// Forgets it: the next run reads the shop whole.
    async fn forget_map(&self, fence: &Fence) -> Result<(), StateError>;
}
