//! The handle of the shop's lease.

use async_trait::async_trait;
use domain::{RunId, ShopName, UnixMillis};
use sync::ports::{Acquired, Fence, Leases, StateError};

use super::Process;

#[async_trait]
impl Leases for Process {
    async fn acquire(
        &self,
        shop: &ShopName,
        run: &RunId,
        now: UnixMillis,
        until: UnixMillis,
    ) -> Result<Acquired, StateError> {
        let seen = if self.is_open() { UnixMillis::MAX } else { now };
        self.commit("acquire", self.installed.state.acquire(shop, run, seen, until)).await
    }

    async fn renew(&self, fence: &Fence, until: UnixMillis) -> Result<(), StateError> {
        self.commit("renew", self.installed.state.renew(&self.shown(fence), until)).await
    }

    async fn release(&self, fence: &Fence) -> Result<(), StateError> {
        self.commit("release", self.installed.state.release(fence)).await
    }
}
