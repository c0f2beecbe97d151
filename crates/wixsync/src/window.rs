//! The request window that is kept in the state database (I10).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::ShopName;
use sync::ports::{Clock, Pace, Store, Throttling, WindowLimit, WindowPlace};
use wix::window::{LONGEST_PAUSE, OnWait, Place, RequestLimit, RequestWindow, WaitMeter};

use crate::clock::SystemClock;

/// How often a waiting request tries again: another process may have left its place early.
const LOOK_EVERY_MS: i64 = 250;

/// The window of one shop, shared by every process that uses the same state database.
pub(crate) struct StateWindow {
    state: Arc<dyn Store>,
    shop: ShopName,
    limit: WindowLimit,
    clock: SystemClock,
    on_wait: OnWait,
    waits: WaitMeter,
}

impl StateWindow {
    pub(crate) fn new(
        state: Arc<dyn Store>,
        shop: ShopName,
        limit: Option<RequestLimit>,
        pace: Option<Pace>,
        timeout: Duration,
        on_wait: OnWait,
        clock: SystemClock,
    ) -> Self {
        let limit = WindowLimit {
            requests: limit.map_or(u32::MAX, |limit| limit.requests),
            window_ms: limit.map_or(0, |limit| millis(limit.window)),
            timeout_ms: millis(timeout),
            pace,
        };
        Self { state, shop, limit, clock, on_wait, waits: WaitMeter::default() }
    }
}

fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

#[async_trait]
impl RequestWindow for StateWindow {
    async fn enter(&self) -> Result<Place, String> {
        let mut waiting = None;
        loop {
            let now = self.clock.now();
            let place = self.state.enter_window(&self.shop, self.limit, now).await;
            let moment = match place.map_err(|error| error.to_string())? {
                WindowPlace::Taken(id) => return Ok(Place(id)),
                WindowPlace::FreeFrom(moment) => moment,
            };
            if waiting.is_none() {
                let wait = u64::try_from(moment.saturating_sub(now)).unwrap_or(0);
                self.on_wait.report(Duration::from_millis(wait));
                waiting = Some(self.waits.wait());
            }
            self.clock.sleep_until(moment.min(now.saturating_add(LOOK_EVERY_MS))).await;
        }
    }

    async fn leave(&self, place: Place) {
        // A place that cannot be left counts a little longer than necessary.
        if let Err(error) = self.state.leave_window(&self.shop, place.0, self.limit, self.clock.now()).await {
            tracing::debug!(%error, "a place in the request window could not be left");
        }
    }

    async fn close_for(&self, pause: Duration) {
        self.close(Throttling::Api { pause_ms: millis(pause.min(LONGEST_PAUSE)) }).await;
    }

    async fn block(&self) {
        self.close(Throttling::Edge).await;
    }

    fn waited(&self) -> Duration {
        self.waits.total()
    }
}

impl StateWindow {
    async fn close(&self, what: Throttling) {
        if let Err(error) = self.state.close_window(&self.shop, what, self.clock.now()).await {
            tracing::warn!(%error, "the request window could not be closed");
        }
    }
}
