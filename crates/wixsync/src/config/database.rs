//! Database URLs. They may hold a password, so they are never shown as they were written.

use std::path::{Path, PathBuf};

use messages::Text;
use url::Url;

use crate::error::Failure;

/// A SQLite file, from a `sqlite:` URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SqliteFile {
    pub(crate) path: PathBuf,
}

/// Why a URL is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
enum BadUrl {
    /// A database that this version does not read; with the scheme.
    Scheme(String),
    /// Not a URL of a database.
    Malformed,
}

impl SqliteFile {
    /// `sqlite://file`, `sqlite:///folder/file` or `sqlite:file`. A relative path counts from `base`.
    fn parse(url: &str, base: &Path) -> Result<Self, BadUrl> {
        let Some(rest) = url.strip_prefix("sqlite:") else {
            return Err(
                Url::parse(url).map_or(BadUrl::Malformed, |url| BadUrl::Scheme(url.scheme().to_owned()))
            );
        };
        let path = rest.strip_prefix("//").unwrap_or(rest);
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        if path.is_empty() || path == ":memory:" {
            return Err(BadUrl::Malformed);
        }
        Ok(Self { path: base.join(path) })
    }

    /// The same, for the setting or flag of this name.
    pub(crate) fn named(setting: &str, url: &str, base: &Path) -> Result<Self, Failure> {
        Self::parse(url, base).map_err(|bad| {
            let text = match bad {
                BadUrl::Scheme(scheme) => Text::new("config-database-scheme").with("scheme", scheme),
                BadUrl::Malformed => Text::new("config-database-url"),
            };
            Failure::usage(text.with("setting", setting))
        })
    }

    /// As reports and `config show` name it.
    pub(crate) fn display(&self) -> String {
        format!("sqlite://{}", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_sqlite_urls() {
        let parse = |url| SqliteFile::parse(url, Path::new("/base")).map(|file| file.path);
        assert_eq!(parse("sqlite://a.db"), Ok(PathBuf::from("/base/a.db")));
        assert_eq!(parse("sqlite:a.db?mode=ro"), Ok(PathBuf::from("/base/a.db")));
        assert_eq!(parse("sqlite:///x/a.db"), Ok(PathBuf::from("/x/a.db")));
        assert_eq!(parse("sqlite://"), Err(BadUrl::Malformed));
        assert_eq!(parse("sqlite::memory:"), Err(BadUrl::Malformed));
        assert_eq!(parse("postgres://u:p@h/db"), Err(BadUrl::Scheme("postgres".to_owned())));
        assert_eq!(parse("warehouse.db"), Err(BadUrl::Malformed));
    }
}
