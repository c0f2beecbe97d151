//! When the schedule starts a shop's next run.

use domain::{ShopName, UnixMillis};
use sync::ports::StateError;

use crate::Service;

/// When the schedule starts the next run of a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextRun {
    /// At this time. A run that is already due starts at once.
    At(UnixMillis),
    /// Not before the shop is resumed. It has been paused since this time.
    Paused(UnixMillis),
    /// Never: there is no schedule, or it has no slot in the future.
    Never,
}

/// When the schedule starts the next run of `shop`.
///
/// # Errors
/// Where the state database cannot be read.
pub async fn next_run(service: &Service, shop: &ShopName) -> Result<NextRun, StateError> {
    let now = service.clock.now();
    if let Some(since) = service.state.paused_since(shop).await? {
        return Ok(NextRun::Paused(since));
    }
    let Some(schedule) = service.schedule(shop) else { return Ok(NextRun::Never) };
    let last = service.state.last_slot(shop, now).await?;
    let next = match schedule.due(last, now) {
        Some(_) => Some(now),
        None => schedule.next(last, now),
    };
    Ok(next.map_or(NextRun::Never, NextRun::At))
}
