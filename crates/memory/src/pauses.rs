//! Pauses, and the slots of the shops' schedules.

use async_trait::async_trait;
use domain::admission::schedule::{NONE, begins_anew};
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
        let (since, _) = *tables.schedules.entry(shop.clone()).or_insert((now, None));
        let filled = tables.slots.keys().filter(|(of, _)| of == shop).map(|(_, at)| *at).max();
        Ok(filled.map_or(since, |at| at.max(since)))
    }

    async fn begin_schedule(
        &self,
        shop: &ShopName,
        fingerprint: Option<&str>,
        now: UnixMillis,
    ) -> Result<(), StateError> {
        let mut tables = self.tables();
        let recorded = tables.schedules.get(shop);
        if recorded.is_none() && fingerprint.is_none() {
            return Ok(());
        }
        let since = match recorded {
            Some((since, recorded)) if !begins_anew(recorded.as_deref(), fingerprint) => *since,
            _ => now,
        };
        let fingerprint = fingerprint.unwrap_or(NONE).to_owned();
        tables.schedules.insert(shop.clone(), (since, Some(fingerprint)));
        Ok(())
    }

    async fn set_slots_back(&self, shop: &ShopName, now: UnixMillis) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.slots.retain(|(of, at), _| of != shop || *at <= now);
        if let Some((since, _)) = tables.schedules.get_mut(shop) {
            *since = (*since).min(now);
        }
        Ok(())
    }

    async fn installation(&self, fresh: &str) -> Result<String, StateError> {
        Ok(self.tables().installation.get_or_insert_with(|| fresh.to_owned()).clone())
    }
}
