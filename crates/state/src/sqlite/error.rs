//! What an error of the database means.

use std::fmt::Display;

use domain::code::UnknownCode;
use sqlx::error::ErrorKind;
use sync::ports::StateError;

/// A query that failed.
pub(super) fn failure(error: sqlx::Error) -> StateError {
    match &error {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => StateError::corrupt(error),
        sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::TypeNotFound { .. }
        | sqlx::Error::RowNotFound => StateError::defect(error),
        // A row that breaks a rule of the tables.
        sqlx::Error::Database(said) if !matches!(said.kind(), ErrorKind::Other) => StateError::defect(error),
        _ => StateError::unavailable(error),
    }
}

/// A row that this version cannot read: damaged, or written by a newer one.
pub(super) fn unreadable(what: &str, error: impl Display) -> StateError {
    StateError::corrupt(format_args!("{what} cannot be read: {error}"))
}

pub(super) fn unknown_code(error: UnknownCode) -> StateError {
    unreadable("a code", error)
}
