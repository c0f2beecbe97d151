//! Transactions and queries of the state database, as a process makes them.

use sync::ports::{Fence, StateError};

use super::Process;
use crate::profile::{Broken, Fault};
use crate::yield_point::Point;

impl Process {
    /// One transaction: lost when the process dies before it, kept when it dies after it.
    pub(super) async fn commit<T>(
        &self,
        what: &'static str,
        transaction: impl Future<Output = Result<T, StateError>>,
    ) -> Result<T, StateError> {
        self.pause(Point::Commit).await;
        let unheard = {
            let mut world = self.world.lock();
            let full = *self.installed.full_until.lock().expect("never poisoned");
            let stays_full = full > 0 && self.is(Broken::DiskStaysFull);
            if stays_full || (world.faulty && world.now < full) {
                world.note(format_args!("p{} {what}: disk full", self.pid));
                return Err(StateError::unavailable("disk full"));
            }
            world.strikes(Fault::CommitUnheard)
        };
        let result = transaction.await;
        let outcome = match &result {
            Ok(_) if unheard => "committed, not heard",
            Ok(_) => "committed",
            Err(StateError::Fenced) => "fenced",
            Err(_) => "refused",
        };
        self.note(format_args!("{what}: {outcome}"));
        self.pause(Point::Committed).await;
        if unheard { Err(StateError::unavailable("connection lost")) } else { result }
    }

    pub(super) async fn query<T>(
        &self,
        query: impl Future<Output = Result<T, StateError>>,
    ) -> Result<T, StateError> {
        self.pause(Point::Query).await;
        query.await
    }

    /// The fence that the state is shown.
    pub(super) fn shown(&self, fence: &Fence) -> Fence {
        let current = self.installed.state.lease(&fence.shop).filter(|_| self.is(Broken::OpenFence));
        Fence { shop: fence.shop.clone(), token: current.map_or(fence.token, |row| row.token) }
    }
}
