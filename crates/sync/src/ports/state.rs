//! What can go wrong with the state database.

/// The state database could not do what was asked; free of secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// It failed; what it said.
    #[error("{0}")]
    Failed(String),
    /// The lease under which the writer works is not the shop's lease any more, or is over.
    #[error("another run has taken over this shop")]
    Fenced,
    /// All writing to the shop has been stopped.
    #[error("the shop is paused")]
    Paused,
}

impl StateError {
    /// A failure, with what is known of it.
    #[must_use]
    pub fn failed(detail: impl std::fmt::Display) -> Self {
        Self::Failed(detail.to_string())
    }
}
