//! The file of a state database: creating it, locking it, and recognizing it as ours.

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use sync::ports::StateError;

use super::error::of_file;
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

/// Whether the file is a state database of ours.
pub(crate) async fn is_state_file(file: &Path) -> bool {
    if !file.is_file() {
        return false;
    }
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let Ok(mut db) = options.connect().await else { return false };
    let id = application_id(&mut db).await;
    // Nothing was written, so a failure to close changes nothing.
    let _ = db.close().await;
    id.is_ok_and(|id| id.to_string() == APPLICATION_ID)
}

/// Refuses a database with tables that are not ours, without changing anything in it.
pub(super) async fn refuse_foreign(file: &Path) -> Result<(), StateError> {
    if !file.is_file() {
        return Ok(());
    }
    let failed = |error: sqlx::Error| of_file(file, &error);
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut db = options.connect().await.map_err(failed)?;
    let id = application_id(&mut db).await.map_err(failed)?;
    let tables: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_master").fetch_one(&mut db).await.map_err(failed)?;
    db.close().await.map_err(failed)?;
    if tables == 0 || id.to_string() == APPLICATION_ID {
        Ok(())
    } else {
        let what = "this database holds something else, not wixsync's state; nothing in it was changed";
        Err(file_error(file, &what))
    }
}

/// The application id in the file's header.
async fn application_id(db: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("PRAGMA application_id").fetch_one(db).await
}
