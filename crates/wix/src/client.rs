//! The client: authentication, the request window, and retries of reads. Writes are never retried.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use backon::{ExponentialBuilder, Retryable};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Proxy, redirect, retry};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;
use tracing::Instrument;
use url::Url;

use crate::credentials::{Credentials, Token, TokenReply};
use crate::error::{MASK, from_transport};
use crate::gate::{GatedBody, HeldBack};
use crate::permissions::with_permission;
use crate::reply::Reply;
use crate::window::{Place, RequestWindow};
use crate::{Class, SendGate, WixError};

/// Wix's token for read-your-writes consistency. The client sends it back unchanged.
const CONSISTENT: HeaderName = HeaderName::from_static("x-wix-consistent");

/// Where tokens are made (Wix: Create Access Token).
const TOKENS: &str = "oauth2/token";

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The longest answer that is read, in bytes. A page of 100 products with 1,000 variants each is shorter.
const MAX_BODY: usize = 256 * 1024 * 1024;

/// The pause before the first retry of a read. It doubles with each retry.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// How often a read is retried.
const REPEATS: usize = 3;

/// The settings of a client.
#[derive(Clone)]
pub struct Settings {
    /// The address of Wix: `https://www.wixapis.com`, or an emulator.
    pub base_url: Url,
    /// The API key and the site, or an app's client credentials.
    pub credentials: Credentials,
    /// How long a request may take.
    pub timeout: Duration,
    /// How long a 429 closes the window, unless Wix asks for longer.
    pub pause_after_429: Duration,
    /// The request window of the shop.
    pub window: Arc<dyn RequestWindow>,
    /// The proxy that leads to Wix; `None` where it is reached directly.
    pub proxy: Option<Url>,
}

/// A client for one site. Cheap to share by reference.
pub struct Client {
    base_url: Url,
    site: String,
    timeout: Duration,
    pause_after_429: Duration,
    credentials: Credentials,
    /// The token that goes with requests, where the credentials are those of an app.
    token: AsyncMutex<Option<Token>>,
    reads: reqwest::Client,
    writes: reqwest::Client,
    window: Arc<dyn RequestWindow>,
    consistent: Mutex<Option<HeaderValue>>,
    /// The `Date` of the last answer, in milliseconds since 1970; zero before the first one.
    server_time: AtomicI64,
    sent: AtomicU64,
}

impl Client {
    /// A client with its own connections. Fails if the key or the site id is not a valid header value.
    pub fn new(settings: &Settings) -> Result<Self, WixError> {
        let headers = settings.credentials.headers()?;
        let build = |builder: reqwest::ClientBuilder| {
            let builder = builder.no_proxy();
            let builder = match &settings.proxy {
                Some(proxy) => builder.proxy(Proxy::all(proxy.as_str()).map_err(from_transport)?),
                None => builder,
            };
            builder
                .default_headers(headers.clone())
                .timeout(settings.timeout)
                .redirect(redirect::Policy::none())
                .retry(retry::never())
                .build()
                .map_err(from_transport)
        };
        Ok(Self {
            base_url: settings.base_url.clone(),
            site: format!(
                "{} at {}",
                settings.credentials.site(),
                settings.base_url.origin().ascii_serialization()
            ),
            timeout: settings.timeout,
            pause_after_429: settings.pause_after_429,
            credentials: settings.credentials.clone(),
            token: AsyncMutex::new(None),
            reads: build(reqwest::Client::builder())?,
            // The server may close a kept connection just as a request is sent, and then it is unknown whether the
            // request arrived. So every write opens a new connection.
            writes: build(for_writes(settings.timeout))?,
            window: Arc::clone(&settings.window),
            consistent: Mutex::new(None),
            server_time: AtomicI64::new(0),
            sent: AtomicU64::new(0),
        })
    }

