//! The URL of a database, for the adapters: its scheme names the kind of database.

use std::path::{Path, PathBuf};

/// A URL, split at its scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseUrl<'a> {
    /// What stands before the colon, in lower case: a scheme means the same in either case (RFC 3986).
    pub scheme: String,
    rest: &'a str,
}

/// Why the URL of a database is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadUrl {
    /// This version does not support the database with this scheme.
    Scheme(String),
    /// The text is not the URL of a database.
    Malformed,
    /// The URL names a database server, but no database on it.
    NoDatabase,
}

impl<'a> DatabaseUrl<'a> {
    /// Splits `sqlite://file`, `sqlite:///folder/file` or `sqlite:file`.
    pub fn parse(url: &'a str) -> Result<Self, BadUrl> {
        let (scheme, rest) = url.split_once(':').ok_or(BadUrl::Malformed)?;
        let is_scheme = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.');
        if !scheme.starts_with(|letter: char| letter.is_ascii_alphabetic()) || !scheme.chars().all(is_scheme)
        {
            return Err(BadUrl::Malformed);
        }
        Ok(Self { scheme: scheme.to_ascii_lowercase(), rest })
    }

    /// The URL with another scheme before the colon.
    #[must_use]
    pub fn with_scheme(&self, scheme: &str) -> String {
        format!("{scheme}:{}", self.rest)
    }

    /// The file that the URL names. A relative path is relative to `base`. Parameters behind `?` are left out.
    pub fn file(&self, base: &Path) -> Result<PathBuf, BadUrl> {
        let path = self.rest.strip_prefix("//").unwrap_or(self.rest);
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        if path.is_empty() || path == ":memory:" {
            return Err(BadUrl::Malformed);
        }
        Ok(base.join(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_urls() {
        let file = |url| DatabaseUrl::parse(url).and_then(|url| url.file(Path::new("/base")));
        for (url, due) in [
            ("sqlite://a.db", "/base/a.db"),
            ("sqlite:a.db?mode=ro", "/base/a.db"),
            ("sqlite:///x/a.db", "/x/a.db"),
            ("SQLite:///X/A.db", "/X/A.db"),
        ] {
            assert_eq!(file(url), Ok(PathBuf::from(due)), "{url}");
        }
        for bad in ["sqlite://", "SQLITE::memory:", "a.db", "/some folder/a:b", ":a", "1a:b"] {
            assert_eq!(file(bad), Err(BadUrl::Malformed), "{bad}");
        }
        let scheme = |url| DatabaseUrl::parse(url).map(|url| url.scheme);
        assert_eq!(scheme("POSTGRES://u:p@h/db"), Ok("postgres".to_owned()));
    }
}
