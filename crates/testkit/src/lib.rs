//! Fixtures for tests that drive the real binary: a shop over HTTP, a warehouse in a file, and the program itself.
//!
//! Nothing is shared between two fixtures, and nothing of them outlives its test. What a test asserts on is the
//! emulator's own record, which no program under test can touch.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a fixture that cannot be set up fails its test"
)]

mod finished;
mod program;
mod running;
mod shop;
mod terminal;
mod warehouse;

pub use finished::Finished;
pub use program::Program;
pub use running::Running;
pub use shop::{CANARY, ShopBuilder, TestShop};
pub use terminal::{COLUMNS, Session};
pub use warehouse::TestWarehouse;
pub use wix_emulator as emulator;
