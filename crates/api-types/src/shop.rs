//! Shops and their schedules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::UtcTime;

/// A shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shop {
    /// Its name.
    pub shop: String,
    /// When it was paused; nothing is written to it since. `null` where it is not paused.
    #[schema(required)]
    pub paused_since: Option<UtcTime>,
    /// When its last good run ended.
    #[schema(required)]
    pub last_good_at: Option<UtcTime>,
    /// Tasks that have not ended.
    pub open_tasks: u64,
    /// Its schedule.
    pub schedule: ShopSchedule,
}

/// The schedule of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShopSchedule {
    /// An interval or a cron expression, as configured; `null` where no run starts by itself.
    #[schema(required)]
    pub schedule: Option<String>,
    /// The zone in which a cron expression is read.
    #[schema(required)]
    pub time_zone: Option<String>,
    /// The last slot that had its run; `null` where none had one yet.
    #[schema(required)]
    pub last_slot: Option<UtcTime>,
    /// The next slot.
    #[schema(required)]
    pub next_slot: Option<UtcTime>,
    /// Slots that passed while no service was running.
    pub slots_missed: u64,
    /// When the shop was paused; no slot starts a run since.
    #[schema(required)]
    pub paused_since: Option<UtcTime>,
}
