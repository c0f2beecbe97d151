//! The Shop port over the Wix client, one module per catalog version.

mod error;
mod v1;

pub use v1::V1Shop;
