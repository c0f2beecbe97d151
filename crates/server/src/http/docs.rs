//! The OpenAPI document, and a page that shows it without access to the internet.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use api_types::ProblemDocument;
use axum::extract::{Extension, Path};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use messages::Lang;
use serde_json::{Value, json};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::Config;

use crate::Service;
use crate::http::access::presented;
use crate::http::language::AnswerLanguage;
use crate::http::problem::{Kind, Problem, Refusals};

/// What the document says beside the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "wixsync",
        description = "Makes the quantities in a Wix shop equal to the stock in the merchant's own database.",
        license(name = "MIT OR Apache-2.0")
    ),
    components(schemas(ProblemDocument)),
    modifiers(&Token),
    security(("token" = [])),
    tags(
        (name = "guide", description = "Start a synchronization, and see how it stands"),
        (name = "runs", description = "Runs and their lines"),
        (name = "plans", description = "Plans, and applying them"),
        (name = "products", description = "Products by SKU, and quantities by hand"),
        (name = "shops", description = "Shops, schedules, pauses"),
        (name = "watch", description = "Health and figures"),
    )
)]
pub(crate) struct About;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut Document) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

pub(crate) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(document))
}

/// An OpenAPI document.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the document inside itself")]
struct OpenApiDocument {
    /// The version of OpenAPI that it follows.
    #[schema(example = "3.1.0")]
    openapi: String,
    /// What the API is.
    info: BTreeMap<String, Value>,
    /// Operations by path and method.
    paths: BTreeMap<String, BTreeMap<String, Value>>,
    /// Schemas by kind and name.
    components: BTreeMap<String, BTreeMap<String, Value>>,
}

/// This document
#[utoipa::path(
    get, path = "/openapi.json", tag = "watch", operation_id = "openapi",
    responses((status = 200, description = "The OpenAPI document", body = OpenApiDocument), Refusals)
)]
async fn document(Extension(document): Extension<Arc<Document>>) -> Json<Document> {
    Json(Document::clone(&document))
}

/// The document as the page shows it, in the language of the browser.
async fn shown(
    AnswerLanguage(messages): AnswerLanguage,
    Extension(document): Extension<Arc<Document>>,
) -> Result<Json<Value>, Problem> {
    let mut shown = serde_json::to_value(&*document).map_err(|error| {
        tracing::error!(%error, "the description of the API cannot be shown");
        Problem::new(Kind::Defect)
    })?;
    if messages.lang() == Lang::Ru {
        translate(&mut shown, &russian());
    }
    Ok(Json(shown))
}

/// The texts of the document in Russian: by turns as it says them in English, and in Russian. They stand beside the
/// document, because their English is that of the doc comments.
const RUSSIAN: &str = include_str!("docs/ru.txt");

/// Russian texts by their English ones.
fn russian() -> HashMap<&'static str, &'static str> {
    let mut lines = RUSSIAN.lines().filter(|line| !line.is_empty());
    std::iter::from_fn(|| Some((lines.next()?, lines.next()?))).collect()
}

/// Replaces each text of the document that a person reads, where there is another.
fn translate(document: &mut Value, texts: &HashMap<&str, &str>) {
    match document {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if matches!(name.as_str(), "description" | "summary") => {
                        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                        if let Some(other) = texts.get(words.as_str()) {
                            (*other).clone_into(text);
                        }
                    }
                    _ => translate(value, texts),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| translate(value, texts)),
        _ => {}
    }
}

/// The pages. All their files come with the program.
pub(crate) fn pages() -> Router<Arc<Service>> {
    Router::new()
        .route("/docs", get(async || Redirect::to("/docs/")))
        .route("/docs/", get(async || file("index.html")))
        .route("/docs/openapi.json", get(shown))
        .route("/docs/token", get(token))
        .route("/docs/swagger-initializer.js", get(async || ([(CONTENT_TYPE, "text/javascript")], START)))
        .route("/docs/{*file}", get(async |Path(name): Path<String>| file(&name)))
        .layer(SetResponseHeaderLayer::overriding(CONTENT_SECURITY_POLICY, POLICY))
}

/// What the pages may load: their own files, and the style attributes and pictures inside them.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
);

/// Shows the document, and enters the token with which the browser signed in, so that `Try it out` works.
const START: &str = r##"window.onload = () => {
  const ui = SwaggerUIBundle({
    url: "openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [SwaggerUIBundle.plugins.DownloadUrl],
    layout: "StandaloneLayout",
    onComplete: async () => {
      const answer = await fetch("token", { credentials: "same-origin" });
      if (answer.ok) ui.preauthorizeApiKey("token", (await answer.json()).token);
    },
  });
  window.ui = ui;
};
"##;

/// Whose page has caused a request, as a browser says.
const FETCHED_FROM: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The token with which the browser signed in to these pages. Only they ask for it: another site cannot read the answer,
/// and a browser says where a request comes from.
async fn token(headers: HeaderMap) -> Result<Response, Problem> {
    let from = headers.get(FETCHED_FROM).map(HeaderValue::as_bytes);
    let is_ours = from.is_none_or(|from| matches!(from, b"same-origin" | b"none"));
    let token = presented(&headers, "/docs/token").filter(|_| is_ours);
    let token = token.ok_or_else(|| Problem::new(Kind::NotAllowed))?;
    let resource = [(HeaderName::from_static("cross-origin-resource-policy"), "same-origin")];
    Ok((resource, Json(json!({"token": token}))).into_response())
}

fn file(name: &str) -> Result<Response, Problem> {
    match utoipa_swagger_ui::serve(name, Arc::new(Config::default())) {
        Ok(Some(file)) => Ok(([(CONTENT_TYPE, file.content_type)], file.bytes.to_vec()).into_response()),
        Ok(None) => Err(Problem::new(Kind::NoSuchPath)),
        Err(error) => {
            tracing::error!(%error, file = name, "a file of the documentation cannot be shown");
            Err(Problem::new(Kind::Defect))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn texts_of(document: &Value, found: &mut BTreeSet<String>) {
        match document {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        Value::String(text) if matches!(name.as_str(), "description" | "summary") => {
                            found.insert(text.split_whitespace().collect::<Vec<_>>().join(" "));
                        }
                        _ => texts_of(value, found),
                    }
                }
            }
            Value::Array(values) => values.iter().for_each(|value| texts_of(value, found)),
            _ => {}
        }
    }

    /// A doc comment that is changed or added needs its line in `docs/ru.txt`.
    #[test]
    fn each_text_of_the_document_has_its_russian_one() {
        let mut document = serde_json::to_value(crate::openapi()).unwrap();
        let mut due = BTreeSet::new();
        texts_of(&document, &mut due);
        let known: BTreeSet<String> = russian().into_keys().map(str::to_owned).collect();
        assert_eq!(due.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "not translated");
        assert_eq!(known.difference(&due).collect::<Vec<_>>(), Vec::<&String>::new(), "nothing says this");
        translate(&mut document, &russian());
        let mut left = BTreeSet::new();
        texts_of(&document, &mut left);
        let is_russian = |text: &&String| text.chars().any(|letter| ('а'..='я').contains(&letter));
        let left: Vec<&String> = left.iter().filter(|text| !is_russian(text)).collect();
        assert_eq!(left, ["sku, inventory_item_id, variant_id, quantity"], "names alone are the same");
    }
}
