//! The Catalog V3 endpoints (Wix: Catalog V3): their paths, how they read requests, how they show the catalog.

mod bulk;
mod errors;
mod inventory;
mod item_change;
mod item_row;
mod item_select;
mod item_view;
mod locations;
mod preorder;
mod update;

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::endpoint::Endpoint;
use crate::fault::{Mutation, NamedListing};
use crate::rest::Reply;
use crate::site::{CatalogVersion, Site};

/// What a request to a V3 endpoint asks for, with the ids of its path.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    QueryItems,
    CountItems,
    GetItem(String),
    UpdateItem(String),
    BulkUpdateItems,
    QueryLocations,
    DefaultLocation,
    GetLocation(String),
}

impl Operation {
    /// The operation at this path, if there is one.
    pub(crate) fn find(method: &Method, path: &[&str]) -> Option<Self> {
        let ["stores", "v3", rest @ ..] = path else { return None };
        let owned = |id: &str| id.to_owned();
        Some(match (method.as_str(), rest) {
            ("POST", ["inventory-items", "query"]) => Self::QueryItems,
            ("POST", ["inventory-items", "count"]) => Self::CountItems,
            ("POST", ["bulk", "inventory-items", "update"]) => Self::BulkUpdateItems,
            ("GET", ["inventory-items", id]) => Self::GetItem(owned(id)),
            ("PATCH", ["inventory-items", id]) => Self::UpdateItem(owned(id)),
            ("POST", ["locations", "query"]) => Self::QueryLocations,
            ("GET", ["locations", "default"]) => Self::DefaultLocation,
            ("GET", ["locations", id]) => Self::GetLocation(owned(id)),
            _ => return None,
        })
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        match self {
            Self::QueryItems => Endpoint::QueryItems,
            Self::CountItems => Endpoint::CountItems,
            Self::GetItem(_) => Endpoint::GetItem,
            Self::UpdateItem(_) => Endpoint::UpdateItem,
            Self::BulkUpdateItems => Endpoint::BulkUpdateItems,
            Self::QueryLocations => Endpoint::QueryLocations,
            Self::DefaultLocation => Endpoint::DefaultLocation,
            Self::GetLocation(_) => Endpoint::GetLocation,
        }
    }

    /// Whether the request carries a JSON body.
    pub(crate) fn has_body(&self) -> bool {
        !matches!(self, Self::GetItem(_) | Self::DefaultLocation | Self::GetLocation(_))
    }

    /// The listings that the entries of a bulk write name; none for other operations.
    pub(crate) fn named_listings(&self, body: &[u8]) -> Vec<NamedListing> {
        match self {
            Self::BulkUpdateItems => update::named_listings(body),
            _ => Vec::new(),
        }
    }
}

/// Does what a V3 operation asks for. A site without the V3 catalog answers 428 (Wix: Catalog versioning).
pub(crate) fn answer(
    site: &Site,
    operation: &Operation,
    body: &Value,
    number: u64,
    mutation: Mutation,
) -> Result<Reply, Reply> {
    check_catalog(site.catalog_version())?;
    match operation {
        Operation::QueryItems => inventory::query(site, body, mutation),
        Operation::CountItems => inventory::count(site, body, mutation),
        Operation::GetItem(id) => inventory::get(site, id, mutation),
        Operation::UpdateItem(id) => update::update(site, id, body, number, mutation),
        Operation::BulkUpdateItems => update::bulk_update(site, body, number, mutation),
        Operation::QueryLocations => locations::query(site, body, mutation),
        Operation::DefaultLocation => locations::get_default(site),
        Operation::GetLocation(id) => locations::get(site, id),
    }
}

fn check_catalog(version: CatalogVersion) -> Result<(), Reply> {
    let (code, message) = match version {
        CatalogVersion::V3Catalog => return Ok(()),
        CatalogVersion::V1Catalog => (
            "CATALOG_V1_SITE_CALLING_CATALOG_V3_API",
            "Endpoint belongs to CATALOG_V3, but your site is using CATALOG_V1",
        ),
        CatalogVersion::StoresNotInstalled => ("REQUIRED_APP_NOT_INSTALLED", "Wix Stores is not installed"),
    };
    Err(Reply::application(StatusCode::PRECONDITION_REQUIRED, code, message))
}
