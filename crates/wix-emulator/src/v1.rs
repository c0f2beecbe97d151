//! The Catalog V1 endpoints (contract 3).

mod deltas;
mod inventory;
mod product_view;
mod products;
mod set;
mod store_variants;
mod variants;

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::behaviour::StaleReads;
use crate::catalog::{Catalog, Lens, Moment};
use crate::config::CatalogVersion;
use crate::endpoint::Endpoint;
use crate::ledger::Cause;
use crate::reply::Reply;
use crate::site::Site;

pub(crate) use deltas::Direction;

/// A request to one of the V1 endpoints, with the ids of its path.
#[derive(Debug, Clone)]
pub(crate) enum Call {
    QueryProducts,
    GetProduct(String),
    QueryProductVariants(String),
    QueryStoreVariants,
    QueryInventory,
    /// By inventory item id.
    GetInventory(String),
    /// By product id.
    GetProductInventory(String),
    Change(Direction),
    Set(String),
}

impl Call {
    /// The V1 endpoint at this path, if there is one.
    pub(crate) fn at(method: &Method, path: &[&str]) -> Option<Self> {
        let owned = |id: &str| id.to_owned();
        Some(match (method.as_str(), path) {
            ("POST", ["stores-reader" | "stores", "v1", "products", "query"]) => Self::QueryProducts,
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
            ("POST", ["stores", "v2", "inventoryItems", "increment"]) => Self::Change(Direction::Up),
            ("POST", ["stores", "v2", "inventoryItems", "decrement"]) => Self::Change(Direction::Down),
            ("PATCH", ["stores", "v2", "inventoryItems", "product", id]) => Self::Set(owned(id)),
            _ => return None,
        })
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        match self {
            Self::QueryProducts => Endpoint::QueryProducts,
            Self::GetProduct(_) => Endpoint::GetProduct,
            Self::QueryProductVariants(_) => Endpoint::QueryProductVariants,
            Self::QueryStoreVariants => Endpoint::QueryStoreVariants,
            Self::QueryInventory => Endpoint::QueryInventory,
            Self::GetInventory(_) | Self::GetProductInventory(_) => Endpoint::GetInventoryVariants,
            Self::Change(direction) => direction.endpoint(),
            Self::Set(_) => Endpoint::UpdateInventory,
        }
    }

    /// Whether the request carries a JSON body.
    pub(crate) fn has_body(&self) -> bool {
        !matches!(self, Self::GetProduct(_))
    }
}

/// How a fault bends an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Bend {
    /// The page lacks its last row.
    pub(crate) short_page: bool,
    /// The total is one too high.
    pub(crate) wrong_total: bool,
    /// Only so many entries of a write take effect.
    pub(crate) entries: Option<usize>,
    /// The read shows levels as they were this long ago.
    pub(crate) lag: Option<Duration>,
}

impl Bend {
    fn rows<T>(self, mut rows: Vec<T>) -> Vec<T> {
        if self.short_page {
            rows.pop();
        }
        rows
    }

    fn total(self, total: usize) -> usize {
        total + usize::from(self.wrong_total)
    }
}

/// Answers a V1 call. On a site without the V1 catalog that is 428 or 401 (contract 2).
pub(crate) fn answer(
    site: &Site,
    call: &Call,
    body: &Value,
    number: u64,
    bend: Bend,
) -> Result<Reply, Reply> {
    match site.catalog_version() {
        CatalogVersion::V1Catalog => {}
        CatalogVersion::V3Catalog => {
            let message = "Endpoint belongs to CATALOG_V1, but your site is using CATALOG_V3";
            let code = "CATALOG_V3_CALLING_CATALOG_V1_API";
            return Err(Reply::application(StatusCode::PRECONDITION_REQUIRED, code, message));
        }
        CatalogVersion::StoresNotInstalled => {
            let message = "Wix Stores is not installed";
            return Err(Reply::application(StatusCode::UNAUTHORIZED, "STORES_NOT_INSTALLED", message));
        }
    }
    match call {
        Call::QueryProducts => products::query(site, body, bend),
        Call::GetProduct(id) => products::get(site, id, bend),
        Call::QueryProductVariants(id) => variants::query(site, id, body, bend),
        Call::QueryStoreVariants => store_variants::query(site, body, bend),
        Call::QueryInventory => inventory::query(site, body, bend),
        Call::GetInventory(id) => inventory::get(site, id, body, Catalog::by_item, "inventoryId", bend),
        Call::GetProductInventory(id) => inventory::get(site, id, body, Catalog::by_id, "productId", bend),
        Call::Change(direction) => deltas::change(site, *direction, body, number, bend),
        Call::Set(id) => set::set(site, id, body, number, bend),
    }
}

fn product_not_found(id: &str) -> Reply {
    Reply::not_found("PRODUCT_NOT_FOUND", &format!("product {id} not found"))
}

impl Site {
    /// How a query sees the shop.
    fn query_lens(&self, bend: Bend) -> Lens {
        let lag = bend.lag.unwrap_or_else(|| self.behaviour().read_staleness);
        Lens { now: self.clock.elapsed(), lag }
    }

    /// How a read by id sees the shop.
    fn id_lens(&self, bend: Bend) -> Lens {
        let lens = self.query_lens(bend);
        match self.behaviour().stale_reads {
            StaleReads::QueriesOnly if bend.lag.is_none() => Lens { lag: Duration::ZERO, ..lens },
            _ => lens,
        }
    }

    /// The moment of a write request.
    fn write_moment(&self, number: u64) -> Moment {
        Moment { request: Some(number), ..self.moment(Cause::Write) }
    }
}
