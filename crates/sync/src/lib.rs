//! Runs, from the first read to the report.
//!
//! This crate owns the order of things (shop first, warehouse second, journal before bytes) and the [`ports`]: small
//! async traits through which a run reaches a shop, a warehouse, the store and the clock. It decides nothing about
//! quantities: that is `domain`. It knows neither SQL nor HTTP.
//!
//! - [`execute`]: one run of a command. The service's tasks begin in `tasks.rs` instead.
//! - [`RunRequest`] says what is asked for, [`Ports`] what a run works with, [`RunSettings`] how.
//! - [`ports::Shop`], [`ports::Warehouse`], [`ports::Store`]: what adapters implement.
//! - [`Observer`]: hears each [`Event`] of a run, for log lines and progress bars.
//! - [`doctor`], [`explain`], [`calls`]: what reads without a run.
//!
//! Start with [`execute`]; `run.rs` has the steps in order.

pub mod calls;
mod context;
pub mod doctor;
pub mod explain;
pub mod lease;
pub mod observer;
pub mod ports;
mod recover;
mod request;
pub mod run;
mod settling;
mod start;
mod summary;
mod tasks;
mod without_item;

pub use context::{Budget, Ports, RunSettings};
pub use domain::admission::queue::alive_at;
pub use domain::admission::record::Work;
pub use observer::{Event, Observer, Wait};
pub use recover::{ATTEMPTS, ATTEMPTS_SPENT};
pub use request::{RunRequest, task_of};
pub use start::{Ended, execute};
pub use tasks::{TaskEnd, execute_task};
