//! When a shop's next run begins by itself.

use domain::{ShopName, UnixMillis};
use sync::ports::StateError;

use crate::Service;

/// When a shop's next run begins by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextRun {
    /// At this moment; one that is due already begins at once.
    At(UnixMillis),
    /// Not before the shop is resumed. It has been paused since this moment.
    Paused(UnixMillis),
    /// Never: there is no schedule, or it has no moment to come.
    Never,
}

/// When the next run of `shop` begins by itself.
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
        None => schedule.next_after(last.max(now)),
    };
    Ok(next.map_or(NextRun::Never, NextRun::At))
}
