//! The statuses of background tasks in the API.

use std::sync::Arc;

use api_types::BackgroundTasks;
use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Service;
use crate::http::problem::Refusals;

pub(crate) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Background work
///
/// What this process does without a request, and how each task of it stands. Other processes over the same state
/// database have tasks of their own.
#[utoipa::path(
    get, path = "/api/v1/background", tag = "watch", operation_id = "list_background_tasks",
    responses((status = 200, description = "Every background task with its status", body = BackgroundTasks), Refusals)
)]
async fn list(State(service): State<Arc<Service>>) -> Json<BackgroundTasks> {
    Json(service.background.view(service.clock.steady()))
}
