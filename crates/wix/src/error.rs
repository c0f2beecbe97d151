//! The errors of calls to Wix, by class.

use std::fmt;
use std::time::Duration;

/// The text that replaces a secret.
pub(crate) const MASK: &str = "********";

/// The class of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// No connection could be made, so not a byte of the request left.
    NotSent,
    /// The request may have left, but no complete answer came: time-out, reset, broken body.
    NoAnswer,
    /// 5xx.
    ServerError,
    /// 429 of Wix's API.
    Throttled,
    /// 429 of the edge before it, with a page: nothing gets through for minutes.
    Blocked,
    /// 401.
    Unauthorised,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// The endpoint belongs to the other catalog version.
    WrongCatalog,
    /// The site is being set up for Catalog V3.
    Provisioning,
    /// The site has no Wix Stores.
    NotInstalled,
    /// The item has another revision than the request names.
    Conflict,
    /// Any other 4xx, with Wix's code and reason.
    Refused,
    /// An answer that is not what the endpoint promises: empty, cut, HTML, missing fields.
    Malformed,
    /// A redirect to another address. It is not followed, because the key would go along.
    Redirected,
    /// Pages that do not add up to the total that Wix named.
    Incomplete,
    /// The body of a write was held back, because its deadline had passed.
    TooLate,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct WixError {
    /// Its class.
    pub class: Class,
    /// The HTTP status, if an answer came.
    pub status: Option<u16>,
    /// Wix's own code (`details.applicationError.code`, or the violated rule).
    pub code: Option<String>,
    /// What Wix or the connection said.
    pub reason: String,
    /// Wix's id of the request (`X-Wix-Request-Id`), for its support.
    pub request_id: Option<String>,
    /// How long Wix asks to wait.
    pub retry_after: Option<Duration>,
}

impl WixError {
    /// An error of `class` without an answer from Wix.
    #[must_use]
    pub fn new(class: Class, reason: impl Into<String>) -> Self {
        Self { class, status: None, code: None, reason: reason.into(), request_id: None, retry_after: None }
    }

    /// The error with `secret` masked wherever the server repeated it.
    pub(crate) fn without(mut self, secret: &str) -> Self {
        if !secret.is_empty() {
            self.reason = self.reason.replace(secret, MASK);
            self.code = self.code.map(|code| code.replace(secret, MASK));
            self.request_id = self.request_id.map(|id| id.replace(secret, MASK));
        }
        self
    }

    /// Whether the same read may succeed if it is retried.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self.class,
            Class::NotSent
                | Class::NoAnswer
                | Class::ServerError
                | Class::Throttled
                | Class::Malformed
                | Class::Provisioning
        )
    }
}

impl fmt::Display for WixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.status {
            write!(f, "HTTP {status}: ")?;
        }
        if let Some(code) = &self.code {
            write!(f, "{code}: ")?;
        }
        f.write_str(&self.reason)?;
        match &self.request_id {
            Some(id) => write!(f, " (Wix request {id})"),
            None => Ok(()),
        }
    }
}

/// The error for a request without an answer. The address is left out of the text, because it may contain a query
/// string.
pub(crate) fn from_transport(error: reqwest::Error) -> WixError {
    let class = if error.is_connect() { Class::NotSent } else { Class::NoAnswer };
    let error = error.without_url();
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        let text = cause.to_string();
        if !reason.contains(&text) {
            reason = format!("{reason}: {text}");
        }
        source = cause.source();
    }
    WixError::new(class, reason)
}
