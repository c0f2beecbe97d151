//! Runs over ports in memory: the order of things, and what is recorded when.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod limits;
mod order;
mod outcomes;
mod state;
mod turns;
mod world;
