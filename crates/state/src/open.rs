//! Chooses and opens the database.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sync::ports::{BadUrl, DatabaseUrl, StateError, Store};

use crate::sqlite::{self, SqliteStore};

/// The location of a state database. It is displayed without credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateUrl(Location);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Location {
    Sqlite(PathBuf),
}

impl StateUrl {
    /// Parses `sqlite://file`, `sqlite:///folder/file` or `sqlite:file`. A relative path is relative to `base`.
    pub fn parse(url: &str, base: &Path) -> Result<Self, BadUrl> {
        let url = DatabaseUrl::parse(url)?;
        match url.scheme.as_str() {
            "sqlite" => Ok(Self::in_file(url.file(base)?)),
            _ => Err(BadUrl::Scheme(url.scheme)),
        }
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
    fn only_sqlite_is_supported() {
        let parse = |url| StateUrl::parse(url, Path::new("/base"));
        let shown = |url| parse(url).map(|url| url.to_string());
        assert_eq!(shown("sqlite://a.db"), Ok("sqlite:///base/a.db".to_owned()));
        assert_eq!(shown("SQLite:///x/A.db"), Ok("sqlite:///x/A.db".to_owned()));
        assert_eq!(parse("postgres://u:p@h/db"), Err(BadUrl::Scheme("postgres".to_owned())));
        assert_eq!(parse("sqlite://"), Err(BadUrl::Malformed));
    }
}
