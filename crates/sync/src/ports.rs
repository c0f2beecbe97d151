//! The ports: small traits through which runs reach everything outside this crate.

pub mod clock;
pub mod database_url;
pub mod figures;
pub mod history;
pub mod journal;
pub mod leases;
pub mod maps;
pub mod runs;
pub mod shop;
pub mod state;
pub mod store;
pub mod tasks;
pub mod tokens;
pub mod warehouse;
pub mod windows;

pub use clock::Clock;
pub use database_url::{BadUrl, DatabaseUrl};
pub use figures::{EarlierAttempt, Figures, Watch};
pub use history::{History, SkuRecord};
pub use journal::{Journal, LineRecord, LineUpdate, PlanRecord, RecentWrite, Sending};
pub use leases::{Acquired, Fence, HeldLease, Leases};
pub use maps::ListingMaps;
pub use runs::{NewRun, Queued, RunCursor, RunFilter, RunRecord, Runs};
pub use shop::{
    CallReply, Catalog, Changes, CreateReply, Creation, LineReply, SendGate, Shop, ShopError, ShopErrorClass,
    ShopTerms, WriteReply,
};
pub use state::StateError;
pub use store::{RunStore, Store};
pub use tasks::{Accepted, NewTask, Pauses, Progress, RequestKey, Slot, Slots, Tasks};
pub use tokens::{Access, TokenRecord, Tokens};
pub use warehouse::{Warehouse, WarehouseError, WarehouseErrorClass, WarehouseRead};
pub use windows::{Pace, RequestWindows, Throttling, WindowLimit, WindowPlace};
