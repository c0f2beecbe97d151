//! Decisions, pure: what a shop should show, which changes bring it there, and what an answer means.
//!
//! Nothing here waits, reads a clock, a file or the environment, so nothing here can fail for outside reasons. Every
//! decision about a quantity is made in this crate.
//!
//! - [`Stock`]: what the warehouse has, summed for each SKU; [`Policy`]: the rules that make a [`Target`] of a sum.
//! - [`Listing`]: one sellable unit of the shop; [`ListingMap`]: what is remembered of a shop between runs.
//! - [`Plan`]: the [`Change`]s of a run, and every SKU that is left alone; [`plan::guard`] may hold it.
//! - [`Batch`], [`Line`], [`LineState`]: what is sent, and how far it has come; [`write::settle`] judges unclear writes.
//! - [`RunSummary`], [`Report`]: what is recorded and told of a run.
//! - [`admission`]: which run may start, wait, join, go on and end; [`checkup`]: what `doctor` concludes.
//! - [`moment`]: stored moments against a clock that may have been set.
//!
//! Start with [`Plan::make`] and follow its arguments.

pub mod admission;
pub mod checkup;
pub mod code;
mod count;
pub mod guide;
mod hash;
pub mod ids;
pub mod listing;
pub mod moment;
pub mod plan;
pub mod quantity;
pub mod run;
pub mod sku;
pub mod stock;
pub mod write;

pub use ids::{InventoryItemId, ListingKey, LocationId, ProductId, RunId, ShopName, VariantId};
pub use listing::Listing;
pub use listing::map::ListingMap;
pub use listing::reading::ReadChoice;
pub use plan::scope::Scope;
pub use plan::skip::SkipReason;
pub use plan::{Change, Plan};
pub use quantity::{Delta, Level, Target};
pub use run::name::RunName;
pub use run::report::Report;
pub use run::{Outcome, RunKind, RunSummary, StartedBy, Starter, TaskStatus};
pub use sku::Sku;
pub use stock::Stock;
pub use stock::policy::{Policy, SoldOut};
pub use write::batch::{Batch, Direction, WriteBatch};
pub use write::line::{Line, LineState};

/// Milliseconds since 1970-01-01T00:00:00Z. The only form of time in this crate; it always comes in as an
/// argument.
pub type UnixMillis = i64;
