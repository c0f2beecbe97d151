//! The choice of the database: the only place that knows which databases a warehouse may be.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::stock::Warehouses;
use sync::ports::{BadUrl, DatabaseUrl, Warehouse};

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

impl WarehouseUrl {
    /// `sqlite://file`, `sqlite:///folder/file` or `sqlite:file`. A relative path counts from `base`.
    pub fn parse(url: &str, base: &Path) -> Result<Self, BadUrl> {
        let url = DatabaseUrl::parse(url)?;
        match url.scheme.as_str() {
            "sqlite" => Ok(Self::in_file(url.file(base)?)),
            _ => Err(BadUrl::Scheme(url.scheme)),
        }
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

/// The warehouse at `url`. Nothing is opened yet. A read waits for `busy_timeout` while another program has locked the
/// database.
#[must_use]
pub fn open(
    url: &WarehouseUrl,
    source: Source,
    warehouses: Warehouses,
    busy_timeout: Duration,
) -> Box<dyn Warehouse> {
    match &url.0 {
        Location::Sqlite(file) => {
            Box::new(SqliteWarehouse::new(Settings { file: file.clone(), source, warehouses, busy_timeout }))
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
pub async fn begin_import(
    url: &WarehouseUrl,
    dry_run: bool,
    busy_timeout: Duration,
) -> Result<Import, ImportError> {
    match &url.0 {
        Location::Sqlite(file) => Import::begin(file, dry_run, busy_timeout).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sqlite_is_supported() {
        let parse = |url| WarehouseUrl::parse(url, Path::new("/base"));
        let shown = |url| parse(url).map(|url| url.to_string());
        assert_eq!(shown("sqlite://a.db"), Ok("sqlite:///base/a.db".to_owned()));
        assert_eq!(shown("SQLite:///x/A.db"), Ok("sqlite:///x/A.db".to_owned()));
        assert_eq!(parse("postgres://u:p@h/db"), Err(BadUrl::Scheme("postgres".to_owned())));
        assert_eq!(parse("sqlite://"), Err(BadUrl::Malformed));
    }
}
