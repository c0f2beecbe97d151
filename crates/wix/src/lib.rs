//! Client for the Wix Stores REST API.
//!
//! Usable alone: it knows SKUs, products and inventory items as Wix writes them, and nothing of warehouses or
//! runs. Every failure is of a [`Class`], so that a caller can tell what may be repeated; a write is never
//! repeated by the client itself.

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
