//! All state ports as one: a store.

use async_trait::async_trait;

use super::{
    History, Journal, Leases, ListingMaps, Pauses, RequestWindows, Runs, Slots, Tasks, Tokens, Watch,
};

/// The part of a store that a run works with.
pub trait RunStore: Runs + Tasks + Pauses + Leases + Journal + ListingMaps {}

impl<T: Runs + Tasks + Pauses + Leases + Journal + ListingMaps> RunStore for T {}

/// A state database: the record of everything that runs do, shared by all processes that open it.
#[async_trait]
pub trait Store: RunStore + Slots + History + Watch + Tokens + RequestWindows {
    /// Where it lies, without credentials: as reports name it.
    fn location(&self) -> String;

    /// Closes every connection, once nothing more is asked of it.
    async fn close(&self);
}
