//! Client for the Wix Stores REST API.
//!
//! The crate is usable alone: it knows SKUs, products and inventory items as Wix writes them, and nothing about
//! warehouses or runs. Every failure has a [`Class`], so that a caller knows what may be retried. The client itself
//! never retries a write.

mod client;
mod error;
mod gate;
mod reply;
pub mod v1;
mod version;
pub mod window;

pub use client::{Client, Settings};
pub use error::{Class, WixError};
pub use gate::{SendGate, StillAllowed};
pub use version::CatalogVersion;
pub use window::{MemoryWindow, OnWait, RequestLimit, RequestWindow};
