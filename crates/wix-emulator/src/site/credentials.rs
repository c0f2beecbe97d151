//! Credentials: the raw API key and the id of the site (Wix: API keys).

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::rest::Reply;

/// The credentials of the site.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub(crate) api_key: String,
    pub(crate) site_id: String,
}

impl Credentials {
    /// Accepts a request, or refuses it: 401 for a wrong key (also for one after `Bearer `), 400 without a site id, 403
    /// for another site.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), Reply> {
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
