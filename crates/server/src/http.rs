//! Everything that speaks HTTP: the routes of the guide and our own, what a request may say and who may say it, and
//! how answers and refusals are written.

pub(crate) mod access;
mod api;
pub(crate) mod budget;
mod connections;
pub(crate) mod docs;
pub(crate) mod extract;
mod guide;
mod language;
mod places;
mod probes;
pub(crate) mod problem;
mod query;
mod raw_input;
mod router;
pub(crate) mod start;
mod validation;
mod views;
mod welcome;

pub use access::{NewToken, digest};
pub use router::{openapi, router, serve};
pub use views::{attempt_view, change_view, line_view, run_view, utc_time};
