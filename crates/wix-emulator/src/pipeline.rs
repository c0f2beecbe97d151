//! The way of a request: written down, let in, counted against the limit, struck by a fault or not, answered.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::act::Act;
use crate::auth;
use crate::connection::Link;
use crate::control;
use crate::endpoint::Endpoint;
use crate::fault::Struck;
use crate::log::Arrival;
use crate::reply::{CONSISTENT, Reply};
use crate::shop::Shop;
use crate::site::Site;
use crate::strike::strike;
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
pub(crate) struct Asked {
    number: u64,
    call: Call,
    says_json: bool,
    body: Bytes,
    /// What others do right before it takes effect.
    before: Vec<Act>,
    /// What others do right after.
    after: Vec<Act>,
}

/// What the client gets.
pub(crate) enum Outcome {
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
    if let Some(path) = parts.uri.path().strip_prefix(control::PREFIX) {
        return control::serve(&site, &parts, path, body).await;
    }
    let limit = site.behaviour().body_limit;
    let body = to_bytes(body, limit.saturating_add(SLACK)).await.ok().filter(|body| body.len() <= limit);
    let call = Call::at(&parts.method, parts.uri.path());
    let number = site.log().arrived(arrival(&site, &parts, &call, body.clone().unwrap_or_default()));
    let wait = site.control().wait(number);
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    let outcome = match body {
        None => Outcome::Whole(Reply::bare(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large")),
        Some(body) => {
            let says_json = says_json(&parts.headers);
            let asked = Asked { number, call, says_json, body, before: Vec::new(), after: Vec::new() };
            decide(&site, &link, &parts.headers, asked).await
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

async fn decide(site: &Arc<Site>, link: &Link, headers: &HeaderMap, mut asked: Asked) -> Outcome {
    if let Err(reply) = site.credentials.check(headers).and_then(|()| accepted(site)) {
        return Outcome::Whole(reply);
    }
    let struck = match admit(site, &asked) {
        Ok(struck) => struck,
        Err(reply) => return Outcome::Whole(reply),
    };
    (asked.before, asked.after) = (struck.before, struck.after);
    match struck.kind {
        Some(kind) => strike(site, link, asked, kind).await,
        None => Outcome::Whole(asked.take_effect(site, Bend::default())),
    }
}

/// Whether the key is accepted at present.
fn accepted(site: &Site) -> Result<(), Reply> {
    if site.clock.elapsed() < site.control().revoked_until { Err(auth::refused()) } else { Ok(()) }
}

/// Counts the request against the limit, and finds what hits it: an armed fault, else chance.
fn admit(site: &Site, asked: &Asked) -> Result<Struck, Reply> {
    let endpoint = asked.call.endpoint();
    let (mut struck, thrown) = {
        let control = &mut *site.control();
        let admitted = control.window.admit(control.rate_limit, site.clock.elapsed());
        admitted.map_err(|wait| throttled(control.behaviour.retry_after.then(|| wait.as_secs() + 1)))?;
        let thrown = control.luck.as_mut().and_then(|luck| luck.next(endpoint));
        (control.faults.strike(endpoint), thrown)
    };
    let Some(thrown) = thrown else { return Ok(struck) };
    let chance = thrown.decide(&site.read(), &asked.body);
    if struck.is_nothing() && !chance.is_nothing() {
        site.control().faults.hit();
    }
    struck.before.extend(chance.before);
    struck.after.extend(chance.after);
    struck.kind = struck.kind.or(chance.kind);
    Ok(struck)
}

fn throttled(retry_after: Option<u64>) -> Reply {
    let message = "too many requests, try again in a minute";
    let reply = Reply::application(StatusCode::TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED", message);
    reply.with_retry_after(retry_after)
}

impl Asked {
    /// Does what the request asks for, and what others do right before and after.
    pub(crate) fn take_effect(&self, site: &Arc<Site>, bend: Bend) -> Reply {
        others(site, &self.before);
        let reply = answer(site, self, bend);
        others(site, &self.after);
        reply
    }

    /// The request has no effect; what others do, they do all the same.
    pub(crate) fn pass(&self, site: &Arc<Site>) {
        others(site, &self.before);
        others(site, &self.after);
    }
}

/// Lets others act.
fn others(site: &Arc<Site>, acts: &[Act]) {
    for act in acts {
        if let Err(error) = Shop::new(Arc::clone(site)).act(act) {
            site.control().act_failed(format!("{act:?}: {error}"));
        }
    }
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
