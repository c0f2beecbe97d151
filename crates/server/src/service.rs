//! What every part of the service shares.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::moment::{ClockJump, ClockWatch};
use domain::{RunId, ShopName, UnixMillis};
use messages::Lang;
use metrics_exporter_prometheus::PrometheusHandle;
use sync::ports::{Clock, StateError, Store};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::background::{Activator, Board, DeadManAddress, GoodRuns};
use crate::http::access::Tries;
use crate::http::budget::ExplanationBudget;
use crate::schedule::Schedule;
use crate::write_probe::WriteProbe;
use crate::{ListIntake, ShopGateway};

/// The settings of the service.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The shops, in the order of the configuration, each with its schedule. Without a schedule no run of the shop
    /// starts by itself.
    pub shops: Vec<(ShopName, Option<Schedule>)>,
    /// The shop of a request that names none; `None` where a request must name one.
    pub default_shop: Option<ShopName>,
    /// The language of answers if a request does not name one.
    pub lang: Lang,
    /// How long the history is kept.
    pub keep: Duration,
    /// How long a task of an idle shop may wait before the service reports that it is not ready.
    pub late_after: Duration,
    /// How long a request may take.
    pub timeout: Duration,
    /// How many connections are served at once.
    pub connections: usize,
    /// How long a stop waits for the requests under way.
    pub grace: Duration,
    /// The dead-man's address, asked after each good run. A monitor there raises the alarm when it is not asked.
    pub dead_man: Option<DeadManAddress>,
}

/// What every part of the service shares.
pub struct Service {
    /// The state database.
    pub state: Arc<dyn Store>,
    /// The gateway to the shops.
    pub gateway: Arc<dyn ShopGateway>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// The settings.
    pub settings: Settings,
    /// Makes ids of new runs.
    pub new_id: fn() -> RunId,
    /// Renders the metrics.
    pub metrics: PrometheusHandle,
    /// Wakes the dispatcher when there may be a new task.
    pub(crate) dispatch: Activator,
    /// Good runs that the dead-man's address has not heard of yet.
    pub(crate) good_runs: Arc<GoodRuns>,
    /// Where stock lists come from by themselves.
    pub(crate) intake: Option<Arc<dyn ListIntake>>,
    /// How the background tasks of this process stand.
    pub(crate) background: Board,
    /// What was seen of the machine's clock since the process started.
    clock_watch: Mutex<ClockWatch>,
    pub(crate) tries: Tries,
    pub(crate) explanations: ExplanationBudget,
    pub(crate) write_probe: WriteProbe,
    /// Places for requests that ask Wix and read the warehouse. They are few, because runs need their share of both.
    lookups: Semaphore,
    /// Places for large bodies that are being read. Together they bound the memory that slow clients take.
    bodies: Semaphore,
}

/// How many requests may read shops at once. Further ones wait for their turn.
const LOOKUPS: usize = 4;
/// How many large bodies are read at once. Further ones wait unread.
const BODIES: usize = 16;

impl Service {
    /// Creates the service from its parts.
    #[must_use]
    pub fn new(
        state: Arc<dyn Store>,
        gateway: Arc<dyn ShopGateway>,
        clock: Arc<dyn Clock>,
        settings: Settings,
        new_id: fn() -> RunId,
        metrics: PrometheusHandle,
    ) -> Self {
        let clock_watch = Mutex::new(ClockWatch::begin(clock.now(), clock.steady()));
        Self {
            state,
            gateway,
            clock,
            settings,
            new_id,
            metrics,
            dispatch: Activator::default(),
            good_runs: Arc::default(),
            intake: None,
            background: Board::default(),
            clock_watch,
            tries: Tries::default(),
            explanations: ExplanationBudget::default(),
            write_probe: WriteProbe::default(),
            lookups: Semaphore::new(LOOKUPS),
            bodies: Semaphore::new(BODIES),
        }
    }

    /// With stock lists that come by themselves.
    #[must_use]
    pub fn with_intake(self, intake: Option<Arc<dyn ListIntake>>) -> Self {
        Self { intake, ..self }
    }

    /// Waits for a place among the requests that read shops.
    pub(crate) async fn turn_to_look(&self) -> Option<SemaphorePermit<'_>> {
        // `None` would be a closed semaphore, and no code closes it.
        self.lookups.acquire().await.ok()
    }

    /// Waits for a place among the large bodies that are being read.
    pub(crate) async fn turn_to_read_body(&self) -> Option<SemaphorePermit<'_>> {
        self.bodies.acquire().await.ok()
    }

    /// Looks whether the clock was set since the last look. Gives the change, once.
    pub(crate) fn look_at_clock(&self, now: UnixMillis) -> Option<ClockJump> {
        let mut watch = self.clock_watch.lock().unwrap_or_else(PoisonError::into_inner);
        watch.look(now, self.clock.steady())
    }

    /// The last change of the clock, if it was within a day.
    pub(crate) fn clock_jump(&self) -> Option<ClockJump> {
        self.watched_clock().jump(self.clock.steady())
    }

    /// How long ago a stored moment was, in milliseconds. For one that lies ahead, the time since the clock was set back.
    pub(crate) fn age(&self, moment: UnixMillis) -> i64 {
        self.watched_clock().age(moment, self.clock.now(), self.clock.steady())
    }

    fn watched_clock(&self) -> ClockWatch {
        *self.clock_watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records the schedule of each shop. Where it is another one than before, it begins now, so that its slots before
    /// now do not count as missed.
    ///
    /// # Errors
    /// Where the state database cannot be written to.
    pub async fn begin_schedules(&self) -> Result<(), StateError> {
        let now = self.clock.now();
        for (shop, schedule) in &self.settings.shops {
            let fingerprint = schedule.as_ref().map(Schedule::fingerprint);
            self.state.begin_schedule(shop, fingerprint.as_deref(), now).await?;
        }
        Ok(())
    }

    pub(crate) fn schedule(&self, shop: &ShopName) -> Option<&Schedule> {
        self.settings.shops.iter().find(|(name, _)| name == shop)?.1.as_ref()
    }
}
