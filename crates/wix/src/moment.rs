//! Times as Wix writes them.

/// Parses a time as Wix writes it, in milliseconds since 1970-01-01T00:00:00Z.
pub(crate) fn moment_ms(text: &str) -> Option<i64> {
    let moment: jiff::Timestamp = text.parse().ok()?;
    Some(moment.as_millisecond())
}

/// Writes a time, given in milliseconds since 1970-01-01T00:00:00Z, as Wix's filters take it. A time outside the range
/// of dates becomes the earliest one.
pub(crate) fn moment_text(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}
