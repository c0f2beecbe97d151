//! Wix Stores on your own machine, over real HTTP, for tests and demonstrations.
//!
//! An [`Emulator`] answers the Catalog V1 and V3 parts of the Wix REST interface for one site. It checks credentials, parses
//! filters and sorts for real, keeps the documented limits, and injects faults on demand ([`Fault`], [`Chaos`]). Where
//! Wix's documentation leaves something open, a switch in [`Behavior`] decides. The [`Shop`] handle plays the buyers and
//! the merchant, and shows a ledger: a record of every level change that no client can touch.
//!
//! A remark such as (Wix: Query Products) names the method or article of Wix's REST documentation that a fact is about;
//! "unconfirmed" means that the documentation does not settle it. The README describes the shop file, the faults and the
//! control endpoint.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use wix_emulator::{Config, Emulator, ShopData};
//!
//! let data = ShopData::from_json(r#"{"products":[{"sku":"A-1","name":"Apple","quantity":5}]}"#)?;
//! let emulator = Emulator::start(Config::new(data)).await?;
//! println!("{}", emulator.base_url());
//! assert_eq!(emulator.shop().level("A-1"), Some(5));
//! emulator.stop().await;
//! # Ok(())
//! # }
//! ```

mod catalog;
mod control;
mod emulator;
mod endpoint;
mod fault;
mod http;
mod json;
mod query;
mod random;
mod rest;
mod shop_file;
mod site;
mod v1;
mod v3;

pub use catalog::{
    CatalogVersion, Cause, EditError, Guid, IMPLICIT_VARIANT, LedgerEntry, Listing, ListingIds, Timestamp,
};
pub use emulator::{Emulator, StartError};
pub use endpoint::Endpoint;
pub use fault::{Action, ActionResult, Chaos, ChaosKind, Fault, FaultKind, FaultTiming};
pub use shop_file::{
    DataError, LocationData, OptionData, Problem, ProductData, ProductType, ShopData, VariantData,
};
pub use site::{
    AboveCeiling, AppCredentials, Atomicity, Behavior, BelowZero, BulkFailures, Conditions, ConditionsError,
    Config, DEFAULT_API_KEY, DEFAULT_APP_ID, DEFAULT_APP_SECRET, DEFAULT_INSTANCE_ID, DEFAULT_SITE_ID,
    DefaultOrder, Duplicates, FailureDetail, NegativeTarget, RateLimit, RequestRecord, ReturnedEntity, Shop,
    Sorts, StaleReads, StockChangeTouches, Untracked, V1Reads, VariantQuery, Violation,
};
