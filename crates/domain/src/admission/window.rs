//! The request window of a shop: a limit on the requests in any period of a given length (I10).

use super::pace::{self, Pace, PaceState};
use crate::UnixMillis;

/// How much longer than our own places the places of another process may count, in milliseconds. Also the longest
/// pause that a 429 can cause.
const LONGEST_EXTRA_MS: i64 = 60 * 60 * 1_000;

/// The limit of a window: at most `requests` in any period of `window_ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowLimit {
    /// The largest number of requests in the period.
    pub requests: u32,
    /// The length of the period, in milliseconds.
    pub window_ms: i64,
    /// How long a request may take, in milliseconds. If its process dies before it records the reply, the place is
    /// held that much longer.
    pub timeout_ms: i64,
    /// How fast one request may follow another; `None`: as fast as the window allows.
    pub pace: Option<Pace>,
}

/// The answer to a request for a place in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowPlace {
    /// The place was taken and has this number.
    Taken(i64),
    /// No place is free. One may be free from this time on.
    FreeFrom(UnixMillis),
}

impl WindowLimit {
    /// Until when a request that is sent at `now` holds its place if its reply is never recorded.
    #[must_use]
    pub fn held_from_sending(&self, now: UnixMillis) -> UnixMillis {
        now.saturating_add(self.window_ms.saturating_add(self.timeout_ms))
    }

    /// Until when a request holds its place if its reply arrives at `now`.
    #[must_use]
    pub fn held_from_reply(&self, now: UnixMillis) -> UnixMillis {
        now.saturating_add(self.window_ms)
    }

    /// The latest time until which a place may count, from the view of `now`. A later one was written before the
    /// clock was turned back and must not keep the window closed. The bound leaves room for processes with a longer
    /// time-out than ours.
    #[must_use]
    pub fn latest_hold(&self, now: UnixMillis) -> UnixMillis {
        self.held_from_sending(now).saturating_add(LONGEST_EXTRA_MS)
    }

    /// The latest time until which a 429 may keep the window closed, from the view of `now`. A later one was written
    /// before the clock was turned back. A store moves it back to this moment, so that the wait ends.
    #[must_use]
    pub fn latest_close(now: UnixMillis) -> UnixMillis {
        now.saturating_add(LONGEST_EXTRA_MS)
    }
}

/// The state of a window at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WindowState {
    /// How many places are taken.
    pub taken: u64,
    /// When the first of them becomes free.
    pub first_free: Option<UnixMillis>,
    /// Until when a 429 keeps the window closed.
    pub closed_until: Option<UnixMillis>,
    /// The shop's pace so far.
    pub pace: PaceState,
}

/// Whether a request may leave at `now`: the pace after it. The error is the moment from which it may: when the window
/// opens, a place is free and the pace allows it.
pub fn enter(window: WindowState, limit: WindowLimit, now: UnixMillis) -> Result<PaceState, UnixMillis> {
    let closed = window.closed_until.filter(|until| *until > now);
    if let Some(until) = closed {
        return Err(until.min(WindowLimit::latest_close(now)));
    }
    let full = window.first_free.filter(|_| window.taken >= u64::from(limit.requests));
    match limit.pace.map_or(Ok(window.pace), |pace| pace::enter(pace, window.pace, now)) {
        Ok(pace) => full.map_or(Ok(pace), Err),
        Err(moment) => Err(full.unwrap_or(moment).max(moment)),
    }
}
