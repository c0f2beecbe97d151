//! The choice of the database: the only place that knows which databases a warehouse may be.

use std::fmt;
use std::path::{Path, PathBuf};

use domain::stock::Warehouses;
use sync::ports::Warehouse;

use crate::Source;
use crate::import::{Import, ImportError};
use crate::inspect::{Catalog, SqliteCatalog};
use crate::sqlite::{Settings, SqliteWarehouse};

/// Where a warehouse lies. Shown without credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarehouseUrl(Location);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Location {
    Sqlite(PathBuf),
}

/// Why a URL is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadUrl {
    /// A database that this version does not read; with the scheme.
    Scheme(String),
    /// Not a URL of a database.
    Malformed,
}

impl WarehouseUrl {
    /// `sqlite://file`, `sqlite:///folder/file` or `sqlite:file`. A relative path counts from `base`.
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

    /// The warehouse in a file of this machine.
    #[must_use]
    pub fn in_file(path: PathBuf) -> Self {
        Self(Location::Sqlite(path))
    }

    /// The file, where the warehouse is one on this machine.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Location::Sqlite(path) => Some(path),
        }
    }
}

impl fmt::Display for WarehouseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Location::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
        }
    }
}

/// The warehouse at `url`. Nothing is opened yet.
#[must_use]
pub fn open(url: &WarehouseUrl, source: Source, warehouses: Warehouses) -> Box<dyn Warehouse> {
    match &url.0 {
        Location::Sqlite(file) => {
            Box::new(SqliteWarehouse::new(Settings { file: file.clone(), source, warehouses }))
        }
    }
}

/// The tables of the database at `url`. Nothing is opened yet.
#[must_use]
pub fn catalog(url: &WarehouseUrl) -> Box<dyn Catalog> {
    match &url.0 {
        Location::Sqlite(file) => Box::new(SqliteCatalog::new(file.clone())),
    }
}

/// Begins an import into the warehouse at `url`; a dry run leaves it as it is.
pub async fn begin_import(url: &WarehouseUrl, dry_run: bool) -> Result<Import, ImportError> {
    match &url.0 {
        Location::Sqlite(file) => Import::begin(file, dry_run).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_urls() {
        let parse = |url| WarehouseUrl::parse(url, Path::new("/base"));
        let shown = |url| parse(url).map(|url| url.to_string());
        assert_eq!(shown("sqlite://a.db"), Ok("sqlite:///base/a.db".to_owned()));
        assert_eq!(shown("sqlite:a.db?mode=ro"), Ok("sqlite:///base/a.db".to_owned()));
        assert_eq!(shown("sqlite:///x/a.db"), Ok("sqlite:///x/a.db".to_owned()));
        assert_eq!(parse("sqlite://"), Err(BadUrl::Malformed));
        assert_eq!(parse("sqlite::memory:"), Err(BadUrl::Malformed));
        assert_eq!(parse("postgres://u:p@h/db"), Err(BadUrl::Scheme("postgres".to_owned())));
        assert_eq!(parse("warehouse.db"), Err(BadUrl::Malformed));
        assert_eq!(parse("/some folder/a:b"), Err(BadUrl::Malformed));
    }
}
