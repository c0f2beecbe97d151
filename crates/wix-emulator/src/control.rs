//! The control endpoint: the methods of [`Shop`] over HTTP, below a prefix that Wix does not have. Its requests need the
//! key alone. They do not count toward the rate limit, are not delayed or logged, and no fault hits them.

mod commands;
mod queries;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::request::Parts;
use axum::http::{Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::rest::Reply;
use crate::site::{Shop, Site};

/// What every path of the control endpoint begins with.
pub(crate) const PREFIX: &str = "/_emulator/";

/// The largest body that is accepted, in bytes.
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
        ("GET", "state") => Ok(queries::state(shop)),
        ("GET", "levels") => Ok(queries::levels(shop)),
        ("GET", "ledger") => queries::ledger(shop, query),
        ("GET", "requests") => Ok(queries::requests(shop)),
        ("GET", "violations") => Ok(queries::violations(shop)),
        ("PUT", "conditions") => commands::replace(shop, body),
        ("PATCH", "conditions") => commands::change(shop, body),
        ("POST", "faults") => commands::arm(shop, body),
        ("DELETE", "faults") => Ok(commands::disarm(shop)),
        ("POST", "acts") => commands::perform(shop, body),
        _ => Err(refused(StatusCode::NOT_FOUND, "the control endpoint has no such path")),
    }
}

/// An error with one sentence that says what is wrong.
fn refused(status: StatusCode, message: &str) -> Reply {
    Reply::json(status, &json!({"message": message}))
}

/// The body as JSON; the error names the wrong field.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Reply> {
    serde_json::from_slice(body).map_err(|error| invalid(&error))
}

/// The body as a list; a single item is a list of one.
fn read_list<T: DeserializeOwned>(body: &[u8]) -> Result<Vec<T>, Reply> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'[') { read(body) } else { read(body).map(|one| vec![one]) }
}

/// 400 with the text of this error.
fn invalid(error: &dyn std::fmt::Display) -> Reply {
    refused(StatusCode::BAD_REQUEST, &error.to_string())
}
