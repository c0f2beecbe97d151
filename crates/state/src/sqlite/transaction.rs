//! Transactions that write, one after the other.
//!
//! SQLite lets one writer in; the others try again after a while, in no order. A run that writes line after line would
//! keep its own heartbeat out until its lease is over. So the writers of this process queue.

use std::ops::{Deref, DerefMut};

use futures::FutureExt;
use sqlx::pool::PoolConnectionMetadata;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{Connection, Sqlite, SqliteConnection, SqlitePool, Transaction};
use sync::ports::StateError;
use tokio::sync::MutexGuard;

use super::SqliteStore;
use super::error::failure;

/// A transaction that writes; undone where it is not committed.
pub(super) struct Writing<'s> {
    // Before the turn: the next one must find the database free.
    tx: Transaction<'static, Sqlite>,
    _turn: MutexGuard<'s, ()>,
}

/// A pool of one writer, which takes a connection back only where its transaction is over.
///
/// On a full disk SQLite undoes the transaction by itself, and the ROLLBACK that follows fails for want of one. sqlx
/// goes on counting that transaction as begun and would let no other begin on the connection, ever.
pub(super) fn one_writer() -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(1).after_release(|db, _: PoolConnectionMetadata| {
        async move {
            // The rollback of a dropped transaction is only queued; the answer to the ping comes after it.
            db.ping().await?;
            Ok(!db.is_in_transaction())
        }
        .boxed()
    })
}

impl SqliteStore {
    /// Waits for its turn and begins a transaction. What it commits is on disk.
    pub(super) async fn writing(&self) -> Result<Writing<'_>, StateError> {
        self.begin(&self.writer).await
    }

    /// The same, but that a power cut may take what was committed last.
    pub(super) async fn writing_relaxed(&self) -> Result<Writing<'_>, StateError> {
        self.begin(&self.window).await
    }

    async fn begin(&self, pool: &SqlitePool) -> Result<Writing<'_>, StateError> {
        let turn = self.turn.lock().await;
        self.file_identity.check()?;
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
