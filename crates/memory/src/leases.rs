//! The lease of each shop.

use async_trait::async_trait;
use domain::admission::lease::{Grant, LeaseRow, grant};
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
    ) -> Result<Acquired, StateError> {
        let mut tables = self.tables();
        match grant(tables.leases.get(shop), lapsed) {
            Grant::Busy { run, lease } => Ok(Acquired::Busy { run, lease }),
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
