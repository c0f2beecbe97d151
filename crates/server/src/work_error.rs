//! Why a task is not worked off, or a question about a shop not answered.

use sync::ports::StateError;

/// A failure on the way to a shop, before anything of it was recorded.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The state database did not do what was asked.
    #[error(transparent)]
    State(#[from] StateError),
    /// The shop or the warehouse cannot be reached as they are configured; in the language of the log.
    #[error("{0}")]
    Settings(String),
}
