//! The port of the shop's lease.

use std::ops::RangeInclusive;

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
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Acquired, StateError> {
        let lapsed = lapsed.filter(|_| !self.has(Defect::NeverReleaseLease));
        let nobody = UnixMillis::MAX..=UnixMillis::MAX;
        let alive = if self.has(Defect::NoQueue) { &nobody } else { alive };
        let taken = self.take_lease(shop, run, until, lapsed, alive).await?;
        match taken {
            Acquired::Busy { lease, .. } if self.has(Defect::NoFencing) => {
                self.take_lease(shop, run, until, Some(lease), alive).await
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

impl Process {
    /// Acquires the lease. The oracle checks that it was this run's turn.
    async fn take_lease(
        &self,
        shop: &ShopName,
        run: &RunId,
        until: UnixMillis,
        lapsed: Option<HeldLease>,
        alive: &RangeInclusive<UnixMillis>,
    ) -> Result<Acquired, StateError> {
        let asked_at = self.sim.lock().now;
        let acquire = async {
            let taken = self.installation.store.acquire(shop, run, until, lapsed, alive).await?;
            if matches!(taken, Acquired::Granted { .. }) {
                self.sim.lock().check_turn(self.pid, run, asked_at);
            }
            Ok(taken)
        };
        self.commit("acquire", acquire).await
    }
}
