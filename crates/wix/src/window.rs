//! The request window: no sliding window of the agreed length sees more requests than the limit.
//!
//! Wix counts a request when it arrives, which is some time between our sending and its reply. So a request
//! takes its place from the moment it is sent until one whole window after its reply. Up to the limit nothing
//! waits: a small run is not slowed down.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::OnWait;

/// So many requests in any window of so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestLimit {
    /// Requests, at least one.
    pub requests: u32,
    /// The length of the window.
    pub window: Duration,
}

impl Default for RequestLimit {
    /// 200 a minute: what Wix allows an app on a site (`articles/get-started/rate-limits`).
    fn default() -> Self {
        Self { requests: 200, window: Duration::from_mins(1) }
    }
}

/// However long Wix asks to wait: an hour later another run may try.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// Shorter waits are not worth a word.
const TOLD_FROM: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
struct Log {
    in_flight: u32,
    replied: VecDeque<Instant>,
    closed_until: Option<Instant>,
}

/// The window of one shop.
#[derive(Debug)]
pub(crate) struct Window {
    limit: Option<RequestLimit>,
    log: Mutex<Log>,
    freed: Notify,
    on_wait: Option<OnWait>,
}

/// A place in the window, taken until it is dropped and one window longer.
pub(crate) struct Place<'a>(&'a Window);

impl Window {
    /// `None`: no limit, but a 429 still closes the window.
    pub(crate) fn new(limit: Option<RequestLimit>, on_wait: Option<OnWait>) -> Self {
        Self { limit, log: Mutex::default(), freed: Notify::new(), on_wait }
    }

    /// Waits for a place.
    pub(crate) async fn enter(&self) -> Place<'_> {
        loop {
            let freed = self.freed.notified();
            let wait = match self.try_enter(Instant::now()) {
                Ok(()) => return Place(self),
                Err(wait) => wait,
            };
            if let (Some(moment), Some(on_wait)) = (wait, &self.on_wait) {
                let length = moment.saturating_duration_since(Instant::now());
                if length >= TOLD_FROM {
                    on_wait.0(length);
                }
            }
            match wait {
                Some(moment) => tokio::select! {
                    () = freed => {}
                    () = tokio::time::sleep_until(moment) => {}
                },
                None => freed.await,
            }
        }
    }

    /// Lets nothing through for `pause`, as Wix asks with a 429.
    pub(crate) fn close_for(&self, pause: Duration) {
        let until = Instant::now() + pause.min(LONGEST_PAUSE);
        let mut log = self.lock();
        log.closed_until = Some(log.closed_until.map_or(until, |other| other.max(until)));
    }

    /// Takes a place, or says from when another try makes sense (`None`: when a reply comes).
    fn try_enter(&self, now: Instant) -> Result<(), Option<Instant>> {
        let mut log = self.lock();
        if let Some(until) = log.closed_until {
            if now < until {
                return Err(Some(until));
            }
            log.closed_until = None;
        }
        if let Some(limit) = self.limit {
            while log.replied.front().is_some_and(|reply| *reply + limit.window <= now) {
                log.replied.pop_front();
            }
            let taken =
                usize::try_from(log.in_flight).unwrap_or(usize::MAX).saturating_add(log.replied.len());
            if taken >= usize::try_from(limit.requests).unwrap_or(usize::MAX) {
                return Err(log.replied.front().map(|reply| *reply + limit.window));
            }
        }
        log.in_flight += 1;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        // The log is a set of counters that is whole between any two statements.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut log = self.0.lock();
        log.in_flight = log.in_flight.saturating_sub(1);
        if self.0.limit.is_some() {
            log.replied.push_back(Instant::now());
        }
        drop(log);
        self.0.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(requests: u32, secs: u64) -> Window {
        Window::new(Some(RequestLimit { requests, window: Duration::from_secs(secs) }), None)
    }

    #[tokio::test(start_paused = true)]
    async fn no_sliding_window_sees_more_than_the_limit() {
        let window = window(5, 10);
        let mut replies = Vec::new();
        for n in 0..40u64 {
            let place = window.enter().await;
            tokio::time::advance(Duration::from_millis(n * 37 % 900)).await;
            drop(place);
            replies.push(Instant::now());
        }
        for five_apart in replies.windows(6) {
            assert!(five_apart[5] - five_apart[0] >= Duration::from_secs(10));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_small_run_does_not_wait() {
        let window = window(200, 60);
        let start = Instant::now();
        for _ in 0..200 {
            drop(window.enter().await);
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        drop(window.enter().await);
        assert_eq!(start.elapsed(), Duration::from_mins(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_in_flight_keeps_its_place() {
        let window = window(1, 10);
        let first = window.enter().await;
        let blocked = tokio::time::timeout(Duration::from_secs(100), window.enter()).await;
        assert!(blocked.is_err());
        drop(first);
        let start = Instant::now();
        drop(window.enter().await);
        assert_eq!(start.elapsed(), Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn a_closed_window_lets_nothing_through() {
        let window = Window::new(None, None);
        drop(window.enter().await);
        window.close_for(Duration::from_mins(1));
        window.close_for(Duration::from_secs(1));
        assert!(window.lock().closed_until.is_some());
        let start = Instant::now();
        drop(window.enter().await);
        assert_eq!(start.elapsed(), Duration::from_mins(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_beyond_reason_is_cut() {
        let window = Window::new(None, None);
        window.close_for(Duration::MAX);
        let start = Instant::now();
        drop(window.enter().await);
        assert_eq!(start.elapsed(), LONGEST_PAUSE);
    }
}
