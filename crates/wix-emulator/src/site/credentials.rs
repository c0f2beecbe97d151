//! Credentials: the raw API key and the id of the site (Wix: API keys), or an access token of an app.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use super::oauth::{AppCredentials, Tokens};
use crate::rest::Reply;

/// The credentials of the site.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub(crate) api_key: String,
    pub(crate) site_id: String,
    pub(crate) app: AppCredentials,
}

const BEARER: &[u8] = b"Bearer ";

impl Credentials {
    /// Accepts a request, or refuses it: 401 for a wrong key (also for one after `Bearer `), 400 without a site id, 403
    /// for another site. An access token, with `Bearer ` or without, needs no site id.
    pub(crate) fn check(&self, headers: &HeaderMap, tokens: &Tokens, now: Duration) -> Result<(), Reply> {
        let sent = headers.get(header::AUTHORIZATION).map_or(&b""[..], HeaderValue::as_bytes);
        let token = sent.strip_prefix(BEARER).unwrap_or(sent);
        if std::str::from_utf8(token).is_ok_and(|token| tokens.is_valid(token, now)) {
            return Ok(());
        }
        if token == self.api_key.as_bytes() && token.len() < sent.len() {
            return Err(key_refused().noting("an API key stands in Authorization as it is, without `Bearer`"));
        }
        self.check_key(headers)?;
        match headers.get("wix-site-id").map(HeaderValue::as_bytes) {
            None => {
                let message = "the wix-site-id header is missing";
                Err(Reply::application(StatusCode::BAD_REQUEST, "MISSING_SITE_ID", message))
            }
            Some(site) if site == self.site_id.as_bytes() => Ok(()),
            Some(_) => {
                let message = "the key gives no permission on this site";
                Err(Reply::application(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message))
            }
        }
    }

    /// Checks the key alone.
    pub(crate) fn check_key(&self, headers: &HeaderMap) -> Result<(), Reply> {
        let key = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
        if key == Some(self.api_key.as_bytes()) { Ok(()) } else { Err(key_refused()) }
    }
}

/// The answer to a request whose key is refused.
pub(crate) fn key_refused() -> Reply {
    let message = "the Authorization header does not hold a valid API key";
    Reply::application(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
}
