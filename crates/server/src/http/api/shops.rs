//! The shops, their schedules and their pauses.

use std::sync::Arc;

use api_types::{Shop, ShopSchedule, StartedTask};
use axum::Json;
use axum::extract::State;
use domain::{Scope, ShopName};
use sync::Work;
use sync::ports::Access;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Service;
use crate::http::access::Caller;
use crate::http::extract::{Body, EmptyBody, Path, shop_of};
use crate::http::problem::{Problem, Refusals};
use crate::http::start::{IdempotencyKey, Start, Started};
use crate::http::views::utc_time;

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(schedule))
        .routes(routes!(pause))
        .routes(routes!(resume))
        .routes(routes!(run_now))
}

async fn view(service: &Service, shop: &ShopName) -> Result<Shop, Problem> {
    let now = service.clock.now();
    let figures = service.state.figures(shop, now).await?;
    let paused_since = service.state.paused_since(shop).await?.map(utc_time);
    let schedule = service.schedule(shop);
    let last = match schedule {
        Some(_) => Some(service.state.last_slot(shop, now).await?),
        None => None,
    };
    let next = schedule.zip(last).and_then(|(schedule, last)| schedule.next(last, now));
    Ok(Shop {
        shop: shop.to_string(),
        paused_since,
        last_good_at: figures.last_good_at.map(utc_time),
        open_tasks: figures.open_tasks,
        schedule: ShopSchedule {
            schedule: schedule.map(ToString::to_string),
            time_zone: schedule.map(|schedule| schedule.zone_name().to_owned()),
            last_slot: figures.last_slot.filter(|_| schedule.is_some()).map(utc_time),
            next_slot: next.map(utc_time),
            slots_missed: figures.slots_missed,
            paused_since,
        },
    })
}

/// The shops
#[utoipa::path(
    get, path = "/api/v1/shops", tag = "shops", operation_id = "list_shops",
    responses((status = 200, description = "Every shop that is configured", body = Vec<Shop>), Refusals)
)]
async fn list(State(service): State<Arc<Service>>) -> Result<Json<Vec<Shop>>, Problem> {
    let mut shops = Vec::new();
    for (shop, _) in &service.settings.shops {
        shops.push(view(&service, shop).await?);
    }
    Ok(Json(shops))
}

/// The schedule of a shop
#[utoipa::path(
    get, path = "/api/v1/shops/{shop}/schedule", tag = "shops", operation_id = "get_schedule",
    params(("shop" = String, Path, description = "The shop")),
    responses((status = 200, description = "Its schedule and its slots", body = ShopSchedule), Refusals)
)]
async fn schedule(
    State(service): State<Arc<Service>>,
    Path(shop): Path<String>,
) -> Result<Json<ShopSchedule>, Problem> {
    let shop = shop_of(&service, Some(&shop))?;
    Ok(Json(view(&service, &shop).await?.schedule))
}

/// Pause a shop
///
/// Stops all writing to it until it is resumed, also by the command line and across restarts. Needs a token for
/// `admin`.
#[utoipa::path(
    post, path = "/api/v1/shops/{shop}/pause", tag = "shops", operation_id = "pause_shop",
    params(("shop" = String, Path, description = "The shop")),
    responses((status = 200, description = "The shop as it is now", body = Shop), Refusals)
)]
async fn pause(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Path(shop): Path<String>,
    _: Body<EmptyBody>,
) -> Result<Json<Shop>, Problem> {
    caller.may(Access::Admin)?;
    let shop = shop_of(&service, Some(&shop))?;
    service.state.pause(&shop, service.clock.now()).await?;
    Ok(Json(view(&service, &shop).await?))
}

/// Resume a shop
///
/// Needs a token for `admin`.
#[utoipa::path(
    post, path = "/api/v1/shops/{shop}/resume", tag = "shops", operation_id = "resume_shop",
    params(("shop" = String, Path, description = "The shop")),
    responses((status = 200, description = "The shop as it is now", body = Shop), Refusals)
)]
async fn resume(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Path(shop): Path<String>,
    _: Body<EmptyBody>,
) -> Result<Json<Shop>, Problem> {
    caller.may(Access::Admin)?;
    let shop = shop_of(&service, Some(&shop))?;
    service.state.resume(&shop, service.clock.now()).await?;
    service.dispatch.activate();
    Ok(Json(view(&service, &shop).await?))
}

/// Run now
///
/// Starts at once what the schedule would start.
#[utoipa::path(
    post, path = "/api/v1/shops/{shop}/schedule/run-now", tag = "shops", operation_id = "run_now",
    params(("shop" = String, Path, description = "The shop"), IdempotencyKey),
    responses((status = 202, description = "Accepted", body = StartedTask), Refusals)
)]
async fn run_now(start: Start, Path(shop): Path<String>, _: Body<EmptyBody>) -> Started {
    start.of(&(), Some(&shop))?.accept(Work::Sync { dry_run: false }, Scope::All).await
}
