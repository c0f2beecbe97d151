//! The handle of the shop's lease.

use async_trait::async_trait;
use domain::{RunId, ShopName, UnixMillis};
use sync::ports::{Acquired, Fence, HeldLease, Leases, StateError};

use super::Process;
use crate::profile::Broken;

#[async_trait]
impl Leases for Process {
    async fn acquire(
        &self,
        shop: &ShopName,
        run: &RunId,
        now: UnixMillis,
        until: UnixMillis,
        lapsed: Option<HeldLease>,
    ) -> Result<Acquired, StateError> {
        let seen = match self.broken {
            Some(Broken::OpenFence) => UnixMillis::MAX,
            Some(Broken::KeepLease) => UnixMillis::MIN,
            _ => now,
        };
        let lapsed = lapsed.filter(|_| !self.is(Broken::KeepLease));
        self.commit("acquire", self.installed.state.acquire(shop, run, seen, until, lapsed)).await
    }

    async fn renew(&self, fence: &Fence, until: UnixMillis) -> Result<(), StateError> {
        self.commit("renew", self.installed.state.renew(&self.shown(fence), until)).await
    }

    async fn release(&self, fence: &Fence) -> Result<(), StateError> {
        if self.is(Broken::KeepLease) {
            return Ok(());
        }
        self.commit("release", self.installed.state.release(fence)).await
    }
}
