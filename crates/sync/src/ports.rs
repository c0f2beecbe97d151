//! The ports: what a run needs from the world, as small traits.

pub mod clock;
pub mod shop;
pub mod state;
pub mod warehouse;

pub use clock::Clock;
pub use shop::{LevelsRead, Shop, ShopError, ShopErrorClass, WriteReply};
pub use state::{
    Journal, LineRecord, LineUpdate, NewRun, PlanRecord, RunFilter, RunRecord, Runs, StateError,
};
pub use warehouse::{Warehouse, WarehouseError, WarehouseErrorClass, WarehouseRead};
