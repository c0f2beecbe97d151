//! What an emulator is started with.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::behaviour::Behaviour;
use crate::conditions::Conditions;
use crate::data::ShopData;
use crate::fault::{Chaos, Fault};
use crate::rate::RateLimit;

/// The key that [`Config::new`] sets.
pub const DEFAULT_API_KEY: &str = "emulator-key";
/// The site id that [`Config::new`] sets.
pub const DEFAULT_SITE_ID: &str = "5e000000-0000-4000-8000-000000000001";

/// Which catalog the site has (contract 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CatalogVersion {
    /// The V1 endpoints answer.
    V1Catalog,
    /// Every V1 endpoint answers 428 `CATALOG_V3_CALLING_CATALOG_V1_API`.
    V3Catalog,
    /// Every V1 endpoint answers 401.
    StoresNotInstalled,
}

/// The settings of one emulated site.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 takes any free port.
    pub listen: SocketAddr,
    /// Allows an address other than the loopback one.
    pub allow_remote: bool,
    /// What `Authorization` must hold, raw.
    pub api_key: String,
    /// What `wix-site-id` must hold.
    pub site_id: String,
    /// The site's catalog version; [`Shop::set_catalog`](crate::Shop::set_catalog) changes it later.
    pub catalog: CatalogVersion,
    /// Requests per sliding window; `None` is no limit.
    pub rate_limit: Option<RateLimit>,
    /// The products.
    pub data: ShopData,
    /// Faults that are armed from the start.
    pub faults: Vec<Fault>,
    /// Faults by chance; `None` is a good day.
    pub chaos: Option<Chaos>,
    /// A wait before every answer.
    pub latency: Duration,
    /// By how much the wait is longer at most; how much, is thrown with the seed.
    pub jitter: Duration,
    /// What the jitter is thrown with.
    pub seed: u64,
    /// What happens where the documentation is silent.
    pub behaviour: Behaviour,
    /// How many requests [`Shop::requests`](crate::Shop::requests) keeps; the counters are exact whatever this is.
    pub request_log: usize,
}

impl Config {
    /// A V1 site on any free loopback port, without limit, latency or faults.
    #[must_use]
    pub fn new(data: ShopData) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            allow_remote: false,
            api_key: DEFAULT_API_KEY.to_owned(),
            site_id: DEFAULT_SITE_ID.to_owned(),
            catalog: CatalogVersion::V1Catalog,
            rate_limit: None,
            data,
            faults: Vec::new(),
            chaos: None,
            latency: Duration::ZERO,
            jitter: Duration::ZERO,
            seed: 0,
            behaviour: Behaviour::default(),
            request_log: 2_000,
        }
    }

    /// The same site under these conditions.
    #[must_use]
    pub fn under(mut self, conditions: Conditions) -> Self {
        self.behaviour = conditions.behaviour;
        self.faults = conditions.faults;
        self.chaos = conditions.chaos;
        self.latency = conditions.latency;
        self.jitter = conditions.jitter;
        self.seed = conditions.seed;
        self.rate_limit = conditions.rate_limit;
        self.catalog = conditions.catalog;
        self
    }

    /// The conditions that the site starts under.
    #[must_use]
    pub fn conditions(&self) -> Conditions {
        Conditions {
            behaviour: self.behaviour,
            faults: self.faults.clone(),
            chaos: self.chaos.clone(),
            latency: self.latency,
            jitter: self.jitter,
            seed: self.seed,
            rate_limit: self.rate_limit,
            catalog: self.catalog,
        }
    }
}
