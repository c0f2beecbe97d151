//! Converts lengths to the figures of plans and reports.

/// The length as `u64`. The conversion is lossless on every platform that Rust supports.
pub(crate) fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
