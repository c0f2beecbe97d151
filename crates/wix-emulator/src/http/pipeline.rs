//! The way of a request: log it, check its credentials, count it against the rate limit, choose a fault for it, answer
//! it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::request::Parts;
use axum::http::{self, HeaderMap, Response, StatusCode, header};

use super::connection::ConnectionHandle;
use super::inject::inject;
use super::request::{Delivery, Request};
use super::routes::Route;
use super::twin::carried_body;
use crate::control;
use crate::endpoint::Endpoint;
use crate::fault::{Injection, Mutation};
use crate::rest::{CONSISTENT, Reply};
use crate::site::{Arrival, Site, key_refused};

/// How many bytes of a body above the limit are read and thrown away, so that the client receives the 413.
const EXCESS_READ: usize = 8 * 1024 * 1024;

/// Serves one request.
pub(super) async fn serve(
    site: Arc<Site>,
    connection: ConnectionHandle,
    request: http::Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    if let Some(path) = parts.uri.path().strip_prefix(control::PREFIX) {
        return control::serve(&site, &parts, path, body).await;
    }
    let limit = site.behavior().body_limit;
    let sent = to_bytes(body, limit.saturating_add(EXCESS_READ)).await.ok();
    let (method, query) = (&parts.method, parts.uri.query());
    let carried = carried_body(method, query);
    let route = Route::find(method, parts.uri.path(), query.unwrap_or_default(), carried.is_some());
    let carried = carried.filter(|_| route.endpoint().has_get_form());
    let is_json = carried.is_some() || is_json(&parts.headers);
    let body = carried.or(sent).filter(|body| body.len() <= limit);
    let number = site.log().arrived(arrival(&site, &parts, &route, body.clone().unwrap_or_default()));
    let latency = site.live().latency_of(number);
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let delivery = match body {
        None => Delivery::Full(Reply::bare(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large")),
        Some(body) => {
            let request = Request { number, route, is_json, body, before: Vec::new(), after: Vec::new() };
            answer(&site, &connection, &parts.headers, request).await
        }
    };
    send(&site, connection, number, delivery).await
}

/// Logs the status and gives the response to the connection.
async fn send(site: &Site, connection: ConnectionHandle, number: u64, delivery: Delivery) -> Response<Body> {
    match delivery {
        Delivery::Full(reply) => {
            site.log().answered(number, reply.status.as_u16());
            let body = Body::from(reply.body.clone());
            reply.into_response(number, body)
        }
        Delivery::Truncated(reply) => {
            site.log().answered(number, reply.status.as_u16());
            let body = connection.body_that_ends_early(reply.first_half());
            reply.into_response(number, body)
        }
        Delivery::Dropped => connection.close().await,
    }
}

fn arrival(site: &Site, parts: &Parts, route: &Route, body: Bytes) -> Arrival {
    let consistent = parts.headers.get(CONSISTENT).and_then(|value| value.to_str().ok());
    Arrival {
        time: site.clock.now(),
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        endpoint: route.endpoint(),
        consistent: consistent.map(ToOwned::to_owned),
        headers: headers(&parts.headers),
        body,
    }
}

/// The headers that matter to Wix.
fn headers(all: &HeaderMap) -> BTreeMap<String, String> {
    const MATTER: [&str; 5] = ["content-type", "wix-site-id", "wix-account-id", "accept", "x-wix-consistent"];
    let value = |name: &str| Some((name.to_owned(), all.get(name)?.to_str().ok()?.to_owned()));
    MATTER.into_iter().filter_map(value).collect()
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

async fn answer(
    site: &Arc<Site>,
    connection: &ConnectionHandle,
    headers: &HeaderMap,
    mut request: Request,
) -> Delivery {
    let is_token = request.route.endpoint() == Endpoint::Token;
    let checked = if is_token { Ok(()) } else { check_credentials(site, headers) };
    if let Err(reply) = checked.and_then(|()| check_revoked(site)) {
        site.log().violated(request.number, request.route.endpoint(), &reply.violations);
        return Delivery::Full(reply);
    }
    let injection = match admit(site, &request) {
        Ok(injection) => injection,
        Err(reply) => return Delivery::Full(reply),
    };
    (request.before, request.after) = (injection.before, injection.after);
    match injection.kind {
        Some(kind) => inject(site, connection, request, kind).await,
        None => Delivery::Full(request.take_effect(site, Mutation::default())),
    }
}

fn check_credentials(site: &Site, headers: &HeaderMap) -> Result<(), Reply> {
    site.credentials.check(headers, &site.live().tokens, site.clock.elapsed())
}

/// Refuses the request while the key is revoked.
fn check_revoked(site: &Site) -> Result<(), Reply> {
    if site.clock.elapsed() < site.live().revoked_until { Err(key_refused()) } else { Ok(()) }
}

/// Counts the request against the rate limit and chooses its fault: an armed one, else one by chance.
fn admit(site: &Site, request: &Request) -> Result<Injection, Reply> {
    let endpoint = request.route.endpoint();
    let (mut injection, draw) = {
        let live = &mut *site.live();
        if !live.passes_edge(site.clock.elapsed()) {
            return Err(Reply::html(StatusCode::TOO_MANY_REQUESTS));
        }
        let admitted = live.window.admit(live.rate_limit, site.clock.elapsed());
        admitted.map_err(|wait| throttled(live.behavior.retry_after.then(|| wait.as_secs() + 1)))?;
        let draw = live.chaos.as_mut().and_then(|chaos| chaos.draw(endpoint));
        (live.faults.take(endpoint), draw)
    };
    let Some(draw) = draw else { return Ok(injection) };
    let named = request.route.named_listings(&request.body);
    let by_chance = draw.decide(&site.read(), &named);
    if injection.is_nothing() && !by_chance.is_nothing() {
        site.live().faults.count_hit();
    }
    injection.before.extend(by_chance.before);
    injection.after.extend(by_chance.after);
    injection.kind = injection.kind.or(by_chance.kind);
    Ok(injection)
}

fn throttled(retry_after: Option<u64>) -> Reply {
    let message = "too many requests, try again in a minute";
    let reply = Reply::application(StatusCode::TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED", message);
    reply.with_retry_after(retry_after)
}
