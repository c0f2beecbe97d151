//! The choice of the database: the only place that knows which databases a warehouse may be.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::stock::Warehouses;
use secrecy::SecretString;
use sync::ports::{BadUrl, DatabaseUrl, Warehouse};

use crate::Source;
use crate::address::ServerAddress;
use crate::import::{Import, ImportError};
use crate::inspect::{Catalog, MysqlCatalog, PostgresCatalog, SqliteCatalog};
use crate::mysql::MysqlWarehouse;
use crate::postgres::PostgresWarehouse;
use crate::server::ServerSettings;
use crate::sqlite::{BUSY_TIMEOUT, Settings, SqliteWarehouse};

/// How long a database server may work on one statement, where no setting says.
pub const STATEMENT_TIMEOUT: Duration = Duration::from_mins(1);

/// Where a warehouse lies. Shown without credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarehouseUrl(Location);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Location {
    Sqlite(PathBuf),
    Postgres(ServerAddress),
    Mysql(ServerAddress),
}

/// How long a read waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For another program that has locked a SQLite file.
    pub busy_timeout: Duration,
    /// For one statement on a database server.
    pub statement_timeout: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { busy_timeout: BUSY_TIMEOUT, statement_timeout: STATEMENT_TIMEOUT }
    }
}

impl WarehouseUrl {
    /// `sqlite://file`, `sqlite:///folder/file` or `sqlite:file`, whose relative path counts from `base`;
    /// `postgres://user:password@host/database`; `mysql://user:password@host/database`, for MariaDB too.
    pub fn parse(url: &str, base: &Path) -> Result<Self, BadUrl> {
        let url = DatabaseUrl::parse(url)?;
        match url.scheme.as_str() {
            "sqlite" => Ok(Self::in_file(url.file(base)?)),
            "postgres" | "postgresql" => {
                ServerAddress::parse(&url, "postgres").map(Location::Postgres).map(Self)
            }
            "mysql" | "mariadb" => ServerAddress::parse(&url, "mysql").map(Location::Mysql).map(Self),
            _ => Err(BadUrl::Scheme(url.scheme)),
        }
    }

    /// The warehouse in a file of this machine.
    #[must_use]
    pub fn in_file(path: PathBuf) -> Self {
        Self(Location::Sqlite(path))
    }

    /// With user and password, as a configuration needs it. It must not be shown.
    #[must_use]
    pub fn with_credentials(&self) -> SecretString {
        match &self.0 {
            Location::Sqlite(_) => SecretString::from(self.to_string()),
            Location::Postgres(address) | Location::Mysql(address) => SecretString::from(address.whole()),
        }
    }

    /// The file, where the warehouse is one on this machine.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Location::Sqlite(path) => Some(path),
            Location::Postgres(_) | Location::Mysql(_) => None,
        }
    }
}

impl fmt::Display for WarehouseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Location::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Location::Postgres(address) | Location::Mysql(address) => write!(f, "{address}"),
        }
    }
}

/// The warehouse at `url`. Nothing is opened yet.
#[must_use]
pub fn open(
    url: &WarehouseUrl,
    source: Source,
    warehouses: Warehouses,
    patience: Patience,
) -> Box<dyn Warehouse> {
    let Patience { busy_timeout, statement_timeout } = patience;
    match &url.0 {
        Location::Sqlite(file) => {
            Box::new(SqliteWarehouse::new(Settings { file: file.clone(), source, warehouses, busy_timeout }))
        }
        Location::Postgres(address) => {
            let address = address.clone();
            Box::new(PostgresWarehouse::new(ServerSettings {
                address,
                source,
                warehouses,
                statement_timeout,
            }))
        }
        Location::Mysql(address) => {
            let address = address.clone();
            Box::new(MysqlWarehouse::new(ServerSettings { address, source, warehouses, statement_timeout }))
        }
    }
}

/// The tables of the database at `url`. Nothing is opened yet.
#[must_use]
pub fn catalog(url: &WarehouseUrl) -> Box<dyn Catalog> {
    match &url.0 {
        Location::Sqlite(file) => Box::new(SqliteCatalog::new(file.clone())),
        Location::Postgres(address) => Box::new(PostgresCatalog::new(address.clone())),
        Location::Mysql(address) => Box::new(MysqlCatalog::new(address.clone())),
    }
}

/// Begins an import into the warehouse at `url`; a dry run leaves it as it is. Waits for `busy_timeout` while another
/// program has locked the file.
///
/// # Errors
///
/// Fails if the database cannot be used, and for one on a server, whose own programs fill it.
pub async fn begin_import(
    url: &WarehouseUrl,
    dry_run: bool,
    busy_timeout: Duration,
) -> Result<Import, ImportError> {
    match url.file() {
        Some(file) => Import::begin(file, dry_run, busy_timeout).await,
        None => Err(ImportError::OnServer { address: url.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_names_the_kind_of_database() {
        let parse = |url| WarehouseUrl::parse(url, Path::new("/base"));
        for (url, due) in [
            ("sqlite://a.db", "sqlite:///base/a.db"),
            ("SQLite:///x/A.db", "sqlite:///x/A.db"),
            ("postgres://u:p@h/db", "postgres://h/db"),
            ("postgresql://u:p@h:1/db", "postgres://h:1/db"),
            ("mysql://u:p@h/db", "mysql://h/db"),
            ("MariaDB://u:p@h/db", "mysql://h/db"),
        ] {
            assert_eq!(parse(url).map(|url| url.to_string()), Ok(due.to_owned()), "{url}");
        }
        assert_eq!(parse("oracle://u:p@h/db"), Err(BadUrl::Scheme("oracle".to_owned())));
        assert_eq!(parse("sqlite://"), Err(BadUrl::Malformed));
        assert_eq!(parse("postgres://h").map(|url| url.to_string()), Err(BadUrl::NoDatabase));
    }
}
