//! Starting work: runs, plans, applying plans, quantities set by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use api_types::StartedTask;
use domain::quantity::CEILING;
use domain::{Outcome, Scope, Sku};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sync::Work;
use sync::ports::Access;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, Type};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Service;
use crate::http::access::Caller;
use crate::http::extract::{Body, EmptyBody, Path};
use crate::http::problem::Refusals;
use crate::http::raw_input::Within;
use crate::http::start::{IdempotencyKey, PlanBody, Start, StartBody, Started, empty, run_of, scope};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(sync))
        .routes(routes!(plan))
        .routes(routes!(apply))
        .routes(routes!(set))
}

/// Start a run
///
/// If an open task does the same work already, that task answers.
#[utoipa::path(
    post, path = "/api/v1/runs", tag = "runs", operation_id = "start_run",
    request_body(content = Option<StartBody>, description = "Filters; none at all means the whole shop"),
    params(IdempotencyKey),
    responses((status = 202, description = "Accepted", body = StartedTask), Refusals)
)]
async fn sync(start: Start, Body(body): Body<StartBody>) -> Started {
    let start = start.of(&body, body.shop.as_deref())?;
    start.accept(Work::Sync { dry_run: body.dry_run }, scope(body.skus)?).await
}

/// Make a plan
///
/// Nothing is written. The plan's id is the task's; its lines are those of the run.
#[utoipa::path(
    post, path = "/api/v1/plans", tag = "plans", operation_id = "start_plan",
    request_body(content = Option<PlanBody>, description = "Filters; none at all means the whole shop"),
    params(IdempotencyKey),
    responses((status = 202, description = "Accepted", body = StartedTask), Refusals)
)]
async fn plan(start: Start, Body(body): Body<PlanBody>) -> Started {
    let start = start.of(&body, body.shop.as_deref())?;
    start.accept(Work::Plan, scope(body.skus)?).await
}

/// Apply a plan
///
/// Sends exactly its lines, as far as they still hold. A plan that the guard holds takes the scope `admin`.
#[utoipa::path(
    post, path = "/api/v1/plans/{plan_id}/apply", tag = "plans", operation_id = "apply_plan",
    params(
        ("plan_id" = String, Path, description = "The run that made the plan: its id, its number, or `last`"),
        IdempotencyKey,
    ),
    responses((status = 202, description = "Accepted", body = StartedTask), Refusals)
)]
async fn apply(start: Start, caller: Caller, Path(plan_id): Path<String>, _: Body<EmptyBody>) -> Started {
    let record = run_of(&start.service, &plan_id).await?;
    if record.summary.as_ref().is_some_and(|summary| summary.outcome == Outcome::HeldByGuard) {
        caller.may(Access::Admin)?;
    }
    let plan = record.run;
    let start = start.of(&(), Some(plan.shop.as_str()))?;
    start.accept(Work::Apply { plan: plan.id }, plan.scope).await
}

/// Quantities by hand.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetBody {
    /// The shop, where several are configured.
    #[serde(default)]
    shop: Option<String>,
    /// SKU and quantity, 0 to 99,999.
    #[schema(schema_with = quantities)]
    quantities: BTreeMap<Sku, Within<0, CEILING>>,
}

fn quantities() -> Object {
    let units = Object::builder().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(CEILING));
    Object::builder()
        .description(Some("SKU and quantity, 0 to 99,999; a SKU that stands twice is refused."))
        .additional_properties(Some(units))
        .min_properties(Some(1))
        .examples([json!({"SKU1": 5})])
        .build()
}

/// Set quantities
///
/// The guide's `update_inventory_by_sku_list`: the task's result has its keys. The next run follows the warehouse
/// again.
#[utoipa::path(
    post, path = "/api/v1/inventory", tag = "products", operation_id = "set_quantities",
    request_body = SetBody,
    params(IdempotencyKey),
    responses((status = 202, description = "Accepted", body = StartedTask), Refusals)
)]
async fn set(start: Start, Body(body): Body<SetBody>) -> Started {
    let start = start.of(&body, body.shop.as_deref())?;
    if body.quantities.is_empty() {
        return Err(empty("quantities"));
    }
    let quantities = body.quantities.into_iter().map(|(sku, units)| (sku, units.get())).collect();
    start.accept(Work::Set { quantities }, Scope::All).await
}