    /// The site that the client talks to: its id and the address of Wix.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.site
    }

    /// How long a request may take.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The number of requests sent so far, including retries.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// For how long requests have waited for their places in the window.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.window.waited()
    }

    /// Wix's time when it sent its last answer (header `Date`), in milliseconds since 1970-01-01T00:00:00Z, cut to
    /// whole seconds; `None` before the first answer with that header.
    #[must_use]
    pub fn server_time_ms(&self) -> Option<i64> {
        Some(self.server_time.load(Ordering::Relaxed)).filter(|ms| *ms != 0)
    }

    /// Sends a read, and retries it a few times while the failure looks transient.
    pub(crate) async fn read<B, T>(&self, method: Method, path: &str, body: Option<&B>) -> Result<T, WixError>
    where
        B: Serialize + Sync,
        T: DeserializeOwned,
    {
        repeated(path, || async { self.value(path, self.call(method.clone(), path, body).await).await }).await
    }

    /// Sends a write once, through `gate`. Never retries it; a request for a token before it is retried like a read. A
    /// token that Wix no longer takes is an error of class [`Class::NotSent`]: the request was not carried out, and the
    /// next one gets a new token.
    pub(crate) async fn write<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &serde_json::Value,
        gate: &dyn SendGate,
    ) -> Result<T, WixError> {
        let request = self.request(&self.writes, Method::POST, path)?.header(CONTENT_TYPE, JSON);
        let token = repeated(TOKENS, || self.token()).await?;
        let request = authorized(request, token.as_ref());
        let place = self.enter().await?;
        let Some(allowed) = gate.open().await else {
            self.window.leave(place).await;
            return Err(WixError::new(Class::NotSent, "the write was not let through"));
        };
        let (body, held_back) = GatedBody::guarded(body.to_string().into_bytes(), allowed);
        let span = span(&Method::POST, path);
        let reply = self.answer(request.body(body)).instrument(span).await;
        count(path, &reply);
        self.window.leave(place).await;
        if held_back.load(Ordering::Acquire) {
            // The head may have left but the body did not, and no server treats that as a complete request.
            return Err(WixError::new(Class::TooLate, HeldBack.to_string()));
        }
        if self.is_used_up(token, &reply).await {
            return Err(WixError::new(
                Class::NotSent,
                "Wix no longer takes the token; the next request gets a new one",
            ));
        }
        self.value(path, reply).await
    }

    /// The value of an answer. If an error text repeats a secret, the secret is masked.
    async fn value<T: DeserializeOwned>(
        &self,
        path: &str,
        reply: Result<Reply, WixError>,
    ) -> Result<T, WixError> {
        let secrets = self.secrets().await;
        let mask =
            |error: WixError| secrets.iter().fold(error, |error, one| error.without(one.expose_secret()));
        let reply = reply.map_err(mask)?;
        reply.value().map_err(|error| {
            // The body is masked before the error quotes its beginning, because the cut may fall inside a secret.
            let whole = reply.without("");
            let masked = secrets.iter().fold(whole, |reply, one| reply.without(one.expose_secret()));
            with_permission(path, masked.value::<T>().map_or_else(mask, |_| mask(error)))
        })
    }

    /// A text from an answer, with the secrets masked that the server repeated.
    pub(crate) async fn masked(&self, text: &str) -> String {
        let secrets = self.secrets().await;
        secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose_secret(), MASK))
    }

    /// What must not be shown: the key or the app's secret, and the token.
    async fn secrets(&self) -> Vec<SecretString> {
        let token = self.token.lock().await.as_ref().map(|token| token.text().clone());
        [self.credentials.secret().clone()].into_iter().chain(token).collect()
    }

    /// The header with the token; `None` where the credentials need none. A token that is due is made anew first, by
    /// one request for all that wait.
    async fn token(&self) -> Result<Option<HeaderValue>, WixError> {
        let Some(body) = self.credentials.token_request() else { return Ok(None) };
        let mut token = self.token.lock().await;
        let header = match token.as_ref().filter(|token| !token.is_due()) {
            Some(token) => token.header(),
            None => token.insert(self.new_token(&body).await?).header(),
        };
        Ok(Some(header))
    }

    async fn new_token(&self, body: &serde_json::Value) -> Result<Token, WixError> {
        let span = span(&Method::POST, TOKENS);
        let request = self.request(&self.reads, Method::POST, TOKENS)?.json(body);
        let place = self.enter().await?;
        let asked_at = Instant::now();
        let reply = self.answer(request).instrument(span).await;
        count(TOKENS, &reply);
        self.window.leave(place).await;
        let secret = self.credentials.secret().expose_secret();
        let reply = reply.map_err(|error| error.without(secret))?.without(secret);
        let reply: TokenReply = reply.secret_value("access_token").map_err(|error| match error.class {
            // The answer is that of OAuth: 400 or 401 for credentials that are not accepted.
            Class::Refused => WixError { class: Class::Unauthorised, ..error },
            _ => error,
        })?;
        Token::new(reply, asked_at)
    }

    /// Whether Wix took the token of this request before and now refuses it. The token is then forgotten.
    async fn is_used_up(&self, sent: Option<HeaderValue>, reply: &Result<Reply, WixError>) -> bool {
        let (Some(sent), Ok(reply)) = (sent, reply) else { return false };
        let mut token = self.token.lock().await;
        let Some(current) = token.as_mut().filter(|token| token.is(&sent)) else {
            // Another request has got a new one meanwhile.
            return reply.status == reqwest::StatusCode::UNAUTHORIZED;
        };
        let used_up = current.answered(reply.status == reqwest::StatusCode::UNAUTHORIZED);
        if used_up {
            *token = None;
        }
        used_up
    }

    async fn enter(&self) -> Result<Place, WixError> {
        self.window.enter().await.map_err(|error| WixError::new(Class::NotSent, error))
    }

    fn request(
        &self,
        http: &reqwest::Client,
        method: Method,
        path: &str,
    ) -> Result<reqwest::RequestBuilder, WixError> {
        let url =
            self.base_url.join(path).map_err(|error| WixError::new(Class::NotSent, error.to_string()))?;
        Ok(http.request(method, url))
    }

    /// Sends a read; once more with a new token if Wix no longer takes the one that it had.
    async fn call<B: Serialize + Sync>(
        &self,
        method: Method,
        path: &str,
        body: Option<&B>,
    ) -> Result<Reply, WixError> {
        let (reply, token) = self.call_once(method.clone(), path, body).await?;
        if !self.is_used_up(token, &reply).await {
            return reply;
        }
        self.call_once(method, path, body).await?.0
    }

    /// Sends a read. Gives what came of it, and the token that it had.
    async fn call_once<B: Serialize + Sync>(
        &self,
        method: Method,
        path: &str,
        body: Option<&B>,
    ) -> Result<(Result<Reply, WixError>, Option<HeaderValue>), WixError> {
        let span = span(&method, path);
        let mut request = self.request(&self.reads, method, path)?;
        if let Some(body) = body {
            request = request.json(body);
        }
        let token = self.token().await?;
        let request = authorized(request, token.as_ref());
        let place = self.enter().await?;
        let reply = self.answer(request).instrument(span).await;
        count(path, &reply);
        self.window.leave(place).await;
        Ok((reply, token))
    }

    async fn answer(&self, mut request: reqwest::RequestBuilder) -> Result<Reply, WixError> {
        if let Some(token) = self.consistent.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            request = request.header(CONSISTENT, token);
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        let mut response = request.send().await.map_err(from_transport)?;
        let (status, headers) = (response.status(), response.headers().clone());
        tracing::Span::current().record("http.response.status_code", i64::from(status.as_u16()));
        if let Some(token) = headers.get(CONSISTENT) {
            *self.consistent.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
        }
        if let Some(ms) = date(&headers) {
            self.server_time.store(ms, Ordering::Relaxed);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(from_transport)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(WixError::new(
                    Class::Malformed,
                    format!("the answer is longer than {MAX_BODY} bytes"),
                ));
            }
            body.extend_from_slice(&chunk);
        }
        let reply = Reply { status, headers, body };
        if status == reqwest::StatusCode::TOO_MANY_REQUESTS {
            if reply.is_json() {
                let asked = reply.retry_after().unwrap_or_default();
                self.window.close_for(asked.max(self.pause_after_429)).await;
            } else {
                self.window.block().await;
            }
        }
        Ok(reply)
    }
}

