//! The way of a request: written down, let in, counted against the limit, struck by a fault or not, answered.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::connection::Link;
use crate::endpoint::Endpoint;
use crate::fault::{FaultKind, HangMoment};
use crate::log::Arrival;
use crate::reply::{CONSISTENT, Reply};
use crate::site::Site;
use crate::v1::{self, Bend};
use crate::violation;

/// Where a request goes.
#[derive(Debug, Clone)]
enum Call {
    CatalogVersion,
    V1(v1::Call),
    Unknown,
}

impl Call {
    fn at(method: &Method, path: &str) -> Self {
        let path: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        if *method == Method::GET && path == ["stores", "v3", "provision", "version"] {
            return Self::CatalogVersion;
        }
        v1::Call::at(method, &path).map_or(Self::Unknown, Self::V1)
    }

    fn endpoint(&self) -> Endpoint {
        match self {
            Self::CatalogVersion => Endpoint::CatalogVersion,
            Self::V1(call) => call.endpoint(),
            Self::Unknown => Endpoint::Unknown,
        }
    }
}

/// A request that was let in.
#[derive(Debug, Clone)]
struct Asked {
    number: u64,
    call: Call,
    says_json: bool,
    body: Bytes,
}

/// What the client gets.
enum Outcome {
    Whole(Reply),
    /// The head and half of the body, then the end of the connection.
    Cut(Reply),
    /// The end of the connection.
    Nothing,
}

/// How much of a body above the limit is read and thrown away, so that the client hears the 413.
const SLACK: usize = 8 * 1024 * 1024;

