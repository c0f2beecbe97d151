//! The settings that an emulator starts with.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::behavior::Behavior;
use super::conditions::Conditions;
use super::oauth::AppCredentials;
use super::rate_limit::RateLimit;
use crate::catalog::CatalogVersion;
use crate::fault::{Chaos, Fault};
use crate::shop_file::ShopData;

/// The key that [`Config::new`] sets.
pub const DEFAULT_API_KEY: &str = "emulator-key";
/// The site id that [`Config::new`] sets.
pub const DEFAULT_SITE_ID: &str = "5e000000-0000-4000-8000-000000000001";

/// The app id that [`Config::new`] sets.
pub const DEFAULT_APP_ID: &str = "a0000000-0000-4000-8000-000000000001";
/// The app secret that [`Config::new`] sets.
pub const DEFAULT_APP_SECRET: &str = "emulator-secret";
/// The instance id that [`Config::new`] sets.
pub const DEFAULT_INSTANCE_ID: &str = "b0000000-0000-4000-8000-000000000001";

/// The settings of one emulated site.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address to listen on; port 0 takes any free port.
    pub listen: SocketAddr,
    /// Allows an address that is not a loopback address.
    pub allow_remote: bool,
    /// What `Authorization` must hold, raw.
    pub api_key: String,
    /// What `wix-site-id` must hold.
    pub site_id: String,
    /// What a client exchanges for an access token.
    pub app: AppCredentials,
    /// The site's catalog version; [`Shop::set_catalog`](crate::Shop::set_catalog) changes it later.
    pub catalog: CatalogVersion,
    /// Requests per sliding window; `None` is no limit.
    pub rate_limit: Option<RateLimit>,
    /// The same at the edge, which answers more with an HTML page.
    pub edge_limit: Option<RateLimit>,
    /// The products.
    pub data: ShopData,
    /// Faults that are armed from the start.
    pub faults: Vec<Fault>,
    /// Faults by chance; `None` is none.
    pub chaos: Option<Chaos>,
    /// A wait before every answer.
    pub latency: Duration,
    /// The wait is longer by a random part of this.
    pub jitter: Duration,
    /// The seed of the jitter.
    pub seed: u64,
    /// What the site does where Wix's documentation is silent.
    pub behavior: Behavior,
    /// How many requests [`Shop::requests`](crate::Shop::requests) keeps; the counters count all of them.
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
            app: AppCredentials {
                app_id: DEFAULT_APP_ID.to_owned(),
                app_secret: DEFAULT_APP_SECRET.to_owned(),
                instance_id: DEFAULT_INSTANCE_ID.to_owned(),
            },
            catalog: CatalogVersion::V1Catalog,
            rate_limit: None,
            edge_limit: None,
            data,
            faults: Vec::new(),
            chaos: None,
            latency: Duration::ZERO,
            jitter: Duration::ZERO,
            seed: 0,
            behavior: Behavior::default(),
            request_log: 2_000,
        }
    }

    /// The same site under these conditions.
    #[must_use]
    pub fn under(mut self, conditions: Conditions) -> Self {
        self.behavior = conditions.behavior;
        self.faults = conditions.faults;
        self.chaos = conditions.chaos;
        self.latency = conditions.latency;
        self.jitter = conditions.jitter;
        self.seed = conditions.seed;
        self.rate_limit = conditions.rate_limit;
        self.edge_limit = conditions.edge_limit;
        self.catalog = conditions.catalog;
        self
    }

    /// The conditions that the site starts under.
    #[must_use]
    pub fn conditions(&self) -> Conditions {
        Conditions {
            behavior: self.behavior,
            faults: self.faults.clone(),
            chaos: self.chaos.clone(),
            latency: self.latency,
            jitter: self.jitter,
            seed: self.seed,
            rate_limit: self.rate_limit,
            edge_limit: self.edge_limit,
            catalog: self.catalog,
        }
    }
}
