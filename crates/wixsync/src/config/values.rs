//! Texts of settings as values.

use std::num::NonZeroU32;
use std::time::Duration;

use jiff::SignedDuration;
use wix::RequestLimit;

/// The longest duration that a setting may have; added to any moment it stays far from every overflow.
const LONGEST: Duration = Duration::from_hours(24);

/// `30s`, `500ms`, `2m`; at most a day.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let signed: SignedDuration = text.trim().parse().ok()?;
    Duration::try_from(signed).ok().filter(|length| *length <= LONGEST)
}

/// A duration above zero.
pub(super) fn positive_duration(text: &str) -> Option<Duration> {
    duration(text).filter(|length| !length.is_zero())
}

/// `200/60s`, or `off`.
#[expect(clippy::option_option, reason = "outer: whether it parses; inner: whether there is a limit")]
pub(super) fn rate_limit(text: &str) -> Option<Option<RequestLimit>> {
    if text.trim() == "off" {
        return Some(None);
    }
    let (requests, window) = text.split_once('/')?;
    let requests: NonZeroU32 = requests.trim().parse().ok()?;
    Some(Some(RequestLimit { requests: requests.get(), window: positive_duration(window)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_limits() {
        let limit = RequestLimit { requests: 200, window: Duration::from_mins(1) };
        assert_eq!(rate_limit("200/60s"), Some(Some(limit)));
        assert_eq!(rate_limit("off"), Some(None));
        for bad in ["", "200", "0/60s", "-1/60s", "200/0s", "200/", "/60s", "many/60s", "200/60"] {
            assert_eq!(rate_limit(bad), None, "{bad}");
        }
    }

    #[test]
    fn durations() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("0s"), Some(Duration::ZERO));
        assert_eq!(duration("-1s"), None);
        assert_eq!(duration("soon"), None);
        assert_eq!(duration("25h"), None);
        assert_eq!(duration("9223372036854775s"), None);
    }
}
