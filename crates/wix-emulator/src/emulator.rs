//! Starting and stopping an emulator.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::control::PREFIX;
use crate::http::Acceptor;
use crate::shop_file::DataError;
use crate::site::{ConditionsError, Config, Shop, Site};

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Other machines can reach the address, and the configuration does not allow that.
    #[error("{0} is not a loopback address; set allow_remote to listen there")]
    Remote(SocketAddr),
    /// The shop data is not valid.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The conditions make no sense.
    #[error(transparent)]
    Conditions(#[from] ConditionsError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// The error of the operating system.
        source: std::io::Error,
    },
}

/// A running emulator. Dropping it closes the port and every connection, as [`Emulator::stop`] does.
#[derive(Debug)]
pub struct Emulator {
    address: SocketAddr,
    shop: Shop,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Emulator {
    /// Validates the configuration and starts to listen. Must be called within a tokio runtime.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let address = config.listen;
        if !address.ip().is_loopback() && !config.allow_remote {
            return Err(StartError::Remote(address));
        }
        config.conditions().check()?;
        let site = Arc::new(Site::new(config)?);
        let failed = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let acceptor = Acceptor { site: Arc::clone(&site), tasks: tasks.clone(), stop: stop.clone() };
        tasks.spawn(acceptor.run(listener, address));
        Ok(Self { address, shop: Shop::new(site), stop, tasks })
    }

    /// The address for requests, without a final slash: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address below which the control endpoint has its paths.
    #[must_use]
    pub fn control_url(&self) -> String {
        format!("{}{}", self.base_url(), PREFIX.trim_end_matches('/'))
    }

    /// The key that `Authorization` must hold, for the control endpoint too.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.shop.site.credentials.api_key
    }

    /// The id that `wix-site-id` must hold.
    #[must_use]
    pub fn site_id(&self) -> &str {
        &self.shop.site.credentials.site_id
    }

    /// The address with the port that was taken.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A handle to the live shop.
    #[must_use]
    pub fn shop(&self) -> Shop {
        self.shop.clone()
    }

    /// Closes the port and every connection, and waits until all tasks have ended.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
