//! The ways in which filters and sorts are written.

/// How a filter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FilterStyle {
    /// A string that contains JSON (Wix: Filter and sort).
    Text,
    /// A JSON object (Wix: Query Store Variants).
    Object,
    /// A JSON object with the operators of Catalog V3 (Wix: API Query Language).
    Rich,
}
