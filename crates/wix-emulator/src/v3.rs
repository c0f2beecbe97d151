//! The Catalog V3 endpoints (Wix: Catalog V3): their paths, how they read requests, how they show the catalog.

mod bulk;
mod create;
mod deltas;
mod errors;
mod free_text;
mod inventory;
mod item_change;
mod item_row;
mod item_select;
mod item_view;
mod locations;
mod money;
mod preorder;
mod product_update;
mod product_view;
mod products;
mod update;
mod variants;
mod variants_info;

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::catalog::CatalogVersion;
use crate::endpoint::Endpoint;
use crate::fault::{Mutation, NamedListing};
use crate::rest::Reply;
use crate::site::Site;

use deltas::Delta;
use variants::Reading;

/// What a request to a V3 endpoint asks for, with the ids of its path.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    QueryItems,
    SearchItems,
    CountItems,
    GetItem(String),
    CreateItem,
    BulkCreateItems,
    UpdateItem(String),
    BulkUpdateItems,
    ChangeItems(Delta),
    DeleteItem(String),
    BulkDeleteItems,
    QueryLocations,
    DefaultLocation,
    GetLocation(String),
    ReadVariants(Reading),
    QueryProducts,
    SearchProducts,
    /// With the `fields` of the query string.
    GetProduct(String, Vec<String>),
    UpdateProduct(String),
    BulkUpdateProducts,
}

