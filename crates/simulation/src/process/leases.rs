//! The port of the shop's lease.

use async_trait::async_trait;
use domain::{RunId, ShopName, UnixMillis};
use sync::ports::{Acquired, Fence, HeldLease, Leases, StateError};

use super::Process;
use crate::profile::Defect;

#[async_trait]
impl Leases for Process {
    async fn acquire(
        &self,
        shop: &ShopName,
        run: &RunId,
        until: UnixMillis,
        lapsed: Option<HeldLease>,
    ) -> Result<Acquired, StateError> {
        let lapsed = lapsed.filter(|_| !self.has(Defect::NeverReleaseLease));
        let state = &self.installation.store;
        let taken = self.commit("acquire", state.acquire(shop, run, until, lapsed)).await?;
        match taken {
            Acquired::Busy { lease, .. } if self.has(Defect::NoFencing) => {
                self.commit("acquire", state.acquire(shop, run, until, Some(lease))).await
            }
            taken => Ok(taken),
        }
    }

    async fn renew(&self, fence: &Fence, until: UnixMillis) -> Result<(), StateError> {
        self.commit("renew", self.installation.store.renew(&self.effective_fence(fence), until)).await
    }

    async fn release(&self, fence: &Fence) -> Result<(), StateError> {
        if self.has(Defect::NeverReleaseLease) {
            return Ok(());
        }
        self.commit("release", self.installation.store.release(fence)).await
    }
}
