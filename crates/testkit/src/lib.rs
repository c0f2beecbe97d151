//! Fixtures for tests that run the real binary.
//!
//! - [`TestShop`] is an emulated Wix shop over HTTP; [`ShopBuilder`] fills it.
//! - [`Relay`] changes the answers of a shop, as a proxy on the way may.
//! - [`TestWarehouse`] is a fresh SQLite database, [`TestDatabase`] a fresh one on a server.
//! - [`Program`] runs the binary in a clean environment: to its end ([`Finished`]), in the background ([`Running`]) or
//!   at a terminal ([`Session`]).
//!
//! Fixtures share nothing and are deleted with their test. Tests check the emulator's own records, which the program
//! under test cannot change. [`CANARY`] stands in every secret, so that a test finds it wherever it is shown.
//!
//! Start with a short test in `crates/wixsync/tests/it`, such as `main_job.rs`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a fixture that cannot be set up fails its test"
)]

mod database;
mod finished;
mod program;
mod relay;
mod running;
mod shop;
mod terminal;
mod warehouse;

pub use database::{Server, TestDatabase};
pub use finished::Finished;
pub use program::Program;
pub use relay::{Relay, Relayed};
pub use running::Running;
pub use shop::{CANARY, ShopBuilder, TestShop, catalog, on_catalog};
pub use terminal::{COLUMNS, Session};
pub use warehouse::{TestWarehouse, sqlite_url};
pub use wix_emulator as emulator;
