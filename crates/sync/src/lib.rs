//! Runs, from the first read to the report.
//!
//! This crate owns the order of a run's steps (shop first, warehouse second, journal before bytes) and the ports to
//! the shop, the warehouse, the state database and the clock. It decides nothing about quantities, which is the task
//! of `domain`. It knows neither SQL nor HTTP.

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

pub use context::{Budget, Ports, RunSettings};
pub use domain::admission::queue::alive_at;
pub use domain::admission::record::Work;
pub use observer::{Event, Observer, Wait};
pub use recover::{ATTEMPTS, ATTEMPTS_SPENT};
pub use request::{RunRequest, task_of};
pub use start::{Ended, execute};
pub use tasks::{TaskEnd, execute_task};
