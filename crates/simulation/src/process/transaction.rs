//! Transactions and queries of a process in the state database.

use sync::ports::{Fence, StateError};

use super::Process;
use crate::profile::{Defect, Fault};
use crate::yield_point::YieldPoint;

impl Process {
    /// Runs one transaction. It is lost if the process dies before it, and kept if the process dies after it.
    pub(super) async fn commit<T>(
        &self,
        what: &'static str,
        transaction: impl Future<Output = Result<T, StateError>>,
    ) -> Result<T, StateError> {
        self.pause(YieldPoint::Commit).await;
        let unheard = {
            let mut sim = self.sim.lock();
            let full = *self.installation.disk_full_until.lock().expect("never poisoned");
            let stays_full = full > 0 && self.has(Defect::DiskStaysFull);
            if stays_full || (sim.faults_enabled && sim.now < full) {
                sim.note(format_args!("p{} {what}: disk full", self.pid));
                return Err(StateError::unavailable("disk full"));
            }
            sim.injects(Fault::CommitUnheard)
        };
        let result = transaction.await;
        let outcome = match &result {
            Ok(_) if unheard => "committed, not heard",
            Ok(_) => "committed",
            Err(StateError::Fenced) => "fenced",
            Err(_) => "refused",
        };
        self.note(format_args!("{what}: {outcome}"));
        self.pause(YieldPoint::Committed).await;
        if unheard { Err(StateError::unavailable("connection lost")) } else { result }
    }

    pub(super) async fn query<T>(
        &self,
        query: impl Future<Output = Result<T, StateError>>,
    ) -> Result<T, StateError> {
        self.pause(YieldPoint::Query).await;
        query.await
    }

    /// The fence that the state database checks. With the defect `NoFencing` it is always valid.
    pub(super) fn effective_fence(&self, fence: &Fence) -> Fence {
        let current = self.installation.store.lease(&fence.shop).filter(|_| self.has(Defect::NoFencing));
        Fence { shop: fence.shop.clone(), token: current.map_or(fence.token, |row| row.token) }
    }
}
