//! State in a SQLite file.

mod ends;
mod error;
mod file;
mod file_identity;
mod history;
mod journal;
mod leases;
mod maps;
mod pauses;
mod prune;
mod rows;
mod runs;
mod tasks;
mod tokens;
mod transaction;
mod watch;
mod windows;

use std::fmt::Display;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlitePool};
use sync::ports::{StateError, Store};
use tokio::sync::Mutex;

pub(crate) use self::file::is_state_file;
use self::file_identity::FileIdentity;

/// How much of the file the writer keeps in memory, in KiB where negative: the lines of a run of 100,000 changes.
const CACHE: &str = "-65536";

/// How long a writer waits for another process's transaction.
const BUSY: Duration = Duration::from_secs(10);

/// The store in one SQLite file.
pub(crate) struct SqliteStore {
    /// One connection, so that what it has in memory of the file stays valid from one transaction to the next.
    writer: SqlitePool,
    readers: SqlitePool,
    /// For tokens and monitoring: they do not wait behind readers of the history.
    watchers: SqlitePool,
    /// For the request window alone: its rows matter for a minute, so a power cut may take the last of them.
    window: SqlitePool,
    /// Whose turn it is to write.
    turn: Mutex<()>,
    file_identity: FileIdentity,
    location: String,
}

impl SqliteStore {
    /// Opens the file, makes it and its folder where they are missing, and brings its tables up to date. `location`
    /// is how reports name it.
    ///
    /// The journal must survive a power cut between the commit of SENT and the bytes that follow it, hence
    /// `synchronous = FULL`, which WAL alone would not need for consistency.
    pub(crate) async fn open(file: &Path, location: String) -> Result<Self, StateError> {
        file::make_folder(file)?;
        // Two processes that meet a new file would both make its tables; the lock ends with this call.
        let _alone = file::lock(file)?;
        file::refuse_foreign(file).await?;
        let named = |error: &dyn Display| file::named(file, error);
        let options = options(file);
        let writing = options.clone().pragma("cache_size", CACHE);
        let making = writing.clone().create_if_missing(true).pragma("application_id", file::APPLICATION_ID);
        let writer = transaction::one_writer().connect_with(making).await.map_err(|e| named(&e))?;
        // Once it is there, a file that is gone is an error, and no reason to begin an empty one.
        writer.set_connect_options(writing);
        sqlx::migrate!("migrations/sqlite").run(&writer).await.map_err(|e| named(&e))?;
        let readers = reading(3).connect_with(options.clone()).await.map_err(|e| named(&e))?;
        let watchers = reading(2).connect_with(options.clone()).await.map_err(|e| named(&e))?;
        let relaxed = options.synchronous(SqliteSynchronous::Normal);
        let window = transaction::one_writer().connect_with(relaxed).await.map_err(|e| named(&e))?;
        let (turn, file_identity) = (Mutex::new(()), FileIdentity::of(file));
        Ok(Self { writer, readers, watchers, window, turn, file_identity, location })
    }
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .disable_statement_logging()
}

/// Connections that are never closed for lying idle: with the last connection the write-ahead log goes, and the next
/// one makes another.
fn reading(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).idle_timeout(None).max_lifetime(None)
}

#[async_trait]
impl Store for SqliteStore {
    fn location(&self) -> String {
        self.location.clone()
    }

    /// Also folds the write-ahead log back into the file.
    async fn close(&self) {
        self.window.close().await;
        self.readers.close().await;
        self.watchers.close().await;
        self.writer.close().await;
    }
}
