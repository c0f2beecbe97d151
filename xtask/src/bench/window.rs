//! What the emulated shop has counted lately: runs that know nothing of each other must not share its window.

use std::time::Duration;

use super::cases::LIMIT;

/// A little more than Wix's minute: the shop counts by its own clock.
const WINDOW: Duration = Duration::from_secs(62);

/// The requests to one shop, each at the end of its run.
#[derive(Debug, Default)]
pub(super) struct Window {
    counted: Vec<(Duration, u64)>,
}

impl Window {
    /// A run has ended at `at` and had sent so many.
    pub(super) fn count(&mut self, at: Duration, requests: u64) {
        self.counted.push((at, requests));
    }

    /// From when on so many fit in; more than the limit fit where the window is empty, and then come in turn.
    pub(super) fn free_at(&self, requests: u64) -> Duration {
        let room = u64::from(LIMIT).saturating_sub(requests);
        let mut later = 0;
        // From the last run backwards: the first that does not fit any more has to be over.
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
    }
}