/// Serves one request.
pub(crate) async fn serve(site: Arc<Site>, link: Link, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let limit = site.behaviour.body_limit;
    let body = to_bytes(body, limit.saturating_add(SLACK)).await.ok().filter(|body| body.len() <= limit);
    let call = Call::at(&parts.method, parts.uri.path());
    let number = site.log().arrived(arrival(&site, &parts, &call, body.clone().unwrap_or_default()));
    if !site.latency.is_zero() {
        tokio::time::sleep(site.latency).await;
    }
    let outcome = match body {
        None => Outcome::Whole(Reply::bare(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large")),
        Some(body) => {
            let says_json = says_json(&parts.headers);
            decide(&site, &link, &parts.headers, Asked { number, call, says_json, body }).await
        }
    };
    match outcome {
        Outcome::Whole(reply) => {
            site.log().answered(number, reply.status.as_u16());
            let body = Body::from(reply.body.clone());
            reply.into_response(number, body)
        }
        Outcome::Cut(reply) => {
            site.log().answered(number, reply.status.as_u16());
            let body = link.body_that_ends_early(reply.first_half());
            reply.into_response(number, body)
        }
        Outcome::Nothing => link.close().await,
    }
}

fn arrival(site: &Site, parts: &Parts, call: &Call, body: Bytes) -> Arrival {
    let consistent = parts.headers.get(CONSISTENT).and_then(|value| value.to_str().ok());
    Arrival {
        time: site.clock.now(),
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        endpoint: call.endpoint(),
        consistent: consistent.map(ToOwned::to_owned),
        body,
    }
}

fn says_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

async fn decide(site: &Arc<Site>, link: &Link, headers: &HeaderMap, asked: Asked) -> Outcome {
    if let Err(reply) = site.credentials.check(headers) {
        return Outcome::Whole(reply);
    }
    let fault = match admit(site, asked.call.endpoint()) {
        Ok(fault) => fault,
        Err(reply) => return Outcome::Whole(reply),
    };
    match fault {
        Some(kind) => strike(site, link, asked, kind).await,
        None => Outcome::Whole(answer(site, &asked, Bend::default())),
    }
}

/// Counts the request against the limit, and finds the fault that hits it.
fn admit(site: &Site, endpoint: Endpoint) -> Result<Option<FaultKind>, Reply> {
    let control = &mut *site.control();
    match control.window.admit(control.rate_limit, site.clock.elapsed()) {
        Ok(()) => Ok(control.faults.strike(endpoint)),
        Err(wait) => {
            let message = "too many requests, try again in a minute";
            let seconds = site.behaviour.retry_after.then(|| wait.as_secs() + 1);
            let reply = Reply::application(StatusCode::TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED", message);
            Err(reply.with_retry_after(seconds))
        }
    }
}

/// Answers a request that a fault hits.
async fn strike(site: &Arc<Site>, link: &Link, asked: Asked, kind: FaultKind) -> Outcome {
    let now = |bend: Bend| answer(site, &asked, bend);
    let scripted = |code: u16, reply: fn(StatusCode) -> Reply| {
        let status = status(code);
        if status.is_success() {
            now(Bend::default());
        }
        Outcome::Whole(reply(status))
    };
    match kind {
        FaultKind::Status { code, body: None } => scripted(code, plain),
        FaultKind::Status { code, body: Some(body) } => {
            scripted(code, plain);
            Outcome::Whole(Reply::json(status(code), &body))
        }
        FaultKind::Html { code } => scripted(code, Reply::html),
        FaultKind::EmptyBody { code } => scripted(code, Reply::empty),
        FaultKind::CutBody => Outcome::Cut(now(Bend::default())),
        FaultKind::ShortBody => Outcome::Whole(now(Bend::default()).halved()),
        FaultKind::NotJson => {
            now(Bend::default());
            Outcome::Whole(Reply::not_json())
        }
        FaultKind::DropBeforeApply => Outcome::Nothing,
        FaultKind::DropAfterApply => {
            now(Bend::default());
            Outcome::Nothing
        }
        FaultKind::StatusAfterApply { code } => {
            now(Bend::default());
            Outcome::Whole(Reply::html(status(code)))
        }
        FaultKind::ApplyLate { delay } => {
            drop(later(site, link, asked, delay));
            Outcome::Whole(Reply::html(StatusCode::GATEWAY_TIMEOUT))
        }
        FaultKind::Hang { duration, moment: HangMoment::BeforeApply } => {
            let reply = later(site, link, asked, duration).await.ok().flatten();
            reply.map_or(Outcome::Nothing, Outcome::Whole)
        }
        FaultKind::Hang { duration, moment: HangMoment::AfterApply } => {
            let reply = now(Bend::default());
            tokio::time::sleep(duration).await;
            Outcome::Whole(reply)
        }
        FaultKind::PartialApply { entries, code } => {
            now(Bend { entries: Some(entries), ..Bend::default() });
            Outcome::Whole(plain(status(code)))
        }
        FaultKind::ShortPage => Outcome::Whole(now(Bend { short_page: true, ..Bend::default() })),
        FaultKind::WrongTotal => Outcome::Whole(now(Bend { wrong_total: true, ..Bend::default() })),
    }
}

/// Lets a request take effect after a while, whether or not the client still waits. The emulator's end ends it too.
fn later(
    site: &Arc<Site>,
    link: &Link,
    asked: Asked,
    delay: Duration,
) -> tokio::task::JoinHandle<Option<Reply>> {
    let (site, stop) = (Arc::clone(site), link.stop.clone());
    link.tasks.spawn(async move {
        tokio::select! {
            () = stop.cancelled() => None,
            () = tokio::time::sleep(delay) => Some(answer(&site, &asked, Bend::default())),
        }
    })
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The standard error body for a status.
fn plain(status: StatusCode) -> Reply {
    if status.is_success() {
        return Reply::json(status, &json!({}));
    }
    Reply::bare(status, status.canonical_reason().unwrap_or("error"))
}

/// Does what the request asks for.
fn answer(site: &Site, asked: &Asked, bend: Bend) -> Reply {
    let reply = match &asked.call {
        Call::CatalogVersion => Ok(Reply::ok(&json!({"catalogVersion": site.catalog_version()}))),
        Call::V1(call) => {
            body(asked, call.has_body()).and_then(|body| v1::answer(site, call, &body, asked.number, bend))
        }
        Call::Unknown => Err(Reply::not_found("NOT_FOUND", "there is no such endpoint")),
    };
    reply.unwrap_or_else(|reply| reply)
}

/// The JSON body; anything else than JSON is 400.
fn body(asked: &Asked, expected: bool) -> Result<Value, Reply> {
    if !expected {
        return Ok(Value::Null);
    }
    if !asked.says_json {
        let message = "the Content-Type must be application/json";
        return Err(Reply::application(StatusCode::BAD_REQUEST, "INVALID_CONTENT_TYPE", message));
    }
    violation::parse(&asked.body)
}
