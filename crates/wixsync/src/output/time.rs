//! Moments, for people and for programs. The zone's distance from UTC stands beside every one.

use domain::UnixMillis;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
pub(crate) use server::utc_time as utc;

/// In the machine's own zone, to the second.
pub(crate) fn local(at: UnixMillis) -> String {
    in_zone(at, &TimeZone::system())
}

/// In this zone, to the second.
pub(crate) fn in_zone(at: UnixMillis, zone: &TimeZone) -> String {
    formatted(at, zone, "%Y-%m-%d %H:%M:%S %:z")
}

/// The times of a narrow table: to the minute, all at one distance from UTC, which stands in the heading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShortTimes(Offset);

impl ShortTimes {
    /// At the distance of the machine's own zone at `now`.
    pub(crate) fn at(now: UnixMillis) -> Self {
        Self(TimeZone::system().to_offset(Timestamp::from_millisecond(now).unwrap_or_default()))
    }

    /// The heading of a column of times.
    pub(crate) fn heading(self, title: &str) -> String {
        format!("{title}, {}", self.0)
    }

    /// A time.
    pub(crate) fn text(self, at: UnixMillis) -> String {
        formatted(at, &self.0.to_time_zone(), "%Y-%m-%d %H:%M")
    }
}

fn formatted(at: UnixMillis, zone: &TimeZone, format: &str) -> String {
    let moment = Timestamp::from_millisecond(at).unwrap_or_default();
    moment.to_zoned(zone.clone()).strftime(format).to_string()
}
