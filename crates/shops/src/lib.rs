//! The Shop port over the Wix client: one module per catalog version, and the handle that asks a site which one it has.

mod error;
mod site;
mod v1;

pub use site::SiteShop;
