//! The Catalog V1 endpoints (Wix: Catalog V1): their paths, how they read requests, how they show the catalog.

mod deltas;
mod errors;
mod inventory;
mod product_view;
mod products;
mod set_levels;
mod store_variants;
mod update;
mod variants;

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::catalog::{Catalog, CatalogVersion};
use crate::endpoint::Endpoint;
use crate::fault::{Mutation, NamedListing};
use crate::rest::Reply;
use crate::site::{Site, V1Reads};

use deltas::Direction;

/// What a request to a V1 endpoint asks for, with the ids of its path.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    QueryProducts {
        /// Through the path of the reader.
        by_reader: bool,
    },
    GetProduct(String),
    QueryPlatformized,
    UpdateProduct(String),
    UpdateVariants(String),
    GetStoreVariant(String),
    QueryProductVariants(String),
    QueryStoreVariants,
    QueryInventory,
    /// By inventory item id.
    GetInventory(String),
    /// By product id.
    GetProductInventory(String),
    ChangeLevels(Direction),
    SetLevels(String),
}

impl Operation {
    /// The operation at this path, if there is one.
    pub(crate) fn find(method: &Method, path: &[&str]) -> Option<Self> {
        let owned = |id: &str| id.to_owned();
        Some(match (method.as_str(), path) {
            ("POST", ["stores-reader", "v1", "products", "query"]) => Self::QueryProducts { by_reader: true },
            ("POST", ["stores", "v1", "products", "query"]) => Self::QueryProducts { by_reader: false },
            ("POST", ["stores-reader", "v1", "products", "query-platformized"]) => Self::QueryPlatformized,
            ("PATCH", ["stores", "v1", "products", id]) => Self::UpdateProduct(owned(id)),
            ("PATCH", ["stores", "v1", "products", id, "variants"]) => Self::UpdateVariants(owned(id)),
            ("GET", ["stores-reader", "v1", "variants", id]) => Self::GetStoreVariant(owned(id)),
            ("GET", ["stores-reader", "v1", "products", id]) => Self::GetProduct(owned(id)),
            ("POST", ["stores-reader", "v1", "products", id, "variants", "query"]) => {
                Self::QueryProductVariants(owned(id))
            }
            ("POST", ["stores-reader", "v1", "variants", "query"]) => Self::QueryStoreVariants,
            ("POST", ["stores-reader", "v2", "inventoryItems", "query"]) => Self::QueryInventory,
            ("POST", ["stores-reader", "v2", "inventoryItems", "product", id, "getVariants"]) => {
                Self::GetProductInventory(owned(id))
            }
            ("POST", ["stores-reader", "v2", "inventoryItems", id, "getVariants"]) => {
                Self::GetInventory(owned(id))
            }
            ("POST", ["stores", "v2", "inventoryItems", "increment"]) => Self::ChangeLevels(Direction::Up),
            ("POST", ["stores", "v2", "inventoryItems", "decrement"]) => Self::ChangeLevels(Direction::Down),
            ("PATCH", ["stores", "v2", "inventoryItems", "product", id]) => Self::SetLevels(owned(id)),
            _ => return None,
        })
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        match self {
            Self::QueryProducts { .. } => Endpoint::QueryProducts,
            Self::QueryPlatformized => Endpoint::QueryProductsPlatformized,
            Self::UpdateProduct(_) => Endpoint::UpdateProduct,
            Self::UpdateVariants(_) => Endpoint::UpdateProductVariants,
            Self::GetStoreVariant(_) => Endpoint::GetStoreVariant,
            Self::GetProduct(_) => Endpoint::GetProduct,
            Self::QueryProductVariants(_) => Endpoint::QueryProductVariants,
            Self::QueryStoreVariants => Endpoint::QueryStoreVariants,
            Self::QueryInventory => Endpoint::QueryInventory,
            Self::GetInventory(_) | Self::GetProductInventory(_) => Endpoint::GetInventoryVariants,
            Self::ChangeLevels(direction) => direction.endpoint(),
            Self::SetLevels(_) => Endpoint::UpdateInventory,
        }
    }

    /// Whether the request carries a JSON body.
    pub(crate) fn has_body(&self) -> bool {
        !matches!(self, Self::GetProduct(_) | Self::GetStoreVariant(_))
    }

    /// The listings that the entries of an increment or decrement name; none for other operations.
    pub(crate) fn named_listings(&self, body: &[u8]) -> Vec<NamedListing> {
        match self {
            Self::ChangeLevels(direction) => direction.named_listings(body),
            _ => Vec::new(),
        }
    }
}

/// Does what a V1 operation asks for. A site without the V1 catalog answers 428 or 401 (Wix: Catalog
/// versioning), but the reader's query of products may answer all the same.
pub(crate) fn answer(
    site: &Site,
    operation: &Operation,
    body: &Value,
    number: u64,
    mutation: Mutation,
) -> Result<Reply, Reply> {
    let version = site.catalog_version();
    let by_reader = matches!(operation, Operation::QueryProducts { by_reader: true });
    if !(by_reader
        && version == CatalogVersion::V3Catalog
        && site.behavior().v1_reads == V1Reads::WithoutVariants)
    {
        check_catalog(version, site.wrong_catalog())?;
    }
    match operation {
        Operation::QueryProducts { .. } => products::query(site, body, mutation),
        Operation::QueryPlatformized => products::query_platformized(site, body, mutation),
        Operation::UpdateProduct(id) => update::product(site, id, body, mutation),
        Operation::UpdateVariants(id) => update::variants(site, id, body, mutation),
        Operation::GetStoreVariant(id) => store_variants::get(site, id, mutation),
        Operation::GetProduct(id) => products::get(site, id, mutation),
        Operation::QueryProductVariants(id) => variants::query(site, id, body, mutation),
        Operation::QueryStoreVariants => store_variants::query(site, body, mutation),
        Operation::QueryInventory => inventory::query(site, body, mutation),
        Operation::GetInventory(id) => {
            inventory::get(site, id, body, Catalog::by_item, "inventoryId", mutation)
        }
        Operation::GetProductInventory(id) => {
            inventory::get(site, id, body, Catalog::by_id, "productId", mutation)
        }
        Operation::ChangeLevels(direction) => deltas::change(site, *direction, body, number, mutation),
        Operation::SetLevels(id) => set_levels::set(site, id, body, number, mutation),
    }
}

fn check_catalog(version: CatalogVersion, wrong: StatusCode) -> Result<(), Reply> {
    match version {
        CatalogVersion::V1Catalog => Ok(()),
        CatalogVersion::V3Catalog | CatalogVersion::V3Provisioning => {
            let message = "Endpoint belongs to CATALOG_V1, but your site is using CATALOG_V3";
            let code = "CATALOG_V3_CALLING_CATALOG_V1_API";
            Err(Reply::application(wrong, code, message))
        }
        CatalogVersion::StoresNotInstalled => {
            let message = "Wix Stores is not installed";
            Err(Reply::application(StatusCode::UNAUTHORIZED, "STORES_NOT_INSTALLED", message))
        }
    }
}
