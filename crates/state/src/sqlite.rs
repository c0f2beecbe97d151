//! State in a SQLite file.

mod figures;
mod history;
mod journal;
mod leases;
mod maps;
mod requests;
mod runs;
mod tasks;
mod tokens;
mod whereabouts;
mod writing;

pub use requests::{Place, WindowLimit};

use std::path::Path;
use std::time::Duration;

use domain::code::UnknownCode;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};
use sync::ports::StateError;
use tokio::sync::Mutex;

use self::whereabouts::Whereabouts;

/// The mark of our databases in SQLite's file header: "WXSY".
const APPLICATION_ID: &str = "1465405273";

/// How much of the file the writer keeps in memory, in KiB where negative: the lines of a run of 100,000 changes.
const CACHE: &str = "-65536";

/// How long a writer waits for another process's transaction.
const BUSY: Duration = Duration::from_secs(10);

/// The state ports over one SQLite file.
pub struct SqliteState {
    /// One connection, so that what it has in memory of the file stays valid from one transaction to the next.
    writer: SqlitePool,
    readers: SqlitePool,
    /// For whoever brings a token or asks how the service stands: they do not wait behind those who read history.
    watchers: SqlitePool,
    /// For the request window alone: its rows matter for a minute, so a power cut may take the last of them.
    window: SqlitePool,
    /// Whose turn it is to write.
    turn: Mutex<()>,
    whereabouts: Whereabouts,
}

impl SqliteState {
    /// Opens the file, making it and its folder where they are missing, and brings its tables up to date.
    ///
    /// The journal must survive a power cut between the commit of SENT and the bytes that follow it, hence
    /// `synchronous = FULL`, which WAL alone would not need for consistency.
    pub async fn open(file: &Path) -> Result<Self, StateError> {
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|error| StateError::Failed(format!("{}: {error}", folder.display())))?;
        }
        // Two processes that meet a new file would both make its tables; the lock ends with this call.
        let _alone = lock(file)?;
        refuse_foreign(file).await?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .disable_statement_logging();
        let named =
            |error: &dyn std::fmt::Display| StateError::Failed(format!("{}: {error}", file.display()));
        let writing = options.clone().pragma("cache_size", CACHE);
        let making = writing.clone().create_if_missing(true).pragma("application_id", APPLICATION_ID);
        let writer = writing::one_writer().connect_with(making).await.map_err(|e| named(&e))?;
        // Once it is there, a file that is gone is an error, and no reason to begin an empty one.
        writer.set_connect_options(writing);
        sqlx::migrate!("migrations/sqlite").run(&writer).await.map_err(|e| named(&e))?;
        // Never closed for lying idle: with the last connection the write-ahead log goes, and the next one makes
        // another.
        let reading = |connections| {
            SqlitePoolOptions::new().max_connections(connections).idle_timeout(None).max_lifetime(None)
        };
        let readers = reading(3).connect_with(options.clone()).await.map_err(|e| named(&e))?;
        let watchers = reading(2).connect_with(options.clone()).await.map_err(|e| named(&e))?;
        let hasty = options.synchronous(SqliteSynchronous::Normal);
        let window = writing::one_writer().connect_with(hasty).await.map_err(|e| named(&e))?;
        let (turn, whereabouts) = (Mutex::new(()), Whereabouts::of(file));
        Ok(Self { writer, readers, watchers, window, turn, whereabouts })
    }

    /// Whether the file is a state database of ours. One that cannot be looked into is not known to be.
    pub async fn is_one(file: &Path) -> bool {
        if !file.is_file() {
            return false;
        }
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        let Ok(mut db) = options.connect().await else { return false };
        let id = application_id(&mut db).await;
        // Nothing was written; what the end of it says changes nothing.
        let _ = db.close().await;
        id.is_ok_and(|id| id.to_string() == APPLICATION_ID)
    }

    /// Closes every connection, so that the write-ahead log is folded back into the file.
    pub async fn close(&self) {
        self.window.close().await;
        self.readers.close().await;
        self.watchers.close().await;
        self.writer.close().await;
    }
}

/// Keeps other processes out while the file is made and brought up to date.
fn lock(file: &Path) -> Result<std::fs::File, StateError> {
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    let named =
        |error: std::io::Error| StateError::Failed(format!("{}: {error}", Path::new(&name).display()));
    let lock =
        std::fs::File::options().create(true).write(true).truncate(false).open(&name).map_err(named)?;
    lock.lock().map_err(named)?;
    Ok(lock)
}

/// A database that holds tables and was not made by us is somebody else's: nothing in it is touched.
async fn refuse_foreign(file: &Path) -> Result<(), StateError> {
    if !file.is_file() {
        return Ok(());
    }
    let named = |error: &dyn std::fmt::Display| StateError::Failed(format!("{}: {error}", file.display()));
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut db = options.connect().await.map_err(|e| named(&e))?;
    let id = application_id(&mut db).await.map_err(|e| named(&e))?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_master")
        .fetch_one(&mut db)
        .await
        .map_err(|e| named(&e))?;
    db.close().await.map_err(|e| named(&e))?;
    if tables == 0 || id.to_string() == APPLICATION_ID {
        Ok(())
    } else {
        Err(named(&"this database holds something else, not wixsync's state; nothing in it was changed"))
    }
}

/// The mark in the file's header.
async fn application_id(db: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("PRAGMA application_id").fetch_one(db).await
}

fn failure(error: impl std::fmt::Display) -> StateError {
    StateError::failed(error)
}

/// A row that this version cannot read: damaged, or written by a newer one.
fn unreadable(what: &str, error: impl std::fmt::Display) -> StateError {
    StateError::Failed(format!("{what} cannot be read: {error}"))
}

fn unknown_code(error: UnknownCode) -> StateError {
    unreadable("a code", error)
}
