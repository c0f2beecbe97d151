//! Access tokens for an app instance (Wix: OAuth, client credentials). The site of a token is that of the instance.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Site;
use crate::rest::Reply;

/// The credentials of an app on the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppCredentials {
    /// The app's id: `client_id`.
    pub app_id: String,
    /// Its secret: `client_secret`.
    pub app_secret: String,
    /// The id of the app's instance on the site: `instance_id`.
    pub instance_id: String,
}

/// The tokens that were issued.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    /// Each with the moment at which it ends, as time since the start.
    issued: BTreeMap<String, Duration>,
    count: u64,
}

impl Tokens {
    fn issue(&mut self, until: Duration) -> String {
        self.count += 1;
        let token = format!("OAUTH2.emulator-token-{}", self.count);
        self.issued.insert(token.clone(), until);
        token
    }

    pub(crate) fn is_valid(&self, token: &str, now: Duration) -> bool {
        self.issued.get(token).is_some_and(|until| now < *until)
    }

    /// Ends all tokens before their time.
    pub(crate) fn revoke(&mut self) {
        self.issued.clear();
    }
}

/// `POST /oauth2/token`. Errors have the form of RFC 6749, not that of Wix.
pub(crate) fn issue_token(site: &Site, body: &Value) -> Result<Reply, Reply> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("grant_type") != "client_credentials" {
        return Err(refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", "use client_credentials"));
    }
    let app = &site.credentials.app;
    if (text("client_id"), text("client_secret")) != (&app.app_id, &app.app_secret) {
        return Err(refused(StatusCode::UNAUTHORIZED, "invalid_client", "unknown client or wrong secret"));
    }
    if text("instance_id") != app.instance_id {
        return Err(refused(StatusCode::BAD_REQUEST, "invalid_grant", "there is no such instance"));
    }
    let now = site.clock.elapsed();
    let live = &mut *site.live();
    let lifetime = live.behavior.token_lifetime;
    let token = live.tokens.issue(now.saturating_add(lifetime));
    let answer = json!({"access_token": token, "token_type": "Bearer", "expires_in": lifetime.as_secs()});
    Ok(Reply::ok(&answer))
}

fn refused(status: StatusCode, error: &str, description: &str) -> Reply {
    Reply::json(status, &json!({"error": error, "error_description": description}))
}
