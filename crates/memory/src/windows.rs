//! The request window of each shop (I10).

use async_trait::async_trait;
use domain::admission::pace::{self, Throttling};
use domain::admission::window::{self, WindowLimit, WindowPlace, WindowState};
use domain::{ShopName, UnixMillis};
use sync::ports::{RequestWindows, StateError};

use crate::MemoryStore;

#[async_trait]
impl RequestWindows for MemoryStore {
    async fn enter_window(
        &self,
        shop: &ShopName,
        limit: WindowLimit,
        now: UnixMillis,
    ) -> Result<WindowPlace, StateError> {
        let mut tables = self.tables();
        tables.places.retain(|_, (of, held_until)| of != shop || *held_until > now);
        if let Some(closed) = tables.closed_windows.get_mut(shop) {
            *closed = (*closed).min(WindowLimit::latest_close(now));
        }
        let mut window = WindowState {
            closed_until: tables.closed_windows.get(shop).copied(),
            pace: tables.paces.get(shop).copied().unwrap_or_default(),
            ..WindowState::default()
        };
        for (_, held_until) in tables.places.values_mut().filter(|(of, _)| of == shop) {
            *held_until = (*held_until).min(limit.latest_hold(now));
            window.taken += 1;
            window.first_free = Some(window.first_free.map_or(*held_until, |first| first.min(*held_until)));
        }
        match window::enter(window, limit, now) {
            Ok(pace) => tables.paces.insert(shop.clone(), pace),
            Err(moment) => return Ok(WindowPlace::FreeFrom(moment)),
        };
        tables.last_place += 1;
        let place = tables.last_place;
        tables.places.insert(place, (shop.clone(), limit.held_from_sending(now)));
        Ok(WindowPlace::Taken(place))
    }

    async fn leave_window(
        &self,
        shop: &ShopName,
        place: i64,
        limit: WindowLimit,
        now: UnixMillis,
    ) -> Result<(), StateError> {
        // A reply counts even if it comes after its place was released.
        self.tables().places.insert(place, (shop.clone(), limit.held_from_reply(now)));
        Ok(())
    }

    async fn close_window(
        &self,
        shop: &ShopName,
        what: Throttling,
        now: UnixMillis,
    ) -> Result<UnixMillis, StateError> {
        let mut tables = self.tables();
        let closed_until = tables.closed_windows.get(shop).copied();
        let before = tables.paces.get(shop).copied().unwrap_or_default();
        let after = pace::throttled(what, before, closed_until, now);
        tables.closed_windows.insert(shop.clone(), after.closed_until);
        tables.paces.insert(shop.clone(), after.pace);
        Ok(after.closed_until)
    }
}
