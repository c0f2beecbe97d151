//! A point in time with milliseconds, as Wix writes it: `2020-08-31T20:05:40.348Z`.

use std::fmt;

use jiff::tz::Offset;
use serde::{Serialize, Serializer};

/// Milliseconds since 1970-01-01 UTC; shown and serialized like `2020-08-31T20:05:40.348Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The point this many milliseconds after 1970-01-01 UTC.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 time; finer parts than a millisecond are cut off.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|time| Self(time.as_millisecond()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = jiff::Timestamp::from_millisecond(self.0).map_err(|_| fmt::Error)?;
        let t = Offset::UTC.to_datetime(time);
        write!(f, "{:04}-{:02}-{:02}T", t.year(), t.month(), t.day())?;
        write!(f, "{:02}:{:02}:{:02}.{:03}Z", t.hour(), t.minute(), t.second(), t.millisecond())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn reads_back_what_it_writes() {
        let text = "2020-08-31T20:05:40.348Z";
        assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        assert_eq!(Timestamp::parse("2020-08-31T22:05:40.348+02:00").unwrap().to_string(), text);
        assert_eq!(Timestamp::parse("yesterday"), None);
    }
}
