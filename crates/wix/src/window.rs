//! The request window: in no period of the agreed length does Wix get more requests than the limit.
//!
//! Wix counts a request when it arrives, which is at some time between our sending and its reply. So a request holds
//! its place from its sending until one whole window after its reply. Below the limit no request waits, so a small
//! run is not slowed down.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Notify;
use tokio::time::Instant;

/// The limit: at most `requests` in any period of length `window`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestLimit {
    /// The number of requests, at least one.
    pub requests: u32,
    /// The length of the period.
    pub window: Duration,
}

impl Default for RequestLimit {
    /// 200 a minute, which Wix allows an app on a site (`articles/get-started/rate-limits`).
    fn default() -> Self {
        Self { requests: 200, window: Duration::from_mins(1) }
    }
}

/// A place in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(pub i64);

/// The request window of one shop. A window in a database works across processes and restarts; [`MemoryWindow`] only
/// works within its own life.
#[async_trait]
pub trait RequestWindow: Send + Sync {
    /// Waits for a place and takes it. The error says why there is no place; then nothing may be sent.
    async fn enter(&self) -> Result<Place, String>;

    /// Reports that the reply came or that the request was given up. The place then counts for one more window. A
    /// place that is never left counts until one window after its request must have timed out.
    async fn leave(&self, place: Place);

    /// Closes the window for `pause`, as Wix's API asks with a 429.
    async fn close_for(&self, pause: Duration);

    /// Closes the window after a 429 that is no JSON document: Wix's edge lets nothing through for minutes.
    async fn block(&self);

    /// For how long at least one request has waited for its place since this window was made.
    fn waited(&self) -> Duration;
}

/// Measures for how long at least one request waits. Requests that wait side by side count once.
#[derive(Debug, Default)]
pub struct WaitMeter(Mutex<Waits>);

#[derive(Debug, Default)]
struct Waits {
    waiting: usize,
    since: Option<Instant>,
    before: Duration,
}

impl WaitMeter {
    /// Counts a request as waiting until the guard is dropped.
    #[must_use]
    pub fn wait(&self) -> Waiting<'_> {
        let mut waits = self.lock();
        waits.waiting += 1;
        waits.since.get_or_insert_with(Instant::now);
        Waiting(self)
    }

    /// The time so far, that of a wait that still goes on included.
    #[must_use]
    pub fn total(&self) -> Duration {
        let waits = self.lock();
        waits.before + waits.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    fn lock(&self) -> MutexGuard<'_, Waits> {
        // The sums are consistent between any two statements, so a poisoned lock can be used.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that waits.
#[derive(Debug)]
pub struct Waiting<'a>(&'a WaitMeter);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut waits = self.0.lock();
        waits.waiting = waits.waiting.saturating_sub(1);
        if waits.waiting == 0 {
            let last = waits.since.take().map_or(Duration::ZERO, |since| since.elapsed());
            waits.before += last;
        }
    }
}

/// A callback that learns how long a request waits for its place.
#[derive(Clone)]
pub struct OnWait(pub Arc<dyn Fn(Duration) + Send + Sync>);

/// Shorter waits are not reported.
const REPORT_FROM: Duration = Duration::from_secs(1);

impl OnWait {
    /// Reports a wait if it is long enough.
    pub fn report(&self, length: Duration) {
        if length >= REPORT_FROM {
            (self.0)(length);
        }
    }
}

/// How long a window in memory stays closed after a 429 of Wix's edge. Such a block was seen to last longer than five
/// minutes.
pub const BLOCK: Duration = Duration::from_mins(10);

/// The longest pause after a 429, however long Wix asks to wait.
pub const LONGEST_PAUSE: Duration = Duration::from_hours(1);

#[derive(Default)]
struct WindowLog {
    next: i64,
    /// Until when each place counts.
    held_until: BTreeMap<Place, Instant>,
    closed_until: Option<Instant>,
}

/// A request window in memory.
pub struct MemoryWindow {
    limit: Option<RequestLimit>,
    timeout: Duration,
    log: Mutex<WindowLog>,
    freed: Notify,
    on_wait: OnWait,
    waits: WaitMeter,
}

impl MemoryWindow {
    /// A window with this `limit`. Without a limit, a 429 still closes the window. `timeout` is how long a request
    /// may take.
    #[must_use]
    pub fn new(limit: Option<RequestLimit>, timeout: Duration, on_wait: OnWait) -> Self {
        let (log, freed, waits) = (Mutex::default(), Notify::new(), WaitMeter::default());
        Self { limit, timeout, log, freed, on_wait, waits }
    }

