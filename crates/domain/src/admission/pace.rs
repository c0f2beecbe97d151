//! The pace of a shop: how fast one request may follow another.
//!
//! Wix throttles bursts, not only minutes. A few dozen requests without a pause draw a 429 of its API, a JSON document
//! that passes after seconds. A few hundred draw a 429 of its edge, a page of HTML that does not pass for minutes. So
//! beside its window each shop has a pace. The first kind halves it for a while. The second closes the window.

use crate::UnixMillis;

/// How long after a 429 a pace stays halved, in milliseconds; each further time takes as long again.
const REGAIN_MS: i64 = 5 * 60 * 1_000;

/// How often a pace is halved at most.
const MOST_HALVINGS: u32 = 5;

/// How long the first block by the edge closes the window, in milliseconds. Each that follows doubles it.
const FIRST_BLOCK_MS: i64 = 10 * 60 * 1_000;

/// The longest that a 429 closes the window, in milliseconds. After as long without another block the next one counts
/// as the first again.
const LONGEST_BLOCK_MS: i64 = 60 * 60 * 1_000;

/// `burst` requests at once, then `per_second` in each second. Both are at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How many requests may follow each other without a pause, after a time without any.
    pub burst: u32,
    /// How many requests a second follow then.
    pub per_second: u32,
}

impl Default for Pace {
    /// 30 at once, then 5 a second: less than what was seen to be throttled (40 to 50 at once).
    fn default() -> Self {
        Self { burst: 30, per_second: 5 }
    }
}

/// What is remembered of a shop's pace. The default is that of a shop that was never asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PaceState {
    /// Until when the requests so far use up the steady pace: each moves this moment on by one interval.
    pub used_until: UnixMillis,
    /// How often the pace was halved when it was halved last.
    pub halvings: u32,
    /// From when it is regained.
    pub slowed_at: UnixMillis,
    /// How many blocks by the edge followed each other.
    pub blocks: u32,
    /// When the last of them is over.
    pub blocked_until: UnixMillis,
}

/// The two kinds of a 429.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Throttling {
    /// Of Wix's API, with a JSON document: all requests pause for so long, in milliseconds.
    Api {
        /// The longer of what Wix asks for and what the user set.
        pause_ms: i64,
    },
    /// Of Wix's edge, with a page.
    Edge,
}

/// What a 429 changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttled {
    /// Until when the window is closed.
    pub closed_until: UnixMillis,
    /// The pace from now on.
    pub pace: PaceState,
}

impl PaceState {
    /// How often the pace is halved at `now`. A moment far ahead was written before the clock was turned back.
    #[must_use]
    pub fn halvings_at(&self, now: UnixMillis) -> u32 {
        let calm = now.saturating_sub(self.slowed_at);
        if calm < -LONGEST_BLOCK_MS {
            return 0;
        }
        let regained = u32::try_from(calm.max(0) / REGAIN_MS).unwrap_or(u32::MAX);
        self.halvings.saturating_sub(regained)
    }
}

/// The state after a request at `now`. The error is the moment from which it may leave.
pub fn enter(pace: Pace, state: PaceState, now: UnixMillis) -> Result<PaceState, UnixMillis> {
    let halvings = state.halvings_at(now);
    let interval = (1_000 / i64::from(pace.per_second.clamp(1, 1_000))) << halvings;
    let burst = i64::from((pace.burst >> halvings).max(1));
    let ahead = interval.saturating_mul(burst - 1);
    // Never further ahead than a whole burst: anything more was written before the clock was turned back.
    let used_until = state.used_until.clamp(now, now.saturating_add(ahead).saturating_add(interval));
    if used_until > now.saturating_add(ahead) {
        return Err(used_until - ahead);
    }
    Ok(PaceState { used_until: used_until + interval, ..state })
}

/// What a 429 at `now` changes. Several requests that are under way at once get the same 429, so only the first counts.
#[must_use]
pub fn throttled(
    what: Throttling,
    state: PaceState,
    closed_until: Option<UnixMillis>,
    now: UnixMillis,
) -> Throttled {
    let longest = now.saturating_add(LONGEST_BLOCK_MS);
    let closed = closed_until.unwrap_or(now).clamp(now, longest);
    match what {
        Throttling::Api { pause_ms } => {
            let until = closed.max(now.saturating_add(pause_ms.clamp(0, LONGEST_BLOCK_MS)));
            let halvings = (state.halvings_at(now) + 1).min(MOST_HALVINGS);
            let slowed = PaceState { halvings, slowed_at: until, ..state };
            Throttled { closed_until: until, pace: if closed > now { state } else { slowed } }
        }
        Throttling::Edge if state.blocked_until > now && state.blocked_until <= longest => {
            Throttled { closed_until: closed.max(state.blocked_until), pace: state }
        }
        Throttling::Edge => {
            let is_next = now.saturating_sub(state.blocked_until) <= LONGEST_BLOCK_MS;
            let blocks = if is_next { state.blocks.saturating_add(1) } else { 1 };
            let pause = FIRST_BLOCK_MS << (blocks - 1).min(8);
            let blocked_until = now.saturating_add(pause.min(LONGEST_BLOCK_MS));
            let pace = PaceState { blocks, blocked_until, ..state };
            Throttled { closed_until: closed.max(blocked_until), pace }
        }
    }
}
