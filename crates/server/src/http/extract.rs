//! Extractors: the body, the query, the path and the idempotency key of a request. A field or parameter that is not
//! known is refused, so that a typing error does not go unnoticed.

use std::sync::Arc;
use std::time::Duration;

use axum::body::HttpBody;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::extract::{self, FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_ENCODING;
use axum::http::request::Parts;
use axum::http::{HeaderName, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::ShopName;
use futures::StreamExt;
use messages::Text;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use sync::ports::RequestKey;

use crate::Service;
use crate::http::access::{Caller, digest};
use crate::http::problem::{Kind, Problem};
use crate::http::raw_input::RawInput;
use crate::http::validation::{InputPart, ValidationError};

/// The largest body, in bytes: twice what 10,000 SKUs of 40 characters take.
const MOST_BYTES: usize = 1024 * 1024;
/// A body of at most this many bytes is small.
const SMALL_BYTES: u64 = 16 * 1024;
/// How long a body may take to arrive.
const BODY: Duration = Duration::from_secs(30);
/// Of a body that is too large, at most this many bytes are read and dropped.
const DROPPED_BYTES: usize = 16 * 1024 * 1024;

/// U+FEFF in UTF-8. Some clients, such as 1C, write it before every body; RFC 8259 lets a reader ignore it.
const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key.
const LONGEST_KEY: usize = 255;

/// The body: a JSON object, whatever `Content-Type` says. No body, and `null`, count as an empty object. A list is
/// refused, since serde would take its items for the fields in their order.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<Service>> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Problem> {
        let mut codings = request.headers().get_all(CONTENT_ENCODING).iter();
        if codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Err(Problem::new(Kind::EncodedBody));
        }
        let body = request.into_body();
        // Held until the body is parsed. A small body never waits.
        let _place = if is_small(&body) { None } else { service.turn_to_read_body().await };
        let bytes = read_in_time(body, BODY).await?;
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
        let raw = match text.trim_ascii() {
            b"" => RawInput::Null,
            _ => serde_json::from_slice(text).map_err(|error| not_json(&error))?,
        };
        let raw = if raw == RawInput::Null { RawInput::Object(Vec::new()) } else { raw };
        raw.fit(InputPart::Body).map(Self).map_err(|invalid| match invalid.error {
            // Of the objects in bodies, those whose keys are not ours have SKUs for keys.
            ValidationError::KeyTwice { .. } => Problem::new(Kind::SkuTwice).invalid(invalid),
            _ => Problem::new(Kind::BadBody).invalid(invalid),
        })
    }
}

/// An optional field that has a default: `null` counts as absent, as it does for every optional field.
pub(crate) fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

fn not_json(error: &serde_json::Error) -> Problem {
    let text = Text::new(if error.is_eof() { "fit-json-ends" } else { "fit-not-json" });
    Problem::new(Kind::NotJson).say(text.with("line", error.line()).with("column", error.column()))
}

/// No body, or an object without fields. Routes that take no body use it, so that a `{"dry_run": true}` does not start a
/// real run there.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmptyBody {}

fn is_small(body: &axum::body::Body) -> bool {
    body.size_hint().upper().is_some_and(|bytes| bytes <= SMALL_BYTES)
}

/// The whole body, if it arrives within `time`. A client that sends slowly must not hold its memory for long.
async fn read_in_time(body: axum::body::Body, time: Duration) -> Result<Vec<u8>, Problem> {
    let too_slow = |_| {
        let text = Text::new("fit-too-slow").with("seconds", time.as_secs());
        Problem::new(Kind::NotJson).say(text)
    };
    tokio::time::timeout(time, read(body)).await.map_err(too_slow)?
}

/// The whole body. If it is too large, the rest is read and dropped up to a limit: a client that is still sending when
/// the connection closes does not see the answer.
async fn read(body: axum::body::Body) -> Result<Vec<u8>, Problem> {
    // A body that announces more than that is refused at once.
    if usize::try_from(body.size_hint().lower()).map_or(true, |bytes| bytes > MOST_BYTES + DROPPED_BYTES) {
        return Err(Problem::new(Kind::BodyTooLarge));
    }
    let mut chunks = body.into_data_stream();
    let (mut bytes, mut dropped) = (Vec::new(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Kind::NotJson).say(Text::new("fit-broke-off")))?;
        if dropped == 0 && bytes.len() + chunk.len() <= MOST_BYTES {
            bytes.extend_from_slice(&chunk);
            continue;
        }
        dropped += chunk.len();
        if dropped > DROPPED_BYTES {
            break;
        }
    }
    if dropped > 0 { Err(Problem::new(Kind::BodyTooLarge)) } else { Ok(bytes) }
}

