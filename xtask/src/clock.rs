//! The only place where the commands read the clock.

use std::time::{Duration, Instant};

/// The time since the bench began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "a bench measures time, and nothing else decides by it")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Sleeps until `moment` after the start.
    pub(crate) fn sleep_until(&self, moment: Duration) {
        std::thread::sleep(moment.saturating_sub(self.elapsed()));
    }
}

/// The system's date.
#[expect(clippy::disallowed_methods, reason = "the page says when its figures were made")]
pub(crate) fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}
