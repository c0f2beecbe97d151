//! The names of the endpoints, as faults, the request log and the counters use them.

use serde::{Deserialize, Serialize};

use crate::random::Stream;

/// One endpoint of the emulated interface. The endpoints of all catalog versions stand in this one list. A new one goes
/// to the end: the position of an endpoint decides what chaos does to it, and a seed must keep its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Endpoint {
    /// `GET /stores/v3/provision/version`
    CatalogVersion,
    /// `POST /stores-reader/v1/products/query`, also under `/stores/v1`
    QueryProducts,
    /// `GET /stores-reader/v1/products/{id}`
    GetProduct,
    /// `POST /stores-reader/v1/products/{id}/variants/query`
    QueryProductVariants,
    /// `POST /stores-reader/v1/variants/query`
    QueryStoreVariants,
    /// `POST /stores-reader/v2/inventoryItems/query`
    QueryInventory,
    /// `POST /stores-reader/v2/inventoryItems/{id}/getVariants`, also `…/product/{productId}/getVariants`
    GetInventoryVariants,
    /// `POST /stores/v2/inventoryItems/increment`
    IncrementInventory,
    /// `POST /stores/v2/inventoryItems/decrement`
    DecrementInventory,
    /// `PATCH /stores/v2/inventoryItems/product/{productId}`
    UpdateInventory,
    /// Anything else: answered with 404
    Unknown,
    /// `POST /stores/v3/inventory-items/query`
    QueryItems,
    /// `POST /stores/v3/inventory-items/count`
    CountItems,
    /// `GET /stores/v3/inventory-items/{id}`
    GetItem,
    /// `PATCH /stores/v3/inventory-items/{id}`
    UpdateItem,
    /// `POST /stores/v3/bulk/inventory-items/update`
    BulkUpdateItems,
    /// `POST /stores/v3/locations/query`
    QueryLocations,
    /// `GET /stores/v3/locations/default`
    DefaultLocation,
    /// `GET /stores/v3/locations/{id}`
    GetLocation,
}

impl Endpoint {
    /// Where the entries stand in the body of a write with several, as a JSON pointer.
    pub(crate) fn entries_pointer(self) -> Option<&'static str> {
        match self {
            Self::IncrementInventory => Some("/incrementData"),
            Self::DecrementInventory => Some("/decrementData"),
            Self::UpdateInventory => Some("/inventoryItem/variants"),
            Self::BulkUpdateItems => Some("/inventoryItems"),
            _ => None,
        }
    }

    /// Whether requests to it change levels.
    pub(crate) fn is_write(self) -> bool {
        match self {
            Self::IncrementInventory
            | Self::DecrementInventory
            | Self::UpdateInventory
            | Self::UpdateItem
            | Self::BulkUpdateItems => true,
            Self::CatalogVersion
            | Self::QueryProducts
            | Self::GetProduct
            | Self::QueryProductVariants
            | Self::QueryStoreVariants
            | Self::QueryInventory
            | Self::GetInventoryVariants
            | Self::Unknown
            | Self::QueryItems
            | Self::CountItems
            | Self::GetItem
            | Self::QueryLocations
            | Self::DefaultLocation
            | Self::GetLocation => false,
        }
    }

    /// Its stream of the random source.
    pub(crate) fn stream(self) -> Stream {
        Stream(self as u64)
    }
}
