//! Credentials: an API key, or the client credentials of an app, from which tokens are made.

use std::fmt;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{Class, WixError};

/// Names the site of a call that is made with an API key.
const SITE_ID: HeaderName = HeaderName::from_static("wix-site-id");

/// How long before its end a token is renewed, at most. A shorter life is halved.
const MARGIN: Duration = Duration::from_mins(10);

/// The longest life that is believed. Wix's tokens live four hours.
const LONGEST_LIFE: Duration = Duration::from_hours(24);

/// How a client identifies itself.
#[derive(Clone)]
pub enum Credentials {
    /// An API key, which goes with every request as it is, without `Bearer` (Wix: Make REST API Calls with an API Key).
    ApiKey {
        /// The key.
        key: SecretString,
        /// The site's id.
        site_id: String,
    },
    /// An app's OAuth client credentials, which are exchanged for tokens (Wix: Create Access Token). A token names the
    /// site by itself.
    App {
        /// The app's id.
        app_id: String,
        /// The app's secret.
        secret: SecretString,
        /// The id of the app on the site.
        instance_id: String,
    },
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiKey { .. } => "Credentials::ApiKey",
            Self::App { .. } => "Credentials::App",
        })
    }
}

impl Credentials {
    /// What names the site.
    pub(crate) fn site(&self) -> &str {
        match self {
            Self::ApiKey { site_id, .. } => site_id,
            Self::App { instance_id, .. } => instance_id,
        }
    }

    /// The text that must not be shown.
    pub(crate) fn secret(&self) -> &SecretString {
        match self {
            Self::ApiKey { key, .. } => key,
            Self::App { secret, .. } => secret,
        }
    }

    /// The headers that go with every request.
    pub(crate) fn headers(&self) -> Result<HeaderMap, WixError> {
        let Self::ApiKey { key, site_id } = self else { return Ok(HeaderMap::new()) };
        let key = sensitive(key.expose_secret()).ok_or_else(|| unusable("API key"))?;
        let site = HeaderValue::from_str(site_id).map_err(|_| unusable("site id"))?;
        Ok(HeaderMap::from_iter([(AUTHORIZATION, key), (SITE_ID, site)]))
    }

    /// The body of the request for a token; `None` if none is needed.
    pub(crate) fn token_request(&self) -> Option<Value> {
        let Self::App { app_id, secret, instance_id } = self else { return None };
        Some(json!({
            "grant_type": "client_credentials",
            "client_id": app_id,
            "client_secret": secret.expose_secret(),
            "instance_id": instance_id,
        }))
    }
}

fn unusable(what: &str) -> WixError {
    WixError::new(Class::NotSent, format!("the {what} has characters that no HTTP header takes"))
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The answer to the request for a token. It has no text form, because it holds a secret.
#[derive(Deserialize)]
pub(crate) struct TokenReply {
    access_token: String,
    #[serde(deserialize_with = "seconds")]
    expires_in: Duration,
}

/// A number of seconds, which some servers send as text.
fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let number = match Value::deserialize(from)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let life = number.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    life.ok_or_else(|| D::Error::custom("not a number of seconds"))
}

/// A token, kept in memory alone.
pub(crate) struct Token {
    text: SecretString,
    header: HeaderValue,
    /// When it is to be renewed.
    renew_at: Instant,
    /// Whether Wix has taken it at least once.
    accepted: bool,
}

impl Token {
    /// The token of an answer that came in reply to a request of the moment `asked_at`.
    pub(crate) fn new(reply: TokenReply, asked_at: Instant) -> Result<Self, WixError> {
        let TokenReply { access_token, expires_in } = reply;
        let text = SecretString::from(access_token);
        let header = sensitive(text.expose_secret()).ok_or_else(|| unusable("access token"))?;
        let life = expires_in.min(LONGEST_LIFE);
        let renew_at = asked_at + life.saturating_sub(MARGIN.min(life / 2));
        Ok(Self { text, header, renew_at, accepted: false })
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    pub(crate) fn is_due(&self) -> bool {
        Instant::now() >= self.renew_at
    }

    pub(crate) fn text(&self) -> &SecretString {
        &self.text
    }

    /// Takes note of an answer to a request with this token. Gives whether the token is used up: Wix has taken it
    /// before and now refuses it. A token that was never taken is no reason to make another one.
    pub(crate) fn answered(&mut self, unauthorized: bool) -> bool {
        let used_up = unauthorized && self.accepted;
        self.accepted |= !unauthorized;
        used_up
    }

    pub(crate) fn is(&self, header: &HeaderValue) -> bool {
        self.header == *header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(expires_in: u64, asked_at: Instant) -> Token {
        let expires_in = Duration::from_secs(expires_in);
        Token::new(TokenReply { access_token: "t".into(), expires_in }, asked_at).unwrap()
    }

    #[test]
    fn the_life_of_a_token_is_a_number_or_its_text() {
        let life = |member: &str| {
            let text = format!(r#"{{"access_token":"t"{member}}}"#);
            serde_json::from_str::<TokenReply>(&text).ok().map(|reply| reply.expires_in.as_millis())
        };
        for member in ["14400", "14400.0", r#""14400""#, r#"" 14400 ""#] {
            assert_eq!(life(&format!(r#","expires_in":{member}"#)), Some(14_400_000), "{member}");
        }
        for member in ["-1", "null", "[60]", r#""""#, r#""x""#, r#""NaN""#, r#""inf""#, r#""-60""#, "1e300"] {
            assert_eq!(life(&format!(r#","expires_in":{member}"#)), None, "{member}");
        }
        assert_eq!(life(""), None);
    }

    #[tokio::test(start_paused = true)]
    async fn no_life_is_too_long_for_the_clock() {
        let token = token(u64::MAX, Instant::now());
        tokio::time::advance(LONGEST_LIFE).await;
        assert!(token.is_due());
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_before_its_end() {
        let (long, short) = (token(14_400, Instant::now()), token(60, Instant::now()));
        assert!(!long.is_due() && !short.is_due());
        tokio::time::advance(Duration::from_secs(30)).await;
        assert!(!long.is_due() && short.is_due());
        tokio::time::advance(Duration::from_secs(14_400 - 600 - 31)).await;
        assert!(!long.is_due());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(long.is_due());
    }

    #[test]
    fn only_a_token_that_was_taken_before_is_used_up() {
        let mut fresh = token(60, Instant::now());
        assert!(!fresh.answered(true), "the app itself is refused");
        assert!(!fresh.answered(false));
        assert!(fresh.answered(true));
    }

    #[test]
    fn credentials_show_no_secret() {
        let app = Credentials::App { app_id: "a".into(), secret: "hidden".into(), instance_id: "i".into() };
        assert!(!format!("{app:?}").contains("hidden"));
        assert!(app.headers().unwrap().is_empty());
        let key = Credentials::ApiKey { key: "hidden".into(), site_id: "s".into() };
        assert!(!format!("{:?} {:?}", key, key.headers().unwrap()).contains("hidden"));
        assert!(key.token_request().is_none());
    }
}
