//! The service: the guide's HTTP API and our own, tasks that survive their process, and the schedule.
//!
//! The service decides nothing about quantities and has no access to a shop of its own. It accepts tasks, hands them to
//! the [`ShopGateway`] and reports how they stand. Tokens decide who may ask for what.

mod access;
mod api;
mod ask;
mod background;
mod docs;
mod given;
mod guide;
mod health;
mod lang;
mod metrics;
mod misfit;
mod next_run;
mod probes;
mod problem;
mod query;
mod rehearsal;
mod router;
mod schedule;
mod service;
mod serving;
mod shop_gateway;
mod start;
mod views;
mod work_error;
mod write_probe;

pub use access::{NewToken, digest};
pub use background::{CHECK_UP_TOKENS, Driver, Role, ping_dead_man, sweep};
pub use docs::openapi;
pub use health::{Health, health};
pub use metrics::install as install_metrics;
pub use next_run::{NextRun, next_run};
pub use rehearsal::{BackgroundAnswer, Rehearsal, Rehearsed, Routes};
pub use router::{router, serve};
pub use schedule::{BadSchedule, Schedule};
pub use service::{Service, Settings};
pub use shop_gateway::ShopGateway;
pub use views::{attempt_json, change_json, line_json, run_json, utc_time};
pub use work_error::WorkError;
