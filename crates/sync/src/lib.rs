//! A run, from the first read to the report.
//!
//! This crate owns the order of things (design: shop first, warehouse second, journal before bytes) and the
//! ports through which it reaches a shop, a warehouse, the state database and the clock. It decides nothing
//! about quantities: that is `domain`. It knows neither SQL nor HTTP.

pub mod calls;
pub mod doctor;
pub mod explain;
pub mod lease;
pub mod observer;
pub mod ports;
mod recover;
pub mod run;
mod settling;
mod start;
mod tasks;

pub use observer::{Event, Observer, Wait};
pub use recover::{ATTEMPTS, ATTEMPTS_SPENT};
pub use run::{Budget, Ports, RunRequest, RunSettings, Work};
pub use start::{Ended, alive_at, execute};
pub use tasks::{Worked, task_of, work_off};
