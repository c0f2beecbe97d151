//! Fills the slots of the schedules, each with one task.

use std::sync::Arc;

use api_types::SlotsReport;
use domain::{Scope, ShopName, Starter, UnixMillis};
use sync::ports::{Accepted, NewTask, Slot, StateError};
use sync::{Work, alive_at, task_of};

use super::{Activation, BackgroundTask, Next, Role, Setup};
use crate::http::start::request;
use crate::schedule::Schedule;
use crate::{Service, utc_time};

/// The longest pause between two searches for due slots, in milliseconds. It is short because the machine's clock may
/// be set in between.
const LOOK_EVERY_MS: i64 = 15_000;
/// The pause before a slot that could not be filled is tried again, in milliseconds.
const RETRY_MS: i64 = 1_000;

/// Fills every slot that is due, per activation. Several processes may do so: a slot is a row, and only one of them
/// can insert it.
pub(super) struct Slots {
    service: Arc<Service>,
}

impl BackgroundTask for Slots {
    const NAME: &'static str = "slots";
    const DESCRIPTION: &'static str = "Starts the runs that are due by schedule";
    type Report = SlotsReport;

    fn new(setup: &Setup) -> Option<Self> {
        (setup.role == Role::Serve).then(|| Self { service: Arc::clone(&setup.service) })
    }

    async fn activate(&self, now: UnixMillis) -> Activation<SlotsReport> {
        let mut next_at = now.saturating_add(LOOK_EVERY_MS);
        let (mut filled_shops, mut errors) = (Vec::new(), Vec::new());
        for (shop, schedule) in &self.service.settings.shops {
            let Some(schedule) = schedule else { continue };
            match self.fill(shop, schedule, now).await {
                Ok(looked) => {
                    next_at = next_at.min(looked.next_at.unwrap_or(next_at));
                    filled_shops.extend(looked.is_filled.then(|| shop.to_string()));
                }
                Err(error) => {
                    tracing::error!(shop.name = %shop, %error, "a slot could not be filled");
                    errors.push(format!("{shop}: {error}"));
                }
            }
        }
        let error = (!errors.is_empty()).then(|| errors.join("; "));
        Activation { report: Some(SlotsReport { filled_shops }), error, next: Next::At(next_at) }
    }
}

/// The result for one shop.
struct Looked {
    is_filled: bool,
    /// When the next slot may be due; `None` where that is not known.
    next_at: Option<UnixMillis>,
}

impl Slots {
    /// Fills the slot of a shop that is due, if one is.
    async fn fill(
        &self,
        shop: &ShopName,
        schedule: &Schedule,
        now: UnixMillis,
    ) -> Result<Looked, StateError> {
        let last = self.last_slot(shop, schedule, now).await?;
        let Some(slot) = schedule.due(last, now) else {
            return Ok(Looked { is_filled: false, next_at: schedule.next(last, now) });
        };
        let accepted = self.accept(shop, slot, now).await?;
        let is_filled = accepted == Accepted::New;
        if is_filled {
            self.service.dispatch.activate();
        }
        let next_at = match accepted {
            // The slot of a paused shop waits. When the shop is resumed, one run stands for it and for later ones.
            Accepted::Paused(_) => None,
            Accepted::Full(_) => Some(now.saturating_add(RETRY_MS)),
            Accepted::New | Accepted::Joined(_) | Accepted::SlotTaken | Accepted::KeyReused => {
                schedule.next_after(now)
            }
        };
        Ok(Looked { is_filled, next_at })
    }

    /// The last slot of a shop. One that lies ahead is not waited for: where the clock was set back since, the schedule
    /// goes on from `now`.
    async fn last_slot(
        &self,
        shop: &ShopName,
        schedule: &Schedule,
        now: UnixMillis,
    ) -> Result<UnixMillis, StateError> {
        let last = self.service.state.last_slot(shop, now).await?;
        if !schedule.is_set_back(last, now) {
            return Ok(last);
        }
        self.service.state.set_slots_back(shop, now).await?;
        tracing::warn!(
            shop.name = %shop,
            last_slot = %utc_time(last),
            now = %utc_time(now),
            "the last slot of the schedule lies ahead: the clock was set back; the schedule goes on from now"
        );
        Ok(now)
    }

    async fn accept(&self, shop: &ShopName, slot: Slot, now: UnixMillis) -> Result<Accepted, StateError> {
        let work = Work::Sync { dry_run: false };
        let request = request(&self.service, shop.clone(), work, Scope::All, Starter::SCHEDULE);
        let task = NewTask { run: task_of(&request, now), slot: Some(slot), key: None };
        self.service.state.accept(&task, now, &alive_at(now)).await
    }
}
