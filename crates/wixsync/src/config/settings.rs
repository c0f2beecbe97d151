//! The settings, parsed.

use std::path::PathBuf;
use std::time::Duration;

use domain::{Policy, WriteBatch};
use messages::Lang;
use state::StateUrl;
use url::Url;
use warehouse::WarehouseUrl;
use wix::RequestLimit;

use super::{ServiceSettings, ShopSettings, Sourced};

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// All settings, each with its origin.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The file that was read, where there is one.
    pub(crate) file: Option<PathBuf>,
    pub(crate) shops: Vec<ShopSettings>,
    /// `None` where nothing names a warehouse and there is no file beside which it would lie.
    pub(crate) warehouse: Sourced<Option<WarehouseUrl>>,
    pub(crate) query: Sourced<Option<String>>,
    pub(crate) warehouses: Sourced<Option<Vec<String>>>,
    /// `None` where neither a setting nor a file nor a home says where.
    pub(crate) state: Sourced<Option<StateUrl>>,
    pub(crate) rate_limit: Sourced<Option<RequestLimit>>,
    pub(crate) http_timeout: Sourced<Duration>,
    pub(crate) settle: Sourced<Duration>,
    pub(crate) pause_after_429: Sourced<Duration>,
    pub(crate) write_batch: Sourced<WriteBatch>,
    pub(crate) policy: Sourced<Policy>,
    /// A level or directives that [`crate::logging::filter`] takes.
    pub(crate) log: Sourced<String>,
    pub(crate) log_format: Sourced<LogFormat>,
    /// Where traces go, over OTLP.
    pub(crate) otlp_endpoint: Sourced<Option<Url>>,
    pub(crate) lang: Sourced<Lang>,
    pub(crate) service: ServiceSettings,
}
