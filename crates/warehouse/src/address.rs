//! Addresses of database servers. They hold a password, so what is shown is put together anew.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sync::ports::{BadUrl, DatabaseUrl};
use url::Url;

/// The address of a database on a server.
#[derive(Debug, Clone)]
pub(crate) struct ServerAddress {
    shown: String,
    whole: SecretString,
}

impl ServerAddress {
    /// `scheme://user:password@host:port/database?parameters`; `scheme` is the one to show and to connect with.
    pub(crate) fn parse(url: &DatabaseUrl<'_>, scheme: &str) -> Result<Self, BadUrl> {
        let parsed = Url::parse(&url.with_scheme(scheme)).map_err(|_| BadUrl::Malformed)?;
        let host = parsed.host_str().filter(|host| !host.is_empty()).ok_or(BadUrl::Malformed)?;
        let port = parsed.port().map(|port| format!(":{port}")).unwrap_or_default();
        let database = parsed.path().trim_start_matches('/');
        if database.is_empty() {
            return Err(BadUrl::NoDatabase);
        }
        Ok(Self {
            shown: format!("{scheme}://{host}{port}/{database}"),
            whole: SecretString::from(String::from(parsed)),
        })
    }

    /// With user and password, for the driver alone.
    pub(crate) fn whole(&self) -> &str {
        self.whole.expose_secret()
    }

    /// The text without the password, should a driver or a server ever quote it.
    pub(crate) fn masked(&self, text: &str) -> String {
        let parsed = Url::parse(self.whole()).ok();
        let password = parsed.as_ref().and_then(Url::password).filter(|password| !password.is_empty());
        let Some(password) = password else { return text.to_owned() };
        let decoded = percent_encoding::percent_decode_str(password).decode_utf8_lossy();
        text.replace(password, "***").replace(&*decoded, "***")
    }
}

impl PartialEq for ServerAddress {
    fn eq(&self, other: &Self) -> bool {
        self.whole() == other.whole()
    }
}

impl Eq for ServerAddress {}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<ServerAddress, BadUrl> {
        ServerAddress::parse(&DatabaseUrl::parse(url)?, "postgres")
    }

    #[test]
    fn what_is_shown_has_no_credentials() {
        for (url, due) in [
            (
                "postgres://user:p%40ss@db.example:6543/shop?sslmode=require",
                "postgres://db.example:6543/shop",
            ),
            ("PostgreSQL://user@[::1]/shop", "postgres://[::1]/shop"),
            ("postgres://localhost/shop", "postgres://localhost/shop"),
        ] {
            let address = parse(url).unwrap();
            assert_eq!(address.to_string(), due);
            assert!(!format!("{address:?}").contains("p%40ss"), "{address:?}");
        }
    }

    #[test]
    fn a_password_is_masked_however_it_is_quoted() {
        let address = parse("postgres://user:p%40ss@localhost/shop").unwrap();
        assert_eq!(address.masked("no way in with p@ss or p%40ss"), "no way in with *** or ***");
        let open = parse("postgres://user@localhost/shop").unwrap();
        assert_eq!(open.masked("as it is"), "as it is");
    }

    #[test]
    fn an_address_names_a_server_and_a_database() {
        for url in ["postgres:shop", "postgres:///shop", "postgres://host:port/shop"] {
            assert_eq!(parse(url), Err(BadUrl::Malformed), "{url}");
        }
        for url in ["postgres://host", "postgres://host/", "postgres://host?sslmode=require"] {
            assert_eq!(parse(url), Err(BadUrl::NoDatabase), "{url}");
        }
    }
}
