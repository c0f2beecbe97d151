//! Pauses, and the slots of the shops' schedules.

use async_trait::async_trait;
use domain::{ShopName, UnixMillis};
use sync::ports::{Pauses, Slots, StateError};

use crate::MemoryStore;

#[async_trait]
impl Pauses for MemoryStore {
    async fn pause(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        self.tables().pauses.entry(shop.clone()).or_insert(now);
        Ok(())
    }

    async fn resume(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        let mut tables = self.tables();
        if tables.pauses.remove(shop).is_some() {
            tables.resumed.insert(shop.clone(), now);
        }
        Ok(())
    }

    async fn paused_since(&self, shop: &ShopName) -> Result<Option<UnixMillis>, StateError> {
        Ok(self.tables().pauses.get(shop).copied())
    }
}

#[async_trait]
impl Slots for MemoryStore {
    async fn last_slot(&self, shop: &ShopName, now: UnixMillis) -> Result<UnixMillis, StateError> {
        let mut tables = self.tables();
        let since = *tables.schedules.entry(shop.clone()).or_insert(now);
        let filled = tables.slots.keys().filter(|(of, _)| of == shop).map(|(_, at)| *at).max();
        Ok(filled.map_or(since, |at| at.max(since)))
    }
}
