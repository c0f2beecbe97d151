//! Moments, for people and for programs.

use domain::UnixMillis;
use jiff::Timestamp;
use jiff::tz::TimeZone;
pub(crate) use server::utc_time as utc;

/// In the machine's own zone, to the second, with the zone's distance from UTC.
pub(crate) fn local(at: UnixMillis) -> String {
    Timestamp::from_millisecond(at)
        .unwrap_or_default()
        .to_zoned(TimeZone::system())
        .strftime("%Y-%m-%d %H:%M:%S %:z")
        .to_string()
}