    /// Takes a place. The error is the time at which to try again.
    fn try_enter(&self, now: Instant) -> Result<Place, Instant> {
        let mut log = self.lock();
        if let Some(until) = log.closed_until {
            if now < until {
                return Err(until);
            }
            log.closed_until = None;
        }
        let place = Place(log.next);
        if let Some(limit) = self.limit {
            log.held_until.retain(|_, until| *until > now);
            let most = usize::try_from(limit.requests).unwrap_or(usize::MAX);
            if log.held_until.len() >= most {
                return Err(log.held_until.values().min().copied().unwrap_or(now));
            }
            log.held_until.insert(place, now + self.timeout + limit.window);
        }
        log.next += 1;
        Ok(place)
    }

    fn lock(&self) -> MutexGuard<'_, WindowLog> {
        // The log is consistent between any two statements, so a poisoned lock can be used.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl RequestWindow for MemoryWindow {
    async fn enter(&self) -> Result<Place, String> {
        let mut waiting = None;
        loop {
            let freed = self.freed.notified();
            let moment = match self.try_enter(Instant::now()) {
                Ok(place) => return Ok(place),
                Err(moment) => moment,
            };
            waiting.get_or_insert_with(|| self.waits.wait());
            self.on_wait.report(moment.saturating_duration_since(Instant::now()));
            tokio::select! {
                () = freed => {}
                () = tokio::time::sleep_until(moment) => {}
            }
        }
    }

    async fn leave(&self, place: Place) {
        if let Some(limit) = self.limit {
            self.lock().held_until.insert(place, Instant::now() + limit.window);
            self.freed.notify_waiters();
        }
    }

    async fn close_for(&self, pause: Duration) {
        let until = Instant::now() + pause.min(LONGEST_PAUSE);
        let mut log = self.lock();
        log.closed_until = Some(log.closed_until.map_or(until, |other| other.max(until)));
    }

    async fn block(&self) {
        self.close_for(BLOCK).await;
    }

    fn waited(&self) -> Duration {
        self.waits.total()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(30);

    fn window(limit: Option<(u32, u64)>) -> MemoryWindow {
        let limit =
            limit.map(|(requests, secs)| RequestLimit { requests, window: Duration::from_secs(secs) });
        MemoryWindow::new(limit, TIMEOUT, OnWait(Arc::new(|_| {})))
    }

    async fn pass(window: &MemoryWindow) {
        let place = window.enter().await.unwrap();
        window.leave(place).await;
    }

    #[tokio::test(start_paused = true)]
    async fn i10_no_sliding_window_sees_more_than_the_limit() {
        let window = window(Some((5, 10)));
        let mut replies = Vec::new();
        for n in 0..40u64 {
            let place = window.enter().await.unwrap();
            tokio::time::advance(Duration::from_millis(n * 37 % 900)).await;
            window.leave(place).await;
            replies.push(Instant::now());
        }
        for five_apart in replies.windows(6) {
            assert!(five_apart[5] - five_apart[0] >= Duration::from_secs(10));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn i10_a_small_run_does_not_wait() {
        let window = window(Some((200, 60)));
        let start = Instant::now();
        for _ in 0..200 {
            pass(&window).await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        pass(&window).await;
        assert_eq!(start.elapsed(), Duration::from_mins(1));
    }

    #[tokio::test(start_paused = true)]
    async fn requests_that_wait_side_by_side_are_measured_once() {
        let window = window(Some((1, 10)));
        pass(&window).await;
        assert_eq!(window.waited(), Duration::ZERO);
        tokio::time::advance(Duration::from_secs(4)).await;
        let both = async { tokio::join!(pass(&window), pass(&window)) };
        assert!(tokio::time::timeout(Duration::from_secs(3), both).await.is_err());
        assert_eq!(window.waited(), Duration::from_secs(3), "one that gave up has waited too");
        tokio::join!(pass(&window), pass(&window));
        assert_eq!(window.waited(), Duration::from_secs(3 + 3 + 10));
    }

    #[tokio::test(start_paused = true)]
    async fn i10_a_request_in_flight_keeps_its_place() {
        let window = window(Some((1, 10)));
        let first = window.enter().await.unwrap();
        let blocked = tokio::time::timeout(Duration::from_secs(29), window.enter()).await;
        assert!(blocked.is_err());
        window.leave(first).await;
        let start = Instant::now();
        pass(&window).await;
        assert_eq!(start.elapsed(), Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn i10_a_place_that_is_never_left_is_over_one_window_after_its_time_out() {
        let window = window(Some((1, 10)));
        window.enter().await.unwrap();
        let start = Instant::now();
        pass(&window).await;
        assert_eq!(start.elapsed(), TIMEOUT + Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn a_closed_window_lets_nothing_through() {
        let window = window(None);
        pass(&window).await;
        window.close_for(Duration::from_mins(1)).await;
        window.close_for(Duration::from_secs(1)).await;
        let start = Instant::now();
        pass(&window).await;
        assert_eq!(start.elapsed(), Duration::from_mins(1));
        window.close_for(Duration::MAX).await;
        let start = Instant::now();
        pass(&window).await;
        assert_eq!(start.elapsed(), LONGEST_PAUSE);
    }
}
