//! Probes for machines: liveness, readiness, metrics.

use std::sync::Arc;

use api_types::{ClockChange, Readiness, ReadinessStatus};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sync::ports::StateError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::problem::{Problem, Refusals};
use crate::proof::{self, OwnPort};
use crate::{Service, metrics, utc_time};

/// The probes that need no token.
pub(crate) fn health() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz))
}

pub(crate) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(figures))
}

/// Whether the process lives
#[utoipa::path(
    get, path = "/healthz", tag = "watch", operation_id = "healthz", security(()),
    responses((status = 200, description = "It does", body = String, content_type = "text/plain"))
)]
async fn healthz(
    State(service): State<Arc<Service>>,
    port: Option<Extension<OwnPort>>,
    headers: HeaderMap,
) -> Response {
    let port = port.map_or(0, |Extension(OwnPort(port))| port);
    let proof = proof::answer(&*service.state, &headers, port, service.clock.now()).await;
    let proof = proof.inspect_err(|error| tracing::debug!(%error, "a challenge cannot be answered"));
    let proof = proof.ok().flatten().and_then(|proof| HeaderValue::from_str(&proof).ok());
    let mut answer = "ok".into_response();
    answer.headers_mut().extend(proof.map(|proof| (proof::PROOF, proof)));
    answer
}

/// Whether the service can do its work
///
/// It is not ready while its state database cannot be read or written, and late while a task has waited too long for a
/// worker. A change of the machine's clock is told for a day.
#[utoipa::path(
    get, path = "/readyz", tag = "watch", operation_id = "readyz", security(()),
    responses(
        (status = 200, description = "It can", body = Readiness),
        (status = 503, description = "It cannot, or is late", body = Readiness),
    )
)]
async fn readyz(State(service): State<Arc<Service>>) -> (StatusCode, Json<Readiness>) {
    let (status, late_shops) = match late_shops(&service).await {
        Ok(0) => (ReadinessStatus::Ready, 0),
        Ok(late_shops) => (ReadinessStatus::Late, late_shops),
        Err(error) => {
            tracing::error!(%error, "the state database cannot be used");
            (ReadinessStatus::StateFailed, 0)
        }
    };
    let code =
        if status == ReadinessStatus::Ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let clock_change = service
        .clock_jump()
        .map(|jump| ClockChange { at: utc_time(jump.at), by_seconds: jump.by_ms / 1_000 });
    (code, Json(Readiness { status, late_shops, clock_change }))
}

async fn late_shops(service: &Service) -> Result<usize, StateError> {
    let now = service.clock.now();
    service.write_probe.check(&*service.state, now).await?;
    let patience = i64::try_from(service.settings.late_after.as_millis()).unwrap_or(i64::MAX);
    let mut late = 0;
    for (shop, _) in &service.settings.shops {
        let waiting = service.state.figures(shop, now).await?.waiting_since;
        if waiting.is_some_and(|since| service.age(since) > patience)
            && service.state.paused_since(shop).await?.is_none()
        {
            late += 1;
        }
    }
    Ok(late)
}

/// Figures for Prometheus
#[utoipa::path(
    get, path = "/metrics", tag = "watch", operation_id = "metrics",
    responses((status = 200, description = "Figures", body = String, content_type = "text/plain"), Refusals)
)]
async fn figures(State(service): State<Arc<Service>>) -> Result<Response, Problem> {
    let text = metrics::render(&service).await?;
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