/// Asks, and asks again a few times while the failure looks transient.
async fn repeated<T, F>(path: &str, ask: impl FnMut() -> F) -> Result<T, WixError>
where
    F: Future<Output = Result<T, WixError>>,
{
    let pauses = ExponentialBuilder::new().with_min_delay(FIRST_PAUSE).with_max_times(REPEATS);
    ask.retry(pauses)
        .when(WixError::is_transient)
        .notify(|error: &WixError, pause| {
            tracing::debug!(wix.path = path, %error, pause_ms = pause.as_millis(), "read is repeated");
        })
        .await
}

/// The request with its token.
fn authorized(request: reqwest::RequestBuilder, token: Option<&HeaderValue>) -> reqwest::RequestBuilder {
    match token {
        Some(token) => request.header(AUTHORIZATION, token.clone()),
        None => request,
    }
}

/// The tracing span of one request, from its place in the window to the end of its answer. The names follow
/// OpenTelemetry's conventions.
fn span(method: &Method, path: &str) -> tracing::Span {
    tracing::info_span!(
        "request",
        otel.kind = "client",
        http.request.method = %method,
        url.path = path,
        http.response.status_code = tracing::field::Empty,
    )
}

/// Counts a request in the metrics, by endpoint and by result. No path contains an id.
fn count(path: &str, reply: &Result<Reply, WixError>) {
    let class = match reply {
        Ok(reply) if reply.status == reqwest::StatusCode::TOO_MANY_REQUESTS => "throttled",
        Ok(reply) if reply.status.is_success() => "success",
        Ok(reply) if reply.status.is_client_error() => "refused",
        Ok(reply) if reply.status.is_server_error() => "server_error",
        Ok(_) => "other",
        Err(_) => "no_answer",
    };
    metrics::counter!("wixsync_wix_requests_total", "endpoint" => path.to_owned(), "class" => class)
        .increment(1);
}

/// The builder of the client for writes. The kernel drops what it could not deliver within `timeout`. It must not
/// send it later, because the run settles after that time.
fn for_writes(timeout: Duration) -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder().pool_max_idle_per_host(0);
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "fuchsia"))]
    let builder = builder.tcp_user_timeout(timeout);
    #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "fuchsia")))]
    let _ = timeout;
    builder
}

/// The header `Date` in milliseconds since 1970-01-01T00:00:00Z.
fn date(headers: &HeaderMap) -> Option<i64> {
    let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    let since = date.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_each_form_that_http_allows() {
        let of = |text: &'static str| date(&HeaderMap::from_iter([(DATE, HeaderValue::from_static(text))]));
        // The three forms of the example in RFC 9110, section 5.6.7.
        assert_eq!(of("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777_000));
        assert_eq!(of("Sunday, 06-Nov-94 08:49:37 GMT"), Some(784_111_777_000));
        assert_eq!(of("Sun Nov  6 08:49:37 1994"), Some(784_111_777_000));
        assert_eq!(of("yesterday"), None);
        assert_eq!(date(&HeaderMap::new()), None);
    }
}
