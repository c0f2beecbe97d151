//! What can go wrong with the state database.

use std::fmt::Display;

/// The state database did not do what was asked; free of secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// It cannot be opened, reached or written to: missing rights, a full disk, a file that was moved. What it said.
    #[error("{0}")]
    Unavailable(String),
    /// The lease under which the writer works is not the shop's any more, or has run out.
    #[error("another run has taken over this shop")]
    Fenced,
    /// All writing to the shop has been stopped.
    #[error("the shop is paused")]
    Paused,
    /// It holds a row that this version cannot read: damaged, or written by a newer version.
    #[error("{0}")]
    Corrupt(String),
    /// It was asked for a step that must not happen: a mistake in this program.
    #[error("{0}")]
    Defect(String),
}

impl StateError {
    /// The database is not there or takes nothing, with what is known of it.
    #[must_use]
    pub fn unavailable(detail: impl Display) -> Self {
        Self::Unavailable(detail.to_string())
    }

    /// A row cannot be read, with what is known of it.
    #[must_use]
    pub fn corrupt(detail: impl Display) -> Self {
        Self::Corrupt(detail.to_string())
    }

    /// A mistake in this program, with what is known of it.
    #[must_use]
    pub fn defect(detail: impl Display) -> Self {
        Self::Defect(detail.to_string())
    }
}
