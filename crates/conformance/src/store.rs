//! The suite of the store.
//!
//! Each function takes an empty store and panics if a port breaks its contract. Other tests of a store may use the
//! [`fixtures`] too.

mod clocks;
mod copies;
mod figures;
pub mod fixtures;
mod history;
mod leases;
mod lines;
mod maps;
mod runs;
mod tasks;
mod tokens;
mod windows;

pub use clocks::*;
pub use copies::*;
pub use figures::*;
pub use history::*;
pub use leases::*;
pub use lines::*;
pub use maps::*;
pub use runs::*;
pub use tasks::*;
pub use tokens::*;
pub use windows::*;
