//! Chooses and opens the database.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sync::ports::{StateError, Store};

use crate::sqlite::{self, SqliteStore};

/// The location of a state database. It is displayed without credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateUrl(Location);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Location {
    Sqlite(PathBuf),
}

/// Why a URL is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadUrl {
    /// This version does not support the database with this scheme.
    Scheme(String),
    /// The text is not the URL of a database.
    Malformed,
}

impl StateUrl {
    /// Parses `sqlite://file`, `sqlite:///folder/file` or `sqlite:file`. A relative path is relative to `base`.
    pub fn parse(url: &str, base: &Path) -> Result<Self, BadUrl> {
        let (scheme, rest) = url.split_once(':').ok_or(BadUrl::Malformed)?;
        let is_scheme = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.');
        if !scheme.starts_with(|letter: char| letter.is_ascii_alphabetic()) || !scheme.chars().all(is_scheme)
        {
            return Err(BadUrl::Malformed);
        }
        if scheme != "sqlite" {
            return Err(BadUrl::Scheme(scheme.to_ascii_lowercase()));
        }
        let path = rest.strip_prefix("//").unwrap_or(rest);
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        if path.is_empty() || path == ":memory:" {
            return Err(BadUrl::Malformed);
        }
        Ok(Self::in_file(base.join(path)))
    }

    /// The database in a file on this machine.
    #[must_use]
    pub fn in_file(path: PathBuf) -> Self {
        Self(Location::Sqlite(path))
    }

    /// The file; `None` if the database is not a file on this machine.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Location::Sqlite(path) => Some(path),
        }
    }
}

impl fmt::Display for StateUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Location::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
        }
    }
}

/// Opens the database. Creates it if it is missing, and migrates it to the current version.
pub async fn open(url: &StateUrl) -> Result<Arc<dyn Store>, StateError> {
    match &url.0 {
        Location::Sqlite(path) => Ok(Arc::new(SqliteStore::open(path, url.to_string()).await?)),
    }
}

/// Whether a file is a state database. A file that cannot be read does not count as one.
pub async fn is_state_file(file: &Path) -> bool {
    sqlite::is_state_file(file).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_urls() {
        let parse = |url| StateUrl::parse(url, Path::new("/base"));
        let file = |url| parse(url).map(|url| url.to_string());
        assert_eq!(file("sqlite://a.db"), Ok("sqlite:///base/a.db".to_owned()));
        assert_eq!(file("sqlite:a.db?mode=ro"), Ok("sqlite:///base/a.db".to_owned()));
        assert_eq!(file("sqlite:///x/a.db"), Ok("sqlite:///x/a.db".to_owned()));
        assert_eq!(parse("sqlite://"), Err(BadUrl::Malformed));
        assert_eq!(parse("sqlite::memory:"), Err(BadUrl::Malformed));
        assert_eq!(parse("postgres://u:p@h/db"), Err(BadUrl::Scheme("postgres".to_owned())));
        assert_eq!(parse("state.db"), Err(BadUrl::Malformed));
        assert_eq!(parse("/some folder/a:b"), Err(BadUrl::Malformed));
    }
}
