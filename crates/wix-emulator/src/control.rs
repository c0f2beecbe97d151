//! The control endpoint: what [`Shop`] does, over HTTP, below a prefix that Wix does not have. It asks for the key
//! alone, counts toward no limit, waits for nothing, stands in no log and is hit by no fault.

mod answers;
mod views;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::request::Parts;
use axum::http::{Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::reply::Reply;
use crate::shop::Shop;
use crate::site::Site;

/// What every path of the control endpoint begins with.
pub(crate) const PREFIX: &str = "/_emulator/";

/// The largest body that is taken.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Serves one request to the path below the prefix.
pub(crate) async fn serve(site: &Arc<Site>, parts: &Parts, path: &str, body: Body) -> Response<Body> {
    let reply = match site.credentials.check_key(&parts.headers) {
        Err(reply) => reply,
        Ok(()) => match to_bytes(body, BODY_LIMIT).await {
            Err(_) => refused(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
            Ok(body) => {
                let shop = Shop::new(Arc::clone(site));
                let reply = answer(&shop, &parts.method, path, parts.uri.query(), &body);
                reply.unwrap_or_else(|reply| reply)
            }
        },
    };
    let body = Body::from(reply.body.clone());
    reply.into_bare_response(body)
}

fn answer(
    shop: &Shop,
    method: &Method,
    path: &str,
    query: Option<&str>,
    body: &[u8],
) -> Result<Reply, Reply> {
    match (method.as_str(), path) {
        ("GET", "state") => Ok(views::state(shop)),
        ("GET", "levels") => Ok(views::levels(shop)),
        ("GET", "ledger") => views::ledger(shop, query),
        ("GET", "requests") => Ok(views::requests(shop)),
        ("PUT", "conditions") => answers::replace(shop, body),
        ("PATCH", "conditions") => answers::change(shop, body),
        ("POST", "faults") => answers::arm(shop, body),
        ("DELETE", "faults") => Ok(answers::disarm(shop)),
        ("POST", "acts") => answers::act(shop, body),
        _ => Err(refused(StatusCode::NOT_FOUND, "the control endpoint has no such path")),
    }
}

/// An error that says what is wrong in one sentence.
fn refused(status: StatusCode, message: &str) -> Reply {
    Reply::json(status, &json!({"message": message}))
}

/// The body as JSON; the error names the field that is wrong.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Reply> {
    serde_json::from_slice(body).map_err(|error| wrong(&error))
}

/// A list, or one of its kind alone.
fn read_some<T: DeserializeOwned>(body: &[u8]) -> Result<Vec<T>, Reply> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'[') { read(body) } else { read(body).map(|one| vec![one]) }
}

fn wrong(error: &dyn std::fmt::Display) -> Reply {
    refused(StatusCode::BAD_REQUEST, &error.to_string())
}
