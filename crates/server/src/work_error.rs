//! Why a task cannot be executed, or a question about a shop cannot be answered.

use sync::ports::StateError;

/// A failure to reach a shop, before anything was recorded.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The state database failed.
    #[error(transparent)]
    State(#[from] StateError),
    /// The shop or the warehouse cannot be reached as they are configured; in the language of the log.
    #[error("{0}")]
    Settings(String),
}
