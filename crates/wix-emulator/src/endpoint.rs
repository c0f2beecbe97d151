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
    /// `POST /stores/v3/inventory-items/search`
    SearchItems,
    /// `POST /stores/v3/inventory-items`
    CreateItem,
    /// `POST /stores/v3/bulk/inventory-items/create`
    BulkCreateItems,
    /// `POST /stores/v3/bulk/inventory-items/increment`
    BulkIncrementItems,
    /// `POST /stores/v3/bulk/inventory-items/decrement`
    BulkDecrementItems,
    /// `POST /stores/v3/bulk/inventory-items/increment-by-variant-and-location`
    BulkIncrementVariants,
    /// `POST /stores/v3/bulk/inventory-items/decrement-by-variant-and-location`
    BulkDecrementVariants,
    /// `DELETE /stores/v3/inventory-items/{id}`
    DeleteItem,
    /// `POST /stores/v3/bulk/inventory-items/delete`
    BulkDeleteItems,
    /// `POST /stores/v3/products/query-variants`
    QueryVariants,
    /// `POST /stores/v3/products/search-variants`
    SearchVariants,
    /// `POST /stores/v3/products/query`
    #[serde(rename = "queryProductsV3")]
    QueryProductsV3,
    /// `POST /stores/v3/products/search`
    #[serde(rename = "searchProductsV3")]
    SearchProductsV3,
    /// `GET /stores/v3/products/{id}`
    #[serde(rename = "getProductV3")]
    GetProductV3,
    /// `PATCH /stores/v3/products/{id}`
    #[serde(rename = "updateProductV3")]
    UpdateProductV3,
    /// `GET` and `POST /stores-reader/v1/products/query-platformized`
    QueryProductsPlatformized,
    /// `GET /stores-reader/v1/variants/{id}`
    GetStoreVariant,
    /// `PATCH /stores/v1/products/{id}`
    UpdateProduct,
    /// `PATCH /stores/v1/products/{id}/variants`
    UpdateProductVariants,
    /// `POST /oauth2/token`
    Token,
    /// `POST /stores/v3/bulk/products/update`
    #[serde(rename = "bulkUpdateProductsV3")]
    BulkUpdateProductsV3,
}

impl Endpoint {
    /// Where the entries stand in the body of a write with several, as a JSON pointer.
    pub(crate) fn entries_pointer(self) -> Option<&'static str> {
        match self {
            Self::IncrementInventory | Self::BulkIncrementItems | Self::BulkIncrementVariants => {
                Some("/incrementData")
            }
            Self::DecrementInventory | Self::BulkDecrementItems | Self::BulkDecrementVariants => {
                Some("/decrementData")
            }
            Self::UpdateInventory => Some("/inventoryItem/variants"),
            Self::BulkUpdateItems | Self::BulkCreateItems => Some("/inventoryItems"),
            Self::BulkDeleteItems => Some("/inventoryItemIds"),
            Self::UpdateProductVariants => Some("/variants"),
            Self::BulkUpdateProductsV3 => Some("/products"),
            _ => None,
        }
    }

    /// Whether requests to it change the shop.
    pub(crate) fn is_write(self) -> bool {
        match self {
            Self::IncrementInventory
            | Self::DecrementInventory
            | Self::UpdateInventory
            | Self::UpdateItem
            | Self::BulkUpdateItems
            | Self::CreateItem
            | Self::BulkCreateItems
            | Self::BulkIncrementItems
            | Self::BulkDecrementItems
            | Self::BulkIncrementVariants
            | Self::BulkDecrementVariants
            | Self::DeleteItem
            | Self::BulkDeleteItems
            | Self::UpdateProductV3
            | Self::BulkUpdateProductsV3
            | Self::UpdateProduct
            | Self::UpdateProductVariants => true,
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
            | Self::GetLocation
            | Self::SearchItems
            | Self::QueryVariants
            | Self::SearchVariants
            | Self::QueryProductsV3
            | Self::SearchProductsV3
            | Self::GetProductV3
            | Self::QueryProductsPlatformized
            | Self::GetStoreVariant
            | Self::Token => false,
        }
    }

    /// Whether it can be asked by GET too, with the body in the query string (Wix: the official client).
    pub(crate) fn has_get_form(self) -> bool {
        matches!(
            self,
            Self::QueryItems
                | Self::SearchItems
                | Self::CountItems
                | Self::QueryLocations
                | Self::QueryVariants
                | Self::SearchVariants
                | Self::QueryProductsV3
                | Self::SearchProductsV3
                | Self::QueryProductsPlatformized
        )
    }

    /// Its stream of the random source.
    pub(crate) fn stream(self) -> Stream {
        Stream(self as u64)
    }
}
