//! The Shop port over the Wix client: one module per catalog version, and a handle that asks the site for its
//! version.

mod error;
mod site;
mod v1;

pub use site::SiteShop;
