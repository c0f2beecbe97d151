//! Write transactions, one at a time.
//!
//! SQLite admits one writer, and others retry after a while, in no order. A run that writes without a pause could
//! block its own heartbeat until its lease expires. So the writers of this process wait in a queue.

use std::ops::{Deref, DerefMut};

use futures::FutureExt;
use sqlx::pool::PoolConnectionMetadata;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{Connection, Sqlite, SqliteConnection, SqlitePool, Transaction};
use sync::ports::StateError;
use tokio::sync::MutexGuard;

use super::SqliteStore;
use super::error::failure;

/// A write transaction. It is rolled back unless it is committed.
pub(super) struct Writing<'s> {
    // Declared before the turn, so that it is dropped first: the next writer must find the database free.
    tx: Transaction<'static, Sqlite>,
    _turn: MutexGuard<'s, ()>,
}

/// A pool of one writing connection. It keeps a connection only if its transaction is over.
///
/// On a full disk SQLite rolls the transaction back by itself, so the ROLLBACK that follows fails. sqlx still counts
/// the transaction as open and would never begin another one on that connection.
pub(super) fn one_writer() -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(1).after_release(|db, _: PoolConnectionMetadata| {
        async move {
            // The rollback of a dropped transaction is only queued. The answer to the ping comes after it.
            db.ping().await?;
            Ok(!db.is_in_transaction())
        }
        .boxed()
    })
}

impl SqliteStore {
    /// Waits for its turn and begins a transaction. A commit is on disk when it returns.
    pub(super) async fn writing(&self) -> Result<Writing<'_>, StateError> {
        self.begin(&self.writer).await
    }

    /// As [`Self::writing`], but a power failure may lose the last commits.
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
    /// Commits the transaction.
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
