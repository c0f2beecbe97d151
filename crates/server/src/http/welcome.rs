//! `/`: where to go from here, for a browser and for a program.

use std::sync::Arc;

use api_types::Welcome;
use axum::Json;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::{Html, IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Service;
use crate::http::language::AnswerLanguage;

/// Needs no token, because it says nothing that the address alone does not.
pub(crate) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(welcome))
}

/// Where to go from here
#[utoipa::path(
    get, path = "/", tag = "watch", operation_id = "welcome", security(()),
    responses((status = 200, description = "The paths to begin with", body = Welcome))
)]
async fn welcome(language: AnswerLanguage, headers: HeaderMap) -> Response {
    let messages = language.0;
    let welcome = Welcome {
        message: messages.get("api-welcome"),
        docs: "/docs/".to_owned(),
        openapi: "/openapi.json".to_owned(),
        health: "/healthz".to_owned(),
        ready: "/readyz".to_owned(),
    };
    let wanted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !wanted.contains("text/html") {
        return Json(welcome).into_response();
    }
    // All of it is our own text, so nothing has to be escaped.
    let Welcome { message, docs, openapi, health, ready } = welcome;
    let links = [docs, openapi, health, ready].map(|path| format!("<li><a href=\"{path}\">{path}</a></li>"));
    let lang = messages.lang();
    Html(format!(
        "<!doctype html><html lang=\"{lang}\"><meta charset=\"utf-8\"><title>wixsync</title><p>{message}</p><ul>{}</ul></html>",
        links.concat()
    ))
    .into_response()
}
