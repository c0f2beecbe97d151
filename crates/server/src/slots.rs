//! Fills the slots of the schedules, each with one task.

use std::sync::Arc;

use domain::{Scope, ShopName, UnixMillis};
use sync::ports::{Accepted, NewTask, StateError};
use sync::{Work, alive_at, task_of};
use tokio_util::sync::CancellationToken;

use crate::Service;
use crate::http::start::request;
use crate::schedule::Schedule;

/// How long nobody looks at most, in milliseconds: a clock may be set meanwhile.
const LOOK_EVERY_MS: i64 = 15_000;
/// How soon a slot is tried again that could not be filled, in milliseconds.
const AGAIN_MS: i64 = 1_000;

/// Fills slots until `stop`. Several processes may do so: a slot is a row that one of them inserts.
pub async fn fill_slots(service: Arc<Service>, stop: CancellationToken) {
    loop {
        let now = service.clock.now();
        let mut look_at = now + LOOK_EVERY_MS;
        for (shop, schedule) in &service.settings.shops {
            let Some(schedule) = schedule else { continue };
            match fill(&service, shop, schedule, now).await {
                Ok(next) => look_at = look_at.min(next.unwrap_or(look_at)),
                Err(error) => {
                    tracing::error!(shop.name = %shop, %error, "a slot could not be filled");
                    look_at = look_at.min(now + LOOK_EVERY_MS);
                }
            }
        }
        tokio::select! {
            () = service.clock.sleep_until(look_at) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// When a shop's next run begins by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextRun {
    /// At this moment; one that is due already begins at once.
    At(UnixMillis),
    /// Not before the shop is resumed, which is paused since this moment.
    Paused(UnixMillis),
    /// Never: there is no schedule, or it has no moment to come.
    Never,
}

/// When the next run of `shop` begins by itself.
pub async fn next_run(service: &Service, shop: &ShopName) -> Result<NextRun, StateError> {
    let now = service.clock.now();
    if let Some(since) = service.state.paused_since(shop).await? {
        return Ok(NextRun::Paused(since));
    }
    let Some(schedule) = service.schedule(shop) else { return Ok(NextRun::Never) };
    let last = service.state.last_slot(shop, now).await?;
    let next = match schedule.due(last, now) {
        Some(_) => Some(now),
        None => schedule.next_after(last.max(now)),
    };
    Ok(next.map_or(NextRun::Never, NextRun::At))
}

/// Fills the slot of a shop that is due, if one is. Gives the moment at which the next may be.
async fn fill(
    service: &Service,
    shop: &ShopName,
    schedule: &Schedule,
    now: UnixMillis,
) -> Result<Option<UnixMillis>, StateError> {
    let last = service.state.last_slot(shop, now).await?;
    let Some(slot) = schedule.due(last, now) else { return Ok(schedule.next_after(last.max(now))) };
    let request = request(service, shop.clone(), Work::Sync { dry_run: false }, Scope::All);
    let task = NewTask { run: task_of(&request, now), slot: Some(slot), key: None };
    match service.state.accept(&task, now, &alive_at(now)).await? {
        Accepted::New => {
            service.bell.notify_one();
            Ok(schedule.next_after(now))
        }
        // A slot of a paused shop waits, and falls together with the later ones when it goes on.
        Accepted::Paused(_) => Ok(None),
        Accepted::Joined(_) | Accepted::SlotTaken | Accepted::KeyReused => Ok(schedule.next_after(now)),
        Accepted::Full(_) => Ok(Some(now + AGAIN_MS)),
    }
}
