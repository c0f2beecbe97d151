//! The request window of a shop: so many requests in any so many milliseconds (I10).

use crate::UnixMillis;

/// How much longer than ours another process's places may count, in milliseconds; also the longest pause that a
/// 429 asks for.
const LONGEST_EXTRA_MS: i64 = 60 * 60 * 1_000;

/// A window: so many requests in any so many milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowLimit {
    /// Requests.
    pub requests: u32,
    /// Milliseconds.
    pub window_ms: i64,
    /// How long a request may be under way, in milliseconds. A place is held that long where its process dies before
    /// it records the reply.
    pub timeout_ms: i64,
}

/// What came of asking for a place in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowPlace {
    /// It is taken, under this number.
    Taken(i64),
    /// None is free; one may be from this moment on.
    FreeFrom(UnixMillis),
}

impl WindowLimit {
    /// Until when a request that leaves at `now` holds its place, unless its reply says otherwise.
    #[must_use]
    pub fn held_from_sending(&self, now: UnixMillis) -> UnixMillis {
        now.saturating_add(self.window_ms.saturating_add(self.timeout_ms))
    }

    /// Until when a request holds its place whose reply came at `now`.
    #[must_use]
    pub fn held_from_reply(&self, now: UnixMillis) -> UnixMillis {
        now.saturating_add(self.window_ms)
    }

    /// The latest moment until which a place counts, seen at `now`. A clock that was turned back must not keep the
    /// window closed for longer. Places of processes with a longer time-out than ours stay as they are.
    #[must_use]
    pub fn latest_hold(&self, now: UnixMillis) -> UnixMillis {
        self.held_from_sending(now).saturating_add(LONGEST_EXTRA_MS)
    }
}

/// The places of a window that count at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WindowState {
    /// How many are taken.
    pub taken: u64,
    /// When the first of them is free.
    pub first_free: Option<UnixMillis>,
    /// Until when a 429 keeps the window closed.
    pub closed_until: Option<UnixMillis>,
}

/// Until when a request has to wait for a place; `None` where one is free at `now`.
#[must_use]
pub fn wait_for_place(window: WindowState, limit: WindowLimit, now: UnixMillis) -> Option<UnixMillis> {
    match window.closed_until.filter(|until| *until > now) {
        Some(until) => Some(until.min(now.saturating_add(LONGEST_EXTRA_MS))),
        None => window.first_free.filter(|_| window.taken >= u64::from(limit.requests)),
    }
}
