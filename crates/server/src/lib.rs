//! The service: the guide's HTTP API and our own, tasks that survive their process, and the schedule.
//!
//! It owns no decision about a quantity and no way to a shop. It accepts tasks, looks for somebody to work them off
//! (the [`World`]), and tells how they stand. Tokens say who may ask for what.

mod dispatch;
mod health;
mod housekeeping;
mod http;
mod metrics;
mod pulse;
mod rehearsal;
mod schedule;
mod service;
mod slots;
mod watchdog;
mod world;

pub use dispatch::Dispatcher;
pub use health::{Health, health, local_client};
pub use housekeeping::prune_history;
pub use http::{
    NewToken, attempt_view, change_view, digest, line_view, openapi, router, run_view, serve, utc_time,
};
pub use metrics::install as install_metrics;
pub use rehearsal::{Rehearsal, Rehearsed, Routes};
pub use reqwest::Client as HttpClient;
pub use schedule::{BadSchedule, Schedule};
pub use service::{Service, Settings, State};
pub use slots::{NextRun, fill_slots, next_run};
pub use watchdog::tell_dead_man;
pub use world::World;
