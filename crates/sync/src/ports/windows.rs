//! The request window of a shop, over all processes that share a store, and over restarts (I10).

use async_trait::async_trait;
pub use domain::admission::window::{WindowLimit, WindowPlace};
use domain::{ShopName, UnixMillis};

use super::StateError;

/// The request windows of all shops. A power cut may take the last changes: they matter for a minute.
#[async_trait]
pub trait RequestWindows: Send + Sync {
    /// Takes a place in the shop's window at `now`, if one is free.
    async fn enter_window(
        &self,
        shop: &ShopName,
        limit: WindowLimit,
        now: UnixMillis,
    ) -> Result<WindowPlace, StateError>;

    /// Records that the reply of the request at `place` came at `now`: it counts for one window more.
    async fn leave_window(
        &self,
        shop: &ShopName,
        place: i64,
        limit: WindowLimit,
        now: UnixMillis,
    ) -> Result<(), StateError>;

    /// Lets no request of the shop through until `until`; a later moment that was set before stays.
    async fn close_window(&self, shop: &ShopName, until: UnixMillis) -> Result<(), StateError>;
}
