//! The shop port over the Wix client.
//!
//! - [`SiteShop`] is what the program opens: it asks the site for its catalog version once and hands every call to
//!   that catalog's adapter. It is the only place that knows which catalogs there are.
//! - `v1` is the adapter of Catalog V1: it makes listings of products and writes deltas; its terms say what each way
//!   of reading costs, what fits into a batch, and that unclear writes are settled by evidence.
//! - `v3` is the adapter of Catalog V3: its listings are the inventory items of the default location, and its writes
//!   are compare-and-swap, settled by revision.
//! - `error` says what a failure of the client means for a run and for the lines of a batch.
//!
//! Start with `site.rs`. The suite of `conformance::shop_tests!` runs over the emulator in `tests/conformance.rs`. A
//! new catalog is a module beside `v1` and an arm in `site.rs`.

mod error;
mod gate;
mod site;
mod v1;
mod v3;

pub use site::SiteShop;
