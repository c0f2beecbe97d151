//! The store: all state ports together.

use async_trait::async_trait;

use super::{
    History, Journal, Leases, ListingMaps, Pauses, RequestWindows, Runs, Slots, Tasks, Tokens, Watch,
};

/// The part of a store that a run uses.
pub trait RunStore: Runs + Tasks + Pauses + Leases + Journal + ListingMaps {}

impl<T: Runs + Tasks + Pauses + Leases + Journal + ListingMaps> RunStore for T {}

/// A state database: the record of everything that runs do, shared by all processes that open it.
#[async_trait]
pub trait Store: RunStore + Slots + History + Watch + Tokens + RequestWindows {
    /// Its location without credentials, as reports show it.
    fn location(&self) -> String;

    /// Closes every connection. Must be the last call.
    async fn close(&self);
}
