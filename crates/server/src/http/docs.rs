//! The OpenAPI document, and a page that shows it without access to the internet.

use std::collections::BTreeMap;
use std::sync::Arc;

use api_types::ProblemDocument;
use axum::Json;
use axum::extract::Extension;
use serde_json::Value;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::Service;
use crate::http::problem::Refusals;

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

/// The page. All its files come with the program.
pub(crate) fn page() -> SwaggerUi {
    SwaggerUi::new("/docs").config(Config::new(["/openapi.json"]))
}