/// The parameters of a path.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<Service>> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Problem> {
        // A parameter that is not valid UTF-8 names nothing that exists.
        match extract::Path::from_request_parts(parts, service).await {
            Ok(extract::Path(named)) => Ok(Self(named)),
            Err(rejection) => Err(no_text(rejection)),
        }
    }
}

fn no_text(rejection: PathRejection) -> Problem {
    let problem = Problem::new(Kind::NoSuchPath);
    let PathRejection::FailedToDeserializePathParams(failed) = rejection else { return problem };
    match failed.into_kind() {
        ErrorKind::InvalidUtf8InPathParam { key } => {
            problem.say(Text::new("fit-path-no-text").with("name", key))
        }
        _ => problem,
    }
}

/// The query.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Service>> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Service>) -> Result<Self, Problem> {
        let raw = RawInput::query(parts.uri.query().unwrap_or_default());
        raw.fit(InputPart::Query).map(Self).map_err(|invalid| Problem::new(Kind::BadQuery).invalid(invalid))
    }
}

/// The header `Idempotency-Key`: a request that is sent twice under one key starts once.
pub(crate) struct Key {
    /// The digest of the sender's token, and what it calls the request.
    key: Option<(String, String)>,
    path: String,
}

impl Key {
    /// The key for a request with this body.
    pub(crate) fn of(self, body: &impl serde::Serialize) -> Option<RequestKey> {
        // What was read from JSON can be written as JSON.
        let asked = serde_json::to_string(body).unwrap_or_default();
        let fingerprint = digest(format!("{}\n{asked}", self.path).as_bytes());
        self.key.map(|(token, text)| RequestKey::of_token(&token, &text, fingerprint))
    }
}

impl FromRequestParts<Arc<Service>> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Problem> {
        let path = parts.uri.path().trim_end_matches('/').to_owned();
        let mut values = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(value) = values.next() else { return Ok(Self { key: None, path }) };
        // With two keys, it is not known which one was meant.
        let text = value.to_str().ok().filter(|_| values.next().is_none()).map(str::trim);
        let text = text.filter(|text| !text.is_empty() && text.len() <= LONGEST_KEY);
        let text = text.ok_or_else(|| Problem::new(Kind::BadKey))?.to_owned();
        // Two senders may choose the same key.
        let caller = Caller::from_request_parts(parts, service).await?;
        Ok(Self { key: Some((caller.token, text)), path })
    }
}

/// The shop that a request names, or the default shop if it names none.
pub(crate) fn shop_of(service: &Service, name: Option<&str>) -> Result<ShopName, Problem> {
    let shops = &service.settings.shops;
    match name {
        Some(name) => shops
            .iter()
            .map(|(shop, _)| shop)
            .find(|shop| shop.as_str() == name)
            .cloned()
            .ok_or_else(|| Problem::new(Kind::NoSuchShop).named(name)),
        None => service.settings.default_shop.clone().ok_or_else(|| Problem::new(Kind::WhichShop)),
    }
}

/// Answers requests for paths that do not exist.
pub(crate) async fn no_such_path() -> impl IntoResponse {
    Problem::new(Kind::NoSuchPath)
}

/// Answers methods that a path does not take. The router adds the header `Allow`, which answers OPTIONS.
pub(crate) async fn wrong_method(method: Method) -> Response {
    match method {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => Problem::new(Kind::WrongMethod).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, Bytes};
    use futures::stream;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_arrive_in_time_is_refused() {
        let first = stream::once(async { Ok::<_, std::io::Error>(Bytes::from_static(b"{\"skus\":[")) });
        let never = Body::from_stream(first.chain(stream::pending()));
        let problem = read_in_time(never, BODY).await.unwrap_err();
        assert_eq!(problem.kind, Kind::NotJson);
        assert_eq!(read_in_time(Body::from("{}"), BODY).await.unwrap(), b"{}");
    }

    #[test]
    fn a_body_of_unknown_length_counts_as_large() {
        assert!(is_small(&Body::empty()) && is_small(&Body::from(vec![b' '; 16 * 1024])));
        assert!(!is_small(&Body::from(vec![b' '; 16 * 1024 + 1])));
        assert!(!is_small(&Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>())));
    }
}
