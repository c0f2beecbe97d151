//! The rate limit: a sliding log of the requests that were admitted.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The most requests in any window of this length (Wix: Rate limits; 200 a minute per site).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RateLimit {
    /// Requests that are admitted in one window.
    pub requests: u32,
    /// The length of the window.
    #[serde(with = "crate::json::milliseconds", rename = "windowMs")]
    pub window: Duration,
}

/// The requests of the last window. Refused requests do not count.
#[derive(Debug, Default)]
pub(crate) struct RateWindow {
    admitted: VecDeque<Duration>,
}

impl RateWindow {
    /// Admits a request; the error says how long the window stays full.
    pub(crate) fn admit(&mut self, limit: Option<RateLimit>, now: Duration) -> Result<(), Duration> {
        let Some(limit) = limit else {
            self.admitted.clear();
            return Ok(());
        };
        while self.admitted.front().is_some_and(|first| now.saturating_sub(*first) >= limit.window) {
            self.admitted.pop_front();
        }
        let allowed = usize::try_from(limit.requests).unwrap_or(usize::MAX);
        if self.admitted.len() < allowed {
            self.admitted.push_back(now);
            return Ok(());
        }
        let first = self.admitted.front().copied().unwrap_or(now);
        Err((first + limit.window).saturating_sub(now))
    }
}

#[cfg(test)]
mod tests {
    use super::{RateLimit, RateWindow};
    use std::time::Duration;

    #[test]
    fn no_window_holds_more_than_the_limit() {
        let limit = Some(RateLimit { requests: 2, window: Duration::from_secs(10) });
        let mut window = RateWindow::default();
        let at = Duration::from_secs;
        assert_eq!(window.admit(limit, at(0)), Ok(()));
        assert_eq!(window.admit(limit, at(6)), Ok(()));
        assert_eq!(window.admit(limit, at(9)), Err(at(1)));
        assert_eq!(window.admit(limit, at(10)), Ok(()));
        assert_eq!(window.admit(limit, at(15)), Err(at(1)));
        assert_eq!(window.admit(None, at(15)), Ok(()));
    }
}
