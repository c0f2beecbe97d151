//! The way of a request: log it, check its credentials, count it against the rate limit, choose a fault for it, answer
//! it.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::request::Parts;
use axum::http::{self, HeaderMap, Response, StatusCode, header};

use super::connection::ConnectionHandle;
use super::inject::inject;
use super::request::{Delivery, Request};
use super::routes::Route;
use crate::control;
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
    let body = to_bytes(body, limit.saturating_add(EXCESS_READ)).await.ok();
    let body = body.filter(|body| body.len() <= limit);
    let route = Route::find(&parts.method, parts.uri.path());
    let number = site.log().arrived(arrival(&site, &parts, &route, body.clone().unwrap_or_default()));
    let latency = site.live().latency_of(number);
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let delivery = match body {
        None => Delivery::Full(Reply::bare(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large")),
        Some(body) => {
            let is_json = is_json(&parts.headers);
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
        body,
    }
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
    if let Err(reply) = site.credentials.check(headers).and_then(|()| check_revoked(site)) {
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

/// Refuses the request while the key is revoked.
fn check_revoked(site: &Site) -> Result<(), Reply> {
    if site.clock.elapsed() < site.live().revoked_until { Err(key_refused()) } else { Ok(()) }
}

/// Counts the request against the rate limit and chooses its fault: an armed one, else one by chance.
fn admit(site: &Site, request: &Request) -> Result<Injection, Reply> {
    let endpoint = request.route.endpoint();
    let (mut injection, draw) = {
        let live = &mut *site.live();
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
