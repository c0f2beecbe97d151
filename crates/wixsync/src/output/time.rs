//! Moments, for people and for programs.

use domain::UnixMillis;
use jiff::Timestamp;
use jiff::tz::TimeZone;
pub(crate) use server::utc_time as utc;

/// In the machine's own zone, to the second, with the zone's distance from UTC.
pub(crate) fn local(at: UnixMillis) -> String {
    formatted(at, "%Y-%m-%d %H:%M:%S %:z")
}

/// The same to the minute and without the zone, where there is little room.
pub(crate) fn local_short(at: UnixMillis) -> String {
    formatted(at, "%Y-%m-%d %H:%M")
}

fn formatted(at: UnixMillis, format: &str) -> String {
    let moment = Timestamp::from_millisecond(at).unwrap_or_default();
    moment.to_zoned(TimeZone::system()).strftime(format).to_string()
}
