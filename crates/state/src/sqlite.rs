//! The store in a SQLite file.

mod ends;
mod error;
mod file;
mod file_identity;
mod history;
mod journal;
mod json;
mod leases;
mod left_alone;
mod lists;
mod maps;
mod owner;
mod pauses;
mod prune;
mod rows;
mod runs;
mod tasks;
mod tokens;
mod transaction;
mod watch;
mod windows;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlitePool};
use sync::ports::{StateError, Store};
use tokio::sync::Mutex;

use self::error::{of_file, of_migration};
pub(crate) use self::file::is_state_file;
use self::file_identity::FileIdentity;
use self::owner::Owner;

/// The page cache of the writer; a negative number is in KiB. It holds the lines of a run of 100,000 changes.
const CACHE: &str = "-65536";

/// How long a writer waits for the transaction of another process.
const BUSY: Duration = Duration::from_secs(10);

/// The store in one SQLite file.
pub(crate) struct SqliteStore {
    /// A single connection, so that its page cache stays valid from one transaction to the next.
    writer: SqlitePool,
    readers: SqlitePool,
    /// For tokens and monitoring, so that they do not wait behind readers of the history.
    watchers: SqlitePool,
    /// Only for the request window. Its rows matter for a minute, so a power failure may lose the last of them.
    window: SqlitePool,
    /// Held by the task that may write.
    turn: Mutex<()>,
    file_identity: FileIdentity,
    location: String,
}

impl SqliteStore {
    /// Opens the file. Creates it and its folder if they are missing, and migrates its tables. `location` is its name
    /// in reports.
    ///
    /// The commit of SENT must survive a power failure before the bytes leave. Hence `synchronous = FULL`, which WAL
    /// would not need for consistency alone.
    pub(crate) async fn open(file: &Path, location: String) -> Result<Self, StateError> {
        file::make_folder(file)?;
        let owner = Owner::of(file);
        owner.refuse_foreign(file)?;
        // Without the lock, two processes that open a new file would both create its tables. It is released at the
        // end of this call.
        let _alone = file::lock(file, owner)?;
        file::refuse_foreign(file).await?;
        file::make(file, owner)?;
        let failed = |error: sqlx::Error| of_file(file, &error);
        let options = options(file);
        let writing = options.clone().pragma("cache_size", CACHE);
        let making = writing.clone().create_if_missing(true).pragma("application_id", file::APPLICATION_ID);
        let writer = transaction::one_writer().connect_with(making).await.map_err(failed)?;
        // From now on a missing file is an error. Reconnecting must not create an empty one.
        writer.set_connect_options(writing);
        sqlx::migrate!("migrations/sqlite").run(&writer).await.map_err(|error| of_migration(file, &error))?;
        let readers = reading(3).connect_with(options.clone()).await.map_err(failed)?;
        let watchers = reading(2).connect_with(options.clone()).await.map_err(failed)?;
        let relaxed = options.synchronous(SqliteSynchronous::Normal);
        let window = transaction::one_writer().connect_with(relaxed).await.map_err(failed)?;
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

/// Idle connections are never closed, because SQLite deletes the write-ahead log with the last connection and the
/// next one would create another.
fn reading(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).idle_timeout(None).max_lifetime(None)
}

#[async_trait]
impl Store for SqliteStore {
    fn location(&self) -> String {
        self.location.clone()
    }

    /// Also writes the write-ahead log back to the file.
    async fn close(&self) {
        self.window.close().await;
        self.readers.close().await;
        self.watchers.close().await;
        self.writer.close().await;
    }
}
