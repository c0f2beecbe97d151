//! Catalog V1.

pub mod changed;
pub mod crawl;
pub mod inventory;
pub mod products;
pub mod variants;

use serde::Serialize;

/// The page size of V1 queries, and the longest list in a filter.
pub const PAGE: usize = 100;

/// The `query` of a V1 request. Filter and sort are JSON texts inside JSON.
#[derive(Serialize)]
struct Query {
    filter: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sort: Option<&'static str>,
    paging: Paging,
}

#[derive(Serialize)]
struct Paging {
    limit: usize,
    offset: usize,
}

impl Query {
    fn page(filter: &serde_json::Value, sort: Option<&'static str>, offset: usize) -> Self {
        Self { filter: filter.to_string(), sort, paging: Paging { limit: PAGE, offset } }
    }
}
