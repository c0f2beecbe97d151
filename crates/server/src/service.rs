//! What every part of the service shares.

use std::sync::Arc;
use std::time::Duration;

use domain::{RunId, ShopName};
use messages::Lang;
use metrics_exporter_prometheus::PrometheusHandle;
use sync::ports::{Clock, Journal, Pauses, Runs, Slots, Tasks, Tokens, Watch};
use tokio::sync::{Notify, Semaphore, SemaphorePermit};

use crate::World;
use crate::http::access::Tries;
use crate::pulse::Pulse;
use crate::schedule::Schedule;

/// The state database, as the service reads and writes it.
pub trait State: Runs + Tasks + Pauses + Slots + Journal + Tokens + Watch {}

impl<T: Runs + Tasks + Pauses + Slots + Journal + Tokens + Watch> State for T {}

/// The settings of the service.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The shops, in the order of the configuration, each with its schedule; `None`: nothing runs by itself.
    pub shops: Vec<(ShopName, Option<Schedule>)>,
    /// The shop of a request that names none; `None` where it has to name one.
    pub default_shop: Option<ShopName>,
    /// The language of answers where a request does not say.
    pub lang: Lang,
    /// How long the history is kept.
    pub keep: Duration,
    /// How long a task may wait though nobody works on its shop, before the service calls itself not ready.
    pub late_after: Duration,
    /// How long a request may take.
    pub timeout: Duration,
    /// So many connections are served at once.
    pub connections: usize,
    /// How long requests under way are waited for at the stop.
    pub grace: Duration,
    /// Asked after each good run, so that somebody notices when there is none any more.
    pub dead_man_url: Option<url::Url>,
}

/// What every part of the service shares.
pub struct Service {
    /// The state database.
    pub state: Arc<dyn State>,
    /// The shops.
    pub world: Arc<dyn World>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// The settings.
    pub settings: Settings,
    /// Makes ids of new runs.
    pub new_id: fn() -> RunId,
    /// Renders what was counted.
    pub metrics: PrometheusHandle,
    /// Rung when there may be a new task.
    pub(crate) bell: Notify,
    pub(crate) tries: Tries,
    pub(crate) pulse: Pulse,
    /// Places for requests that ask Wix and read the warehouse: a run needs its share of both.
    lookups: Semaphore,
}

/// So many requests look into shops at once; further ones wait for their turn.
const LOOKUPS: usize = 4;

impl Service {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        state: Arc<dyn State>,
        world: Arc<dyn World>,
        clock: Arc<dyn Clock>,
        settings: Settings,
        new_id: fn() -> RunId,
        metrics: PrometheusHandle,
    ) -> Self {
        Self {
            state,
            world,
            clock,
            settings,
            new_id,
            metrics,
            bell: Notify::new(),
            tries: Tries::default(),
            pulse: Pulse::default(),
            lookups: Semaphore::new(LOOKUPS),
        }
    }

    /// Waits for a place among those who look into shops.
    pub(crate) async fn turn_to_look(&self) -> Option<SemaphorePermit<'_>> {
        // `None` would be a closed semaphore, and nobody closes it.
        self.lookups.acquire().await.ok()
    }

    pub(crate) fn schedule(&self, shop: &ShopName) -> Option<&Schedule> {
        self.settings.shops.iter().find(|(name, _)| name == shop)?.1.as_ref()
    }
}
