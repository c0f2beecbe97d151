//! Tracks the shop's request window between runs. Runs with separate state databases do not know of each other's
//! requests, so the next one must wait until its requests fit.

use std::time::Duration;

use super::cases::LIMIT;

/// Slightly more than Wix's minute, because the shop uses its own clock.
const WINDOW: Duration = Duration::from_secs(62);

/// How long after a run its successor has a whole burst again.
const REST: Duration = Duration::from_secs(10);

/// The requests to one shop, each counted at the end of its run.
#[derive(Debug, Default)]
pub(super) struct Window {
    counted: Vec<(Duration, u64)>,
}

impl Window {
    /// Records a run that ended at `at` and sent this many requests.
    pub(super) fn count(&mut self, at: Duration, requests: u64) {
        self.counted.push((at, requests));
    }

    /// The time from which the client's pace allows a whole burst.
    pub(super) fn rested_at(&self) -> Duration {
        self.counted.last().map_or(Duration::ZERO, |(at, _)| *at + REST)
    }

    /// The time from which this many requests fit. More requests than the limit only fit an empty window.
    pub(super) fn free_at(&self, requests: u64) -> Duration {
        let room = u64::from(LIMIT).saturating_sub(requests);
        let mut later = 0;
        // Going back from the last run: the first run that no longer fits must have left the window.
        for (at, counted) in self.counted.iter().rev() {
            later += counted;
            if later > room {
                return *at + WINDOW;
            }
        }
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn what_fits_does_not_wait() {
        let mut window = Window::default();
        assert_eq!(window.free_at(1_000), Duration::ZERO);
        window.count(at(10), 100);
        assert_eq!(window.free_at(100), Duration::ZERO);
    }

    #[test]
    fn what_does_not_fit_waits_for_the_runs_in_its_way() {
        let mut window = Window::default();
        window.count(at(10), 100);
        window.count(at(20), 60);
        assert_eq!(window.free_at(40), Duration::ZERO);
        assert_eq!(window.free_at(41), at(10) + WINDOW);
        assert_eq!(window.free_at(141), at(20) + WINDOW);
        assert_eq!(window.free_at(1_000), at(20) + WINDOW);
        assert_eq!(window.rested_at(), at(20) + REST);
    }
}
