//! The ports: what a run needs from the world, as small traits.

pub mod clock;
pub mod shop;
pub mod state;
pub mod warehouse;

pub use clock::Clock;
pub use shop::{LevelsRead, SendGate, Shop, ShopError, ShopErrorClass, WriteReply};
pub use state::{
    Acquired, Fence, Journal, Leases, LineRecord, LineUpdate, NewRun, PlanRecord, Queued, RecentWrite,
    RunFilter, RunRecord, Runs, Sending, StateError,
};
pub use warehouse::{Warehouse, WarehouseError, WarehouseErrorClass, WarehouseRead};
