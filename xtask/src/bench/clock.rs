//! The only place where the bench reads the clock.

use std::time::{Duration, Instant};

/// The time since the bench began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "a bench measures time, and nothing else decides by it")]
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Sleeps until `moment` after the start.
    pub(super) fn sleep_until(&self, moment: Duration) {
        std::thread::sleep(moment.saturating_sub(self.elapsed()));
    }
}

/// The system's date.
#[expect(clippy::disallowed_methods, reason = "the page says when its figures were made")]
pub(super) fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}
