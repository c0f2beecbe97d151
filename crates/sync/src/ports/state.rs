//! What can go wrong with the state database.

use std::fmt::Display;

/// A failure of the state database. Its text is free of secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// The database cannot be opened, reached or written to, for instance because of missing rights, a full disk or a
    /// file that was moved. Holds what the database said.
    #[error("{0}")]
    Unavailable(String),
    /// The writer's lease has expired or is not the shop's any more.
    #[error("another run has taken over this shop")]
    Fenced,
    /// Writing to the shop is paused.
    #[error("the shop is paused")]
    Paused,
    /// The database is damaged: its file is cut or garbled, or it holds a row that makes no sense.
    #[error("{0}")]
    Corrupt(String),
    /// The database belongs to a newer version of this program.
    #[error("{0}")]
    Newer(String),
    /// The program requested a step that is not allowed: a defect of this program.
    #[error("{0}")]
    Defect(String),
}

impl StateError {
    /// The database cannot be reached or written to, with this detail.
    #[must_use]
    pub fn unavailable(detail: impl Display) -> Self {
        Self::Unavailable(detail.to_string())
    }

    /// The database is damaged, with this detail.
    #[must_use]
    pub fn corrupt(detail: impl Display) -> Self {
        Self::Corrupt(detail.to_string())
    }

    /// The database belongs to a newer version, with this detail.
    #[must_use]
    pub fn newer(detail: impl Display) -> Self {
        Self::Newer(detail.to_string())
    }

    /// A defect of this program, with this detail.
    #[must_use]
    pub fn defect(detail: impl Display) -> Self {
        Self::Defect(detail.to_string())
    }
}
