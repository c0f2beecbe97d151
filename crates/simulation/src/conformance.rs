//! What every implementation of the state ports must do: one suite, run over memory and over SQLite, so that the
//! simulation's memory is honest.
//!
//! Each function takes an empty state and panics where a promise of the ports is broken. The [`fixtures`] are
//! there for other tests of a state too.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a broken promise must stop the test that runs the suite"
)]

pub mod fixtures;
mod history;
mod leases;
mod lines;
mod maps;
mod runs;
mod tasks;

use sync::ports::{History, Journal, Leases, ListingMaps, Pauses, Runs, Slots, Tasks};

pub use history::*;
pub use leases::*;
pub use lines::*;
pub use maps::*;
pub use runs::*;
pub use tasks::*;

/// All ports of one state database.
pub trait State: Runs + Tasks + Pauses + Slots + Leases + Journal + ListingMaps + History {}

impl<T: Runs + Tasks + Pauses + Slots + Leases + Journal + ListingMaps + History> State for T {}
