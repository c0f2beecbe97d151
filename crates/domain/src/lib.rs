//! Decisions, pure: what a shop should show, which changes bring it there, and what an answer means.
//!
//! Nothing here waits, reads a clock, a file or the environment, so nothing here can fail for outside
//! reasons. Everything that the product decides about a quantity is decided in this crate.

pub mod batch;
pub mod checkup;
pub mod code;
pub mod drift;
pub mod explain;
pub mod guard;
pub mod guide;
mod hash;
pub mod ids;
pub mod line;
pub mod listing;
pub mod listing_map;
pub mod near_miss;
pub mod plan;
pub mod policy;
pub mod quantity;
pub mod reading;
pub mod recheck;
pub mod report;
pub mod run;
pub mod scope;
pub mod settle;
pub mod skip;
pub mod sku;
pub mod stock;

pub use batch::{Batch, Direction, WriteBatch};
pub use ids::{InventoryItemId, ListingKey, ProductId, RunId, ShopName, VariantId};
pub use line::{Line, LineState};
pub use listing::Listing;
pub use listing_map::ListingMap;
pub use plan::{Change, Plan};
pub use policy::{Policy, SoldOut};
pub use quantity::{Delta, Level, Target};
pub use reading::ReadChoice;
pub use report::Report;
pub use run::{Outcome, RunKind, RunSummary, TaskStatus};
pub use scope::Scope;
pub use skip::SkipReason;
pub use sku::Sku;
pub use stock::Stock;

/// Milliseconds since 1970-01-01T00:00:00Z. The only form of time in this crate; it always comes in as an
/// argument.
pub type UnixMillis = i64;
