//! Runs over ports in memory: the order of steps, and what is recorded when.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod fixture;
mod limits;
mod order;
mod outcomes;
mod store;
mod turns;
