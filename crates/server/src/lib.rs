//! The service: the guide's HTTP API and our own, tasks that survive their process, and the schedule.
//!
//! The service decides nothing about quantities and has no access to a shop of its own. It accepts tasks, hands them
//! to the [`ShopGateway`] and reports how they stand. Tokens decide who may ask for what.
//!
//! - [`Service`]: what every part shares; [`Settings`]: how it is set up.
//! - [`serve`]: the HTTP side; its routes are in `http/`, and [`openapi`] describes every one.
//! - [`Driver`]: the background side; each task is a file in `background/`.
//! - [`ShopGateway`]: the way to the shops, which the program implements; [`Schedule`]: which moments are slots.
//! - [`Rehearsal`], [`health()`]: what `doctor` asks of a running service.
//!
//! Start with `service.rs`, then `http/router.rs` and `background.rs`.

mod background;
mod health;
mod http;
mod list_intake;
mod metrics;
mod next_run;
mod proof;
mod rehearsal;
mod schedule;
mod service;
mod shop_gateway;
mod work_error;
mod write_probe;

pub use background::{CHECK_UP_TOKENS, DeadManAddress, Driver, Role, ping_dead_man, sweep};
pub use health::{Health, health, local_client, proves};
pub use http::{
    NewToken, attempt_view, change_view, digest, line_view, openapi, router, run_view, serve, utc_time,
};
pub use list_intake::{ListIntake, Looked};
pub use metrics::install as install_metrics;
pub use next_run::{NextRun, next_run};
pub use rehearsal::{BackgroundAnswer, Rehearsal, Rehearsed, Routes};
pub use reqwest::Client as HttpClient;
pub use schedule::{BadSchedule, Schedule};
pub use service::{Service, Settings};
pub use shop_gateway::ShopGateway;
pub use work_error::WorkError;
