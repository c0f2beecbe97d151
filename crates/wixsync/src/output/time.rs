//! Moments, for people and for programs.

use domain::UnixMillis;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// In the machine's own zone, to the second.
pub(crate) fn local(at: UnixMillis) -> String {
    timestamp(at).to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// As RFC 3339 writes it, in UTC.
pub(crate) fn utc(at: UnixMillis) -> String {
    timestamp(at).to_string()
}

fn timestamp(at: UnixMillis) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or_default()
}
