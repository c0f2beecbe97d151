//! The lease of each shop.

use async_trait::async_trait;
use domain::{RunId, ShopName, UnixMillis};
use sync::ports::{Acquired, Fence, HeldLease, Leases, StateError};

use super::{LeaseRow, MemoryState};

#[async_trait]
impl Leases for MemoryState {
    async fn acquire(
        &self,
        shop: &ShopName,
        run: &RunId,
        until: UnixMillis,
        lapsed: Option<HeldLease>,
    ) -> Result<Acquired, StateError> {
        let mut tables = self.tables();
        let before = tables.leases.get(shop);
        if let Some(LeaseRow { holder: Some(holder), until, token }) = before {
            let lease = HeldLease { token: *token, expires_at: *until };
            if lapsed != Some(lease) {
                return Ok(Acquired::Busy { run: holder.clone(), lease });
            }
        }
        let token = before.map_or(0, |row| row.token) + 1;
        tables.leases.insert(shop.clone(), LeaseRow { token, holder: Some(run.clone()), until });
        Ok(Acquired::Granted { fence: Fence { shop: shop.clone(), token }, expires_at: until })
    }

    async fn renew(&self, fence: &Fence, until: UnixMillis) -> Result<(), StateError> {
        let mut tables = self.tables();
        tables.check(fence)?;
        if let Some(row) = tables.leases.get_mut(&fence.shop) {
            row.until = until;
        }
        Ok(())
    }

    async fn release(&self, fence: &Fence) -> Result<(), StateError> {
        let mut tables = self.tables();
        if tables.check(fence).is_ok()
            && let Some(row) = tables.leases.get_mut(&fence.shop)
        {
            row.holder = None;
        }
        Ok(())
    }
}
