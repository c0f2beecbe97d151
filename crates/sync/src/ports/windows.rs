//! The request windows of shops, across all processes that share a store and across restarts (I10).

use async_trait::async_trait;
pub use domain::admission::pace::{Pace, Throttling};
pub use domain::admission::window::{WindowLimit, WindowPlace};
use domain::{ShopName, UnixMillis};

use super::StateError;

/// The request windows of all shops. A power failure may lose the last changes, which only matter for a minute.
#[async_trait]
pub trait RequestWindows: Send + Sync {
    /// Takes a place in the shop's window at `now`, if one is free and the pace allows it.
    async fn enter_window(
        &self,
        shop: &ShopName,
        limit: WindowLimit,
        now: UnixMillis,
    ) -> Result<WindowPlace, StateError>;

    /// Records that the reply to the request at `place` came at `now`. The place counts for the length of one more
    /// window.
    async fn leave_window(
        &self,
        shop: &ShopName,
        place: i64,
        limit: WindowLimit,
        now: UnixMillis,
    ) -> Result<(), StateError>;

    /// Closes the shop's window and slows its pace after a 429 at `now`. Gives until when the window is closed.
    async fn close_window(
        &self,
        shop: &ShopName,
        what: Throttling,
        now: UnixMillis,
    ) -> Result<UnixMillis, StateError>;
}
