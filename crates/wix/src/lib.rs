//! Client for the Wix Stores REST API.
//!
//! Usable alone: it knows SKUs, products and inventory items as Wix writes them, and nothing of warehouses or runs.
//!
//! - [`Client`], made from [`Settings`]: one site, with an API key or an app's [`Credentials`]. Reads are repeated while a failure looks transient. A write is sent
//!   once, through a [`SendGate`], and never repeated.
//! - [`WixError`]: every failure has a [`Class`], so that a caller can tell what may be repeated.
//! - [`RequestWindow`]: each request waits for its place; [`MemoryWindow`] keeps the window of one process.
//! - [`CatalogVersion`]: what the site says it is on; [`v1`] and [`v3`]: the endpoints of each catalog.
//!
//! Start with `client.rs`: `read`, `write` and the gate in between.

mod client;
mod credentials;
mod error;
mod gate;
mod lenient;
mod moment;
mod permissions;
mod reply;
pub mod v1;
pub mod v3;
mod version;
pub mod window;

pub use client::{Client, Settings};
pub use credentials::Credentials;
pub use error::{Class, WixError};
pub use gate::{SendGate, StillAllowed};
pub use version::CatalogVersion;
pub use window::{MemoryWindow, OnWait, RequestLimit, RequestWindow, WaitMeter};
