//! The routes and the layers around them.

use std::any::Any;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, Request, State};
use axum::http::HeaderName;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::ask::{no_such_path, wrong_method};
use crate::problem::{Kind, Problem};
use crate::query::{self, Queryless};
use crate::{Service, access, api, docs, guide, probes, problem};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Every route: none exists that does not stand in the document.
pub(crate) fn documented() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::with_openapi(docs::About::openapi()).merge(with_token()).merge(probes::health())
}

fn with_token() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .merge(guide::routes())
        .merge(api::routes())
        .merge(probes::routes())
        .merge(docs::routes())
}

/// The whole service as a router.
pub fn router(service: Arc<Service>) -> Router {
    let document = Arc::new(docs::openapi());
    let (with_token, described) = with_token().split_for_parts();
    let (health, _) = probes::health().split_for_parts();
    let checked = with_token
        .route_layer(from_fn_with_state(Queryless::of(&described), query::check))
        .merge(Router::from(docs::page()))
        .route_layer(from_fn_with_state(Arc::clone(&service), access::check));
    checked
        .merge(health)
        .fallback(no_such_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(Extension(document))
        .layer(from_fn_with_state(Arc::clone(&service), in_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(Arc::clone(&service), problem::write_out))
        .layer(middleware::map_response(no_store))
        // Failures are logged where they are handled, once.
        .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(()))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .with_state(service)
}

/// Serves until `stop`; requests that are under way then are answered, as long as the grace of the settings lasts.
pub async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let grace = service.settings.grace;
    serve_with_grace(listener, router(service), stop, grace).await
}

/// A client that sends half a request and then nothing holds its connection open for ever, and must not hold the
/// process.
async fn serve_with_grace(
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
    grace: Duration,
) -> std::io::Result<()> {
    let late = stop.clone();
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
    tokio::select! {
        ended = serving => ended,
        () = async { late.cancelled().await; tokio::time::sleep(grace).await } => {
            tracing::warn!("connections are still open after the stop, and are dropped");
            Ok(())
        }
    }
}

async fn in_time(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(service.settings.timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Kind::TookTooLong).into_response(),
    }
}

/// What the service answers is true for a moment, and only for whoever asked.
async fn no_store(mut response: Response) -> Response {
    use axum::http::header::{CACHE_CONTROL, HeaderValue, X_CONTENT_TYPE_OPTIONS};
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request handler panicked");
    Problem::new(Kind::Defect).into_response()
}

fn span(request: &Request) -> tracing::Span {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::debug_span!("request", http.method = %request.method(), http.path = request.uri().path(), request.id = id)
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    /// Without a deadline this has no end.
    #[tokio::test]
    async fn half_a_request_does_not_hold_up_the_stop() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let router = Router::new().route("/", get(async || "ok"));
        let grace = Duration::from_millis(20);
        let serving = tokio::spawn(serve_with_grace(listener, router, stop.clone(), grace));

        let mut half = TcpStream::connect(address).await.unwrap();
        half.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX-Half:").await.unwrap();
        // Once a later connection has its answer, the half of the first was read.
        let mut whole = TcpStream::connect(address).await.unwrap();
        whole.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        whole.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

        stop.cancel();
        serving.await.unwrap().unwrap();
        drop(half);
    }

    /// A request that is being worked on when the stop comes has its answer.
    #[tokio::test]
    async fn a_request_under_way_is_answered_after_the_stop() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let router = Router::new().route(
            "/",
            get(async move || {
                stopped.cancel();
                "ok"
            }),
        );
        let grace = Duration::from_mins(1);
        let serving = tokio::spawn(serve_with_grace(listener, router, stop, grace));
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok"), "{answer}");
        serving.await.unwrap().unwrap();
    }
}
