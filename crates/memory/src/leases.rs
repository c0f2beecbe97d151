//! The lease of each shop.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use domain::admission::lease::{Grant, LIFE_MS, LeaseRow, grant};
use domain::admission::queue::goes_before;
use domain::{RunId, ShopName, UnixMillis};
use sync::ports::{Acquired, Fence, HeldLease, Leases, StateError};

use crate::MemoryStore;

#[async_trait]
impl Leases for MemoryStore {
    async fn acquire(
        &self,
        shop: &ShopName,
        run: &RunId,
        until: UnixMillis,
        lapsed: Option<HeldLease>,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Acquired, StateError> {
        let mut tables = self.tables();
        let open = tables.open_runs(shop);
        let first = goes_before(run, &open, tables.pauses.contains_key(shop), alive);
        match grant(tables.leases.get(shop), lapsed, first.map(|first| &first.record.run.id)) {
            Grant::Busy { run, lease } => Ok(Acquired::Busy { run, lease }),
            Grant::Behind(first) => Ok(Acquired::Behind(first)),
            Grant::Token(token) => {
                let lease = LeaseRow { run: run.clone(), token, expires_at: until, held: true };
                tables.leases.insert(shop.clone(), lease);
                Ok(Acquired::Granted { fence: Fence { shop: shop.clone(), token }, expires_at: until })
            }
        }
    }

    async fn renew(&self, fence: &Fence, until: UnixMillis) -> Result<(), StateError> {
        let mut tables = self.tables();
        let lease = tables.leases.get_mut(&fence.shop).filter(|row| row.admits(fence.token));
        lease.ok_or(StateError::Fenced)?.expires_at = until;
        let open = tables.open_runs(&fence.shop);
        let Some(holder) = open.iter().find(|run| run.holds_lease) else { return Ok(()) };
        for next in open.iter().filter(|run| run.is_next_of(holder)) {
            tables.row(&next.record.run.id)?.waited_at = Some(until - LIFE_MS);
        }
        Ok(())
    }

    async fn release(&self, fence: &Fence) -> Result<(), StateError> {
        let mut tables = self.tables();
        if let Some(lease) = tables.leases.get_mut(&fence.shop).filter(|row| row.admits(fence.token)) {
            lease.held = false;
        }
        Ok(())
    }
}
