//! Runs: the list, one run, its lines, and canceling it.

use std::sync::Arc;

use api_types::{LinePage, Run, RunDetail, RunPage};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Outcome, RunKind, ShopName, StartedBy, TaskStatus};
use messages::Text;
use serde::Deserialize;
use sync::ports::{RunCursor, RunFilter};
use utoipa::IntoParams;
use utoipa::openapi::schema::{Object, Type};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Service;
use crate::http::extract::{Body, EmptyBody, Path, Query};
use crate::http::language::AnswerLanguage;
use crate::http::problem::{Kind, Problem, Refusals};
use crate::http::raw_input::Within;
use crate::http::start::{earlier_of, run_of};
use crate::http::views::{attempt_view, line_view, progress_view, run_view};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(lines))
        .routes(routes!(cancel))
}

/// Which runs to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only of this shop.
    shop: Option<String>,
    /// Only of this kind.
    #[param(schema_with = kinds)]
    kind: Option<RunKind>,
    /// Only in this state.
    #[param(schema_with = states)]
    status: Option<TaskStatus>,
    /// Only those that ended so.
    #[param(schema_with = outcomes)]
    outcome: Option<Outcome>,
    /// Only those that this kind of caller started.
    #[param(schema_with = starters)]
    started_by: Option<StartedBy>,
    /// At most this many, 1 to 200; 50 by default.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Within<1, 200>>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

fn kinds() -> Object {
    one_of(RunKind::ALL.iter().map(|kind| kind.code()))
}

fn states() -> Object {
    one_of(TaskStatus::ALL.iter().map(|status| status.code()))
}

fn outcomes() -> Object {
    one_of(Outcome::ALL.iter().map(|outcome| outcome.code()))
}

fn starters() -> Object {
    one_of(StartedBy::ALL.iter().map(|by| by.code()))
}

fn one_of(codes: impl Iterator<Item = &'static str>) -> Object {
    Object::builder().schema_type(Type::String).enum_values(Some(codes)).build()
}

/// Runs, the newest first
#[utoipa::path(
    get, path = "/api/v1/runs", tag = "runs", operation_id = "list_runs", params(ListQuery),
    responses((status = 200, description = "A page of `runs`, and `next_cursor` where there are more", body = RunPage), Refusals)
)]
async fn list(
    State(service): State<Arc<Service>>,
    language: AnswerLanguage,
    Query(query): Query<ListQuery>,
) -> Result<Json<RunPage>, Problem> {
    let limit = query.limit.map_or(50, Within::get);
    let filter = RunFilter {
        shop: query.shop.as_deref().map(ShopName::new),
        kind: query.kind,
        status: query.status,
        outcome: query.outcome,
        started_by: query.started_by,
        but_check_ups: false,
        after: query.cursor.as_deref().map(place).transpose()?,
        limit: limit + 1,
    };
    let mut runs = service.state.list(&filter).await?;
    let more = runs.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    runs.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next_cursor = runs.last().filter(|_| more).map(|record| record.number.to_string());
    let runs = runs.iter().map(|record| run_view(language.0, record)).collect();
    Ok(Json(RunPage { runs, next_cursor }))
}

fn place(cursor: &str) -> Result<RunCursor, Problem> {
    cursor.parse().map_err(|_| Problem::new(Kind::BadQuery).say(Text::new("fit-cursor")))
}

/// One run
#[utoipa::path(
    get, path = "/api/v1/runs/{run_id}", tag = "runs", operation_id = "get_run",
    params(("run_id" = String, Path, description = "The run: its id, its number, or `last`")),
    responses((status = 200, description = "The run, its progress, its result, and what earlier attempts at it changed", body = RunDetail), Refusals)
)]
async fn one(
    State(service): State<Arc<Service>>,
    language: AnswerLanguage,
    Path(run_id): Path<String>,
) -> Result<Json<RunDetail>, Problem> {
    let record = run_of(&service, &run_id).await?;
    let progress = service.state.progress(&record.run.id).await?;
    Ok(Json(RunDetail {
        run: run_view(language.0, &record),
        earlier_attempts: earlier_of(&service, &record).await?.iter().map(attempt_view).collect(),
        progress: progress_view(record.status, progress),
    }))
}

/// Which lines to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LinesQuery {
    /// Those after the line with this number: `next_after` of the page before.
    #[param(value_type = Option<u32>)]
    after: Option<Within<0, { u32::MAX }>>,
    /// At most this many, 1 to 1,000; 200 by default.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1_000)]
    limit: Option<Within<1, 1_000>>,
}

/// The lines of a run
///
/// Those of its last attempt, in sending order.
#[utoipa::path(
    get, path = "/api/v1/runs/{run_id}/lines", tag = "runs", operation_id = "list_lines",
    params(("run_id" = String, Path, description = "The run: its id, its number, or `last`"), LinesQuery),
    responses((status = 200, description = "A page of `lines`, and `next_after` where there are more", body = LinePage), Refusals)
)]
async fn lines(
    State(service): State<Arc<Service>>,
    Path(run_id): Path<String>,
    Query(query): Query<LinesQuery>,
) -> Result<Json<LinePage>, Problem> {
    let limit = query.limit.map_or(200, Within::get);
    let id = run_of(&service, &run_id).await?.run.id;
    let mut lines = service.state.lines_after(&id, query.after.map(Within::get), limit + 1).await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = lines.len() > most;
    lines.truncate(most);
    let next_after = lines.last().filter(|_| more).map(|record| record.line.seq);
    let lines = lines.iter().map(line_view).collect();
    Ok(Json(LinePage { lines, next_after }))
}

/// Cancel a run
///
/// A run that has not started ends at once. One that has started ends after the call in flight.
#[utoipa::path(
    post, path = "/api/v1/runs/{run_id}/cancel", tag = "runs", operation_id = "cancel_run",
    params(("run_id" = String, Path, description = "The run: its id, its number, or `last`")),
    responses((status = 202, description = "The run as it is now", body = Run), Refusals)
)]
async fn cancel(
    State(service): State<Arc<Service>>,
    language: AnswerLanguage,
    Path(run_id): Path<String>,
    _: Body<EmptyBody>,
) -> Result<(StatusCode, Json<Run>), Problem> {
    let before = run_of(&service, &run_id).await?;
    if before.status.is_ready() {
        return Err(Problem::new(Kind::RunIsOver).run(&before.run.id));
    }
    if !before.run.durable {
        return Err(Problem::new(Kind::NotATask).run(&before.run.id));
    }
    let record = service.state.cancel(&before.run.id, service.clock.now()).await?;
    let record = record.ok_or_else(|| Problem::new(Kind::NoSuchRun))?;
    Ok((StatusCode::ACCEPTED, Json(run_view(language.0, &record))))
}
