//! Translates database errors to [`StateError`].

use std::fmt::Display;
use std::path::Path;

use domain::code::UnknownCode;
use sqlx::error::ErrorKind;
use sqlx::migrate::MigrateError;
use sync::ports::StateError;

/// SQLite's code for a file whose content does not add up.
const SQLITE_CORRUPT: i32 = 11;

/// SQLite's codes for a file that has to be brought back to its last whole state, which only a writer may do.
const SQLITE_READONLY_RECOVERY: i32 = 264;
const SQLITE_READONLY_ROLLBACK: i32 = 776;

/// Whether SQLite found the file damaged. The low byte of its code is the kind; the rest is more about it.
pub(super) fn is_damaged(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| code & 0xff == SQLITE_CORRUPT)
}

/// Whether a read-only connection met what a process that died has left, and a writer would put it right.
pub(super) fn waits_for_a_writer(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| [SQLITE_READONLY_RECOVERY, SQLITE_READONLY_ROLLBACK].contains(&code))
}

/// SQLite's extended code.
fn code(error: &sqlx::Error) -> Option<i32> {
    error.as_database_error()?.code()?.parse().ok()
}

/// The error of bringing the tables up to date.
pub(super) fn of_migration(file: &Path, error: &MigrateError) -> StateError {
    match error {
        MigrateError::VersionMissing(step) | MigrateError::VersionMismatch(step) => {
            StateError::newer(format_args!("{} (step {step} of its tables)", file.display()))
        }
        MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => of_file(file, cause),
        other => StateError::unavailable(format_args!("{}: {other}", file.display())),
    }
}

/// The error of an operation on the whole file, with its name.
pub(super) fn of_file(file: &Path, error: &sqlx::Error) -> StateError {
    let detail = format_args!("{}: {error}", file.display());
    if is_damaged(error) { StateError::corrupt(detail) } else { StateError::unavailable(detail) }
}

/// The error of a failed query.
pub(super) fn failure(error: sqlx::Error) -> StateError {
    if is_damaged(&error) {
        return StateError::corrupt(error);
    }
    match &error {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => StateError::corrupt(error),
        sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::TypeNotFound { .. }
        | sqlx::Error::RowNotFound => StateError::defect(error),
        // The row violates a constraint of the tables.
        sqlx::Error::Database(said) if !matches!(said.kind(), ErrorKind::Other) => StateError::defect(error),
        _ => StateError::unavailable(error),
    }
}

/// The error for a row that makes no sense.
pub(super) fn unreadable(what: &str, error: impl Display) -> StateError {
    StateError::corrupt(format_args!("{what} cannot be read: {error}"))
}

pub(super) fn unknown_code(error: UnknownCode) -> StateError {
    unreadable("a code", error)
}
