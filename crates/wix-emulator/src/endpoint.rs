//! The names of the endpoints, as faults, the request log and the counters use them.

use serde::{Deserialize, Serialize};

/// One endpoint of the emulated interface.
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
    /// Anything else: answered 404
    Unknown,
}

impl Endpoint {
    /// Whether requests to it change levels.
    pub(crate) fn is_write(self) -> bool {
        matches!(self, Self::IncrementInventory | Self::DecrementInventory | Self::UpdateInventory)
    }

    /// Its stream of the dice.
    pub(crate) fn stream(self) -> u64 {
        self as u64
    }
}
