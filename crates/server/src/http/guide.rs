//! The guide's two routes, key by key.

use std::sync::Arc;

use api_types::{Progress, StartedTask, TaskState};
use axum::Json;
use axum::extract::State;
use sync::Work;
use sync::ports::{EarlierAttempt, RunRecord};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Service;
use crate::http::extract::{Body, Path};
use crate::http::language::AnswerLanguage;
use crate::http::problem::{Problem, Refusals};
use crate::http::start::{IdempotencyKey, Start, StartBody, earlier_of, run_of, scope};
use crate::http::views::{attempt_view, progress_view, task_result};

pub(crate) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(start))
        .routes(routes!(start_without_slash))
        .routes(routes!(status))
        .routes(routes!(status_with_slash))
}

/// Start a synchronization
///
/// If an open task does the same work already, the answer has its id and state.
#[utoipa::path(
    post, path = "/warehouse/sync-wix/", tag = "guide", operation_id = "start_sync",
    request_body(content = Option<StartBody>, description = "Filters; none at all means the whole shop"),
    params(IdempotencyKey),
    responses((status = 200, description = "Accepted", body = StartedTask), Refusals)
)]
async fn start(start: Start, Body(body): Body<StartBody>) -> Result<Json<StartedTask>, Problem> {
    let start = start.of(&body, body.shop.as_deref())?;
    start.accept_in_guide_words(Work::Sync { dry_run: body.dry_run }, scope(body.skus)?).await
}

/// Start a synchronization
///
/// The same as with the final slash.
#[utoipa::path(
    post, path = "/warehouse/sync-wix", tag = "guide", operation_id = "start_sync_without_slash",
    request_body(content = Option<StartBody>, description = "Filters; none at all means the whole shop"),
    params(IdempotencyKey),
    responses((status = 200, description = "Accepted", body = StartedTask), Refusals)
)]
async fn start_without_slash(given: Start, body: Body<StartBody>) -> Result<Json<StartedTask>, Problem> {
    start(given, body).await
}

/// The state of a task
#[utoipa::path(
    get, path = "/warehouse/sync-wix/status/{task_id}", tag = "guide", operation_id = "sync_status",
    params(("task_id" = String, Path, description = "As the start answered it; a run's number and `last` are taken too")),
    responses((status = 200, description = "Its state, and its result once there is one", body = TaskState), Refusals)
)]
async fn status(
    State(service): State<Arc<Service>>,
    language: AnswerLanguage,
    Path(task_id): Path<String>,
) -> Result<Json<TaskState>, Problem> {
    let record = run_of(&service, &task_id).await?;
    let progress = progress_view(record.status, service.state.progress(&record.run.id).await?);
    let earlier = earlier_of(&service, &record).await?;
    Ok(Json(task_state(&language, &record, progress, &earlier)))
}

/// The state of a task
///
/// The same as without the final slash.
#[utoipa::path(
    get, path = "/warehouse/sync-wix/status/{task_id}/", tag = "guide", operation_id = "sync_status_with_slash",
    params(("task_id" = String, Path, description = "As the start answered it; a run's number and `last` are taken too")),
    responses((status = 200, description = "Its state, and its result once there is one", body = TaskState), Refusals)
)]
async fn status_with_slash(
    state: State<Arc<Service>>,
    language: AnswerLanguage,
    task_id: Path<String>,
) -> Result<Json<TaskState>, Problem> {
    status(state, language, task_id).await
}

fn task_state(
    language: &AnswerLanguage,
    record: &RunRecord,
    progress: Progress,
    earlier: &[EarlierAttempt],
) -> TaskState {
    use domain::TaskStatus as S;
    let messages = language.0;
    let has_result = matches!(record.status, S::Success | S::Failure);
    let failure = record.summary.as_ref().and_then(|summary| summary.failure.as_ref());
    TaskState {
        task_id: record.run.id.clone(),
        status: record.status,
        ready: record.status.is_ready(),
        result: if has_result { task_result(messages, record) } else { None },
        error: failure.map(|failure| messages.failure(failure)),
        progress,
        earlier_attempts: earlier.iter().map(attempt_view).collect(),
    }
}