impl Operation {
    /// The operation at this path, if there is one.
    pub(crate) fn find(method: &Method, path: &[&str], query: &str) -> Option<Self> {
        let ["stores", "v3", rest @ ..] = path else { return None };
        let owned = |id: &str| id.to_owned();
        Some(match (method.as_str(), rest) {
            ("POST", ["inventory-items", "query"]) => Self::QueryItems,
            ("POST", ["inventory-items", "search"]) => Self::SearchItems,
            ("POST", ["inventory-items", "count"]) => Self::CountItems,
            ("POST", ["inventory-items"]) => Self::CreateItem,
            ("POST", ["bulk", "inventory-items", "create"]) => Self::BulkCreateItems,
            ("POST", ["bulk", "inventory-items", "delete"]) => Self::BulkDeleteItems,
            ("DELETE", ["inventory-items", id]) => Self::DeleteItem(owned(id)),
            ("POST", ["bulk", "inventory-items", "update"]) => Self::BulkUpdateItems,
            ("GET", ["inventory-items", id]) => Self::GetItem(owned(id)),
            ("PATCH", ["inventory-items", id]) => Self::UpdateItem(owned(id)),
            ("POST", ["bulk", "inventory-items", call]) => Self::ChangeItems(Delta::named(call)?),
            ("POST", ["products", "query-variants"]) => Self::ReadVariants(Reading::Query),
            ("POST", ["products", "search-variants"]) => Self::ReadVariants(Reading::Search),
            ("POST", ["products", "query"]) => Self::QueryProducts,
            ("POST", ["products", "search"]) => Self::SearchProducts,
            ("GET", ["products", id]) => Self::GetProduct(owned(id), fields(query)),
            ("PATCH", ["products", id]) => Self::UpdateProduct(owned(id)),
            ("POST", ["bulk", "products", "update"]) => Self::BulkUpdateProducts,
            ("POST", ["locations", "query"]) => Self::QueryLocations,
            ("GET", ["locations", "default"]) => Self::DefaultLocation,
            ("GET", ["locations", id]) => Self::GetLocation(owned(id)),
            _ => return None,
        })
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        match self {
            Self::QueryItems => Endpoint::QueryItems,
            Self::SearchItems => Endpoint::SearchItems,
            Self::CountItems => Endpoint::CountItems,
            Self::CreateItem => Endpoint::CreateItem,
            Self::BulkCreateItems => Endpoint::BulkCreateItems,
            Self::ChangeItems(delta) => delta.endpoint(),
            Self::DeleteItem(_) => Endpoint::DeleteItem,
            Self::BulkDeleteItems => Endpoint::BulkDeleteItems,
            Self::ReadVariants(Reading::Query) => Endpoint::QueryVariants,
            Self::ReadVariants(Reading::Search) => Endpoint::SearchVariants,
            Self::QueryProducts => Endpoint::QueryProductsV3,
            Self::SearchProducts => Endpoint::SearchProductsV3,
            Self::GetProduct(..) => Endpoint::GetProductV3,
            Self::UpdateProduct(_) => Endpoint::UpdateProductV3,
            Self::BulkUpdateProducts => Endpoint::BulkUpdateProductsV3,
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
        !matches!(
            self,
            Self::GetItem(_)
                | Self::DeleteItem(_)
                | Self::DefaultLocation
                | Self::GetLocation(_)
                | Self::GetProduct(..)
        )
    }

    /// The listings that the entries of a bulk write name; none for other operations.
    pub(crate) fn named_listings(&self, body: &[u8]) -> Vec<NamedListing> {
        match self {
            Self::BulkUpdateItems => update::named_listings(body),
            Self::ChangeItems(delta) => delta.named_listings(body),
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
    check_catalog(site.catalog_version(), site.wrong_catalog())?;
    match operation {
        Operation::QueryItems => inventory::query(site, "query", body, mutation),
        Operation::SearchItems => inventory::query(site, "search", body, mutation),
        Operation::CreateItem => create::create(site, body, number, mutation),
        Operation::BulkCreateItems => create::bulk_create(site, body, number, mutation),
        Operation::ChangeItems(delta) => deltas::change(site, *delta, body, number, mutation),
        Operation::DeleteItem(id) => create::delete(site, id, number, mutation),
        Operation::BulkDeleteItems => create::bulk_delete(site, body, number, mutation),
        Operation::ReadVariants(reading) => variants::read(site, *reading, body, mutation),
        Operation::QueryProducts => products::query(site, "query", body, mutation),
        Operation::SearchProducts => products::query(site, "search", body, mutation),
        Operation::GetProduct(id, fields) => products::get(site, id, fields, mutation),
        Operation::UpdateProduct(id) => product_update::update(site, id, body, mutation),
        Operation::BulkUpdateProducts => product_update::bulk_update(site, body, mutation),
        Operation::CountItems => inventory::count(site, body, mutation),
        Operation::GetItem(id) => inventory::get(site, id, mutation),
        Operation::UpdateItem(id) => update::update(site, id, body, number, mutation),
        Operation::BulkUpdateItems => update::bulk_update(site, body, number, mutation),
        Operation::QueryLocations => locations::query(site, body, mutation),
        Operation::DefaultLocation => locations::get_default(site),
        Operation::GetLocation(id) => locations::get(site, id),
    }
}

/// The values of `fields` in a query string, as the official client sends them: `fields=A&fields=B`.
fn fields(query: &str) -> Vec<String> {
    query.split('&').filter_map(|part| part.strip_prefix("fields=")).map(ToOwned::to_owned).collect()
}

fn check_catalog(version: CatalogVersion, wrong: StatusCode) -> Result<(), Reply> {
    let (code, message) = match version {
        CatalogVersion::V3Catalog => return Ok(()),
        CatalogVersion::V1Catalog => (
            "CATALOG_V1_SITE_CALLING_CATALOG_V3_API",
            "Endpoint belongs to CATALOG_V3, but your site is using CATALOG_V1",
        ),
        CatalogVersion::V3Provisioning => {
            ("CATALOG_V3_SITE_PROVISIONING", "The site is being provisioned, please retry")
        }
        CatalogVersion::StoresNotInstalled => ("REQUIRED_APP_NOT_INSTALLED", "Wix Stores is not installed"),
    };
    let other = version == CatalogVersion::V1Catalog;
    let status = if other { wrong } else { StatusCode::PRECONDITION_REQUIRED };
    Err(Reply::application(status, code, message))
}
