//! The gateway of the service to stock lists that it imports by itself.

use std::time::Duration;

use async_trait::async_trait;

/// Watched folders and web addresses. The program implements this trait, so that the service knows no list and no
/// database.
#[async_trait]
pub trait ListIntake: Send + Sync {
    /// Looks once at every source and imports what is new and whole.
    async fn look(&self) -> Looked;
}

/// What one look did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// Lists that were imported.
    pub imported: u64,
    /// Lists that were refused.
    pub refused: u64,
    /// What went wrong, if anything did; refused lists too.
    pub error: Option<String>,
    /// The pause before the next look.
    pub next: Duration,
}
