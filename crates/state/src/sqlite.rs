//! State in a SQLite file.

mod journal;
mod runs;

use std::path::Path;
use std::time::Duration;

use domain::code::UnknownCode;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sync::ports::StateError;

/// How long a writer waits for another process's transaction.
const BUSY: Duration = Duration::from_secs(10);

/// The state ports over one SQLite file.
pub struct SqliteState {
    pool: SqlitePool,
}

impl SqliteState {
    /// Opens the file, making it and its folder where they are missing, and brings its tables up to date.
    ///
    /// The journal must survive a power cut between the commit of SENT and the bytes that follow it, hence
    /// `synchronous = FULL`, which WAL alone would not need for consistency.
    pub async fn open(file: &Path) -> Result<Self, StateError> {
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|error| StateError(format!("{}: {error}", folder.display())))?;
        }
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let named = |error: &dyn std::fmt::Display| StateError(format!("{}: {error}", file.display()));
        let pool =
            SqlitePoolOptions::new().max_connections(4).connect_with(options).await.map_err(|e| named(&e))?;
        sqlx::migrate!("migrations/sqlite").run(&pool).await.map_err(|e| named(&e))?;
        Ok(Self { pool })
    }

    /// Closes every connection, so that the write-ahead log is folded back into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

fn failure(error: impl std::fmt::Display) -> StateError {
    StateError(error.to_string())
}

/// A row that this version cannot read: damaged, or written by a newer one.
fn unreadable(what: &str, error: impl std::fmt::Display) -> StateError {
    StateError(format!("{what} cannot be read: {error}"))
}

fn unknown_code(error: UnknownCode) -> StateError {
    unreadable("a code", error)
}
