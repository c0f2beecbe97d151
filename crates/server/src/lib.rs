//! The service: the guide's HTTP API and our own, tasks that survive their process, and the schedule.
//!
//! It owns no decision about a quantity and no way to a shop. It accepts tasks, looks for somebody to work them off
//! (the [`World`]), and tells how they stand. Tokens say who may ask for what.

mod access;
mod api;
mod ask;
mod dispatch;
mod docs;
mod given;
mod guide;
mod health;
mod housekeeping;
mod lang;
mod metrics;
mod misfit;
mod probes;
mod problem;
mod pulse;
mod query;
mod rehearsal;
mod router;
mod schedule;
mod service;
mod serving;
mod slots;
mod start;
mod views;
mod watchdog;
mod work_error;
mod world;

pub use access::{NewToken, digest};
pub use dispatch::Dispatcher;
pub use docs::openapi;
pub use health::{Health, health};
pub use housekeeping::prune_history;
pub use metrics::install as install_metrics;
pub use rehearsal::{Rehearsal, Rehearsed, Routes};
pub use router::{router, serve};
pub use schedule::{BadSchedule, Schedule};
pub use service::{Service, Settings};
pub use slots::{NextRun, fill_slots, next_run};
pub use views::{attempt_json, change_json, line_json, run_json, utc_time};
pub use watchdog::tell_dead_man;
pub use work_error::WorkError;
pub use world::World;
