//! Transactions that write, one after the other.
//!
//! SQLite lets one writer in, and who finds the door shut tries again after a while, in no order. A run that writes
//! line after line then keeps its own heartbeat out until its lease is over. So the writers of this process queue.

use std::ops::{Deref, DerefMut};

use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};
use sync::ports::StateError;
use tokio::sync::MutexGuard;

use super::{SqliteState, failure};

/// A transaction that writes; undone where it is not committed.
pub(super) struct Writing<'s> {
    // Before the turn: the next one must find the database free.
    tx: Transaction<'static, Sqlite>,
    _turn: MutexGuard<'s, ()>,
}

impl SqliteState {
    /// Waits for its turn and begins a transaction. What it commits is on disk.
    pub(super) async fn writing(&self) -> Result<Writing<'_>, StateError> {
        self.begin(&self.writer).await
    }

    /// The same, but that a power cut may take what was committed last.
    pub(super) async fn writing_hastily(&self) -> Result<Writing<'_>, StateError> {
        self.begin(&self.window).await
    }

    async fn begin(&self, pool: &SqlitePool) -> Result<Writing<'_>, StateError> {
        let turn = self.turn.lock().await;
        let tx = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failure)?;
        Ok(Writing { tx, _turn: turn })
    }
}

impl Writing<'_> {
    /// Keeps what was written.
    pub(super) async fn commit(self) -> Result<(), StateError> {
        self.tx.commit().await.map_err(failure)
    }
}

impl Deref for Writing<'_> {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.tx
    }
}

impl DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.tx
    }
}
