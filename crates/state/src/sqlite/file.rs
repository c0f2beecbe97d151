//! The file of a state database: creating it, locking it, and recognizing it as ours.

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use sync::ports::StateError;

use super::error::{of_file, waits_for_a_writer};
use super::owner::Owner;

/// The application id of our databases in SQLite's file header: "WXSY".
pub(super) const APPLICATION_ID: &str = "1465405273";

/// The error of a file operation, with the file's name.
pub(super) fn file_error(file: &Path, error: &dyn Display) -> StateError {
    StateError::unavailable(format_args!("{}: {error}", file.display()))
}

/// Creates the folder of the file if it is missing.
pub(super) fn make_folder(file: &Path) -> Result<(), StateError> {
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::create_dir_all(folder).map_err(|error| file_error(folder, &error)),
        None => Ok(()),
    }
}

/// Creates the file where it is missing. Its owner alone may read it, whatever the user's umask: it holds the history
/// of a shop. The files that SQLite makes beside it get the same mode and owner.
pub(super) fn make(file: &Path, owner: Owner) -> Result<(), StateError> {
    match private(File::options().write(true).create_new(true)).open(file) {
        Ok(_) => owner.give(file),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(file_error(file, &error)),
    }
}

/// For a new file that only its owner may read and write.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Locks out other processes while the file is created and migrated.
pub(super) fn lock(file: &Path, owner: Owner) -> Result<File, StateError> {
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    let failed = |error: std::io::Error| file_error(Path::new(&name), &error);
    let mut options = File::options();
    let options = private(options.create(true).write(true).truncate(false));
    let lock = options.open(&name).map_err(failed)?;
    owner.give(Path::new(&name))?;
    lock.lock().map_err(failed)?;
    Ok(lock)
}

/// Whether the file is a state database of ours. The file may be a merchant's, so that nothing is written, not even to
/// undo what a process that died has left in it.
pub(crate) async fn is_state_file(file: &Path) -> bool {
    if !file.is_file() {
        return false;
    }
    let looked = look_with(SqliteConnectOptions::new().filename(file).read_only(true)).await;
    let found = match looked {
        Ok(content) => Some(content.application_id),
        Err(error) if waits_for_a_writer(&error) => id_in_header(file).ok(),
        Err(_) => None,
    };
    found.is_some_and(|id| id == APPLICATION_ID)
}

/// The application id as the file itself has it, at byte 68 of the header (SQLite's file format, 1.3).
fn id_in_header(file: &Path) -> std::io::Result<String> {
    let mut id = [0; 4];
    let mut file = File::open(file)?;
    file.seek(SeekFrom::Start(68))?;
    file.read_exact(&mut id)?;
    Ok(i32::from_be_bytes(id).to_string())
}

/// Refuses a database with tables that are not ours, without changing anything in it.
pub(super) async fn refuse_foreign(file: &Path) -> Result<(), StateError> {
    if !file.is_file() {
        return Ok(());
    }
    let content = look(file).await.map_err(|error| of_file(file, &error))?;
    if content.tables == 0 || content.application_id == APPLICATION_ID {
        Ok(())
    } else {
        let what = "this database holds something else, not wixsync's state; nothing in it was changed";
        Err(file_error(file, &what))
    }
}

/// What tells whose database a file is.
struct Content {
    /// The application id in the file's header.
    application_id: String,
    tables: i64,
}

/// Reads whose database the file is.
///
/// A process that died while it made the file leaves half a change and the journal that undoes it. A read-only
/// connection may not undo it. Hence the second look with one that may write: as every program that opens the file,
/// it brings back the last whole state, and changes nothing else.
async fn look(file: &Path) -> sqlx::Result<Content> {
    let options = SqliteConnectOptions::new().filename(file);
    match look_with(options.clone().read_only(true)).await {
        Err(error) if waits_for_a_writer(&error) => look_with(options).await,
        looked => looked,
    }
}

async fn look_with(options: SqliteConnectOptions) -> sqlx::Result<Content> {
    let mut db = options.connect().await?;
    let application_id: i64 = sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut db).await?;
    let tables = sqlx::query_scalar("SELECT count(*) FROM sqlite_master").fetch_one(&mut db).await?;
    db.close().await?;
    Ok(Content { application_id: application_id.to_string(), tables })
}
