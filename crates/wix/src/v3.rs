//! Catalog V3.
//!
//! Filters and sorts are JSON objects. Queries are paged by cursor: the first request has filter and sort, every
//! further one only the cursor, which carries both (Wix: About cursor paging).

pub mod create;
pub mod inventory;
pub mod locations;
pub mod paging;
pub mod update;
pub mod variants;

/// The largest page of inventory queries and of variant searches, and the largest bulk update.
pub const PAGE: usize = 1_000;

/// The page size where Wix refuses [`PAGE`].
const SMALL_PAGE: usize = 100;

/// How many values a filter may list. Wix states no limit; 50 is what clients are known to use.
pub const LISTED: usize = 50;
