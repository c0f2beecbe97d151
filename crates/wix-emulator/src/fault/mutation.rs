//! How a fault changes the effect of a request or its answer.

use std::time::Duration;

/// Which rows an answer lacks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum MissingRows {
    #[default]
    None,
    Last,
    All,
}

/// What the handler of an endpoint does differently because of a fault. The default changes nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Mutation {
    /// Which rows the page, or the answer of a bulk write, lacks.
    pub(crate) missing: MissingRows,
    /// The total is one too high.
    pub(crate) wrong_total: bool,
    /// An update changes the revisions of items, and not their stock.
    pub(crate) silent: bool,
    /// Only this many entries of a write take effect.
    pub(crate) entries: Option<usize>,
    /// The read shows levels as they were this long ago.
    pub(crate) lag: Option<Duration>,
}

impl Mutation {
    /// The rows of a page, or of a bulk answer, as the client gets them.
    pub(crate) fn rows<T>(self, mut rows: Vec<T>) -> Vec<T> {
        match self.missing {
            MissingRows::None => {}
            MissingRows::Last => drop(rows.pop()),
            MissingRows::All => rows.clear(),
        }
        rows
    }

    /// The total of a query as the client gets it.
    pub(crate) fn total(self, total: usize) -> usize {
        total + usize::from(self.wrong_total)
    }
}
