//! Wix Stores on your own machine, over real HTTP.
//!
//! An [`Emulator`] answers the Catalog V1 part of the Wix REST interface for one site: it checks credentials,
//! parses filters and sorts for real, keeps the documented limits, and breaks on demand ([`Fault`]). What the
//! documentation leaves open is a switch in [`Behaviour`]. Beside the HTTP side stands the [`Shop`] handle: it
//! plays the buyers and the merchant, and its ledger is a record of every level change that no client can touch.
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

mod act;
mod auth;
mod behaviour;
mod catalog;
mod clock;
mod conditions;
mod config;
mod connection;
mod control;
mod data;
mod dice;
mod emulator;
mod endpoint;
mod fault;
mod guid;
mod ledger;
mod listing;
mod log;
mod millis;
mod pipeline;
mod port;
mod query;
mod rate;
mod reply;
mod shop;
mod shop_edits;
mod site;
mod stamp;
mod strike;
mod v1;
mod violation;

pub use act::{Act, Done};
pub use behaviour::{
    AboveCeiling, Atomicity, Behaviour, BelowZero, DefaultOrder, Duplicates, StaleReads, StockChangeTouches,
    Untracked,
};
pub use conditions::{Conditions, ConditionsError};
pub use config::{CatalogVersion, Config, DEFAULT_API_KEY, DEFAULT_SITE_ID};
pub use data::{DataError, OptionData, Problem, ProductData, ProductType, ShopData, VariantData};
pub use emulator::{Emulator, StartError};
pub use endpoint::Endpoint;
pub use fault::{Chaos, ChaosKind, Fault, FaultKind, HangMoment};
pub use guid::{Guid, IMPLICIT_VARIANT};
pub use ledger::{Cause, LedgerEntry};
pub use listing::{Listing, ListingIds};
pub use log::RequestRecord;
pub use rate::RateLimit;
pub use shop::Shop;
pub use shop_edits::EditError;
pub use stamp::Stamp;
