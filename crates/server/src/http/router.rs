//! The routes and the layers around them.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as OpenApiDocument;
use utoipa_axum::router::OpenApiRouter;

use crate::http::connections::{self, Limits};
use crate::http::extract::{no_such_path, wrong_method};
use crate::http::problem::{Kind, Problem};
use crate::http::query::{self, RoutesWithoutQuery};
use crate::http::{access, api, docs, guide, probes, problem, welcome};
use crate::{Service, background};

/// The content security policy of data.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Every route, with its description: a route that is not in the document does not exist.
fn documented() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::with_openapi(docs::About::openapi()).merge(with_token()).merge(without_token())
}

/// The OpenAPI document of every route.
#[must_use]
pub fn openapi() -> OpenApiDocument {
    let (_, document) = documented().split_for_parts();
    document
}

fn with_token() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .merge(guide::routes())
        .merge(api::routes())
        .merge(background::routes())
        .merge(probes::routes())
        .merge(docs::routes())
}

fn without_token() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().merge(probes::health()).merge(welcome::routes())
}

/// The whole service as a router.
pub fn router(service: Arc<Service>) -> Router {
    let document = Arc::new(openapi());
    let (with_token, described) = with_token().split_for_parts();
    let (without_token, _) = without_token().split_for_parts();
    let checked = with_token
        .route_layer(from_fn_with_state(RoutesWithoutQuery::of(&described), query::check))
        .merge(docs::pages())
        .route_layer(from_fn_with_state(Arc::clone(&service), access::check));
    checked
        .merge(without_token)
        .fallback(no_such_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(Extension(document))
        .layer(from_fn_with_state(Arc::clone(&service), with_timeout))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(Arc::clone(&service), problem::write_out))
        // What the service answers is true for a moment, and only for the one who asked.
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .layer(SetResponseHeaderLayer::overriding(
            X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        // Data is neither a page nor part of one. The pages have a policy of their own.
        .layer(SetResponseHeaderLayer::if_not_present(CONTENT_SECURITY_POLICY, NOTHING))
        .layer(SetResponseHeaderLayer::overriding(X_FRAME_OPTIONS, HeaderValue::from_static("DENY")))
        // Failures are logged where they are handled, once.
        .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(()))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .with_state(service)
}

/// Serves until `stop`. Requests under way at that moment are answered, within the grace period of the settings.
pub async fn serve(listener: TcpListener, service: Arc<Service>, stop: CancellationToken) {
    let limits = Limits::new(service.settings.connections, service.settings.grace);
    connections::serve(listener, router(service), limits, &stop).await;
}

async fn with_timeout(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(service.settings.timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Kind::TookTooLong).into_response(),
    }
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request handler panicked");
    Problem::new(Kind::Defect).into_response()
}

fn span(request: &Request) -> tracing::Span {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::debug_span!("request", http.method = %request.method(), http.path = request.uri().path(), request.id = id)
}
