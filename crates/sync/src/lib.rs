//! A run, from the first read to the report.
//!
//! This crate owns the order of things (design: shop first, warehouse second, journal before bytes) and the
//! ports through which it reaches a shop, a warehouse, the state database and the clock. It decides nothing
//! about quantities: that is `domain`. It knows neither SQL nor HTTP.

pub mod calls;
pub mod observer;
pub mod ports;
pub mod run;

pub use observer::{Event, Observer};
pub use run::{Ports, RunRequest, RunSettings, Work, execute};
