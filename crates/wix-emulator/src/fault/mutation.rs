//! How a fault changes the effect of a request or its answer.

use std::time::Duration;

/// What the handler of an endpoint does differently because of a fault. The default changes nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Mutation {
    /// The page lacks its last row.
    pub(crate) short_page: bool,
    /// The total is one too high.
    pub(crate) wrong_total: bool,
    /// Only this many entries of a write take effect.
    pub(crate) entries: Option<usize>,
    /// The read shows levels as they were this long ago.
    pub(crate) lag: Option<Duration>,
}

impl Mutation {
    /// The rows of a page as the client gets them.
    pub(crate) fn rows<T>(self, mut rows: Vec<T>) -> Vec<T> {
        if self.short_page {
            rows.pop();
        }
        rows
    }

    /// The total of a query as the client gets it.
    pub(crate) fn total(self, total: usize) -> usize {
        total + usize::from(self.wrong_total)
    }
}
