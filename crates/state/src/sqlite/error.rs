//! Translates database errors to [`StateError`].

use std::fmt::Display;

use domain::code::UnknownCode;
use sqlx::error::ErrorKind;
use sync::ports::StateError;

/// The error of a failed query.
pub(super) fn failure(error: sqlx::Error) -> StateError {
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

/// The error for a row that this version cannot read: it is damaged, or a newer version wrote it.
pub(super) fn unreadable(what: &str, error: impl Display) -> StateError {
    StateError::corrupt(format_args!("{what} cannot be read: {error}"))
}

pub(super) fn unknown_code(error: UnknownCode) -> StateError {
    unreadable("a code", error)
}
