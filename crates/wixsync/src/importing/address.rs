//! A stock list at a web address, which is asked for again and again.

use std::fmt::Display;
use std::time::Duration;

use reqwest::header::{
    ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Proxy, Response, StatusCode};
use url::Url;

use super::take::LARGEST;

/// How many redirects are followed.
const REDIRECTS: usize = 5;

/// An address, and what is known of the list there.
pub(crate) struct Address {
    url: Url,
    client: Client,
    /// What the server said of the list that was imported last: a request with it is answered by "not modified".
    known: HeaderMap,
}

/// What an address gave.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The list that was imported last.
    Unchanged,
    /// A list, and what tells later that it is still the same.
    List(Vec<u8>, HeaderMap),
}

impl Address {
    /// `timeout` is that of each step: to connect, and to wait for the next bytes.
    pub(crate) fn new(url: Url, proxy: Option<Url>, timeout: Duration) -> Result<Self, reqwest::Error> {
        let builder = Client::builder().no_proxy().connect_timeout(timeout).read_timeout(timeout);
        let builder = builder.redirect(Policy::custom(|attempt| {
            let left_https = attempt.previous().iter().any(|url| url.scheme() == "https");
            if attempt.previous().len() > REDIRECTS || (left_https && attempt.url().scheme() != "https") {
                attempt.stop()
            } else {
                attempt.follow()
            }
        }));
        let builder = match proxy {
            Some(proxy) => builder.proxy(Proxy::all(proxy.as_str()).map_err(reqwest::Error::without_url)?),
            None => builder,
        };
        let client = builder.build().map_err(reqwest::Error::without_url)?;
        Ok(Self { url, client, known: HeaderMap::new() })
    }

    /// Asks for the list. The error does not show the address, which may hold a secret.
    pub(crate) async fn ask(&self) -> Result<Answer, String> {
        let request = self.client.get(self.url.clone()).headers(self.known.clone());
        let answer = request.send().await.map_err(|error| detail(&error))?;
        if answer.status() == StatusCode::NOT_MODIFIED && !self.known.is_empty() {
            return Ok(Answer::Unchanged);
        }
        if answer.status() != StatusCode::OK {
            return Err(format!("HTTP {}", answer.status()));
        }
        let known = marks(answer.headers());
        Ok(Answer::List(body(answer).await?, known))
    }

    /// Remembers that the list with these marks was imported.
    pub(crate) fn imported(&mut self, known: HeaderMap) {
        self.known = known;
    }
}

/// What a later request sends so that the same list is not sent again.
fn marks(headers: &HeaderMap) -> HeaderMap {
    let mark = |from: HeaderName, to: HeaderName| -> Option<(HeaderName, HeaderValue)> {
        Some((to, headers.get(from)?.clone()))
    };
    [mark(ETAG, IF_NONE_MATCH), mark(LAST_MODIFIED, IF_MODIFIED_SINCE)].into_iter().flatten().collect()
}

async fn body(mut answer: Response) -> Result<Vec<u8>, String> {
    let too_large = || format!("more than {} MiB", LARGEST >> 20);
    if answer.content_length().is_some_and(|length| length > LARGEST) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| detail(&error))? {
        bytes.extend_from_slice(&chunk);
        if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
            return Err(too_large());
        }
    }
    Ok(bytes)
}

/// An error with its causes and without the address.
fn detail(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(inner) = cause {
        append(&mut text, inner);
        cause = inner.source();
    }
    if text.is_empty() {
        let kind = if error.is_timeout() { "timed out" } else { "the request failed" };
        append(&mut text, kind);
    }
    text
}

fn append(text: &mut String, part: impl Display) {
    if !text.is_empty() {
        text.push_str(": ");
    }
    text.push_str(&part.to_string());
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::Router;
    use axum::extract::State;
    use axum::http::Response;
    use axum::routing::get;
    use tokio::net::TcpListener;

    use super::*;

    type Asked = Arc<Mutex<Vec<HeaderMap>>>;

    /// A server of a list with an `ETag`.
    async fn server() -> (Address, Asked) {
        let asked = Asked::default();
        let list = async |State(asked): State<Asked>, headers: HeaderMap| {
            let is_known = headers.get(IF_NONE_MATCH).is_some_and(|mark| mark == "\"1\"");
            asked.lock().unwrap().push(headers);
            let status = if is_known { 304 } else { 200 };
            let body = if is_known { "" } else { "sku;quantity\nA;1\n" };
            Response::builder().status(status).header(ETAG, "\"1\"").body(body.to_owned()).unwrap()
        };
        let gone = async || StatusCode::GONE;
        let routes = Router::new().route("/secret", get(list)).route("/gone", get(gone));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/secret", listener.local_addr().unwrap()).parse().unwrap();
        let routes = routes.with_state(Arc::clone(&asked));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        (Address::new(url, None, Duration::from_secs(5)).unwrap(), asked)
    }

    #[tokio::test]
    async fn a_list_that_was_imported_is_not_sent_again() {
        let (mut address, asked) = server().await;
        for _ in 0..2 {
            let Answer::List(bytes, known) = address.ask().await.unwrap() else { panic!("no list") };
            assert!(bytes.starts_with(b"sku"), "until it is imported");
            if asked.lock().unwrap().len() == 2 {
                address.imported(known);
            }
        }
        assert!(matches!(address.ask().await.unwrap(), Answer::Unchanged));
        let marks: Vec<bool> = asked.lock().unwrap().iter().map(|h| h.contains_key(IF_NONE_MATCH)).collect();
        assert_eq!(marks, [false, false, true]);
    }

    #[tokio::test]
    async fn an_error_names_what_happened_and_not_the_address() {
        let (address, _) = server().await;
        let gone = Address { url: address.url.join("/gone").unwrap(), ..address };
        assert_eq!(gone.ask().await.unwrap_err(), "HTTP 410 Gone");
        let nobody = Address { url: "http://127.0.0.1:1/secret".parse().unwrap(), ..gone };
        let error = nobody.ask().await.unwrap_err();
        assert!(!error.is_empty() && !error.contains("secret"), "{error}");
    }
}
